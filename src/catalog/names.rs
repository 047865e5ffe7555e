//! Names compare without regard to ASCII case, everywhere.

use crate::text::{NameId, Symbol, name_order};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};

/// A name as some file writes it, with its id.
#[derive(Clone, Debug)]
pub struct Spelled {
    /// The name without its case.
    pub id: NameId,
    /// The spelling.
    pub text: Symbol,
}

impl Spelled {
    /// A name with this spelling.
    pub fn new(text: impl Into<Symbol>) -> Self {
        let text = text.into();
        Self { id: text.name(), text }
    }
}

impl PartialEq for Spelled {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Spelled {}

impl Hash for Spelled {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

/// [`name_order`] over lists of names, such as paths of data sources.
pub fn path_order<A: AsRef<str>, B: AsRef<str>>(a: &[A], b: &[B]) -> Ordering {
    a.iter()
        .zip(b)
        .map(|(x, y)| name_order(x.as_ref(), y.as_ref()))
        .find(|o| o.is_ne())
        .unwrap_or_else(|| a.len().cmp(&b.len()))
}

/// The system fields that every table has (SPEC 2.6).
pub const SYSTEM_FIELDS: [&str; 13] = [
    "RecId",
    "RecVersion",
    "DataAreaId",
    "Partition",
    "TableId",
    "CreatedBy",
    "CreatedDateTime",
    "CreatedTransactionId",
    "ModifiedBy",
    "ModifiedDateTime",
    "ModifiedTransactionId",
    "InstanceRelationType",
    "SysRowVersion",
];
