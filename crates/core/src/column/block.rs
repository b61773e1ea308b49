//! Columns as arrays that lie in one piece of memory: to ask for many small pieces takes longer than to
//! fill them.

// Arrow checks every text again, which is known to be one (docs/performance.md).
#![allow(unsafe_code)]

use std::{ops::Range, sync::Arc};

use arrow_array::{
    ArrayRef, BooleanArray, PrimitiveArray, StringArray,
    types::{ArrowPrimitiveType, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType},
};
use arrow_buffer::{
    ArrowNativeType, BooleanBuffer, Buffer, MutableBuffer, NullBuffer, OffsetBuffer, ScalarBuffer,
};

use super::builder::{Builder, Values};
use super::{Overflow, Value};
use crate::schema::Type;

/// An array of the values of `rows`.
pub(crate) fn array<'a>(
    ty: Type,
    rows: Range<usize>,
    value: impl Fn(usize) -> Value<'a>,
) -> Result<ArrayRef, Overflow> {
    let mut builder = Builder::new(ty);
    for (at, row) in rows.clone().enumerate() {
        builder.set(at, value(row));
        builder.fits()?;
    }
    let mut arrays = arrays(std::iter::once((&builder, rows.len())))?;
    Ok(arrays.remove(0))
}

/// Arrays of so many rows each, in one piece of memory; rows behind the last one that was set are null.
pub(crate) fn arrays<'a>(
    columns: impl Iterator<Item = (&'a Builder, usize)> + Clone,
) -> Result<Vec<ArrayRef>, Overflow> {
    let bytes = columns.clone().map(|(column, rows)| bytes(column, rows));
    let mut block = Block {
        bytes: MutableBuffer::with_capacity(bytes.sum()),
    };
    let placed = columns.map(|(column, rows)| block.put(column, rows));
    let placed: Vec<Placed> = placed.collect::<Result<_, _>>()?;
    let filled = Filled(block.bytes.into());
    Ok(placed.iter().map(|placed| filled.array(placed)).collect())
}

/// Memory that is filled with the values of one column after the other.
struct Block {
    bytes: MutableBuffer,
}

/// An array in a block. Offsets are in bytes, and multiples of eight.
struct Placed {
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
struct Filled(Buffer);

impl Block {
    /// Adds a column of so many rows; those behind the last one that was set are null.
    fn put(&mut self, column: &Builder, rows: usize) -> Result<Placed, Overflow> {
        let values = self.align();
        let mut texts = 0..0;
        match &column.values {
            Values::Bool(values) => self.bytes.extend(bits(values, rows)),
            Values::Int32(values) => self.extend(values, rows, 0),
            Values::Int64(values) => self.extend(values, rows, 0),
            Values::Float64(values) => self.extend(values, rows, 0.0),
            Values::Text(all) => {
                let (ends, bytes) = all.parts()?;
                self.bytes.push(0_i32);
                self.extend(ends, rows, bytes.len() as i32);
                let start = self.align();
                self.bytes.extend_from_slice(bytes);
                texts = start..start + bytes.len();
            }
        }
        let valid = (column.rows < rows || !column.nulls.is_empty()).then(|| {
            let start = self.align();
            self.put_valid(column, rows);
            start
        });
        Ok(Placed {
            ty: column.ty,
            rows,
            values,
            texts,
            valid,
        })
    }

    /// Goes on at a multiple of eight bytes.
    fn align(&mut self) -> usize {
        let start = self.bytes.len().next_multiple_of(8);
        self.bytes.resize(start, 0);
        start
    }

    /// Adds a bit for each row: whether it is not null.
    fn put_valid(&mut self, column: &Builder, rows: usize) {
        let mut words = vec![u64::MAX; column.rows / 64];
        words.push((1 << (column.rows % 64)) - 1);
        words.resize(rows.div_ceil(64), 0);
        for &null in &column.nulls {
            words[null as usize / 64] &= !(1 << (null % 64));
        }
        self.bytes.extend_from_slice(&words);
    }

    /// Adds values, and behind them what stands in the rows that are missing.
    fn extend<T: ArrowNativeType>(&mut self, values: &[T], rows: usize, missing: T) {
        self.bytes.extend_from_slice(values);
        let missing = std::iter::repeat_n(missing, rows - values.len());
        self.bytes.extend(missing);
    }
}

impl Filled {
    /// One of the arrays.
    fn array(&self, of: &Placed) -> ArrayRef {
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
                let offsets = OffsetBuffer::new(offsets);
                // SAFETY: `put` has copied the text of a `Texts`, which is UTF-8, and before it where each one
                // starts and the last one ends: within that text, and between characters.
                let array = unsafe { StringArray::new_unchecked(offsets, texts, self.nulls(of)) };
                Arc::new(array)
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

/// Bytes that an array of a column takes at most.
fn bytes(column: &Builder, rows: usize) -> usize {
    let bits = 8 * rows.div_ceil(64);
    let values = match &column.values {
        Values::Bool(_) => bits,
        Values::Int32(_) => 4 * rows,
        Values::Int64(_) | Values::Float64(_) => 8 * rows,
        Values::Text(texts) => 4 * (rows + 1) + texts.bytes(),
    };
    // Three parts start at multiples of eight bytes.
    values + bits + 3 * 8
}

/// Words with a bit for each value, the first one lowest in the first word; for rows without, it is not
/// set.
fn bits(values: &[bool], rows: usize) -> impl Iterator<Item = u64> {
    let words = values.chunks(64).map(|values| {
        let bits = values.iter().enumerate();
        bits.fold(0, |word, (at, &bit)| word | u64::from(bit) << at)
    });
    words.chain(std::iter::repeat(0)).take(rows.div_ceil(64))
}

#[cfg(test)]
mod tests {
    use arrow_array::{
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
                let build = |(ty, array): &(Type, ArrayRef)| {
                    let mut column = Builder::new(*ty);
                    for row in 0..rows {
                        column.set(row, crate::column::value(&**array, *ty, row));
                        assert_eq!(column.is_null(row), null(row));
                    }
                    column
                };
                let columns: Vec<Builder> = expected.iter().map(build).collect();
                let arrays = arrays(columns.iter().map(|column| (column, rows))).unwrap();
                for ((ty, expected), array) in expected.iter().zip(&arrays) {
                    assert_eq!(array, expected, "{ty:?}, {rows} rows");
                    assert_eq!(array.null_count(), expected.null_count());
                    assert_eq!(array.nulls().is_some(), expected.null_count() > 0);
                }
            }
        }
    }
}
