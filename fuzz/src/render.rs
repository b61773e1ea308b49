//! Payloads of the schema, read with lineage and rendered again.

use arbitrary::Unstructured;
use voltree_core::{Parser, Render};

use crate::agree::agree_in;
use crate::canonical::canonical;
use crate::payload::payload;

/// Panics where the payload that `input` stands for is not what its tables and lineage give back.
pub fn check(input: &[u8]) {
    let payload = payload(&mut Unstructured::new(input)).text;
    let ways = [
        Parser::new().lineage(true),
        Parser::new().lineage(true).memo(false),
    ];
    agree_in(&ways, payload.as_bytes(), u32::MAX);
    let Ok(dataset) = ways[0].parse_slice(payload.as_bytes()) else {
        return;
    };
    let mut rendered = Vec::new();
    let rendering = Render::new().of(&dataset).expect("the tables are complete");
    rendering.write(&mut rendered).expect("memory takes it");
    assert_eq!(
        String::from_utf8_lossy(&rendered),
        canonical(&payload),
        "{payload}"
    );

    // Without lineage it renders too, where that is not beyond measure, and what is rendered is read.
    let tables = Parser::new().parse_slice(payload.as_bytes());
    let rendering = Render::new().of(&tables.expect("it was read before"));
    if let Some(rendering) = rendering
        .ok()
        .filter(|rendering| rendering.bytes() < ENOUGH)
    {
        let mut rendered = Vec::new();
        rendering.write(&mut rendered).expect("memory takes it");
        assert_eq!(rendered.len() as u64, rendering.bytes());
        let again = Parser::new().parse_slice(&rendered);
        assert!(
            again.is_ok(),
            "{payload}\n{}\n{again:?}",
            String::from_utf8_lossy(&rendered)
        );
    }
}

/// Bytes beyond which a tree is not worth the time.
const ENOUGH: u64 = 100_000;
