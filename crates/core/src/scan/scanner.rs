//! The walk over the payload.

use std::{io, io::Read, sync::Arc};

use super::forest::{Closed, Forest, NodeIx};
use super::frame::Frame;
use super::memo::{Memo, PREFIX, Repeat};
use super::records::Records;
use super::skip::{Skip, Skipped};
use super::window::Window;
use crate::place::Advance;
use crate::scan::Class;
use crate::text::lex;

/// What to observe while scanning.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) max_depth: u32,
    pub(crate) memo: bool,
    pub(crate) read_chunk: usize,
}

/// A chunk of kept text with the records in it: work for one parsing thread.
#[derive(Debug)]
pub(crate) struct Batch {
    /// The chunk's number.
    pub(crate) chunk: u32,
    pub(crate) text: Arc<Vec<u8>>,
    /// Number of the first record; the others follow on it.
    pub(crate) first: NodeIx,
    /// Class, length and number of holes of each record; their texts stand one behind the other.
    pub(crate) records: Vec<(Class, u32, u32)>,
}

/// Why scanning ended early.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The text cannot be valid from here on, or ends. The open records, outermost first; the last
    /// one's own text includes the byte that does not fit.
    Fault(Vec<Frame>),
    /// Behind the payload stands something else: this byte, or none that starts a character.
    Trailing(Option<u8>),
    /// No more than white space.
    Empty,
    /// A text or a number of records that cannot be indexed.
    TooLarge(&'static str),
    /// The reader failed.
    Io(io::Error),
}

impl From<io::Error> for Halt {
    fn from(error: io::Error) -> Self {
        Halt::Io(error)
    }
}

/// What scanning gives.
#[derive(Debug)]
pub(crate) struct Scanned {
    pub(crate) forest: Forest,
    /// Where reading ended; the payload's length if all went well.
    pub(crate) offset: u64,
    /// How far the white space behind the payload leads.
    pub(crate) trail: Advance,
    /// Bytes that were recognised as repeats.
    pub(crate) repeated: u64,
    pub(crate) halt: Option<Halt>,
}

/// Scans a payload. `emit` is given the distinct records, in order, as they are complete.
pub(crate) fn scan<R: Read>(reader: R, options: Options, emit: impl FnMut(Batch)) -> Scanned {
    let mut scanner = Scanner {
        window: Window::new(reader, options.read_chunk),
        max_depth: options.max_depth,
        frames: Vec::new(),
        records: Records::new(options.memo, emit),
        repeated: 0,
        around: Vec::new(),
    };
    let halt = scanner.payload().err();
    scanner.records.flush();
    let mut around = scanner.around.into_iter();
    scanner.records.forest.lead = around.next().unwrap_or_default();
    Scanned {
        forest: scanner.records.forest,
        trail: around.next().unwrap_or_default(),
        offset: scanner.window.offset(),
        repeated: scanner.repeated,
        halt,
    }
}

/// Bytes in which a payload that is no object or list shows what it is.
const ENOUGH: usize = 1 << 20;

struct Scanner<R, F> {
    window: Window<R>,
    max_depth: u32,
    /// The open records, outermost first.
    frames: Vec<Frame>,
    records: Records<F>,
    repeated: u64,
    /// How far the white space before the payload leads, and that behind it.
    around: Vec<Advance>,
}

impl<R: Read, F: FnMut(Batch)> Scanner<R, F> {
    fn payload(&mut self) -> Result<(), Halt> {
        self.window.ensure(3)?;
        if self.window.bytes().starts_with(b"\xEF\xBB\xBF") {
            self.window.consume(3);
        }
        let Some(first) = self.space()? else {
            return Err(Halt::Empty);
        };
        let mut root = Frame::new(Class::Root, self.window.offset(), 1, 0);
        if first == b'{' {
            root.own.push(first);
            self.window.consume(1);
            self.frames.push(root);
            while let Some(frame) = self.frames.last() {
                match frame.list {
                    None => self.member()?,
                    Some(list) => self.element(list)?,
                }
            }
        } else {
            // No operator tree, but valid JSON perhaps; the parser tells.
            root.level = 0;
            self.frames.push(root);
            if matches!(first, b'[' | b'"') {
                self.value()?;
            } else {
                // A scalar shows its end, or what is wrong with it, by what follows.
                self.window.ensure(ENOUGH)?;
                self.take(self.window.bytes().len());
            }
            self.close()?;
        }
        match self.space()? {
            Some(byte) => Err(Halt::Trailing(self.window.is_text()?.then_some(byte))),
            None => Ok(()),
        }
    }

    /// Takes white space around the payload, and gives the byte behind it, which stays.
    fn space(&mut self) -> io::Result<Option<u8>> {
        let mut passed = Advance::default();
        loop {
            let bytes = self.window.bytes();
            let space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
            let count = bytes.iter().take_while(|byte| space(byte)).count();
            let next = bytes.get(count).copied();
            passed = passed.then(Advance::of(&bytes[..count]));
            self.window.consume(count);
            if next.is_some() || !self.window.fill()? {
                self.around.push(passed);
                return Ok(next);
            }
        }
    }

    /// The innermost open record.
    fn top(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a record is open")
    }

    /// Moves the first `count` bytes into the innermost record.
    fn take(&mut self, count: usize) {
        let frame = self.frames.last_mut().expect("a record is open");
        frame.own.extend_from_slice(&self.window.bytes()[..count]);
        self.window.consume(count);
    }

