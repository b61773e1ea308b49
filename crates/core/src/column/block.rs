//! Arrays that lie in one piece of memory: to ask for many small pieces takes longer than to fill them.

use std::{ops::Range, sync::Arc};

use arrow::array::{ArrayRef, BooleanArray, PrimitiveArray, StringArray};
use arrow::buffer::{BooleanBuffer, Buffer, MutableBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{
    ArrowNativeType, ArrowPrimitiveType, Float64Type, Int32Type, Int64Type,
    TimestampMicrosecondType,
};

use super::Value;
use crate::schema::Type;

/// The texts of these rows take 2 GiB or more: they do not fit in one array.
#[derive(Debug)]
pub(crate) struct Overflow;

/// An array of the values of `rows`.
pub(crate) fn array<'a>(
    ty: Type,
    rows: Range<usize>,
    value: impl Fn(usize) -> Value<'a>,
) -> Result<ArrayRef, Overflow> {
    let mut block = Block::with_capacity(0);
    let array = block.push(ty, rows, value)?;
    Ok(block.finish().array(&array))
}

/// Memory that is filled with the values of one array after the other.
pub(crate) struct Block {
    bytes: MutableBuffer,
    /// One bit for each row of the array that is being filled: whether it is not null.
    valid: Vec<u64>,
}

/// An array in a block. Offsets are in bytes, and multiples of eight.
pub(crate) struct Placed {
    ty: Type,
    rows: usize,
    /// Where the values start; of texts, their offsets.
    values: usize,
    /// The bytes of texts.
    texts: Range<usize>,
    /// Where the bits of the rows that are not null start, if any row is.
    valid: Option<usize>,
}

/// Memory that is full.
pub(crate) struct Filled(Buffer);

impl Block {
    /// A block for so many bytes; more are got as they are needed.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Block {
            bytes: MutableBuffer::with_capacity(bytes),
            valid: Vec::new(),
        }
    }

    /// Adds the values of `rows`.
    pub(crate) fn push<'a>(
        &mut self,
        ty: Type,
        rows: Range<usize>,
        value: impl Fn(usize) -> Value<'a>,
    ) -> Result<Placed, Overflow> {
        let values = self.align();
        let mut texts = 0..0;
        let count = rows.len();
        match ty {
            Type::Int64 => self.fill(rows, |row| match value(row) {
                Value::Int(value) => Some(value),
                _ => None,
            }),
            // Values out of range have been refused when they were read.
            Type::Int32 | Type::Enum(_) => self.fill(rows, |row| match value(row) {
                Value::Int(value) => Some(value as i32),
                _ => None,
            }),
            Type::Float64 => self.fill(rows, |row| match value(row) {
                Value::Float(value) => Some(value),
                _ => None,
            }),
            Type::Time => self.fill(rows, |row| match value(row) {
                Value::Time(value) => Some(value),
                _ => None,
            }),
            Type::Bool => self.bits(rows, |row| match value(row) {
                Value::Bool(value) => Some(value),
                _ => None,
            }),
            Type::Text => texts = self.texts(rows, value)?,
        }
        let valid = self.bits_of_valid(count);
        Ok(Placed {
            ty,
            rows: count,
            values,
            texts,
            valid,
        })
    }

    pub(crate) fn finish(self) -> Filled {
        Filled(self.bytes.into())
    }

    /// Goes on at a multiple of eight bytes.
    fn align(&mut self) -> usize {
        let start = self.bytes.len().next_multiple_of(8);
        self.bytes.resize(start, 0);
        start
    }

    fn fill<T: ArrowNativeType>(&mut self, rows: Range<usize>, value: impl Fn(usize) -> Option<T>) {
        let mut valid = Bits::new(&mut self.valid);
        self.bytes.extend(rows.map(|row| {
            let value = value(row);
            valid.push(value.is_some());
            value.unwrap_or_default()
        }));
    }

    fn bits(&mut self, rows: Range<usize>, value: impl Fn(usize) -> Option<bool>) {
        let mut valid = Bits::new(&mut self.valid);
        let mut words = Vec::new();
        let mut bits = Bits::new(&mut words);
        for row in rows {
            let value = value(row);
            valid.push(value.is_some());
            bits.push(value.unwrap_or_default());
        }
        self.bytes.extend_from_slice(&words);
    }

    /// Adds offsets, and the bytes of the texts behind them; gives where the bytes are.
    fn texts<'a>(
        &mut self,
        rows: Range<usize>,
        value: impl Fn(usize) -> Value<'a>,
    ) -> Result<Range<usize>, Overflow> {
        let text = |row| match value(row) {
            Value::Text(text) => Some(text),
            _ => None,
        };
        let mut valid = Bits::new(&mut self.valid);
        let mut total = 0_usize;
        self.bytes.push(0_i32);
        self.bytes.extend(rows.clone().map(|row| {
            let text = text(row);
            valid.push(text.is_some());
            total += text.map_or(0, <[u8]>::len);
            // Where it does not fit, nobody sees it.
            total as i32
        }));
        if i32::try_from(total).is_err() {
            return Err(Overflow);
        }
        let start = self.align();
        self.bytes.reserve(total);
        for row in rows {
            self.bytes.extend_from_slice(text(row).unwrap_or_default());
        }
        Ok(start..start + total)
    }

    /// Adds which rows are not null, where some are.
    fn bits_of_valid(&mut self, rows: usize) -> Option<usize> {
        let valid: usize = self
            .valid
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum();
        (valid < rows).then(|| {
            let start = self.align();
            self.bytes.extend_from_slice(&self.valid);
            start
        })
    }
}

