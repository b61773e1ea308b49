//! Records that stand in several places, one of them changed: the memo against none, and against the
//! plain engine.

use arbitrary::{Arbitrary, Unstructured};
use voltree_core::Parser;

use crate::depth::agree_at_limits;
use crate::payload::{Payload, payload};

/// Something that happens to a text.
#[derive(Arbitrary, Clone, Copy, Debug)]
enum Change {
    Nothing,
    Flip(u8),
    Replace(u8),
    Insert(u8),
    Remove,
    Cut,
}

/// Where it happens: in which copy, and how far from its start.
#[derive(Arbitrary, Clone, Copy, Debug)]
struct Edit {
    change: Change,
    copy: u8,
    at: u16,
}

/// Panics where the memo or the size of the reads makes a difference to the payload that `input`
/// stands for.
pub fn check(input: &[u8]) {
    let mut input = Unstructured::new(input);
    // What is missing is zero.
    let edits: [Edit; 2] = input.arbitrary().expect("takes any bytes");
    let Payload { text, copies } = payload(&mut input);
    let mut text = text.into_bytes();
    for edit in edits {
        let copy = match copies.len() {
            0 => 0..text.len(),
            count => copies[usize::from(edit.copy) % count].clone(),
        };
        let at = copy.start + usize::from(edit.at) % (copy.len() + 1);
        apply(edit.change, &mut text, at);
    }
    let ways = [
        Parser::new().memo(false),
        Parser::new().read_chunk(1),
        Parser::new().read_chunk(3),
        Parser::new().read_chunk(4_096),
        Parser::new().read_chunk(1 << 20),
    ];
    agree_at_limits(&ways, &text);
}

fn apply(change: Change, text: &mut Vec<u8>, at: usize) {
    if at >= text.len() {
        return;
    }
    match change {
        Change::Nothing => {}
        Change::Flip(bit) => text[at] ^= 1 << (bit % 8),
        Change::Replace(byte) => text[at] = byte,
        Change::Insert(byte) => text.insert(at, byte),
        Change::Remove => drop(text.remove(at)),
        Change::Cut => text.truncate(at),
    }
}
