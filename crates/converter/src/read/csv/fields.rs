//! The fields of a CSV file, and whether they stood in quotes.
//!
//! `csv-core` finds where fields end and takes the quotes away. What it gives no longer tells `""`, an
//! empty text, from nothing, a NULL; so the first byte of each field is looked at before.

use std::io::{self, BufRead, BufReader, Read};

use csv_core::{ReadFieldResult, Reader, ReaderBuilder};

const BUFFER: usize = 256 << 10;

/// One field.
pub(super) struct Field<'a> {
    /// Its text, without quotes.
    pub(super) bytes: &'a [u8],
    /// Whether it stood in quotes.
    pub(super) quoted: bool,
    /// Whether it is the last one of its row.
    pub(super) ends_row: bool,
}

/// All fields of a file, row by row.
pub(super) struct Fields<R> {
    input: BufReader<R>,
    reader: Reader,
    field: Vec<u8>,
    at_row: bool,
}

impl<R: Read> Fields<R> {
    pub(super) fn new(input: R, delimiter: u8) -> Self {
        Fields {
            input: BufReader::with_capacity(BUFFER, input),
            reader: ReaderBuilder::new().delimiter(delimiter).build(),
            field: vec![0; 1 << 10],
            at_row: true,
        }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Field<'_>>> {
        if self.at_row {
            self.skip_line_ends()?;
        }
        let quoted = self.input.fill_buf()?.first() == Some(&b'"');
        let mut length = 0;
        loop {
            let input = self.input.fill_buf()?;
            let (result, read, written) = self.reader.read_field(input, &mut self.field[length..]);
            self.input.consume(read);
            length += written;
            match result {
                ReadFieldResult::InputEmpty => {}
                ReadFieldResult::OutputFull => self.field.resize(2 * self.field.len(), 0),
                ReadFieldResult::Field { record_end } => {
                    self.at_row = record_end;
                    return Ok(Some(Field {
                        bytes: &self.field[..length],
                        quoted,
                        ends_row: record_end,
                    }));
                }
                ReadFieldResult::End => return Ok(None),
            }
        }
    }

    /// The reader would skip them too, but behind our look at the first byte.
    fn skip_line_ends(&mut self) -> io::Result<()> {
        loop {
            let input = self.input.fill_buf()?;
            let ends = input.iter().take_while(|byte| b"\r\n".contains(byte));
            let ends = ends.count();
            if ends == 0 {
                return Ok(());
            }
            self.input.consume(ends);
        }
    }
}
