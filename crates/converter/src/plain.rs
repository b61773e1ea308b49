//! Texts for people.

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

/// `1 input`, `2 inputs`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!(counted(1, "input"), "1 input");
        assert_eq!(counted(0, "input"), "0 inputs");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(Plain("a\u{1b}[31mb").to_string(), "a\u{fffd}[31mb");
        assert_eq!(format!("{:<4}|", Plain("ä")), "ä   |");
    }
}
