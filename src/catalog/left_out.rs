//! Names that exist and were left out, because a question was not expected to lead to them.

use crate::text::NameKey;
use std::sync::{Mutex, PoisonError};

/// What was left out of a part of the metadata, and whether anybody asked for it all the same.
#[derive(Debug, Default)]
pub struct LeftOut {
    /// Sorted.
    names: Vec<NameKey>,
    asked: Mutex<Vec<NameKey>>,
}

impl LeftOut {
    /// These names were left out.
    pub fn new(mut names: Vec<NameKey>) -> Self {
        names.sort_unstable();
        Self { names, asked: Mutex::default() }
    }

    /// Something of this name was left out.
    pub fn has(&self, name: &str) -> bool {
        self.names.binary_search(&NameKey::of(name)).is_ok()
    }

    /// Somebody looked for a name in vain: it may be one of these.
    pub(super) fn note(&self, name: &str) {
        if self.names.is_empty() {
            return;
        }
        let key = NameKey::of(name);
        if self.names.binary_search(&key).is_ok() {
            self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(key);
        }
    }

    /// The names that somebody looked for, each once.
    pub fn asked(&self) -> Vec<NameKey> {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone();
        asked.sort_unstable();
        asked.dedup();
        asked
    }
}

#[cfg(test)]
mod tests {
    use super::LeftOut;
    use crate::text::NameKey;

    #[test]
    fn only_what_was_left_out_is_noted() {
        let left_out = LeftOut::new(["CustTable", "VendTable"].map(NameKey::of).to_vec());
        ["custtable", "Other", "CUSTTABLE"].into_iter().for_each(|name| left_out.note(name));
        assert_eq!(left_out.asked(), [NameKey::of("CustTable")]);
    }
}
