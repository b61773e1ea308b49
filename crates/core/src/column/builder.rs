//! A column while it is filled.

use std::ops::Range;

use super::texts::Texts;
use super::{Overflow, Value};
use crate::schema::Type;

/// The values of a column, set row by row in ascending order. A row that is passed over is null.
#[derive(Debug)]
pub(crate) struct Builder {
    pub(super) ty: Type,
    pub(super) values: Values,
    /// Rows so far: the last one of them was set.
    pub(super) rows: usize,
    /// Those of them that are null, ascending.
    pub(super) nulls: Vec<u32>,
}

/// A value for each row; what stands in one that is null, nobody sees.
#[derive(Debug)]
pub(super) enum Values {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    /// Times, too.
    Int64(Vec<i64>),
    Float64(Vec<f64>),
    Text(Texts),
}

impl Builder {
    pub(crate) fn new(ty: Type) -> Self {
        Builder {
            ty,
            values: match ty {
                Type::Bool => Values::Bool(Vec::new()),
                Type::Int32 | Type::Enum(_) => Values::Int32(Vec::new()),
                Type::Int64 | Type::Time => Values::Int64(Vec::new()),
                Type::Float64 => Values::Float64(Vec::new()),
                Type::Text => Values::Text(Texts::default()),
            },
            rows: 0,
            nulls: Vec::new(),
        }
    }

    /// Sets an integer, which has to be in the type's range, or the microseconds of a time.
    #[inline]
    pub(crate) fn set_int(&mut self, row: usize, value: i64) {
        self.reach(row);
        match &mut self.values {
            Values::Int64(values) => values.push(value),
            Values::Int32(values) => values.push(value as i32),
            _ => unreachable!("not a column of integers"),
        }
    }

    #[inline]
    pub(crate) fn set_float(&mut self, row: usize, value: f64) {
        self.reach(row);
        match &mut self.values {
            Values::Float64(values) => values.push(value),
            _ => unreachable!("not a column of floats"),
        }
    }

    #[inline]
    pub(crate) fn set_bool(&mut self, row: usize, value: bool) {
        self.reach(row);
        match &mut self.values {
            Values::Bool(values) => values.push(value),
            _ => unreachable!("not a column of booleans"),
        }
    }

    /// Sets a text, which is this part of `source`; an empty one where that has no such part.
    #[inline(always)]
    pub(crate) fn set_text(&mut self, row: usize, source: &str, part: Range<usize>) {
        self.reach(row);
        match &mut self.values {
            Values::Text(texts) => texts.push(source, part),
            _ => unreachable!("not a column of texts"),
        }
    }

    /// Sets a value of any type.
    #[inline]
    pub(crate) fn set(&mut self, row: usize, value: Value<'_>) {
        match value {
            Value::Null => {}
            Value::Bool(value) => self.set_bool(row, value),
            Value::Int(value) | Value::Time(value) => self.set_int(row, value),
            Value::Float(value) => self.set_float(row, value),
            Value::Text(text) => self.set_text(row, text, 0..text.len()),
        }
    }

    /// Whether nothing was set in a row.
    pub(crate) fn is_null(&self, row: usize) -> bool {
        row >= self.rows || self.nulls.binary_search(&(row as u32)).is_ok()
    }

    /// Forgets all rows from this one on, but not the memory that they took.
    pub(crate) fn truncate(&mut self, row: usize) {
        self.rows = self.rows.min(row);
        let nulls = self.nulls.partition_point(|&null| (null as usize) < row);
        self.nulls.truncate(nulls);
        match &mut self.values {
            Values::Bool(values) => values.truncate(row),
            Values::Int32(values) => values.truncate(row),
            Values::Int64(values) => values.truncate(row),
            Values::Float64(values) => values.truncate(row),
            Values::Text(texts) => texts.truncate(row),
        }
    }

    /// Whether the texts fit in one array.
    pub(super) fn fits(&self) -> Result<(), Overflow> {
        match &self.values {
            Values::Text(texts) => texts.parts().map(drop),
            _ => Ok(()),
        }
    }

    /// Goes to a row, which is about to be set.
    #[inline]
    fn reach(&mut self, row: usize) {
        debug_assert!(self.rows <= row, "rows ascend");
        if self.rows < row {
            self.pass_over(self.rows..row);
        }
        self.rows = row + 1;
    }

    #[inline(never)]
    fn pass_over(&mut self, rows: Range<usize>) {
        match &mut self.values {
            Values::Bool(values) => values.resize(rows.end, false),
            Values::Int32(values) => values.resize(rows.end, 0),
            Values::Int64(values) => values.resize(rows.end, 0),
            Values::Float64(values) => values.resize(rows.end, 0.0),
            Values::Text(texts) => texts.fill(rows.end),
        }
        self.nulls.extend(rows.map(|row| row as u32));
    }
}

#[cfg(test)]
mod tests {
    use arrow_array::cast::AsArray;

    use super::*;
    use crate::column::arrays;

    fn texts(column: &Builder, rows: usize) -> Vec<Option<String>> {
        let arrays = arrays([(column, rows)].into_iter()).unwrap();
        let texts = arrays[0].as_string::<i32>().iter();
        texts.map(|text| text.map(str::to_owned)).collect()
    }

    #[test]
    fn what_is_forgotten_can_be_set_again() {
        let mut column = Builder::new(Type::Text);
        let long = "x".repeat(100);
        column.set(1, Value::Text("one"));
        column.set(3, Value::Text(&long));
        column.set(4, Value::Null);
        let some = |text: &str| Some(text.to_owned());
        let all = [None, some("one"), None, some(&long), None];
        assert_eq!(texts(&column, 5), all);
        for rows in (0..5).rev() {
            column.truncate(rows);
            assert_eq!(texts(&column, rows), all[..rows]);
            assert!(column.is_null(rows));
        }
        column.set_text(2, "..two..", 2..5);
        column.set_text(3, &"y".repeat(64), 1..9);
        let all = [None, None, some("two"), some("yyyyyyyy")];
        assert_eq!(texts(&column, 4), all);
        assert!(column.is_null(1) && !column.is_null(2) && column.is_null(4));
    }
}
