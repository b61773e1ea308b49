//! The walk over the payload.

use std::{io, io::Read};

use super::forest::{Child, Closed, NodeIx};
use super::frame::Frame;
use super::input::Input;
use super::memo::{NOT_ENTERED, PREFIX, Repeat};
use super::records::{Records, check_length};
use super::skip::{Skip, Skipped, skip};
use super::terms::{Batch, Halt, Options, Scanned};
use super::window::Window;
use crate::place::Advance;
use crate::scan::Class;

/// Scans the next payload of an input. `emit` is given the distinct records, in order, as they are
/// complete.
pub(crate) fn scan<R: Read>(
    input: Input<R>,
    options: Options,
    emit: impl FnMut(Batch),
) -> Scanned<R> {
    let Input { window, passed } = input;
    let mut scanner = Scanner {
        window,
        taken: 0,
        max_depth: options.max_depth,
        several: options.several,
        frames: Vec::new(),
        spare: Vec::new(),
        records: Records::new(options.memo, emit),
        repeated: 0,
        trail: Advance::default(),
    };
    scanner.records.forest.lead = passed;
    let end = scanner.payload();
    scanner.records.flush();
    Scanned {
        forest: scanner.records.forest,
        frames: scanner.frames,
        input: Input {
            window: scanner.window,
            passed,
        },
        trail: scanner.trail,
        repeated: scanner.repeated,
        end,
    }
}

/// Bytes that are taken before they are moved, so that the window stays small.
const TAKEN: usize = 64 << 10;
/// Bytes of a closed record's memory that are kept to be used again.
const SPARE: usize = 1 << 20;

struct Scanner<R, F> {
    window: Window<R>,
    /// Bytes at the start of the window that are taken, and not yet moved into the innermost record.
    taken: usize,
    max_depth: u32,
    several: bool,
    /// The open records, outermost first.
    frames: Vec<Frame>,
    /// Memory of closed ones, to be used again.
    spare: Vec<(Vec<u8>, Vec<Child>)>,
    records: Records<F>,
    repeated: u64,
    /// How far the white space behind the payload leads.
    trail: Advance,
}

impl<R: Read, F: FnMut(Batch)> Scanner<R, F> {
    /// Scans one payload with the white space around it; tells whether another one follows.
    fn payload(&mut self) -> Result<bool, Halt> {
        self.window.ensure(3)?;
        if self.window.offset() == 0 && self.window.bytes().starts_with(b"\xEF\xBB\xBF") {
            self.window.consume(3);
        }
        let (lead, first) = self.space()?;
        let forest = &mut self.records.forest;
        forest.lead = forest.lead.then(lead);
        let Some(first) = first else {
            return Err(Halt::Empty);
        };
        let start = self.window.offset();
        if let b'{' | b'[' = first {
            let mut root = match first {
                b'{' => Frame::new(Class::Any, start, 1, NOT_ENTERED),
                _ => Frame::new(Class::Root, start, 0, NOT_ENTERED),
            };
            root.list = (first == b'[').then_some(Class::ROOTS);
            root.own.push(first);
            self.window.consume(1);
            self.frames.push(root);
            while let Some(frame) = self.frames.last() {
                match frame.list {
                    None => self.members()?,
                    Some(list) => self.element(list)?,
                }
                if self.taken > TAKEN {
                    self.flush()?;
                }
            }
        } else {
            // No payload, but valid JSON perhaps; the parser tells.
            self.frames
                .push(Frame::new(Class::Root, start, 0, NOT_ENTERED));
            if first == b'"' {
                self.value()?;
            } else {
                self.scalar()?;
            }
            self.close()?;
        }
        let (trail, next) = self.space()?;
        self.trail = trail;
        match next {
            Some(b'{' | b'[') if self.several && matches!(first, b'{' | b'[') => Ok(true),
            Some(byte) => Err(Halt::Trailing(self.window.is_text()?.then_some(byte))),
            None => Ok(false),
        }
    }

    /// Takes white space around the payload; gives how far it leads, and the byte behind it, which stays.
    fn space(&mut self) -> io::Result<(Advance, Option<u8>)> {
        let mut passed = Advance::default();
        loop {
            let bytes = self.window.bytes();
            let space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            let count = bytes.iter().take_while(|byte| space(byte)).count();
            let next = bytes.get(count).copied();
            passed = passed.then(Advance::of(&bytes[..count]));
            self.window.consume(count);
            if next.is_some() || !self.window.fill()? {
                return Ok((passed, next));
            }
        }
    }

