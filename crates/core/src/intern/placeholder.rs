//! Identities for records that have none (rule 1 of the schema).

use std::collections::{HashMap, HashSet};

use rustc_hash::FxHashMap;

use super::source::Placeholder;
use super::{Source, Walk};
use crate::Expected;
use crate::column::Value;
use crate::parse::check;
use crate::place::{Finder, Step};
use crate::scan::NodeIx;
use crate::schema::Kind;
use crate::text::canonical;
use crate::text::lex::{HOLE, Lexer};

/// Numbers equal records, as JSON values, alike.
#[derive(Default)]
pub(super) struct Values {
    /// Hashed with a seed, since payloads choose these texts.
    numbers: HashMap<Vec<u8>, u32>,
    of_node: FxHashMap<NodeIx, u32>,
}

impl Values {
    /// The number of a record, with all below it.
    pub(super) fn node(&mut self, source: &Source, node: NodeIx) -> u32 {
        // Children have smaller numbers than their owners, so that none is waited for in vain.
        let mut wanted = vec![node];
        while let Some(&next) = wanted.last() {
            let children = source.forest.children(next).iter().map(|child| child.node);
            let before = wanted.len();
            wanted.extend(children.filter(|child| !self.of_node.contains_key(child)));
            if wanted.len() == before {
                wanted.pop();
                if !self.of_node.contains_key(&next) {
                    let number = self.numbered(source, next);
                    self.of_node.insert(next, number);
                }
            }
        }
        self.of_node[&node]
    }

    fn numbered(&mut self, source: &Source, node: NodeIx) -> u32 {
        let mut children = source.forest.children(node).iter();
        let mut text = Vec::new();
        for &byte in source.own(node) {
            if byte == HOLE {
                // A hole and a number stand for an equal value, and for nothing that a payload has.
                let child = children.next().expect("one child for each hole");
                text.extend_from_slice(format!("[\0,{}]", self.of_node[&child.node]).as_bytes());
            } else {
                text.push(byte);
            }
        }
        self.text(&text)
    }

    /// The number of a value that holds no child records.
    pub(super) fn text(&mut self, text: &[u8]) -> u32 {
        let mut form = Vec::new();
        canonical::Values::default().canonical(text, &mut form, &mut |_| {});
        let next = self.numbers.len() as u32;
        *self.numbers.entry(form).or_insert(next)
    }
}

/// Gives every record of these kinds an identity: `-1`, `-2`, … in canonical order, `?1`, `?2`, …
/// for chargers, leaving out those that some record really has.
pub(crate) fn fill(source: &mut Source, walk: &Walk) {
    let mut values = Values::default();
    for kind in [
        Kind::Site,
        Kind::Operator,
        Kind::User,
        Kind::Tag,
        Kind::Charger,
    ] {
        // Mostly every record has one.
        if source.arrays(kind, 0).all(|ids| ids.null_count() == 0) {
            continue;
        }
        let mut missing = Vec::new();
        let mut taken = HashSet::new();
        let mut ranks = Vec::new();
        let identity = source.identities(kind);
        for (row, node, _) in source.rows(kind) {
            let Some(rank) = walk.rank(kind, node) else {
                continue;
            };
            match identity(row) {
                Value::Int(id) if id < 0 => drop(taken.insert(id.to_string())),
                Value::Text(name) if name.starts_with('?') => drop(taken.insert(name.to_owned())),
                Value::Null => ranks.push((rank, row)),
                _ => {}
            }
        }
        ranks.sort_unstable();
        let mut tags = Tags::default();
        for (_, row) in ranks {
            let node = source.owner(kind, row);
            let value = if kind == Kind::Tag {
                values.text(tags.text(source, node, source.position(kind, row)))
            } else {
                values.node(source, node)
            };
            missing.push((row, value));
        }
        drop(identity);
        let mut of_value: FxHashMap<u32, Placeholder> = FxHashMap::default();
        let mut last = 0_i64;
        for (row, value) in missing {
            let placeholder = of_value.entry(value).or_insert_with(|| {
                let text = loop {
                    last += 1;
                    let text = if kind == Kind::Charger {
                        format!("?{last}")
                    } else {
                        format!("-{last}")
                    };
                    if !taken.contains(&text) {
                        break text;
                    }
                };
                if kind == Kind::Charger {
                    Placeholder::Name(text)
                } else {
                    Placeholder::Id(-last)
                }
            });
            let placeholder = placeholder.clone();
            source.placeholders.insert((kind, row), placeholder);
        }
    }
}

/// The tags of the user that was asked for last.
#[derive(Default)]
struct Tags<'a>(Option<(NodeIx, Finder<'a>)>);

impl<'a> Tags<'a> {
    /// The text of a user's tag.
    fn text(&mut self, source: &'a Source, user: NodeIx, position: u32) -> &'a [u8] {
        let (own, holes) = (source.own(user), source.forest.children(user).len());
        if self.0.as_ref().is_none_or(|(of, _)| *of != user) {
            self.0 = Some((user, Finder::new(own, holes)));
        }
        let (_, finder) = self.0.as_mut().expect("just found");
        let tags = Kind::User.record().member("tags").expect("declared");
        let steps = [Step::Member(tags), Step::Index(position)];
        let start = finder.find(&steps).expect("the tag was parsed") as usize;
        let mut lex = Lexer::new(&own[start..], holes);
        check::value(&mut lex, &mut Vec::new(), Expected::Value, u32::MAX)
            .expect("the tag was parsed");
        &own[start..][..lex.at]
    }
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;
    use std::time::{Duration, Instant};

    use super::Values;

    #[test]
    fn texts_that_collide_in_a_hash_without_seed_cost_no_more_than_others() {
        // The end cancels what the start leaves, and zero times the middle is zero.
        let text = |index| format!(r#"{{"iccid":"004258{index:016}RgG@w'Rawxyzvu"}}"#);
        let hash = |index| rustc_hash::FxBuildHasher.hash_one(text(index).into_bytes());
        assert_eq!(hash(0), hash(1));
        let (started, mut values) = (Instant::now(), Values::default());
        for index in 0..100_000 {
            assert_eq!(values.text(text(index).as_bytes()), index);
        }
        assert!(started.elapsed() < Duration::from_secs(20));
    }
}
