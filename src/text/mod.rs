//! Text helpers that know nothing of the domain: encodings, separated files, near names, a window of a source line, word search.

mod cells;
mod count;
mod decode;
mod json;
pub mod markdown;
mod nearest;
mod shown;
mod symbol;
mod wildcard;
mod window;
mod words;

pub use cells::{Cell, Line, Quotes, declared_separator, lines};
pub use count::{count, some};
pub use decode::{DecodeError, UTF8_MARK, decode, is_utf16};
pub use json::{json_escaped, json_line, json_lines};
pub use nearest::{NearestIndex, did_you_mean, nearest};
pub use shown::{Shown, is_harmful};
pub use symbol::{NameId, NameKey, Symbol};
pub use wildcard::is_like;
pub use window::SourceLine;
pub use words::Words;

use std::cmp::Ordering;

/// The order of all output, of names as of paths: ASCII lower case first, then the bytes (SPEC 12).
pub fn name_order(a: &str, b: &str) -> Ordering {
    without_case(a.as_bytes(), b.as_bytes()).then_with(|| a.cmp(b))
}

/// The order of the keys under which names are compared.
pub fn key_order(a: &str, b: &str) -> Ordering {
    without_case(a.trim().as_bytes(), b.trim().as_bytes())
}

fn without_case(a: &[u8], b: &[u8]) -> Ordering {
    let same = common_start(a, b);
    lower(&a[same..]).cmp(lower(&b[same..]))
}

fn lower(text: &[u8]) -> impl Iterator<Item = u8> {
    text.iter().map(u8::to_ascii_lowercase)
}

/// A number of bytes in which both begin, all but a few of them: paths of one folder differ at their ends only.
fn common_start(a: &[u8], b: &[u8]) -> usize {
    let (a, b) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    8 * a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// The key under which names are compared: trimmed, ASCII lower case.
pub fn name_key(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{key_order, name_key, name_order};
    use proptest::prelude::*;
    use std::cmp::Ordering;

    proptest! {
        #[test]
        fn keys_are_ordered_as_if_they_were_made(a in "[ aAbBäÄ_]{0,20}", b in "[ aAbBäÄ_]{0,20}") {
            prop_assert_eq!(key_order(&a, &b), name_order(&name_key(&a), &name_key(&b)));
            prop_assert_eq!(key_order(&a, &a.to_ascii_uppercase()), Ordering::Equal);
        }
    }

    #[test]
    fn case_decides_last() {
        let mut names = ["b", "B", "a_", "A", "aB", "Z", "z"];
        names.sort_by(|a, b| name_order(a, b));
        assert_eq!(names, ["A", "a_", "aB", "B", "b", "Z", "z"]);
    }

    #[test]
    fn a_long_common_start_changes_nothing() {
        assert_eq!(name_order("Package/Model/b", "Package/Model/A"), Ordering::Greater);
        assert_eq!(name_order("PACKAGE/Model/a", "package/Model/B"), Ordering::Less);
        assert_eq!(name_order("PACKAGE/Model/a", "package/Model/a"), Ordering::Less);
        assert_eq!(name_order("Package/", "Package/"), Ordering::Equal);
    }

    #[test]
    fn order_is_lower_case_then_bytes() {
        assert_eq!(name_order("b", "A"), Ordering::Greater);
        assert_eq!(name_order("Ab", "ab"), Ordering::Less);
        assert_eq!(name_order("a", "ab"), Ordering::Less);
    }

    #[test]
    fn order_ignores_ascii_case_first() {
        assert_eq!(name_order("axtable/b", "AxTable/A"), Ordering::Greater);
        assert_eq!(name_order("AxTable/A", "axtable/a"), Ordering::Less);
        assert_eq!(name_order("a", "ab"), Ordering::Less);
        assert_eq!(name_order("Ä", "ä"), "Ä".cmp("ä"));
    }
}
