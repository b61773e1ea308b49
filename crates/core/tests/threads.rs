//! What may be moved to another thread, or looked at by several: that this compiles is the test.

use std::io::{Empty, Sink};

use voltree_core::check::{Checker, Finding, Findings};
use voltree_core::diff::{Batches, Change, ChangeRows, Changes, DiffError};
use voltree_core::graph::OperatorGraph;
use voltree_core::tree::OperatorTree;
use voltree_core::{
    Dataset, Documents, Error, Indent, Parser, Render, RenderError, Rendering, Table,
};

fn moves<T: Send>() {}

fn is_shared<T: Send + Sync>() {}

#[test]
fn public_types_are_no_threads_own() {
    is_shared::<Parser>();
    is_shared::<Documents<Empty>>();
    is_shared::<Indent<Sink>>();
    is_shared::<Error>();
    is_shared::<(Dataset, Table)>();
    is_shared::<(Render, Rendering, RenderError)>();
    is_shared::<OperatorTree>();
    is_shared::<OperatorGraph>();
    is_shared::<(Checker<'_>, Finding)>();
    is_shared::<(Change, ChangeRows, DiffError<Error>)>();
    // Iterators that are made of what the caller gives.
    moves::<Findings<'_>>();
    moves::<Batches<'_, Error>>();
    moves::<Changes<'_, Error>>();
}
