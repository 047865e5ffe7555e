//! Text helpers that know nothing of the domain: encodings, near names, a window of a source line.

mod decode;
mod nearest;
mod window;

pub use decode::{DecodeError, decode};
pub use nearest::{NearestIndex, did_you_mean, nearest};
pub use window::SourceLine;

use std::cmp::Ordering;

/// The order of everything that is printed by name: ASCII lower case first, then the bytes.
pub fn name_order(a: &str, b: &str) -> Ordering {
    let lower = |text: &str| text.bytes().map(|byte| byte.to_ascii_lowercase()).collect::<Vec<_>>();
    lower(a).cmp(&lower(b)).then_with(|| a.cmp(b))
}

/// The key under which names are compared: trimmed, ASCII lower case.
pub fn name_key(name: &str) -> String {
    name.trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::name_order;

    #[test]
    fn case_decides_last() {
        let mut names = ["b", "B", "a_", "A", "aB", "Z", "z"];
        names.sort_by(|a, b| name_order(a, b));
        assert_eq!(names, ["A", "a_", "aB", "B", "b", "Z", "z"]);
    }
}
