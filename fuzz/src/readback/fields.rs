//! The fields of a CSV file, with what the csv crate does not tell: whether they had quotes.

/// One field of a record.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) text: String,
    pub(super) quoted: bool,
}

/// All records of a file by RFC 4180.
pub(super) fn fields(file: &str, delimiter: char) -> Vec<Vec<Field>> {
    let mut records = Vec::new();
    let mut chars = file.chars().peekable();
    while chars.peek().is_some() {
        let mut record = Vec::new();
        loop {
            let mut field = Field::default();
            let quoted = chars.next_if_eq(&'"').is_some();
            field.quoted = quoted;
            while let Some(char) =
                chars.next_if(|&char| quoted || char != delimiter && char != '\r')
            {
                match char {
                    '"' if quoted && chars.next_if_eq(&'"').is_none() => break,
                    char => field.text.push(char),
                }
            }
            record.push(field);
            if chars.next_if_eq(&delimiter).is_none() {
                break;
            }
        }
        assert_eq!(
            [chars.next(), chars.next()],
            [Some('\r'), Some('\n')],
            "{file:?}"
        );
        records.push(record);
    }
    records
}

#[cfg(test)]
mod tests {
    use super::fields;

    #[test]
    fn quotes_are_told() {
        let records = fields("a;\"b;\"\"\r\n\";\"\"\r\n;\r\n", ';');
        let shown: Vec<Vec<(&str, bool)>> = records
            .iter()
            .map(|record| record.iter().map(|f| (f.text.as_str(), f.quoted)).collect())
            .collect();
        assert_eq!(
            shown,
            [
                vec![("a", false), ("b;\"\r\n", true), ("", true)],
                vec![("", false), ("", false)],
            ]
        );
    }
}
