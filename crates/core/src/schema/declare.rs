//! The macro behind [`records`](super::records).

/// Declares records: for each a static [`RecordDef`](super::RecordDef) and a typed struct.
///
/// ```text
/// /// Description of the record.
/// STATIC: Struct(Kind) in "table", key column {
///     /// Description of the field.
///     field: Type = "wireName" or "alias" relates "table" opens View tells View;
/// }
/// ```
///
/// `Type` is a scalar ([`Type`](super::Type)), `[Kind]` for a list, `{Kind}` for a flattened object,
/// `(Kind)` for an object with any keys.
macro_rules! records {
    ($(
        $(#[doc = $doc:literal])+
        $def:ident: $name:ident($kind:ident) in $table:literal $(, key $key:ident)? {
            $(
                $(#[doc = $field_doc:literal])+
                $field:ident: $ty:tt = $wire:literal
                    $(or $alias:literal)? $(relates $relation:literal)? $(opens $view:ident)?
                    $(tells $told:ident)?;
            )*
        }
    )+) => {
        $(
            #[doc = concat!("Declaration of [`", stringify!($name), "`](crate::tree::", stringify!($name), ").")]
            pub static $def: RecordDef = RecordDef {
                kind: Kind::$kind,
                name: stringify!($name),
                table: $table,
                identity: records!(@option $(stringify!($key))?),
                doc: concat!($($doc),+).trim_ascii_start(),
                members: &[$(Member {
                    wire: $wire,
                    alias: records!(@option $($alias)?),
                    column: unraw(stringify!($field)),
                    shape: records!(@shape $ty),
                    relation: records!(@option $($relation)?),
                    opens: records!(@option $(View::$view)?),
                    tells: records!(@option $(View::$told)?),
                    doc: concat!($($field_doc),+).trim_ascii_start(),
                }),*],
            };
        )+

        /// The typed structs, made from the same lines.
        pub(crate) mod structs {
            use super::records;
            use crate::tree::{
                Field, List, Map, Number, Rest, Time, record, text, typed_record, value,
            };
            $(typed_record! {
                $(#[doc = $doc])+
                $name, super::$def;
                $($(#[doc = $field_doc])+ $field: records!(@rust $ty), $wire;)*
            })+
        }
    };

    (@option) => { None };
    (@option $value:expr) => { Some($value) };

    (@shape [$kind:ident]) => { Shape::List(Kind::$kind) };
    (@shape {$kind:ident}) => { Shape::Object(Kind::$kind) };
    (@shape ($kind:ident)) => { Shape::Map(Kind::$kind) };
    (@shape ReferenceType) => { Shape::Scalar(Type::Enum(1)) };
    (@shape GroupType) => { Shape::Scalar(Type::Enum(4)) };
    (@shape $ty:ident) => { Shape::Scalar(Type::$ty) };

    (@rust [Capability]) => { List<String> };
    (@rust [Relay]) => { List<String> };
    (@rust [$kind:ident]) => { List<$kind> };
    (@rust {$kind:ident}) => { Field<$kind> };
    (@rust ($kind:ident)) => { Field<Map> };
    (@rust Int64) => { Field<Number<i64>> };
    (@rust Int32) => { Field<Number<i32>> };
    (@rust ReferenceType) => { Field<Number<i32>> };
    (@rust GroupType) => { Field<Number<i32>> };
    (@rust Float64) => { Field<Number<f64>> };
    (@rust Bool) => { Field<bool> };
    (@rust Time) => { Field<Time> };
    (@rust Text) => { Field<String> };
}
pub(super) use records;
