//! Lines and columns.

use crate::Place;

/// How far a text leads: line breaks, and characters behind the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Advance {
    pub(crate) lines: u64,
    pub(crate) columns: u64,
}

impl Advance {
    /// What `text` leads on by.
    pub(crate) fn of(text: &[u8]) -> Advance {
        let lines = memchr::memchr_iter(b'\n', text).count() as u64;
        let last = memchr::memrchr(b'\n', text).map_or(0, |at| at + 1);
        // A character counts where its first byte stands.
        let columns = text[last..]
            .iter()
            .filter(|&&byte| byte & 0xC0 != 0x80)
            .count() as u64;
        Advance { lines, columns }
    }

    /// The place that all before it leads to.
    pub(crate) fn place(self, offset: u64, path: String) -> Place {
        Place {
            offset,
            line: self.lines + 1,
            column: self.columns + 1,
            path,
        }
    }

    /// This, and then `next`.
    pub(crate) fn then(self, next: Advance) -> Advance {
        let columns = if next.lines > 0 {
            next.columns
        } else {
            self.columns + next.columns
        };
        Advance {
            lines: self.lines + next.lines,
            columns,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Advance;

    #[test]
    fn counts_characters_in_lines() {
        let (one, two) = ("ä\né日", "x\n\ny");
        let joined = Advance::of(one.as_bytes()).then(Advance::of(two.as_bytes()));
        assert_eq!(joined, Advance::of([one, two].concat().as_bytes()));
        assert_eq!(
            joined,
            Advance {
                lines: 3,
                columns: 1
            }
        );
        assert_eq!(
            Advance::of("äb".as_bytes()),
            Advance {
                lines: 0,
                columns: 2
            }
        );
    }
}
