//! Row numbers as types, so that a site's cannot be passed where an operator's is meant.

/// Declares one row number type for each entity table.
macro_rules! row_numbers {
    ($($(#[doc = $doc:literal])+ $name:ident in $table:literal;)+) => {$(
        $(#[doc = $doc])+
        ///
        #[doc = concat!("Counts the rows of `", $table, "` in key order, from 0.")]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) u32);

        impl $name {
            #[doc = concat!("The row with this number in `", $table, "`.")]
            ///
            /// # Panics
            ///
            /// From 2³² rows on; no graph holds that many.
            pub fn new(row: usize) -> Self {
                $name(u32::try_from(row).expect("row numbers are below 2^32"))
            }

            /// The row number.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )+};
}

row_numbers! {
    /// A site.
    SiteIx in "sites";
    /// An operator.
    OperatorIx in "operators";
    /// A user.
    UserIx in "users";
    /// A tag.
    TagIx in "tags";
    /// A charger.
    ChargerIx in "chargers";
    /// A socket.
    SocketIx in "sockets";
}
