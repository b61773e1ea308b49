//! The data dictionary, as Markdown, JSON and SQL.

/// x
pub fn markdown() -> String {
    todo!()
}
/// x
pub fn json() -> String {
    todo!()
}
/// x
pub fn sql() -> String {
    todo!()
}
