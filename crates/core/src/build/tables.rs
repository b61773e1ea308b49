//! All tables of a payload.

use super::array::{Overflow, Value};
use super::columns::{Cells, Column, table};
use super::derived::{self, cell};
use super::subject::Subjects;
use super::{anomalies, conflicts, extras, lineage};
use crate::graph::closure;
use crate::intern::{Identities, Keys, Merged, Relations, Source, Walk, fill, merge_all};
use crate::place::{LazyPlaces, Places};
use crate::schema::{self, Kind, TableDef};
use crate::{Dataset, Stats, Table};

/// Makes the tables of what was read, and those of its lineage where that is wanted.
pub(crate) fn dataset(
    mut source: Source,
    stats: Stats,
    with_lineage: bool,
) -> Result<Dataset, Overflow> {
    let walk = Walk::new(&source);
    fill(&mut source, &walk);
    let source = &source;
    let identities = Identities::all(source, &walk);
    let groups = std::array::from_fn(|kind| &identities[kind].groups);
    let (merged, conflicts) = merge_all(source, &groups);
    let relations = Relations::new(source, &walk, &identities);
    let subjects = Subjects {
        source,
        identities: &identities,
    };
    let build = Build {
        subjects,
        merged: &merged,
        relations: &relations,
    };
    let mut tables: Vec<Table> = Vec::new();
    let quality = build.quality(&walk, &conflicts)?;
    for def in schema::tables() {
        let table = match def.name {
            "site_ancestors" => build.ancestors(def)?,
            "operator_access" => build.access(def)?,
            "evses" => build.evses(def)?,
            name => match quality.iter().find(|table| table.def.name == name) {
                Some(table) => table.clone(),
                None if def.kind.is_some() => build.entity(def)?,
                None => build.relation(def)?,
            },
        };
        tables.push(table);
    }
    let lineage = if with_lineage {
        lineage::tables(subjects, &walk, &tables)?
    } else {
        Vec::new()
    };
    Ok(Dataset {
        tables,
        lineage,
        stats,
    })
}

struct Build<'a> {
    subjects: Subjects<'a>,
    merged: &'a [Merged],
    relations: &'a Relations,
}