    /// The innermost open record.
    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a record is open")
    }

    /// Moves what is taken into the innermost record, for which there may be no memory.
    fn flush(&mut self) -> Result<(), Halt> {
        let frame = self.frames.last_mut().expect("a record is open");
        // One that never ends would take all the memory there is.
        check_length(frame.own.len() + self.taken)?;
        frame.own.try_reserve(self.taken)?;
        frame
            .own
            .extend_from_slice(&self.window.bytes()[..self.taken]);
        self.window.consume(self.taken);
        self.taken = 0;
        Ok(())
    }

    /// The byte behind white space and commas, which are taken.
    fn token(&mut self) -> Result<u8, Halt> {
        loop {
            match self.window.byte(self.taken)? {
                Some(b' ' | b'\n' | b'\r' | b'\t' | b',') => self.taken += 1,
                Some(byte) => return Ok(byte),
                None => return Err(self.fault(0)),
            }
        }
    }

    /// Gives up: the first `count` bytes at hand go into the innermost record, and the rest of a
    /// character that may start with the last one.
    fn fault(&mut self, count: usize) -> Halt {
        let end = self.taken + count + 3;
        if let Err(error) = self.window.ensure(end) {
            return Halt::Io(error);
        }
        self.taken = self.window.bytes().len().min(end);
        if let Err(halt) = self.flush() {
            return halt;
        }
        Halt::Fault
    }

    /// Members of the innermost record: up to where a list of records opens, or to its end.
    fn members(&mut self) -> Result<(), Halt> {
        let mut skip = Skip::within(self.max_depth - self.top().level + 1);
        loop {
            match skip.advance(&self.window.bytes()[self.taken..]) {
                Skipped::End(length) => {
                    self.taken += length;
                    self.top().reach(skip.height - 1);
                    return self.close();
                }
                Skipped::List(at) => {
                    self.taken += at;
                    self.flush()?;
                    skip.rebase(at);
                    if let Some(list) = self.top().list_ahead() {
                        self.taken = 1;
                        let frame = self.top();
                        frame.reach(skip.height - 1);
                        frame.list = Some(list);
                        frame.reach(0);
                        return Ok(());
                    }
                    skip.enter();
                }
                Skipped::More => {
                    // A record may be long: what is behind is moved, so that the window stays small.
                    let passed = skip.passed().min(self.window.bytes().len() - self.taken);
                    self.taken += passed;
                    self.flush()?;
                    skip.rebase(passed);
                    if !self.window.fill()? {
                        return Err(self.fault(self.window.bytes().len()));
                    }
                }
                Skipped::Stop(at) => return Err(self.fault(at + 1)),
            }
        }
    }

    /// One element of the open list, or its end.
    fn element(&mut self, list: u8) -> Result<(), Halt> {
        match self.token()? {
            b'{' => self.child(list),
            b']' => {
                self.taken += 1;
                self.top().list = None;
                // The list at the root is a record of its own.
                match self.top().level {
                    0 => self.close(),
                    _ => Ok(()),
                }
            }
            _ => match self.value()? {
                0 => Err(self.fault(1)),
                _ => Ok(()),
            },
        }
    }

    /// Takes a value that holds no child records; gives its length.
    fn value(&mut self) -> Result<usize, Halt> {
        let open = self.top().inner_level();
        let length = self.skipped(open)?;
        self.taken += length;
        Ok(length)
    }

    /// Takes a number or a literal at the root, and the character behind it, by which it shows its end or
    /// what is wrong with it.
    fn scalar(&mut self) -> Result<(), Halt> {
        let inside = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
        loop {
            let ahead = &self.window.bytes()[self.taken..];
            let count = ahead.iter().take_while(inside).count();
            let next = ahead.get(count).copied();
            self.taken += count;
            if let Some(next) = next {
                let end = self.taken + if next.is_ascii() { 1 } else { 4 };
                self.window.ensure(end)?;
                self.taken = self.window.bytes().len().min(end);
                return Ok(());
            }
            if self.taken > TAKEN {
                self.flush()?;
            }
            if !self.window.fill()? {
                return Ok(());
            }
        }
    }

    /// Length of the value at hand, below `open` levels. It is not taken.
    fn skipped(&mut self, open: u32) -> Result<usize, Halt> {
        let limit = self.max_depth.saturating_sub(open);
        match skip(&mut self.window, self.taken, limit)? {
            Ok((length, height)) => {
                self.top().reach(height);
                Ok(length)
            }
            Err(count) => Err(self.fault(count)),
        }
    }

    /// A child record, of which the opening brace stands here.
    fn child(&mut self, list: u8) -> Result<(), Halt> {
        let class = self.top().class.child(list);
        let level = self.top().inner_level() + 1;
        if level > self.max_depth {
            return Err(self.fault(1));
        }
        self.flush()?;
        let mut hash = NOT_ENTERED;
        // What is at the root is compared with nothing: it is not known yet what it is.
        if let Some(memo) = &self.records.memo
            && class != Class::Any
        {
            self.window.ensure(PREFIX)?;
            let previous = self.frames.last().and_then(Frame::previous);
            let previous = previous.map(|previous| self.records.forest.node(previous));
            hash = memo.hash(class, self.window.bytes(), previous);
            if self.repeat(class, level, hash)? {
                return Ok(());
            }
        }
        let mut frame = Frame::new(class, self.window.offset(), level, hash);
        if class.has_children() {
            (frame.own, frame.children) = self.spare.pop().unwrap_or_default();
            self.frames.push(frame);
            self.taken = 1;
            return Ok(());
        }
        self.leaf(frame)
    }

    /// A record without children: from the window straight to where it is kept.
    fn leaf(&mut self, frame: Frame) -> Result<(), Halt> {
        match skip(&mut self.window, 0, self.max_depth - frame.level + 1)? {
            Ok((length, height)) => {
                let closed = Closed {
                    own: &self.window.bytes()[..length],
                    height,
                    ..frame.closed()
                };
                match self.records.push(closed) {
                    Ok(node) => {
                        self.window.consume(length);
                        self.add(node);
                        Ok(())
                    }
                    Err(halt) => {
                        self.frames.push(frame);
                        Err(halt)
                    }
                }
            }
            Err(count) => {
                self.frames.push(frame);
                Err(self.fault(count))
            }
        }
    }

    /// Tries to recognise the record at hand, or its beginning; true if something was consumed.
    fn repeat(&mut self, class: Class, level: u32, hash: u32) -> Result<bool, Halt> {
        let previous = self.top().previous();
        let Records {
            forest,
            memo: Some(memo),
            ..
        } = &mut self.records
        else {
            return Ok(false);
        };
        for candidate in memo
            .candidates(forest, previous, class, hash)
            .into_iter()
            .flatten()
        {
            if level + forest.node(candidate).height - 1 > self.max_depth {
                continue;
            }
            match memo.compare(forest, &mut self.window, candidate, hash, level)? {
                Repeat::Nothing => {}
                Repeat::Whole => {
                    memo.found(hash, true);
                    self.repeated += forest.node(candidate).len;
                    self.add(candidate);
                    return Ok(true);
                }
                Repeat::Part(frames) => {
                    memo.found(hash, true);
                    let children = frames.iter().flat_map(|frame| &frame.children);
                    self.repeated += children
                        .map(|child| forest.node(child.node).len)
                        .sum::<u64>();
                    self.frames.extend(frames);
                    return Ok(true);
                }
            }
        }
        memo.found(hash, false);
        Ok(false)
    }

    /// Closes the innermost record and adds it to its owner.
    fn close(&mut self) -> Result<(), Halt> {
        self.flush()?;
        let frame = self.frames.last_mut().expect("a record is open");
        if frame.class == Class::Any {
            frame.settle(&mut self.records.forest);
        }
        // What cannot be taken in stays open.
        let node = self.records.push(frame.closed())?;
        let Frame {
            mut own,
            mut children,
            ..
        } = self.frames.pop().expect("a record is open");
        // Records that began as repeats bring memory of their own: more of it than this has no use.
        if self.spare.len() <= self.frames.len() && own.capacity() <= SPARE {
            own.clear();
            children.clear();
            self.spare.push((own, children));
        }
        if !self.frames.is_empty() {
            self.add(node);
        } else if self.records.forest.node(node).class != Class::Root {
            self.records.push_around(node)?;
        }
        Ok(())
    }

    /// Adds a record to the list that is open.
    fn add(&mut self, node: NodeIx) {
        let owner = self.frames.last_mut().expect("a record is open");
        owner.add(&mut self.records.forest, node);
    }
}
