//! What an input holds, decompressed where it is compressed.

use std::io::{self, Chain, Cursor, Read};

use voltree_core::ErrorKind;

use super::{
    ahead::Ahead,
    codec::{Codec, MAGIC, Members, Undecodable},
    stored::{Raw, Stored},
};

/// Bytes of content behind a fault in which damage is looked for: there may be no end.
const LOOK_ON: usize = 64 << 20;

/// The content of an input.
pub(crate) struct Content {
    codec: Option<Codec>,
    bytes: Bytes,
    /// What stopped the reading.
    fault: Option<Undecodable>,
}

enum Bytes {
    /// Read as it is, without a thread or a copy.
    Plain(Stored),
    Compressed(Ahead),
}

impl Content {
    /// Looks at the first bytes, whatever the input is called.
    pub(crate) fn of(mut raw: Raw) -> io::Result<Self> {
        let mut head = Vec::with_capacity(MAGIC);
        raw.by_ref().take(MAGIC as u64).read_to_end(&mut head)?;
        let codec = Codec::of(&head);
        let whole: Chain<Cursor<Vec<u8>>, Raw> = Cursor::new(head).chain(raw);
        let stored = Stored::new(Box::new(whole));
        Ok(Content {
            codec,
            bytes: match codec {
                Some(codec) => Bytes::Compressed(Ahead::start(Members::new(codec, stored)?)?),
                None => Bytes::Plain(stored),
            },
            fault: None,
        })
    }

    /// What the input is compressed with.
    pub(crate) fn codec(&self) -> Option<Codec> {
        self.codec
    }

    /// How many bytes of the input, as it is stored, were read so far.
    pub(crate) fn stored_bytes(&self) -> u64 {
        match &self.bytes {
            Bytes::Plain(stored) => stored.length(),
            Bytes::Compressed(ahead) => ahead.taken(),
        }
    }

    /// The input as it is stored; what is left of compressed data is read first.
    pub(crate) fn stored(&mut self) -> io::Result<&Stored> {
        match &mut self.bytes {
            Bytes::Plain(stored) => Ok(stored),
            Bytes::Compressed(ahead) => ahead.finish(),
        }
    }

    /// What is wrong with the compressed data, if anything is, after its content was refused.
    ///
    /// Damaged data may decompress to something before a checksum tells, and what is wrong with that is no
    /// fault of the payload.
    pub(crate) fn fault(&mut self, error: &ErrorKind) -> Option<Undecodable> {
        match (&mut self.bytes, error) {
            (Bytes::Plain(_), _) => None,
            // Reading on to find out would go beyond the limit.
            (_, ErrorKind::TooDeep { .. } | ErrorKind::TooLong { .. } | ErrorKind::TooLarge(_)) => {
                None
            }
            (_, ErrorKind::Io(_)) => self.fault,
            (Bytes::Compressed(ahead), _) => {
                let rest = ahead.finish_within(LOOK_ON);
                Undecodable::of(&rest.err()?)
            }
        }
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.bytes {
            Bytes::Plain(stored) => stored.read(buffer),
            Bytes::Compressed(ahead) => ahead.read(buffer).inspect_err(|error| {
                self.fault = Undecodable::of(error);
            }),
        }
    }
}
