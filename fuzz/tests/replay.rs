//! What the fuzzers have found, once more: every input in `corpus/` is checked as its target checks it.

use std::{fs, panic, path::Path};

use voltree_fuzz::TARGETS;

#[test]
fn every_input_holds() {
    for (name, check) in TARGETS {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("corpus")
            .join(name);
        let mut paths: Vec<_> = fs::read_dir(dir)
            .expect("every target has a corpus")
            .map(|entry| entry.expect("the corpus can be read").path())
            .collect();
        paths.sort();
        assert!(!paths.is_empty(), "{name}");
        for path in paths {
            let input = fs::read(&path).expect("the input can be read");
            if panic::catch_unwind(|| check(&input)).is_err() {
                panic!("the check `{name}` fails on {}", path.display());
            }
        }
    }
}
