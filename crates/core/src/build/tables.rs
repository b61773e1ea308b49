//! All tables of a payload.

use rayon::prelude::*;

use super::columns::{Column, table};
use super::derived::{self, cell};
use super::subject::Subjects;
use super::{anomalies, conflicts, extras, lineage};
use crate::column::{Overflow, Value};
use crate::graph::closure;
use crate::intern::{Identities, Keys, Merged, Relations, Source, Walk, fill, merge_all};
use crate::parse::Layout;
use crate::place::{LazyPlaces, Places};
use crate::schema::{self, Kind, TableDef};
use crate::{Dataset, Stats, Table};

/// Makes a dataset of what was read, with its lineage where that is wanted.
pub(crate) fn dataset(
    mut source: Source,
    walk: Walk,
    stats: Stats,
    with_lineage: bool,
) -> Result<Dataset, Overflow> {
    fill(&mut source, &walk);
    let (tables, lineage) = tables(&source, &walk, with_lineage)?;
    // Giving memory back takes time too.
    let Source { texts, batches, .. } = source;
    rayon::join(|| drop(texts), || drop(batches));
    Ok(Dataset {
        tables,
        lineage,
        stats,
    })
}

/// The tables, and those of the lineage.
fn tables(
    source: &Source,
    walk: &Walk,
    with_lineage: bool,
) -> Result<(Vec<Table>, Vec<Table>), Overflow> {
    let identities = Identities::all(source, walk);
    let groups = std::array::from_fn(|kind| &identities[kind].groups);
    let ((merged, conflicts), relations) = rayon::join(
        || merge_all(source, groups),
        || Relations::new(source, walk, &identities),
    );
    let subjects = Subjects {
        source,
        identities: &identities,
    };
    let build = Build {
        subjects,
        merged: &merged,
        relations: &relations,
    };
    let defs = schema::tables();
    // The last ones are those of quality.
    let (defs, quality) = defs.split_at(defs.len() - 3);
    let content = || {
        let tables = defs.par_iter().with_max_len(1).map(|def| match def.name {
            "site_ancestors" => build.ancestors(def),
            "operator_access" => build.access(def),
            "evses" => build.evses(def),
            _ if def.kind.is_some() => build.entity(def),
            _ => build.relation(def),
        });
        tables.collect::<Result<Vec<Table>, _>>()
    };
    let (content, quality) = rayon::join(content, || build.quality(walk, &conflicts, quality));
    let mut tables = content?;
    tables.extend(quality?);
    let lineage = if with_lineage {
        lineage::tables(subjects, walk, &tables)?
    } else {
        Vec::new()
    };
    Ok((tables, lineage))
}

struct Build<'a> {
    subjects: Subjects<'a>,
    merged: &'a [Merged<'a>],
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
            Keys::Names(names) => Value::Text(names[identity as usize]),
            _ => Value::Null,
        }
    }

    fn entity(&self, def: &'static TableDef) -> Result<Table, Overflow> {
        let kind = def.kind.expect("a table of records");
        let merged = &self.merged[kind as usize];
        let subjects = self.subjects;
        let source = subjects.source;
        let mut columns = self.key_columns(kind);
        let cells = Layout::of(kind).types.len();
        // The first cell is the identity, or the name of a property: it is in the key already.
        let first = usize::from(!matches!(
            subjects.identities[kind as usize].keys,
            Keys::Positions(_)
        ));
        columns.extend((first..cells).map(|cell| {
            if kind == Kind::CustomProperty {
                let value = source.cells(kind, cell);
                return Column::computed(move |row| match value(merged.row(row, cell)) {
                    Value::Null => Value::Text("null"),
                    value => value,
                });
            }
            Column::Cell(source, kind, merged, cell)
        }));
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

    /// The columns of the key of a kind's table.
    fn key_columns(&self, kind: Kind) -> Vec<Column<'a>> {
        let (key, owner) = (self.key(kind), self.key(kind.owner()));
        match &self.subjects.identities[kind as usize].keys {
            Keys::Positions(keys) => vec![
                Column::computed(move |row| owner(keys[row].0)),
                Column::computed(move |row| Value::Int(keys[row].1.into())),
            ],
            Keys::Entries(keys) => vec![
                Column::computed(move |row| owner(keys[row].0)),
                Column::computed(move |row| Value::Text(keys[row].1)),
            ],
            _ => vec![Column::computed(move |row| key(row as u32))],
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
                        .map_or(Value::Null, |view| Value::Text(view.as_str()))
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
        let evses = derived::evses(subjects, self.merged);
        let rows = &evses.rows;
        let names = subjects.identities[Kind::Charger as usize].names();
        let merged = &self.merged[Kind::Charger as usize];
        let cell = cell(Kind::Charger, "evse_id");
        let evse_id = subjects.source.cells(Kind::Charger, cell);
        let columns: [Column<'_>; 4] = [
            Column::computed(|row| Value::Text(evses.uid(row))),
            Column::computed(|row| Value::Text(names[rows[row].charger as usize])),
            Column::computed(|row| rows[row].socket),
            Column::computed(|row| evse_id(merged.row(rows[row].charger as usize, cell))),
        ];
        table(def, rows.len(), &columns)
    }

    /// `extras`, `conflicts` and `anomalies`.
    fn quality(
        &self,
        walk: &Walk,
        conflicts: &[crate::intern::Conflict<'_>],
        defs: &'static [TableDef],
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
        let def = |name| {
            let def = defs.iter().find(|def| def.name == name);
            def.expect("a table of quality")
        };
        let extras: [Column<'_>; 4] = [
            Column::computed(|row| Value::Text(kept[row].entity)),
            Column::computed(|row| Value::Text(&kept[row].key)),
            Column::computed(|row| Value::Text(kept[row].field)),
            Column::computed(|row| Value::Text(&kept[row].value)),
        ];
        let conflict_columns: [Column<'_>; 6] = [
            Column::computed(|row| Value::Text(conflicts[row].entity)),
            Column::computed(|row| Value::Text(&conflicts[row].key)),
            Column::computed(|row| Value::Text(&conflicts[row].field)),
            Column::computed(|row| Value::Text(&conflicts[row].other)),
            Column::computed(|row| Value::Text(&conflicts[row].kept)),
            Column::computed(|row| Value::Text(&conflicts[row].path)),
        ];
        let anomaly_columns: [Column<'_>; 10] = [
            Column::computed(|row| Value::Text(anomalies[row].kind)),
            Column::computed(|row| Value::Text(anomalies[row].entity)),
            Column::computed(|row| Value::Text(&anomalies[row].key)),
            Column::computed(|row| Value::Text(&anomalies[row].field)),
            Column::computed(|row| Value::Text(&anomalies[row].raw)),
            Column::computed(|row| Value::Text(&anomalies[row].place.path)),
            Column::computed(|row| Value::Int(anomalies[row].place.offset as i64)),
            Column::computed(|row| Value::Int(anomalies[row].place.line as i64)),
            Column::computed(|row| Value::Int(anomalies[row].place.column as i64)),
            Column::computed(|row| Value::Text(&anomalies[row].message)),
        ];
        Ok([
            table(def("extras"), kept.len(), &extras)?,
            table(def("conflicts"), conflicts.len(), &conflict_columns)?,
            table(def("anomalies"), anomalies.len(), &anomaly_columns)?,
        ])
    }
}
