//! One cell as text.

use arrow_array::{
    Array, ArrayRef, BooleanArray, PrimitiveArray, StringArray,
    cast::AsArray,
    types::{Float64Type, Int32Type, Int64Type, TimestampMicrosecondType},
};
use arrow_schema::{DataType, TimeUnit};

use super::{CsvOptions, CsvSafety, time};

/// A cell that `--csv-safe reject` refuses.
pub(super) struct LooksLikeFormula;

/// Where it stands within its rows.
pub(super) struct Formula {
    pub(super) row: usize,
    pub(super) column: usize,
}

/// The options, made ready for the loop over the cells.
pub(super) struct Style {
    pub(super) delimiter: u8,
    null: Vec<u8>,
    safety: CsvSafety,
    /// Which bytes make a text need quotes.
    quoted: [bool; 256],
}

impl Style {
    pub(super) fn new(options: &CsvOptions) -> Self {
        let mut quoted = [false; 256];
        for byte in [options.delimiter, b'"', b'\r', b'\n'] {
            quoted[usize::from(byte)] = true;
        }
        if options.safety != CsvSafety::Off {
            // A spreadsheet may take these for delimiters, and what is behind one for a cell of its own.
            for byte in *b",;\t" {
                quoted[usize::from(byte)] = true;
            }
        }
        Style {
            delimiter: options.delimiter,
            null: options.null.as_bytes().to_vec(),
            safety: options.safety,
            quoted,
        }
    }

    /// Whether both together are what stands for NULL. The length tells it of nearly all texts.
    fn reads_as_null(&self, prefix: &[u8], text: &[u8]) -> bool {
        self.null.len() == prefix.len() + text.len()
            && self.null.starts_with(prefix)
            && self.null.ends_with(text)
    }

    fn put_text(&self, text: &[u8], out: &mut Vec<u8>) -> Result<(), LooksLikeFormula> {
        let prefix: &[u8] = match self.safety {
            // One that begins so already, too: texts that differ have to stay different, as keys do.
            CsvSafety::Prefix if is_formula(behind_quotes(text)) => b"'",
            CsvSafety::Reject if is_formula(text) => return Err(LooksLikeFormula),
            _ => b"",
        };
        let has_quoted = |text: &[u8]| text.iter().any(|&byte| self.quoted[usize::from(byte)]);
        // The empty text is quoted, and so is one that would read as NULL.
        let plain = !text.is_empty()
            && !self.reads_as_null(prefix, text)
            && !has_quoted(prefix)
            && !has_quoted(text);
        if plain {
            out.extend_from_slice(prefix);
            out.extend_from_slice(text);
            return Ok(());
        }
        out.push(b'"');
        out.extend_from_slice(prefix);
        let mut rest = text;
        while let Some(quote) = memchr::memchr(b'"', rest) {
            out.extend_from_slice(&rest[..=quote]);
            out.push(b'"');
            rest = &rest[quote + 1..];
        }
        out.extend_from_slice(rest);
        out.push(b'"');
        Ok(())
    }
}

/// Whether a spreadsheet may take a text for a formula, by how it begins ([OWASP], and the NUL of its
/// Application Security Verification Standard, 1.2.10).
///
/// [OWASP]: https://owasp.org/www-community/attacks/CSV_Injection
fn is_formula(text: &[u8]) -> bool {
    const WIDE: [&str; 4] = ["＝", "＋", "－", "＠"];
    match text.first() {
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r' | b'\n' | 0) => true,
        // All of them begin so.
        Some(0xEF) => WIDE.iter().any(|wide| text.starts_with(wide.as_bytes())),
        _ => false,
    }
}

fn behind_quotes(text: &[u8]) -> &[u8] {
    let quotes = text.iter().take_while(|byte| **byte == b'\'').count();
    &text[quotes..]
}

/// A column, its type known.
pub(super) enum Cells<'a> {
    Int64(&'a PrimitiveArray<Int64Type>),
    Int32(&'a PrimitiveArray<Int32Type>),
    Float64(&'a PrimitiveArray<Float64Type>),
    Bool(&'a BooleanArray),
    Time(&'a PrimitiveArray<TimestampMicrosecondType>),
    Text(&'a StringArray),
}

impl<'a> Cells<'a> {
    /// # Panics
    ///
    /// On a type that no column of the schema has.
    pub(super) fn new(array: &'a ArrayRef) -> Self {
        match array.data_type() {
            DataType::Int64 => Cells::Int64(array.as_primitive()),
            DataType::Int32 => Cells::Int32(array.as_primitive()),
            DataType::Float64 => Cells::Float64(array.as_primitive()),
            DataType::Boolean => Cells::Bool(array.as_boolean()),
            DataType::Timestamp(TimeUnit::Microsecond, _) => Cells::Time(array.as_primitive()),
            DataType::Utf8 => Cells::Text(array.as_string()),
            other => panic!("no column of the schema has the type {other}"),
        }
    }

    fn is_null(&self, row: usize) -> bool {
        match self {
            Cells::Int64(array) => array.is_null(row),
            Cells::Int32(array) => array.is_null(row),
            Cells::Float64(array) => array.is_null(row),
            Cells::Bool(array) => array.is_null(row),
            Cells::Time(array) => array.is_null(row),
            Cells::Text(array) => array.is_null(row),
        }
    }

    /// Appends the cell of a row.
    pub(super) fn put(
        &self,
        row: usize,
        style: &Style,
        out: &mut Vec<u8>,
    ) -> Result<(), LooksLikeFormula> {
        if self.is_null(row) {
            out.extend_from_slice(&style.null);
            return Ok(());
        }
        match self {
            Cells::Int64(array) => put_integer(array.value(row), out),
            Cells::Int32(array) => put_integer(array.value(row), out),
            Cells::Float64(array) => put_float(array.value(row), out),
            Cells::Bool(array) => {
                out.extend_from_slice(if array.value(row) { b"true" } else { b"false" })
            }
            Cells::Time(array) => time::put(array.value(row), out),
            Cells::Text(array) => return style.put_text(array.value(row).as_bytes(), out),
        }
        Ok(())
    }
}

fn put_integer(value: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// The shortest text that reads back as the same number; zero has no sign.
fn put_float(value: f64, out: &mut Vec<u8>) {
    let value = if value == 0.0 { 0.0 } else { value };
    out.extend_from_slice(zmij::Buffer::new().format(value).as_bytes());
}
