use std::io::{self, Cursor, Read, Write};

use super::*;
use crate::input::Content;
use voltree_core::Parser;

const CODECS: [Codec; 4] = [Codec::Gzip, Codec::Zstd, Codec::Bzip2, Codec::Xz];
const TEXT: &[u8] = b"{\"operatorGroups\":[{\"id\":1,\"groupName\":\"North\"}]}";

fn compressed(codec: Codec, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    match codec {
        Codec::Gzip => {
            let mut encoder = flate2::write::GzEncoder::new(&mut out, flate2::Compression::fast());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap();
        }
        Codec::Zstd => {
            let mut encoder = zstd::Encoder::new(&mut out, 1).unwrap();
            encoder.include_checksum(true).unwrap();
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap();
        }
        Codec::Bzip2 => {
            let mut encoder = bzip2::write::BzEncoder::new(&mut out, bzip2::Compression::fast());
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap();
        }
        Codec::Xz => {
            let mut encoder = liblzma::write::XzEncoder::new(&mut out, 0);
            encoder.write_all(content).unwrap();
            encoder.finish().unwrap();
        }
    }
    out
}

fn content(stored: impl Read + Send + 'static) -> io::Result<Vec<u8>> {
    let mut read = Vec::new();
    Content::of(Box::new(stored))?.read_to_end(&mut read)?;
    Ok(read)
}

fn decompressed(stored: &[u8]) -> Result<Vec<u8>, Undecodable> {
    content(Cursor::new(stored.to_vec())).map_err(|error| Undecodable::of(&error).expect("a fault"))
}

/// More than all chunks hold, with little that repeats.
fn long() -> Vec<u8> {
    let mut state = 7_u64;
    let words = std::iter::repeat_with(|| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 40) as u8 % 16
    });
    words.take(3_000_000).collect()
}

#[test]
fn every_codec_is_recognised_and_read() {
    for codec in CODECS {
        for text in [&b""[..], b"x", TEXT, &long()] {
            let stored = compressed(codec, text);
            assert_eq!(Codec::of(&stored), Some(codec));
            assert!(decompressed(&stored).unwrap() == text, "{codec:?}");
        }
    }
}

#[test]
fn what_is_not_compressed_is_read_as_it_is() {
    for text in [
        &b""[..],
        b"x",
        b"\x1F",
        b"BZ",
        b"\xFD7zXZ",
        b"\x28\xB5\x2F",
        TEXT,
        &long(),
    ] {
        assert!(decompressed(text).unwrap() == text);
    }
}

#[test]
fn members_are_joined_whatever_padding_stands_behind_them() {
    for codec in CODECS {
        for padding in [&b""[..], &[0; 4], &[0; 1000]] {
            let members = [TEXT, b"", b"tail"].map(|text| compressed(codec, text));
            let mut stored = members.join(padding);
            stored.extend_from_slice(padding);
            let joined = [TEXT, b"tail"].concat();
            assert_eq!(decompressed(&stored).unwrap(), joined, "{codec:?}");
        }
    }
}

#[test]
fn skippable_frames_of_zstd_are_skipped() {
    let skippable = [b"\x5A\x2A\x4D\x18\x03\0\0\0", &b"abc"[..]].concat();
    let frame = compressed(Codec::Zstd, TEXT);
    let stored = [&skippable[..], &frame, &skippable, &frame].concat();
    assert_eq!(decompressed(&stored).unwrap(), [TEXT, TEXT].concat());
    assert_eq!(decompressed(&skippable).unwrap(), b"");
}

#[test]
fn what_is_cut_off_says_where_it_ends() {
    for codec in CODECS {
        let member = compressed(codec, TEXT);
        let stored = [&member[..], &member].concat();
        for cut in 0..stored.len() {
            let found = decompressed(&stored[..cut]);
            if cut == member.len() {
                assert_eq!(found.unwrap(), TEXT, "{codec:?}");
            } else if Codec::of(&stored[..cut]).is_none() {
                assert_eq!(found.unwrap(), &stored[..cut], "{codec:?}");
            } else {
                let error = Undecodable {
                    codec,
                    byte: cut as u64,
                    fault: CodecFault::CutOff,
                };
                assert_eq!(found, Err(error), "{codec:?} cut at {cut}");
            }
        }
    }
}

#[test]
fn no_damaged_bit_changes_the_content() {
    for codec in CODECS {
        let whole = compressed(codec, TEXT);
        let mut damaged = 0;
        for byte in 0..whole.len() {
            for bit in 0..8 {
                let mut stored = whole.clone();
                stored[byte] ^= 1 << bit;
                match decompressed(&stored) {
                    // Such as the time in the header of gzip.
                    Ok(content) => {
                        assert!(content == TEXT || content == stored, "{codec:?} {byte}")
                    }
                    Err(error) => {
                        assert_eq!(error.codec, codec);
                        assert!(error.byte <= stored.len() as u64);
                        damaged += usize::from(error.fault == CodecFault::Damaged);
                    }
                }
            }
        }
        assert!(damaged > whole.len(), "{codec:?}: {damaged}");
    }
}

