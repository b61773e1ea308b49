//! Payloads of few identities, names and values, so that everything meets everything.

use proptest::prelude::*;

/// A value of some scalar field, mostly of a kind that the field does not expect.
fn scalar() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "0",
        "1",
        "2",
        "0",
        "1",
        "null",
        "true",
        "1.0",
        "2e0",
        "-1",
        "99999999999999999999",
        "0.5",
        "\"\"",
        "\"a\"",
        "\"\\u0061\"",
        "\"?1\"",
        "\"2024-01-01T00:00:00\"",
        "\"2024-01-01T01:00:00.0000001+01:00\"",
        "\"\\u00e9\\n\"",
        "[1,{\"a\":1,\"a\":2}]",
        "{}",
        "{ \"b\":1, \"a\":[]}",
    ])
    .prop_map(str::to_owned)
}

/// Some wire name: often one that means something where it stands.
fn key() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "id",
        "id",
        "chargerId",
        "chargerId",
        "name",
        "groupName",
        "groupType",
        "isSpare",
        "lastSeen",
        "latitude",
        "locationInfo",
        "customProperties",
        "capabilities",
        "sockets",
        "type",
        "splitEvseBySocket",
        "x",
        "\\u0078",
        "a b'",
        "maxWatts",
        "idTag",
        "expiringDate",
        "referenceType",
        "onlineSocket",
        "payerId",
        "tags",
        "integratedExternalIds",
        "chargerConfigurations",
        "integrationRelays",
        "subgroups",
        "operators",
        "users",
        "chargers",
        "groups",
        "chargerGroups",
        "operatorGroups",
        "spareOperators",
        "spareOperator",
    ])
}

fn space() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["", "", "", " ", "\n", "\t "])
}

fn object(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    prop::collection::vec((key(), space(), value), 0..5).prop_map(|members| {
        let members: Vec<String> = members
            .iter()
            .map(|(key, space, value)| format!("{space}\"{key}\":{space}{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

/// Any JSON value, often with the schema's names in it.
pub fn value() -> impl Strategy<Value = String> {
    scalar().prop_recursive(6, 60, 5, |inner| {
        prop_oneof![
            object(inner.clone()),
            prop::collection::vec(inner.clone(), 0..3)
                .prop_map(|list| format!("[{}]", list.join(" ,"))),
            // Lists of records, as the schema has them.
            prop::collection::vec(object(inner), 1..4)
                .prop_map(|list| format!("[{}]", list.join(","))),
        ]
    })
}

fn list_of(record: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let element = prop_oneof![8 => record, 1 => Just("null".to_owned()), 1 => scalar()];
    prop::collection::vec(element, 0..4).prop_map(|list| format!("[{}]", list.join(",")))
}

/// An identity: one of a few, or whatever may stand in its place.
fn id() -> BoxedStrategy<String> {
    prop_oneof![9 => (1..5_u8).prop_map(|id: u8| id.to_string()), 1 => scalar()].boxed()
}

/// Members in an order of their own, some of them absent; identities seldom are.
fn members(list: Vec<(&'static str, BoxedStrategy<String>)>) -> BoxedStrategy<String> {
    let optional: Vec<_> = list
        .into_iter()
        .map(|(key, value)| {
            let often = if ["id", "chargerId"].contains(&key) {
                0.95
            } else {
                0.7
            };
            prop::option::weighted(often, value).prop_map(move |value| Some((key, value?)))
        })
        .collect();
    (optional, prop::collection::vec((key(), scalar()), 0..2))
        .prop_map(|(members, more)| {
            members
                .into_iter()
                .flatten()
                .chain(more)
                .collect::<Vec<_>>()
        })
        .prop_shuffle()
        .prop_map(|members| {
            let members: Vec<String> = members
                .iter()
                .map(|(key, value)| format!("\"{key}\":{value}"))
                .collect();
            format!("{{{}}}", members.join(","))
        })
        .boxed()
}

fn charger() -> BoxedStrategy<String> {
    let part = members(vec![("id", scalar().boxed()), ("type", scalar().boxed())]);
    members(vec![
        (
            "chargerId",
            prop::sample::select(vec!["\"A\"", "\"B\"", "null"])
                .prop_map(str::to_owned)
                .boxed(),
        ),
        ("lastSeen", scalar().boxed()),
        ("sockets", list_of(part).boxed()),
        ("splitEvseBySocket", scalar().boxed()),
        (
            "locationInfo",
            members(vec![
                ("latitude", scalar().boxed()),
                ("city", scalar().boxed()),
            ]),
        ),
        ("capabilities", list_of(scalar()).boxed()),
        ("customProperties", object(scalar()).boxed()),
    ])
}

fn user(site: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let tag = members(vec![("id", scalar().boxed()), ("idTag", scalar().boxed())]);
    let external = members(vec![
        ("referenceType", scalar().boxed()),
        ("referenceId", scalar().boxed()),
    ]);
    members(vec![
        ("id", id()),
        ("name", scalar().boxed()),
        ("tags", list_of(tag).boxed()),
        ("chargerGroups", list_of(site).boxed()),
        ("chargers", list_of(charger()).boxed()),
        ("integratedExternalIds", list_of(external).boxed()),
    ])
}

/// A site with all that can stand below it.
pub fn site() -> BoxedStrategy<String> {
    let leaf = members(vec![("id", id()), ("groupName", scalar().boxed())]);
    leaf.prop_recursive(4, 40, 4, |site| {
        let site = site.boxed();
        let operator = members(vec![
            ("id", id()),
            ("groups", list_of(site.clone()).boxed()),
        ]);
        members(vec![
            ("subgroups", list_of(site.clone()).boxed()),
            ("operators", list_of(operator).boxed()),
            ("users", list_of(user(site)).boxed()),
            ("chargers", list_of(charger()).boxed()),
            ("id", id()),
            (
                "isSpare",
                prop::bool::ANY.prop_map(|is| is.to_string()).boxed(),
            ),
            ("groupType", scalar().boxed()),
            ("groupName", scalar().boxed()),
        ])
    })
    .boxed()
}

/// An operator tree.
pub fn tree() -> BoxedStrategy<String> {
    let operator = members(vec![("id", id()), ("groups", list_of(site()).boxed())]);
    members(vec![
        ("operatorGroups", list_of(site()).boxed()),
        ("spareOperators", list_of(operator.clone()).boxed()),
        ("spareOperator", list_of(operator).boxed()),
    ])
}

/// An operator with all that can stand below it.
fn operator() -> BoxedStrategy<String> {
    members(vec![
        ("id", id()),
        ("operatorId", scalar().boxed()),
        ("groups", list_of(site()).boxed()),
    ])
}

/// What may stand at the root instead of a tree: a site, an operator, a list of them.
pub fn records() -> BoxedStrategy<String> {
    let only = prop::sample::select(vec![
        "isSpare",
        "payerId",
        "costId",
        "emailAddress",
        "name",
        "x",
    ]);
    let short = (only, scalar()).prop_map(|(key, value)| format!("{{\"{key}\":{value},\"id\":1}}"));
    let record = prop_oneof![4 => site(), 3 => operator(), 2 => short];
    let record = record.boxed();
    let list = prop::collection::vec(
        prop_oneof![9 => record.clone(), 1 => Just("null".to_owned())],
        0..4,
    );
    let list = list.prop_map(|list| format!("[{}]", list.join(",")));
    prop_oneof![2 => record.clone(), 3 => list, 1 => list_of(record)].boxed()
}
