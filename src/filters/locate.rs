//! Where a filter stands in the file of its map.

use super::Side;

/// How often JSON stands as text inside JSON, at most.
const ENCODED: usize = 4;

/// Line and column (in characters, from 1) of a byte of a filter in the text of its file. None where the filter
/// stands there more than once, or is written with other escapes than the usual ones.
pub fn locate(file: &str, side: Side, filter: &str, offset: usize) -> Option<(u32, u32)> {
    let mut key = quoted(side.key())?;
    let mut value = quoted(filter)?;
    let mut before = unclosed(&quoted(filter.get(..offset)?)?)?;
    for level in 0..ENCODED {
        if level > 0 {
            (key, value, before) = (inside(&key)?, inside(&value)?, inside(&before)?);
        }
        let mut places = file.match_indices(&value).filter(|(at, _)| follows(&file[..*at], &key));
        if let Some((at, _)) = places.next() {
            return places.next().is_none().then(|| position(file, at + before.len()));
        }
    }
    None
}

fn quoted(text: &str) -> Option<String> {
    serde_json::to_string(text).ok()
}

/// Without the closing quote.
fn unclosed(quoted: &str) -> Option<String> {
    quoted.strip_suffix('"').map(str::to_owned)
}

/// As it stands inside a longer text.
fn inside(text: &str) -> Option<String> {
    let quoted = quoted(text)?;
    quoted.get(1..quoted.len().checked_sub(1)?).map(str::to_owned)
}

/// The text ends with the key, its colon and blanks.
fn follows(before: &str, key: &str) -> bool {
    let before = before.trim_end().strip_suffix(':').map(str::trim_end);
    before.is_some_and(|before| before.ends_with(key))
}

fn position(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..at];
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    (number(line), number(column))
}

#[cfg(test)]
mod tests {
    use super::locate;
    use crate::filters::Side::{Reversed, Source};

    #[test]
    fn plain_and_encoded() {
        let filter = r#"(A == "x")"#;
        let plain = "{\n  \"ä\": 1, \"sourceFilter\" : \"(A == \\\"x\\\")\"\n}";
        assert_eq!(locate(plain, Source, filter, 0), Some((2, 29)));
        assert_eq!(locate(plain, Source, filter, 1), Some((2, 30)));
        assert_eq!(locate(plain, Source, filter, filter.len() - 1), Some((2, 40)));
        assert_eq!(locate(plain, Reversed, filter, 0), None);
        let inner = serde_json::to_string(&plain.replace('\n', "")).unwrap();
        let outer = format!("{{\"msdyn_mapping\":\n{inner}}}");
        let (line, column) = locate(&outer, Source, filter, 9).expect("a place");
        let line = outer.lines().nth(line as usize - 1).expect("the line");
        assert!(line.chars().skip(column as usize - 1).collect::<String>().starts_with(r#")\""#), "{line}");
    }

    #[test]
    fn what_stands_there_twice_has_no_place() {
        let twice = r#"[{"sourceFilter":"(A == 1)"},{"sourceFilter":"(A == 1)"}]"#;
        assert_eq!(locate(twice, Source, "(A == 1)", 0), None);
        let other = r#"[{"sourceFilter":"(A == 1)"},{"reversedSourceFilter":"(A == 1)"}]"#;
        assert_eq!(locate(other, Source, "(A == 1)", 0), Some((1, 19)));
        assert_eq!(locate("", Source, "x", 0), None);
    }
}
