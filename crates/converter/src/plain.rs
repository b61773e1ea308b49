//! Texts of a payload, made fit for a terminal.

use std::fmt;

/// A text of the payload, which may hold anything: control characters are not for terminals.
pub(crate) struct Plain<'a>(pub(crate) &'a str);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.contains(char::is_control) {
            return f.pad(self.0);
        }
        let text: String = self
            .0
            .chars()
            .map(|c| {
                if c.is_control() {
                    char::REPLACEMENT_CHARACTER
                } else {
                    c
                }
            })
            .collect();
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(Plain("a\u{1b}[31mb").to_string(), "a\u{fffd}[31mb");
        assert_eq!(format!("{:<4}|", Plain("ä")), "ä   |");
    }
}
