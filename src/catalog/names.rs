//! Names compare without regard to ASCII case, everywhere.

use crate::text::name_order;
use hashbrown::{HashMap, HashSet};
use rustc_hash::FxBuildHasher;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A name without its case: two names are the same when their ids are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(u32);

/// A name as some file writes it, with its id.
#[derive(Clone, Debug)]
pub struct Spelled {
    /// The name without its case.
    pub id: NameId,
    /// The spelling.
    pub text: Arc<str>,
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

/// The table of all names of a catalog.
#[derive(Debug, Default)]
pub struct Names {
    ids: HashMap<Box<str>, NameId, FxBuildHasher>,
    types: HashSet<Arc<str>, FxBuildHasher>,
}

impl Names {
    /// The id of a name, made when it is new.
    pub fn intern(&mut self, name: &str) -> NameId {
        let folded = fold(name);
        if let Some(id) = self.ids.get(&*folded) {
            return *id;
        }
        let id = NameId(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        self.ids.insert(folded.into(), id);
        id
    }

    /// A name with its spelling.
    pub fn spell(&mut self, name: &str) -> Spelled {
        Spelled { id: self.intern(name), text: name.into() }
    }

    /// The name of an enum or extended data type. Many fields name the same few: they share the text.
    pub(super) fn type_name(&mut self, name: &str) -> Arc<str> {
        self.types.get_or_insert_with(name, |name| name.into()).clone()
    }

    /// A name with its id; a name that nothing mentions gets an id that equals no other.
    pub fn spelled(&self, name: &str) -> Spelled {
        Spelled { id: self.find(name).unwrap_or(NameId(u32::MAX)), text: name.into() }
    }

    /// The id of a name that some file mentions.
    pub fn find(&self, name: &str) -> Option<NameId> {
        self.ids.get(&*fold(name)).copied()
    }
}

fn fold(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|b| b.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_matter() {
        let mut names = Names::default();
        let id = names.intern("CustTable");
        assert_eq!(names.find("CUSTTABLE"), Some(id));
        assert_ne!(names.intern("CustTrans"), id);
        assert_eq!(names.find("VendTable"), None);
    }
}
