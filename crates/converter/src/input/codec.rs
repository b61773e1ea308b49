//! What an input is compressed with, and the bytes behind that.
//!
//! A compressed input is a row of members (a frame of zstd, a stream of bzip2 or xz), each complete in
//! itself; their contents are joined. Zero bytes behind a member are padding, as gzip has it.

use std::{
    fmt,
    io::{self, BufRead, BufReader, Read},
};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use liblzma::{bufread::XzDecoder, stream::Stream};
use serde::Serialize;

use super::stored::Stored;

/// Bytes that tell what an input is compressed with.
pub(super) const MAGIC: usize = 6;
/// Bytes asked of the compressed input at a time.
const READ: usize = 1 << 18;
/// Most that a member may ask to be kept for references to earlier content: what zstd takes from files
/// that it was not told to trust.
const WINDOW_MIB: u64 = 128;
/// What xz needs beside its window.
const XZ_STATE: u64 = 1 << 20;
/// zstd's own words for a window above [`WINDOW_MIB`].
const ZSTD_WINDOW: &str = "Frame requires too much memory for decoding";

/// What an input is compressed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Codec {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// As `bzip2` writes it.
    Bzip2,
    /// The container of LZMA2.
    Xz,
}

impl Codec {
    /// Told by the first bytes: names lie.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        Some(match head {
            [0x1F, 0x8B, ..] => Codec::Gzip,
            // The second one is a skippable frame.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Codec::Zstd,
            [b'B', b'Z', b'h', ..] => Codec::Bzip2,
            [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => Codec::Xz,
            _ => return None,
        })
    }

    /// Whether a member may start with this byte. Whether it does is told by its decoder.
    fn may_start_with(self, byte: u8) -> bool {
        match self {
            Codec::Gzip => byte == 0x1F,
            Codec::Zstd => matches!(byte, 0x28 | 0x50..=0x5F),
            Codec::Bzip2 => byte == b'B',
            Codec::Xz => byte == 0xFD,
        }
    }

    /// Its name: `gzip`.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Gzip => "gzip",
            Codec::Zstd => "zstd",
            Codec::Bzip2 => "bzip2",
            Codec::Xz => "xz",
        }
    }
}

/// Why a compressed input cannot be decompressed. Its text has an advice, and not the input's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undecodable {
    /// What the input is compressed with.
    pub codec: Codec,
    /// Bytes of the input that decompressing had taken when it stopped. Damage may be told early or late,
    /// by what is read at a time (256 KiB) or by a checksum.
    pub byte: u64,
    /// What is wrong there.
    pub fault: CodecFault,
}

/// What can be wrong with compressed data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodecFault {
    /// It ends within a member.
    CutOff,
    /// It breaks the format's rules, or a checksum does not hold.
    Damaged,
    /// Something else stands behind a member.
    Trailing,
    /// Decompressing needs more memory than is given to it.
    Window,
}

impl fmt::Display for Undecodable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (codec, byte) = (self.codec.name(), self.byte);
        match self.fault {
            CodecFault::CutOff => write!(
                f,
                "the {codec} data is cut off: it ends at byte {byte}; \
                 the download was probably interrupted: fetch it again"
            ),
            CodecFault::Damaged => write!(
                f,
                "the {codec} data is damaged, around byte {byte}; fetch it again"
            ),
            CodecFault::Trailing => write!(
                f,
                "the {codec} data ends at byte {byte}, and what follows is none; fetch it again"
            ),
            CodecFault::Window => write!(
                f,
                "the {codec} data needs a window of more than {WINDOW_MIB} MiB; \
                 compress it again with a smaller one"
            ),
        }
    }
}

impl std::error::Error for Undecodable {}

impl Undecodable {
    /// What a reader's error says about the compressed data, if that is what it is about.
    pub(crate) fn of(error: &io::Error) -> Option<Self> {
        error.get_ref()?.downcast_ref().copied()
    }
}

type Source = BufReader<Stored>;

/// Decompresses member after member.
pub(super) struct Members {
    codec: Codec,
    state: State,
}

enum State {
    Member(Box<Member>),
    /// Behind the last one.
    End(Source),
    Failed,
}

impl Members {
    pub(super) fn new(codec: Codec, stored: Stored) -> io::Result<Self> {
        let source = BufReader::with_capacity(READ, stored);
        let first = Member::new(codec, source)?;
        Ok(Members {
            codec,
            state: State::Member(Box::new(first)),
        })
    }

    /// Bytes of the input that decompressing has taken so far.
    pub(super) fn taken(&self) -> u64 {
        match &self.state {
            State::Member(member) => taken(member.source()),
            State::End(source) => taken(source),
            State::Failed => 0,
        }
    }

