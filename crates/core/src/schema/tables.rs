//! The tables that a payload becomes, made from the records' declaration.

use std::sync::LazyLock;

use super::table::TableDef;
use super::{Kind, Type, all_tables};

/// The tables of every output, in the order of the contract.
pub fn tables() -> &'static [TableDef] {
    static TABLES: LazyLock<Vec<TableDef>> = LazyLock::new(declare);
    &TABLES
}

/// The table with this name; those of the lineage count.
pub fn table(name: &str) -> Option<&'static TableDef> {
    all_tables().find(|table| table.name == name)
}

type Keys = &'static [(&'static str, Type, &'static str)];

const SITE: (&str, Type, &str) = ("site_id", Type::Int64, "The site.");
const OPERATOR: (&str, Type, &str) = ("operator_id", Type::Int64, "The operator.");
const USER: (&str, Type, &str) = ("user_id", Type::Int64, "The user.");
const CHARGER: (&str, Type, &str) = ("charger_id", Type::Text, "The charger.");
const PARENT: (&str, Type, &str) = ("parent_site_id", Type::Int64, "The site above.");
const POSITION: (&str, Type, &str) = (
    "position",
    Type::Int32,
    "Index in the list, from 0; null elements count.",
);
const FIRST_AT: (&str, Type, &str) = (
    "position",
    Type::Int32,
    "Index in the list where the edge was first seen, from 0.",
);
const VIEW: (&str, Type, &str) = (
    "view",
    Type::Text,
    "Tree in which the edge stood: `home`, `access` or `charging`.",
);
const DEPTH: (&str, Type, &str) = (
    "depth",
    Type::Int32,
    "Length of the shortest way, in edges.",
);
const ENTITY: (&str, Type, &str) = (
    "entity",
    Type::Text,
    "Table that the record belongs to, or `root`.",
);
const KEY: (&str, Type, &str) = (
    "key",
    Type::Text,
    "Identity of the record as text; empty for the root and where a row stands for many.",
);

fn declare() -> Vec<TableDef> {
    vec![
        entity(
            Kind::Site,
            &[],
            &[("parent_id", Type::Int64, "First site seen above this one.")],
        ),
        entity(
            Kind::Operator,
            &[],
            &[(
                "is_spare",
                Type::Bool,
                "Whether the operator stands in `spareOperators`.",
            )],
        ),
        entity(Kind::User, &[], &[]),
        entity(
            Kind::Tag,
            &[],
            &[("user_id", Type::Int64, "First user seen with the tag.")],
        ),
        entity(Kind::ExternalId, &[USER, POSITION], &[]),
        entity(Kind::Charger, &[], &[]),
        entity(Kind::Socket, &[CHARGER, POSITION], &[]),
        entity(Kind::Configuration, &[CHARGER, POSITION], &[]),
        entity(Kind::Capability, &[CHARGER, POSITION], &[]),
        entity(Kind::Relay, &[CHARGER, POSITION], &[]),
        entity(
            Kind::CustomProperty,
            &[CHARGER, ("name", Type::Text, "Name of the property.")],
            &[],
        ),
        other(
            "site_subsites",
            "Which site stands directly below which.",
            3,
            &[PARENT, SITE, VIEW, FIRST_AT],
        ),
        other(
            "site_operators",
            "Which operator stands at which site.",
            3,
            &[SITE, OPERATOR, VIEW, FIRST_AT],
        ),
        other(
            "operator_sites",
            "Which site an operator is authorised for.",
            2,
            &[OPERATOR, SITE, FIRST_AT],
        ),
        other(
            "site_users",
            "Which user stands at which site.",
            2,
            &[SITE, USER, FIRST_AT],
        ),
        other(
            "site_chargers",
            "Which charger stands at which site.",
            3,
            &[SITE, CHARGER, VIEW, FIRST_AT],
        ),
        other(
            "user_sites",
            "At which site a user may charge.",
            2,
            &[USER, SITE, FIRST_AT],
        ),
        other(
            "user_chargers",
            "Which charger a user may use.",
            2,
            &[USER, CHARGER, FIRST_AT],
        ),
        other(
            "site_ancestors",
            "Transitive closure of `site_subsites` over all views; each site is its own ancestor at depth 0.",
            2,
            &[
                SITE,
                (
                    "ancestor_id",
                    Type::Int64,
                    "A site above, or the site itself.",
                ),
                DEPTH,
            ],
        ),
        other(
            "operator_access",
            "Every site that an operator reaches: those of `operator_sites` and all below them.",
            3,
            &[
                OPERATOR,
                SITE,
                (
                    "via_site_id",
                    Type::Int64,
                    "The site of `operator_sites` that leads there.",
                ),
                DEPTH,
            ],
        ),
        evses(),
        other(
            "extras",
            "Fields that the schema does not know, with their values.",
            3,
            &[
                ENTITY,
                KEY,
                ("field", Type::Text, "Name in the payload."),
                ("value", Type::Text, "The value as JSON text."),
            ],
        ),
        other(
            "conflicts",
            "Values that differ from the one kept for the same identity.",
            4,
            &[
                ENTITY,
                KEY,
                (
                    "field",
                    Type::Text,
                    "Column, or name in the payload where the schema does not know the field.",
                ),
                (
                    "other",
                    Type::Text,
                    "The value that is not in the row, as CSV writes it.",
                ),
                (
                    "kept",
                    Type::Text,
                    "The value in the row, as CSV writes it.",
                ),
                (
                    "path",
                    Type::Text,
                    "JSON path where the other value stood first in the text.",
                ),
            ],
        ),
        other(
            "anomalies",
            "What did not fit the schema.",
            5,
            &[
                (
                    "kind",
                    Type::Text,
                    "`wrong_type`, `out_of_range`, `missing_identity`, `duplicate_key`, `cycle` or `unknown_field`.",
                ),
                ENTITY,
                KEY,
                ("field", Type::Text, "Name in the payload."),
                ("raw", Type::Text, "The value as JSON text."),
                (
                    "path",
                    Type::Text,
                    "JSON path where it stood first in the text.",
                ),
                (
                    "byte_offset",
                    Type::Int64,
                    "Offset in the payload of the value, or of the record, in bytes from 0.",
                ),
                ("line", Type::Int64, "Line of that place, from 1."),
                (
                    "column",
                    Type::Int64,
                    "Column of that place in characters, from 1.",
                ),
                ("message", Type::Text, "The finding in words."),
            ],
        ),
    ]
}

fn evses() -> TableDef {
    let columns: Keys = &[
        (
            "evse_uid",
            Type::Text,
            "The charger's id, with the socket's id behind it where EVSEs are split by socket.",
        ),
        CHARGER,
        (
            "socket_id",
            Type::Int32,
            "The socket's number, where EVSEs are split by socket.",
        ),
        ("evse_id", Type::Text, "The charger's EVSE id after eMI3."),
    ];
    other(
        "evses",
        "EVSEs in the order of charger and socket position; two may have one uid.",
        0,
        columns,
    )
}

fn entity(kind: Kind, owner: Keys, derived: Keys) -> TableDef {
    let record = kind.record();
    let scalars: Vec<(&str, Type, &str)> = record
        .scalars()
        .map(|(member, ty)| (member.column, ty, member.doc))
        .collect();
    let columns = [owner, &scalars, derived].concat();
    let key = owner.len() + usize::from(record.identity.is_some());
    TableDef::new(record.table, record.doc, key, &columns, Some(kind))
}

fn other(name: &'static str, doc: &'static str, key: usize, columns: Keys) -> TableDef {
    TableDef::new(name, doc, key, columns, None)
}
