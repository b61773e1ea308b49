//! The payload as typed structs.
/// stub
macro_rules! typed_record {
    ($(#[doc = $doc:literal])+ $name:ident, $def:path; $($(#[doc = $fd:literal])+ $field:ident: $ty:ty, $wire:literal;)*) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug, Default)]
        pub struct $name { $($(#[doc = $fd])+ pub $field: $ty,)* }
    };
}
pub(crate) use typed_record;
/// x
#[derive(Clone, Debug, Default)]
pub enum Field<T> {
    /// absent
    #[default]
    Absent,
    /// val
    Value(T),
}
/// x
pub type List<T> = Field<Vec<Field<T>>>;
/// x
pub type Map = ();
/// x
pub type Time = String;
/// x
pub trait Lenient {}
pub use crate::schema::records::structs::*;
