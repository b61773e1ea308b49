//! Decompression on a thread of its own, so that it overlaps with parsing.

use std::{
    io::{self, Read},
    sync::mpsc::{self, Receiver, Sender},
    thread,
};

use super::{codec::Members, stored::Stored};

/// Bytes that are handed over at a time.
const CHUNK: usize = 1 << 18;
/// How many of them there are. They go back and forth, and bound how far the thread is ahead.
const CHUNKS: usize = 4;

/// Decompressed bytes, in the order in which they were asked for.
pub(super) struct Ahead {
    done: Receiver<Done>,
    free: Sender<Vec<u8>>,
    /// The chunk that is being read, of which `from..to` is left.
    chunk: Vec<u8>,
    from: usize,
    to: usize,
    taken: u64,
    end: Option<Stored>,
}

enum Done {
    /// A chunk whose first `length` bytes are content, and the bytes of the input that were taken.
    Chunk {
        chunk: Vec<u8>,
        length: usize,
        taken: u64,
    },
    End(Stored),
    Failed(io::Error),
}

impl Ahead {
    pub(super) fn start(members: Members) -> io::Result<Self> {
        let (done_sender, done) = mpsc::channel();
        let (free, free_receiver) = mpsc::channel();
        for _ in 0..CHUNKS {
            // Received below, or there is nobody who would miss it.
            let _ = free.send(vec![0; CHUNK]);
        }
        thread::Builder::new()
            .name("decompress".to_owned())
            .spawn(move || decompress(members, &free_receiver, &done_sender))?;
        Ok(Ahead {
            done,
            free,
            chunk: Vec::new(),
            from: 0,
            to: 0,
            taken: 0,
            end: None,
        })
    }

    /// Bytes of the input behind what was read so far.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    /// The input, once all of it was read, which is done first.
    pub(super) fn finish(&mut self) -> io::Result<&Stored> {
        while self.end.is_none() {
            self.advance()?;
        }
        self.end.as_ref().ok_or_else(stopped)
    }

    /// Reads on to the end, if that is no further away than so many bytes of content.
    pub(super) fn finish_within(&mut self, bytes: usize) -> io::Result<()> {
        let mut read = 0;
        while self.end.is_none() && read < bytes {
            self.advance()?;
            read += self.to;
        }
        Ok(())
    }

    /// Waits for the next chunk, or the end.
    fn advance(&mut self) -> io::Result<()> {
        let spent = std::mem::take(&mut self.chunk);
        (self.from, self.to) = (0, 0);
        if !spent.is_empty() {
            // Nobody wants it if all is done.
            let _ = self.free.send(spent);
        }
        match self.done.recv().map_err(|_| stopped())? {
            Done::Chunk {
                chunk,
                length,
                taken,
            } => {
                (self.chunk, self.to, self.taken) = (chunk, length, taken);
            }
            Done::End(stored) => {
                self.taken = stored.length();
                self.end = Some(stored);
            }
            Done::Failed(error) => return Err(error),
        }
        Ok(())
    }
}

impl Read for Ahead {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.from == self.to && self.end.is_none() {
            self.advance()?;
        }
        let read = (&self.chunk[self.from..self.to]).read(buffer)?;
        self.from += read;
        Ok(read)
    }
}

fn stopped() -> io::Error {
    io::Error::other("decompressing stopped")
}

/// Fills chunks until the end, a failure, or nobody wants any more.
fn decompress(mut members: Members, free: &Receiver<Vec<u8>>, done: &Sender<Done>) {
    let mut taken = 0;
    while let Ok(mut chunk) = free.recv() {
        let (length, failure) = fill(&mut members, &mut chunk);
        let is_full = length == chunk.len();
        // What has failed does not know it any more.
        taken = members.taken().max(taken);
        if length > 0 {
            let filled = Done::Chunk {
                chunk,
                length,
                taken,
            };
            if done.send(filled).is_err() {
                return;
            }
        }
        let last = match failure {
            Some(error) => Done::Failed(error),
            None if is_full => continue,
            None => match members.into_stored() {
                Some(stored) => Done::End(stored),
                None => return,
            },
        };
        let _ = done.send(last);
        return;
    }
}

/// Reads until the chunk is full or the end is reached; what was read before a failure counts.
fn fill(members: &mut Members, chunk: &mut [u8]) -> (usize, Option<io::Error>) {
    let mut length = 0;
    while length < chunk.len() {
        match members.read(&mut chunk[length..]) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) => return (length, Some(error)),
        }
    }
    (length, None)
}