impl<'a> Build<'a> {
    fn ids(&self, kind: Kind) -> &'a [i64] {
        self.subjects.identities[kind as usize].ids()
    }

    /// A record's identity, as its table's key has it.
    fn key(&self, kind: Kind) -> impl Fn(u32) -> Value<'a> + Send + Sync + Copy + use<'a> {
        let identities = &self.subjects.identities[kind as usize];
        move |identity| match &identities.keys {
            Keys::Ids(ids) => Value::Int(ids[identity as usize]),
            Keys::Names(names) => Value::Text(names[identity as usize].as_bytes()),
            _ => Value::Null,
        }
    }

    fn entity(&self, def: &'static TableDef) -> Result<Table, Overflow> {
        let kind = def.kind.expect("a table of records");
        let merged = &self.merged[kind as usize];
        let subjects = self.subjects;
        let source = subjects.source;
        let cells = Cells {
            rows: (0..merged.len())
                .map(|row| merged.cells(source, kind, row))
                .collect(),
            texts: &source.texts,
            null: if kind == Kind::CustomProperty {
                Value::Text(b"null")
            } else {
                Value::Null
            },
        };
        let mut columns = self.owner_columns(kind);
        // The name of a property is in its key already.
        let first = usize::from(kind == Kind::CustomProperty);
        let last = first + kind.record().scalars().count();
        columns.extend((first..last).map(|cell| Column::Cell(&cells, cell)));
        let relations = self.relations;
        let site = self.key(Kind::Site);
        match kind {
            Kind::Site => {
                columns.push(Column::computed(move |row| {
                    relations.parents[row].map_or(Value::Null, site)
                }));
            }
            Kind::Operator => columns.push(Column::computed(move |row| {
                Value::Bool(relations.spare[row])
            })),
            Kind::Tag => {
                let user = self.key(Kind::User);
                columns.push(Column::computed(move |row| {
                    let first = subjects.identities[Kind::Tag as usize].groups.get(row)[0];
                    let owner = subjects
                        .source
                        .row_of(subjects.source.owner(Kind::Tag, first));
                    user(subjects.identities[Kind::User as usize].of(owner))
                }));
            }
            _ => {}
        }
        table(def, merged.len(), &columns)
    }

    /// The columns of a part's key.
    fn owner_columns(&self, kind: Kind) -> Vec<Column<'a>> {
        let owner = self.key(crate::intern::owner_kind(kind));
        match &self.subjects.identities[kind as usize].keys {
            Keys::Positions(keys) => vec![
                Column::computed(move |row| owner(keys[row].0)),
                Column::computed(move |row| Value::Int(keys[row].1.into())),
            ],
            Keys::Entries(keys) => vec![
                Column::computed(move |row| owner(keys[row].0)),
                Column::computed(move |row| Value::Text(keys[row].1.as_bytes())),
            ],
            _ => Vec::new(),
        }
    }

    fn relation(&self, def: &'static TableDef) -> Result<Table, Overflow> {
        let rows = self.relations.get(def.name);
        let mut columns: Vec<Column<'a>> = Vec::new();
        for (index, column) in def.columns.iter().enumerate() {
            columns.push(match column.name {
                "view" => Column::computed(|row| {
                    rows[row]
                        .view
                        .map_or(Value::Null, |view| Value::Text(view.as_str().as_bytes()))
                }),
                "position" => Column::computed(|row| Value::Int(rows[row].position.into())),
                name => {
                    let key = self.key(match name {
                        "operator_id" => Kind::Operator,
                        "user_id" => Kind::User,
                        "charger_id" => Kind::Charger,
                        _ => Kind::Site,
                    });
                    if index == 0 {
                        Column::computed(move |row| key(rows[row].from))
                    } else {
                        Column::computed(move |row| key(rows[row].to))
                    }
                }
            });
        }
        table(def, rows.len(), &columns)
    }

    fn ancestors(&self, def: &'static TableDef) -> Result<Table, Overflow> {
        let ids = self.ids(Kind::Site);
        let rows = closure::ancestors(ids.len(), &derived::site_edges(self.relations));
        let columns: [Column<'_>; 3] = [
            Column::computed(|row| Value::Int(ids[rows[row].0.index()])),
            Column::computed(|row| Value::Int(ids[rows[row].1.index()])),
            Column::computed(|row| Value::Int(rows[row].2.into())),
        ];
        table(def, rows.len(), &columns)
    }

    fn access(&self, def: &'static TableDef) -> Result<Table, Overflow> {
        let (sites, operators) = (self.ids(Kind::Site), self.ids(Kind::Operator));
        let edges = derived::site_edges(self.relations);
        let rows = closure::access(
            sites.len(),
            &edges,
            &derived::operator_sites(self.relations),
        );
        let columns: [Column<'_>; 4] = [
            Column::computed(|row| Value::Int(operators[rows[row].0.index()])),
            Column::computed(|row| Value::Int(sites[rows[row].1.index()])),
            Column::computed(|row| Value::Int(sites[rows[row].2.index()])),
            Column::computed(|row| Value::Int(rows[row].3.into())),
        ];
        table(def, rows.len(), &columns)
    }

    fn evses(&self, def: &'static TableDef) -> Result<Table, Overflow> {
        let subjects = self.subjects;
        let rows = derived::evses(subjects, self.merged);
        let names = subjects.identities[Kind::Charger as usize].names();
        let (id, evse_id) = (cell(Kind::Socket, "id"), cell(Kind::Charger, "evse_id"));
        let value = |kind: Kind, row: u32, cell: usize| {
            let merged = &self.merged[kind as usize];
            subjects.value(merged.cells(subjects.source, kind, row as usize)[cell])
        };
        let columns: [Column<'_>; 4] = [
            Column::computed(|row| Value::Text(rows[row].uid.as_bytes())),
            Column::computed(|row| Value::Text(names[rows[row].charger as usize].as_bytes())),
            Column::computed(|row| {
                rows[row]
                    .socket
                    .map_or(Value::Null, |socket| value(Kind::Socket, socket, id))
            }),
            Column::computed(|row| value(Kind::Charger, rows[row].charger, evse_id)),
        ];
        table(def, rows.len(), &columns)
    }

    /// `extras`, `conflicts` and `anomalies`.
    fn quality(
        &self,
        walk: &Walk,
        conflicts: &[crate::intern::Conflict],
    ) -> Result<[Table; 3], Overflow> {
        let source = self.subjects.source;
        let text = |node| source.own(node);
        let counted = |node| {
            let mut holes: Vec<u32> = source.edges(node).iter().map(|edge| edge.hole).collect();
            holes.sort_unstable();
            holes
        };
        let places = LazyPlaces::new(Box::new(|| Places::new(&source.forest, &text, &counted)));
        let extras = extras::all(self.subjects, walk);
        let kept = extras::kept(&extras);
        let conflicts = conflicts::all(self.subjects, &places, conflicts, &extras);
        let sites = self.ids(Kind::Site).len();
        let sets = closure::cycles(sites, &derived::site_edges(self.relations));
        let cycles = derived::located_cycles(self.subjects, walk, &places, sets);
        let anomalies = anomalies::all(self.subjects, walk, &places, &extras, cycles);
        let def = |name| schema::table(name).expect("the table is declared");
        let extras: [Column<'_>; 4] = [
            Column::computed(|row| Value::Text(kept[row].entity.as_bytes())),
            Column::computed(|row| Value::Text(kept[row].key.as_bytes())),
            Column::computed(|row| Value::Text(kept[row].field.as_bytes())),
            Column::computed(|row| Value::Text(kept[row].value.as_bytes())),
        ];
        let conflict_columns: [Column<'_>; 6] = [
            Column::computed(|row| Value::Text(conflicts[row].entity.as_bytes())),
            Column::computed(|row| Value::Text(conflicts[row].key.as_bytes())),
            Column::computed(|row| Value::Text(conflicts[row].field.as_bytes())),
            Column::computed(|row| Value::Text(conflicts[row].other.as_bytes())),
            Column::computed(|row| Value::Text(conflicts[row].kept.as_bytes())),
            Column::computed(|row| Value::Text(conflicts[row].path.as_bytes())),
        ];
        let anomaly_columns: [Column<'_>; 10] = [
            Column::computed(|row| Value::Text(anomalies[row].kind.as_bytes())),
            Column::computed(|row| Value::Text(anomalies[row].entity.as_bytes())),
            Column::computed(|row| Value::Text(anomalies[row].key.as_bytes())),
            Column::computed(|row| Value::Text(anomalies[row].field.as_bytes())),
            Column::computed(|row| Value::Text(anomalies[row].raw.as_bytes())),
            Column::computed(|row| Value::Text(anomalies[row].place.path.as_bytes())),
            Column::computed(|row| Value::Int(anomalies[row].place.offset as i64)),
            Column::computed(|row| Value::Int(anomalies[row].place.line as i64)),
            Column::computed(|row| Value::Int(anomalies[row].place.column as i64)),
            Column::computed(|row| Value::Text(anomalies[row].message.as_bytes())),
        ];
        Ok([
            table(def("extras"), kept.len(), &extras)?,
            table(def("conflicts"), conflicts.len(), &conflict_columns)?,
            table(def("anomalies"), anomalies.len(), &anomaly_columns)?,
        ])
    }
}
