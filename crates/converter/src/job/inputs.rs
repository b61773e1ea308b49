//! Which inputs there are, and so how the output is laid out.

use std::path::Path;

use crate::{
    Error, Input, Inputs,
    cli::{ConvertArgs, Layout},
};

pub(super) fn inputs(args: &ConvertArgs) -> Inputs {
    Inputs {
        named: args.inputs.clone(),
        files_from: args.batch.files_from.clone(),
    }
}

/// How the output is laid out.
pub(crate) fn layout(args: &ConvertArgs) -> Layout {
    let is_dataset =
        || args.batch.asks_for_dataset || inputs(args).are_several() || is_remote(&args.out);
    let chosen = args.batch.layout;
    chosen.unwrap_or_else(|| {
        if is_dataset() {
            Layout::Hive
        } else {
            Layout::Flat
        }
    })
}

/// Whether an output is in an object store.
fn is_remote(out: &Path) -> bool {
    !matches!(Input::new(out), Input::File(_) | Input::Stdin)
}

/// The input of a flat output.
pub(super) fn only_input(args: &ConvertArgs) -> Result<Input, Error> {
    if args.batch.asks_for_dataset {
        let text = "--append, --resume, --shard, --on-error and --snapshot-name need --layout hive";
        return Err(Error::Usage(text.to_owned()));
    }
    if is_remote(&args.out) {
        let text = "--layout flat writes a directory: say --layout hive for an object store";
        return Err(Error::Usage(text.to_owned()));
    }
    let inputs = inputs(args);
    if let ([only], false) = (&inputs.named[..], inputs.are_several()) {
        // Whether it is there shows when it is opened, after the output was looked at.
        return Ok(Input::new(only));
    }
    match &inputs.expand(None)?[..] {
        [only] => Ok(only.clone()),
        several => Err(Error::Usage(format!(
            "--layout flat holds one payload, and there are {} inputs: say --layout hive",
            several.len()
        ))),
    }
}