impl Filled {
    /// One of the arrays.
    pub(crate) fn array(&self, of: &Placed) -> ArrayRef {
        match of.ty {
            Type::Int64 => Arc::new(self.primitive::<Int64Type>(of)),
            Type::Int32 | Type::Enum(_) => Arc::new(self.primitive::<Int32Type>(of)),
            Type::Float64 => Arc::new(self.primitive::<Float64Type>(of)),
            Type::Time => {
                let times = self.primitive::<TimestampMicrosecondType>(of);
                Arc::new(times.with_timezone("UTC"))
            }
            Type::Bool => Arc::new(BooleanArray::new(self.bits(of, of.values), self.nulls(of))),
            Type::Text => {
                let offsets = ScalarBuffer::new(self.0.clone(), of.values / 4, of.rows + 1);
                let texts = self.0.slice_with_length(of.texts.start, of.texts.len());
                Arc::new(StringArray::new(
                    OffsetBuffer::new(offsets),
                    texts,
                    self.nulls(of),
                ))
            }
        }
    }

    fn primitive<T: ArrowPrimitiveType>(&self, of: &Placed) -> PrimitiveArray<T> {
        let start = of.values / size_of::<T::Native>();
        let values = ScalarBuffer::new(self.0.clone(), start, of.rows);
        PrimitiveArray::new(values, self.nulls(of))
    }

    fn nulls(&self, of: &Placed) -> Option<NullBuffer> {
        Some(NullBuffer::new(self.bits(of, of.valid?)))
    }

    fn bits(&self, of: &Placed, start: usize) -> BooleanBuffer {
        BooleanBuffer::new(self.0.clone(), 8 * start, of.rows)
    }
}

/// Bits, the first one lowest in the first word.
struct Bits<'a> {
    words: &'a mut Vec<u64>,
    len: usize,
}

impl<'a> Bits<'a> {
    fn new(words: &'a mut Vec<u64>) -> Self {
        words.clear();
        Bits { words, len: 0 }
    }

    #[inline]
    fn push(&mut self, bit: bool) {
        let at = self.len % 64;
        match self.words.last_mut() {
            Some(word) if at > 0 => *word |= u64::from(bit) << at,
            _ => self.words.push(bit.into()),
        }
        self.len += 1;
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{
        Array, BooleanArray, Float64Array, Int32Array, Int64Array, TimestampMicrosecondArray,
    };

    use super::*;

    /// Every type, of so many rows; of those that `null` names, nothing.
    fn expected(rows: usize, null: impl Fn(usize) -> bool + Copy) -> Vec<(Type, ArrayRef)> {
        let values = || (0..rows).map(move |row| (!null(row)).then_some(row as i64 - 70));
        let texts = values().map(|value| value.map(|value| "\u{e4}".repeat(value as usize % 5)));
        let times = values().collect::<TimestampMicrosecondArray>();
        let ints = values().map(|value| value.map(|value| value as i32));
        vec![
            (Type::Text, Arc::new(texts.collect::<StringArray>())),
            (Type::Int32, Arc::new(ints.collect::<Int32Array>())),
            (Type::Int64, Arc::new(values().collect::<Int64Array>())),
            (
                Type::Bool,
                Arc::new(
                    values()
                        .map(|value| value.map(|value| value % 3 == 0))
                        .collect::<BooleanArray>(),
                ),
            ),
            (
                Type::Float64,
                Arc::new(
                    values()
                        .map(|value| value.map(|value| value as f64 / 3.0))
                        .collect::<Float64Array>(),
                ),
            ),
            (Type::Time, Arc::new(times.with_timezone("UTC"))),
        ]
    }

    #[test]
    fn arrays_of_a_block_are_what_arrow_makes_of_the_values() {
        for rows in [0, 1, 63, 64, 65, 200] {
            for null in [|_| false, |row| row % 7 == 0, |row| row == 64, |_| true] {
                let expected = expected(rows, null);
                let mut block = Block::with_capacity(100);
                let push = |(ty, array): &(Type, ArrayRef)| {
                    let value = |row| crate::column::value(&**array, *ty, row);
                    block.push(*ty, 0..rows, value).unwrap()
                };
                let placed: Vec<Placed> = expected.iter().map(push).collect();
                let filled = block.finish();
                for ((ty, expected), placed) in expected.iter().zip(&placed) {
                    let array = filled.array(placed);
                    assert_eq!(&array, expected, "{ty:?}, {rows} rows");
                    assert_eq!(array.null_count(), expected.null_count());
                    assert_eq!(array.nulls().is_some(), expected.null_count() > 0);
                }
            }
        }
    }
}
