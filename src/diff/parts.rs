//! Elements and their parts, paired by name.

use super::Pair;
use crate::catalog::{Element, ElementId};
use std::collections::BTreeMap;

/// The same thing before and after; one of the two may be missing.
pub(super) struct Both<T> {
    pub(super) base: Option<T>,
    pub(super) head: Option<T>,
}

/// Pairs two lists by key, in order of the keys; of equal keys in one list the first counts.
pub(super) fn paired<T, K: Ord>(
    base: impl IntoIterator<Item = T>,
    head: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> BTreeMap<K, Both<T>> {
    let mut all: BTreeMap<K, Both<T>> = BTreeMap::new();
    for part in base {
        let both = all.entry(key(&part)).or_insert(Both { base: None, head: None });
        both.base.get_or_insert(part);
    }
    for part in head {
        let both = all.entry(key(&part)).or_insert(Both { base: None, head: None });
        both.head.get_or_insert(part);
    }
    all
}

/// Parts that may be there more than once, each with its key and which of its equals it is.
pub(super) fn counted_up<'a, T, K: Ord + Clone>(
    parts: impl IntoIterator<Item = &'a T>,
    key: impl Fn(&&'a T) -> K,
) -> Vec<((K, usize), &'a T)> {
    let mut seen: BTreeMap<K, usize> = BTreeMap::new();
    parts
        .into_iter()
        .map(|part| {
            let key = key(&part);
            let nth = seen.entry(key.clone()).or_default();
            *nth += 1;
            ((key, *nth), part)
        })
        .collect()
}

/// The key of a name.
pub(super) fn key(name: &str) -> String {
    name.to_ascii_lowercase()
}

/// Elements by name.
pub(super) fn elements(pair: Pair<'_>) -> BTreeMap<String, Both<(ElementId, &Element)>> {
    paired(pair.base.model.catalog.elements(), pair.head.model.catalog.elements(), |(_, e)| key(&e.name.text))
}
