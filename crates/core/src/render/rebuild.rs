//! The payload as it was, from its lineage.

use std::collections::HashMap;

use super::Rows;
use super::error::{RenderError, damaged};
use super::pour::Records;
use super::program::Program;
use super::rows::kind_of;
use super::shape::json_elements;
use super::table::TableRows;
use crate::Table;
use crate::column::Value;
use crate::schema::Kind;

const SHAPES: &str = "lineage_shapes";
const RECORDS: &str = "lineage_records";
const CHILDREN: &str = "lineage_children";

/// Columns of `lineage_records`.
const ENTITY: usize = 1;
const KEY: usize = 2;
const SHAPE: usize = 3;
const OWN_VALUES: usize = 4;

/// The distinct records of the payload, of which those that the root needs have a text.
pub(super) fn records(
    rows: &Rows<'_>,
    lineage: &[Table],
    exclude_hierarchy: bool,
) -> Result<Records, RenderError> {
    let open = |name| TableRows::open(lineage, name)?.sorted();
    let (shapes, table, children) = (open(SHAPES)?, open(RECORDS)?, open(CHILDREN)?);
    numbered(&shapes)?;
    numbered(&table)?;
    let children = children_of(&table, &children)?;

    let count = table.len();
    let mut records = Records::default();
    (0..count).for_each(|_| records.add());
    let Some(root) = (count as u32).checked_sub(1) else {
        return Err(damaged(RECORDS, "it is empty"));
    };
    records.root = root;
    if table.text(root, ENTITY) != Kind::Root.record().table {
        return Err(damaged(
            RECORDS,
            "the last record is not the payload itself",
        ));
    }
    let mut programs: HashMap<(Kind, u32), Program> = HashMap::new();
    let mut wanted = vec![false; count];
    wanted[root as usize] = true;
    let (mut own, mut kept) = (Vec::new(), Vec::new());
    // Owners stand behind their children.
    for record in table.numbers().rev() {
        if !wanted[record as usize] {
            continue;
        }
        let fail = |what: &str| damaged(RECORDS, format!("record {record} {what}"));
        let kind = kind_of(table.text(record, ENTITY)).filter(|kind| kind.is_node());
        let kind = kind.ok_or_else(|| fail("is of no known entity"))?;
        let row = rows.find(kind, table.text(record, KEY));
        let row = row.ok_or_else(|| fail("has no row"))?;
        let shape = u32::try_from(table.int(record, SHAPE)).ok();
        let shape = shape.filter(|&shape| (shape as usize) < shapes.len());
        let shape = shape.ok_or_else(|| fail("has no shape"))?;
        let program = match programs.entry((kind, shape)) {
            std::collections::hash_map::Entry::Occupied(program) => program.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => {
                let text = shapes.text(shape, 1).as_bytes();
                let program = Program::new(kind, text, exclude_hierarchy);
                let program = program.ok_or_else(|| {
                    damaged(
                        SHAPES,
                        format!("shape {shape} is none of {}", kind.record().table),
                    )
                })?;
                place.insert(program)
            }
        };
        let own_values = match table.cell(record, OWN_VALUES) {
            Value::Text(values) => json_elements(values.as_bytes())
                .ok_or_else(|| fail("has own values that are no JSON list"))?,
            _ => Vec::new(),
        };
        own.clear();
        kept.clear();
        program
            .run(
                rows,
                row,
                &own_values,
                children.of(record),
                &mut own,
                &mut kept,
            )
            .map_err(|lacking| fail(&format!("lacks {lacking} that its shape wants")))?;
        records.set(record, &own, &kept)?;
        for &child in &kept {
            wanted[child as usize] = true;
        }
    }
    table.numbers().for_each(|record| records.close(record));
    Ok(records)
}

/// The children of every record.
struct Children {
    children: Vec<u32>,
    starts: Vec<usize>,
}

impl Children {
    fn of(&self, record: u32) -> &[u32] {
        let record = record as usize;
        &self.children[self.starts[record]..self.starts[record + 1]]
    }
}

fn children_of(records: &TableRows<'_>, edges: &TableRows<'_>) -> Result<Children, RenderError> {
    let mut children = Children {
        children: Vec::with_capacity(edges.len()),
        starts: vec![0],
    };
    let mut open = 0;
    for edge in edges.numbers() {
        let (record, child) = (edges.int(edge, 0), edges.int(edge, 2));
        let fail = || {
            let what = format!(
                "row {} does not lead from a record to an earlier one",
                edge + 1
            );
            damaged(CHILDREN, what)
        };
        // Else records could stand in themselves.
        if !(0..record).contains(&child) || record >= records.len() as i64 {
            return Err(fail());
        }
        while open < record {
            children.starts.push(children.children.len());
            open += 1;
        }
        let position = children.children.len() - children.starts[open as usize];
        if edges.int(edge, 1) != position as i64 {
            return Err(fail());
        }
        children.children.push(child as u32);
    }
    children
        .starts
        .resize(records.len() + 1, children.children.len());
    Ok(children)
}

/// The rows of a table have to be numbered from 0.
fn numbered(table: &TableRows<'_>) -> Result<(), RenderError> {
    match table
        .numbers()
        .find(|&row| table.int(row, 0) != i64::from(row))
    {
        Some(row) => Err(damaged(
            table.def.name,
            format!("row {} has another number", row + 1),
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