    /// The byte behind white space and commas, which are taken.
    fn token(&mut self) -> Result<u8, Halt> {
        let mut count = 0;
        loop {
            match self.window.byte(count)? {
                Some(b' ' | b'\n' | b'\r' | b'\t' | b',') => count += 1,
                Some(byte) => {
                    self.take(count);
                    return Ok(byte);
                }
                None => return Err(self.fault(count)),
            }
        }
    }

    /// Gives up: the first `count` bytes go into the innermost record, and the rest of a character
    /// that may start with the last one.
    fn fault(&mut self, count: usize) -> Halt {
        if let Err(error) = self.window.ensure(count + 3) {
            return Halt::Io(error);
        }
        self.take(self.window.bytes().len().min(count + 3));
        Halt::Fault(std::mem::take(&mut self.frames))
    }

    /// One member of the innermost record, or its end.
    fn member(&mut self) -> Result<(), Halt> {
        match self.token()? {
            b'"' => {}
            b'}' => {
                self.take(1);
                return self.close();
            }
            _ => return Err(self.fault(1)),
        }
        let length = self.skipped(0)?;
        let list = self.list_named(length);
        self.take(length);
        if self.token()? != b':' {
            return Err(self.fault(1));
        }
        self.take(1);
        match (self.token()?, list) {
            (b'[', Some(list)) => {
                if self.top().inner_level() == self.max_depth {
                    return Err(self.fault(1));
                }
                self.take(1);
                let frame = self.top();
                frame.list = Some(list);
                frame.reach(0);
                Ok(())
            }
            _ => self.value().map(drop),
        }
    }

    /// The member that the string of `length` bytes at hand names, if that lists records.
    fn list_named(&mut self, length: usize) -> Option<u8> {
        let class = self.top().class;
        let content = &self.window.bytes()[1..length - 1];
        if !content.contains(&b'\\') {
            return class.list(content).map(|(list, _)| list);
        }
        let quoted = &self.window.bytes()[..length];
        lex::Lexer::new(quoted, 0).string().ok()?;
        let mut name = Vec::new();
        lex::unescape(content, &mut name);
        class.list(&name).map(|(list, _)| list)
    }

    /// One element of the open list, or its end.
    fn element(&mut self, list: u8) -> Result<(), Halt> {
        match self.token()? {
            b'{' => self.child(list),
            b']' => {
                self.take(1);
                self.top().list = None;
                Ok(())
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
        self.take(length);
        Ok(length)
    }

    /// Length of the value at hand, below `open` levels. It is not taken.
    fn skipped(&mut self, open: u32) -> Result<usize, Halt> {
        match skip(&mut self.window, self.max_depth.saturating_sub(open))? {
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
        let mut hash = 0;
        if self.records.memo.is_some() {
            self.window.ensure(PREFIX)?;
            hash = Memo::hash(class, self.window.bytes());
            if self.repeat(class, level, hash)? {
                return Ok(());
            }
        }
        let frame = Frame::new(class, self.window.offset(), level, hash);
        if class.has_children() {
            self.frames.push(frame);
            self.take(1);
            return Ok(());
        }
        self.leaf(frame)
    }

    /// A record without children: from the window straight to where it is kept.
    fn leaf(&mut self, frame: Frame) -> Result<(), Halt> {
        match skip(&mut self.window, self.max_depth - frame.level + 1)? {
            Ok((length, height)) => {
                let own = &self.window.bytes()[..length];
                let node = self.records.push(Closed {
                    own,
                    height,
                    ..frame.closed()
                })?;
                self.window.consume(length);
                self.add(node);
                Ok(())
            }
            Err(count) => {
                self.frames.push(frame);
                Err(self.fault(count))
            }
        }
    }

    /// Tries to recognise the record at hand, or its beginning; true if something was consumed.
    fn repeat(&mut self, class: Class, level: u32, hash: u64) -> Result<bool, Halt> {
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
            match memo.compare(forest, &mut self.window, candidate, level)? {
                Repeat::Nothing => {}
                Repeat::Whole => {
                    self.repeated += forest.node(candidate).len;
                    self.add(candidate);
                    return Ok(true);
                }
                Repeat::Part(frames) => {
                    let children = frames.iter().flat_map(|frame| &frame.children);
                    self.repeated += children
                        .map(|child| forest.node(child.node).len)
                        .sum::<u64>();
                    self.frames.extend(frames);
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Closes the innermost record and adds it to its owner.
    fn close(&mut self) -> Result<(), Halt> {
        let frame = self.frames.pop().expect("a record is open");
        let node = self.records.push(frame.closed())?;
        if !self.frames.is_empty() {
            self.add(node);
        }
        Ok(())
    }

    /// Adds a record to the list that is open.
    fn add(&mut self, node: NodeIx) {
        let owner = self.frames.last_mut().expect("a record is open");
        owner.add(&mut self.records.forest, node);
    }
}

/// Length and height of the value at the start of the window, which may open up to `limit` brackets
/// in each other; or the number of bytes up to and including the one where that cannot be told.
fn skip<R: Read>(window: &mut Window<R>, limit: u32) -> io::Result<Result<(usize, u32), usize>> {
    let mut skip = Skip::new(limit);
    loop {
        let mut skipped = skip.advance(window.bytes());
        if skipped == Skipped::More && !window.fill()? {
            skipped = skip.at_end();
            if skipped == Skipped::More {
                return Ok(Err(window.bytes().len()));
            }
        }
        match skipped {
            Skipped::End(length) => return Ok(Ok((length, skip.height))),
            Skipped::More => {}
            Skipped::Stop(at) => return Ok(Err(at + 1)),
        }
    }
}
