//! "Did you mean": the known names that are nearest to an unknown one.

use std::cmp::Reverse;

/// The up to `n` candidates nearest to `name`, the nearest first.
///
/// ASCII case does not count. A candidate is near when a third of its characters, at most, must be
/// changed, or when one name contains the other and is at least half as long. Equal distance: the lower name.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>, n: usize) -> Vec<&'a str> {
    let index = NearestIndex::new(candidates);
    index.find(name, n)
}

/// Candidates prepared for many questions.
#[derive(Debug, Default)]
pub struct NearestIndex<'a> {
    entries: Vec<Entry<'a>>,
}

#[derive(Debug)]
struct Entry<'a> {
    text: &'a str,
    lower: String,
    chars: usize,
    bag: Bag,
}

/// How often each class of characters occurs: a cheap lower bound of the edit distance.
#[derive(Clone, Copy, Debug)]
struct Bag([u8; 32]);

impl Bag {
    fn of(lower: &str) -> Self {
        let mut counts = [0_u8; 32];
        for byte in lower.bytes() {
            let slot = &mut counts[usize::from(byte & 31)];
            *slot = slot.saturating_add(1);
        }
        Self(counts)
    }

    fn is_within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(own, others)| own <= others)
    }

    /// At least so many bytes must be inserted, removed or replaced.
    fn lower_bound(&self, other: &Self) -> usize {
        let (mut more, mut less) = (0_usize, 0_usize);
        for (a, b) in self.0.iter().zip(&other.0) {
            more += usize::from(a.saturating_sub(*b));
            less += usize::from(b.saturating_sub(*a));
        }
        more.max(less)
    }
}

impl<'a> Entry<'a> {
    fn new(text: &'a str) -> Self {
        let lower = text.trim().to_ascii_lowercase();
        Self { text, chars: lower.chars().count(), bag: Bag::of(&lower), lower }
    }

    /// How far `name` is from this candidate: (kind, distance); none if it is not near.
    fn distance(&self, name: &Entry<'_>) -> Option<(u8, usize)> {
        let (short, long) = if self.chars < name.chars { (self, name) } else { (name, self) };
        let allowed = (long.chars / 3).max(1);
        // A character of more than one byte changes up to four of them.
        let bytes = if self.lower.is_ascii() && name.lower.is_ascii() { 1 } else { 4 };
        let near = long.chars - short.chars <= allowed && self.bag.lower_bound(&name.bag) <= allowed * bytes;
        if near {
            let distance = strsim::osa_distance(&self.lower, &name.lower);
            if distance <= allowed && distance < long.chars {
                return Some((0, distance));
            }
        }
        let fits = short.chars >= 4 && short.chars * 2 >= long.chars && short.bag.is_within(&long.bag);
        let contained = fits && long.lower.contains(&short.lower);
        contained.then_some((1, long.chars - short.chars))
    }
}

impl<'a> NearestIndex<'a> {
    /// Prepares the candidates; a name that occurs twice counts once.
    pub fn new(candidates: impl IntoIterator<Item = &'a str>) -> Self {
        let mut entries: Vec<_> = candidates.into_iter().map(Entry::new).filter(|e| e.chars > 0).collect();
        entries.sort_by(|a, b| (&a.lower, a.text).cmp(&(&b.lower, b.text)));
        entries.dedup_by(|a, b| a.lower == b.lower);
        Self { entries }
    }

    /// As [`nearest`].
    pub fn find(&self, name: &str, n: usize) -> Vec<&'a str> {
        let name = Entry::new(name);
        let mut hits: Vec<_> = self.entries.iter().filter_map(|e| Some((e.distance(&name)?, e))).collect();
        // The sort is stable and the entries stand in order of their names.
        hits.sort_by_key(|(distance, entry)| (*distance, Reverse(common_prefix(&entry.lower, &name.lower))));
        hits.into_iter().take(n).map(|(_, entry)| entry.text).collect()
    }
}

fn common_prefix(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count()
}

/// The end of a message: `; did you mean A, B or C?`, empty when nothing is near.
pub fn did_you_mean<T: AsRef<str>>(names: &[T]) -> String {
    match names {
        [] => String::new(),
        [only] => format!("; did you mean {}?", only.as_ref()),
        [first @ .., last] => {
            let first: Vec<_> = first.iter().map(AsRef::as_ref).collect();
            format!("; did you mean {} or {}?", first.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAMES: [&str; 6] =
        ["CustCustomerV2Entity", "CustCustomerV3Entity", "CustTable", "VendTable", "metadata", "own-models"];

    #[test]
    fn nearest_names_come_first() {
        assert_eq!(
            nearest("custcustomerV4entity", NAMES, 3),
            ["CustCustomerV2Entity", "CustCustomerV3Entity"]
        );
        assert_eq!(nearest("own_models", NAMES, 1), ["own-models"]);
        assert_eq!(nearest("metdata", NAMES, 1), ["metadata"]);
        assert_eq!(nearest("CustCustomer", NAMES, 1), ["CustCustomerV2Entity"]);
        assert_eq!(nearest("xyz", NAMES, 3), [""; 0]);
        assert_eq!(nearest("", NAMES, 3), [""; 0]);
        assert_eq!(nearest("a", ["b"], 3), [""; 0]);
    }

    #[test]
    fn the_common_start_decides_between_equals() {
        assert_eq!(nearest("CustTabel", ["BustTabel", "CustTabes"], 1), ["CustTabes"]);
    }

    #[test]
    fn text_for_messages() {
        assert_eq!(did_you_mean::<&str>(&[]), "");
        assert_eq!(did_you_mean(&["A"]), "; did you mean A?");
        assert_eq!(did_you_mean(&["A", "B", "C"]), "; did you mean A, B or C?");
    }

    proptest! {
        #[test]
        fn the_order_of_candidates_does_not_matter(mut names in proptest::collection::vec("[a-dA-D]{1,6}", 0..12), wanted in "[a-d]{1,6}") {
            names.sort();
            names.dedup_by_key(|name| name.to_ascii_lowercase());
            let forward = nearest(&wanted, names.iter().map(String::as_str), 5);
            let backward = nearest(&wanted, names.iter().rev().map(String::as_str), 5);
            prop_assert_eq!(forward, backward);
        }

        /// The quick test never drops a name that the slow one would keep.
        #[test]
        fn the_lower_bound_is_one(a in "[a-zä€]{0,12}", b in "[a-zä€]{0,12}") {
            let (x, y) = (Entry::new(&a), Entry::new(&b));
            let factor = if a.is_ascii() && b.is_ascii() { 1 } else { 4 };
            prop_assert!(x.bag.lower_bound(&y.bag) <= strsim::osa_distance(&x.lower, &y.lower) * factor);
        }
    }
}
