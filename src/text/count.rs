//! Numbers with their words, and lists that are cut.

use super::Shown;

/// "1 field", "2 fields", "3 entities".
pub fn count(number: usize, word: &str) -> String {
    if number == 1 {
        return format!("1 {word}");
    }
    match word.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{number} {stem}ies"),
        _ => format!("{number} {word}s"),
    }
}

/// The first names of a list, and how many more there are.
pub fn some<S: AsRef<str>>(names: &[S], limit: usize) -> String {
    let shown: Vec<String> = names.iter().take(limit).map(|n| Shown(n.as_ref()).to_string()).collect();
    match names.len().saturating_sub(limit) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::{count, some};

    #[test]
    fn plurals() {
        assert_eq!(count(1, "entity"), "1 entity");
        assert_eq!(count(2, "entity"), "2 entities");
        assert_eq!(count(0, "query"), "0 queries");
        assert_eq!(count(3, "key"), "3 keys");
    }

    #[test]
    fn long_lists_are_cut() {
        assert_eq!(some(&["a", "b", "c"], 2), "a, b and 1 more");
        assert_eq!(some(&["a"], 2), "a");
    }
}