    /// The input, read to its end; nothing before that.
    pub(super) fn into_stored(self) -> Option<Stored> {
        match self.state {
            State::End(source) => Some(source.into_inner()),
            _ => None,
        }
    }

    /// Goes on behind a member that has ended.
    fn advance(&mut self, mut source: Source) -> io::Result<()> {
        self.state = match skip_padding(&mut source)? {
            None => State::End(source),
            Some(byte) if self.codec.may_start_with(byte) => {
                State::Member(Box::new(Member::new(self.codec, source)?))
            }
            Some(_) => return Err(self.error(CodecFault::Trailing, taken(&source))),
        };
        Ok(())
    }

    fn error(&self, fault: CodecFault, byte: u64) -> io::Error {
        let codec = self.codec;
        io::Error::new(
            io::ErrorKind::InvalidData,
            Undecodable { codec, byte, fault },
        )
    }
}

impl Read for Members {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            match std::mem::replace(&mut self.state, State::Failed) {
                State::Member(mut member) => match member.read(buffer) {
                    Ok(0) => self.advance(member.into_source())?,
                    Ok(read) => {
                        self.state = State::Member(member);
                        return Ok(read);
                    }
                    // Not the data, but the reading of it.
                    Err(error) if member.source().get_ref().has_failed() => return Err(error),
                    Err(error) => return Err(self.error(fault(&error), taken(member.source()))),
                },
                State::End(source) => {
                    self.state = State::End(source);
                    return Ok(0);
                }
                State::Failed => return Err(io::Error::other("decompressing has failed before")),
            }
        }
    }
}

fn taken(source: &Source) -> u64 {
    source.get_ref().length() - source.buffer().len() as u64
}

/// The byte behind the padding, if there is one; it is not taken.
fn skip_padding(source: &mut Source) -> io::Result<Option<u8>> {
    loop {
        let bytes = source.fill_buf()?;
        if bytes.is_empty() {
            return Ok(None);
        }
        let padding = bytes.iter().take_while(|byte| **byte == 0).count();
        let next = bytes.get(padding).copied();
        source.consume(padding);
        if next.is_some() {
            return Ok(next);
        }
    }
}

/// What a decoder's error means.
fn fault(error: &io::Error) -> CodecFault {
    let is_window = match error.get_ref() {
        Some(inner) => match inner.downcast_ref::<liblzma::stream::Error>() {
            Some(xz) => *xz == liblzma::stream::Error::MemLimit,
            None => inner.to_string() == ZSTD_WINDOW,
        },
        None => false,
    };
    match error.kind() {
        _ if is_window => CodecFault::Window,
        io::ErrorKind::UnexpectedEof => CodecFault::CutOff,
        _ => CodecFault::Damaged,
    }
}

/// A decoder that stops behind one member.
enum Member {
    Gzip(GzDecoder<Source>),
    Zstd(zstd::Decoder<'static, Source>),
    Bzip2(BzDecoder<Source>),
    Xz(XzDecoder<Source>),
}

impl Member {
    fn new(codec: Codec, source: Source) -> io::Result<Self> {
        Ok(match codec {
            Codec::Gzip => Member::Gzip(GzDecoder::new(source)),
            Codec::Zstd => Member::Zstd(zstd::Decoder::with_buffer(source)?.single_frame()),
            Codec::Bzip2 => Member::Bzip2(BzDecoder::new(source)),
            Codec::Xz => {
                let limit = (WINDOW_MIB << 20) + XZ_STATE;
                let stream = Stream::new_stream_decoder(limit, 0)?;
                Member::Xz(XzDecoder::new_stream(source, stream))
            }
        })
    }

    fn source(&self) -> &Source {
        match self {
            Member::Gzip(decoder) => decoder.get_ref(),
            Member::Zstd(decoder) => decoder.get_ref(),
            Member::Bzip2(decoder) => decoder.get_ref(),
            Member::Xz(decoder) => decoder.get_ref(),
        }
    }

    fn into_source(self) -> Source {
        match self {
            Member::Gzip(decoder) => decoder.into_inner(),
            Member::Zstd(decoder) => decoder.finish(),
            Member::Bzip2(decoder) => decoder.into_inner(),
            Member::Xz(decoder) => decoder.into_inner(),
        }
    }
}

impl Read for Member {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Member::Gzip(decoder) => decoder.read(buffer),
            Member::Zstd(decoder) => decoder.read(buffer),
            Member::Bzip2(decoder) => decoder.read(buffer),
            Member::Xz(decoder) => decoder.read(buffer),
        }
    }
}

#[cfg(test)]
mod tests;