#[test]
fn what_stands_behind_a_member_has_to_be_one() {
    for codec in CODECS {
        let member = compressed(codec, TEXT);
        let byte = member.len() as u64;
        for (behind, padding) in [(&b"{}"[..], 0), (b"\0\0\0\0x", 4)] {
            let fault = CodecFault::Trailing;
            let error = Undecodable {
                codec,
                byte: byte + padding,
                fault,
            };
            assert_eq!(decompressed(&[&member[..], behind].concat()), Err(error));
        }
    }
}

#[test]
fn a_window_that_is_too_big_is_not_given() {
    // A frame without content whose header asks for 256 MiB; with 128 MiB it is read.
    let zstd = |window| [b"\x28\xB5\x2F\xFD\0", &[window][..], b"\x01\0\0"].concat();
    assert_eq!(decompressed(&zstd(17 << 3)).unwrap(), b"");
    let error = decompressed(&zstd(18 << 3)).unwrap_err();
    assert_eq!(error.fault, CodecFault::Window);
    // The size of the window is the byte 16, in the header of the first block.
    let xz = |window| {
        let mut stored = compressed(Codec::Xz, TEXT);
        stored[16] = window;
        let mut crc = flate2::Crc::new();
        crc.update(&stored[12..20]);
        stored[20..24].copy_from_slice(&crc.sum().to_le_bytes());
        stored
    };
    assert_eq!(decompressed(&xz(30)).unwrap(), TEXT);
    let error = decompressed(&xz(32)).unwrap_err();
    assert_eq!(error.fault, CodecFault::Window);
    assert_eq!(
        error.to_string(),
        "the xz data needs a window of more than 128 MiB; compress it again with a smaller one"
    );
}

/// Gives a byte at a time, is interrupted before each, and fails at its end.
struct Trickle {
    bytes: Cursor<Vec<u8>>,
    interrupted: bool,
    end: io::ErrorKind,
}

impl Read for Trickle {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.interrupted = !self.interrupted;
        if self.interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        match self.bytes.read(&mut buffer[..1])? {
            0 if self.end != io::ErrorKind::UnexpectedEof => Err(self.end.into()),
            read => Ok(read),
        }
    }
}

#[test]
fn a_reader_may_be_slow_and_interrupted() {
    for codec in CODECS {
        let trickle = Trickle {
            bytes: Cursor::new(compressed(codec, TEXT)),
            interrupted: false,
            end: io::ErrorKind::UnexpectedEof,
        };
        assert_eq!(content(trickle).unwrap(), TEXT, "{codec:?}");
    }
}

#[test]
fn a_failing_reader_is_no_damaged_data() {
    for codec in CODECS {
        let stored = compressed(codec, TEXT);
        for length in [stored.len() / 2, stored.len()] {
            let trickle = Trickle {
                bytes: Cursor::new(stored[..length].to_vec()),
                interrupted: false,
                end: io::ErrorKind::ConnectionReset,
            };
            let error = content(trickle).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::ConnectionReset, "{codec:?}");
            assert_eq!(Undecodable::of(&error), None);
        }
    }
}

#[test]
fn facts_are_those_of_the_stored_bytes() {
    let text = long();
    for codec in CODECS {
        let bytes = compressed(codec, &text);
        let mut content = Content::of(Box::new(Cursor::new(bytes.clone()))).unwrap();
        assert_eq!(content.codec(), Some(codec));
        let mut head = vec![0; 1_000_000];
        content.read_exact(&mut head).unwrap();
        let taken = content.stored_bytes();
        assert!(
            0 < taken && taken < bytes.len() as u64,
            "{codec:?}: {taken}"
        );
        let mut expected = Stored::new(Box::new(Cursor::new(bytes.clone())));
        io::copy(&mut expected, &mut io::sink()).unwrap();
        let stored = content.stored().unwrap();
        assert_eq!(stored.length(), bytes.len() as u64);
        assert_eq!(stored.hash(), expected.hash());
        assert_eq!(content.stored_bytes(), bytes.len() as u64);
    }
}

/// The same bytes, again and again.
struct Endless(Vec<u8>, usize);

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = (&self.0[self.1..]).read(buffer)?;
        self.1 = (self.1 + read) % self.0.len();
        Ok(read)
    }
}

#[test]
fn damage_behind_a_fault_is_not_looked_for_without_end() {
    let zeros = compressed(Codec::Zstd, &vec![0; 1 << 20]);
    let raw = Cursor::new(compressed(Codec::Zstd, b"{]")).chain(Endless(zeros, 0));
    let mut content = Content::of(Box::new(raw)).unwrap();
    let error = Parser::new().parse_reader(&mut content).unwrap_err();
    assert!(content.fault(error.kind()).is_none());
}
