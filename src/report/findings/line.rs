//! One line of a file, made safe to print and cut to a bounded width.

use crate::text::is_harmful;
use std::ops::Range;

/// A line is cut to so many characters, the mark included.
const WIDTH: usize = 160;
/// So many characters before the mark are kept of a line that is cut.
const BEFORE: usize = 40;
/// What stands where a line was cut.
const CUT: &str = "…";
/// A tab is shown as so many blanks.
const TAB: &str = "    ";

/// A shown line.
pub(super) struct Line {
    /// Its text.
    pub(super) text: String,
    /// The marked bytes of `text`.
    pub(super) mark: Range<usize>,
}

impl Line {
    /// The line around these bytes of it, which lie on borders of characters.
    pub(super) fn around(line: &str, mark: Range<usize>) -> Self {
        let before = line[..mark.start].chars().count();
        let is_long = line.chars().count() > WIDTH;
        let skipped = if is_long { before.saturating_sub(BEFORE) } else { 0 };
        let mut shown = Self { text: String::new(), mark: 0..0 };
        if skipped > 0 {
            shown.text.push_str(CUT);
        }
        let kept = line.char_indices().skip(skipped);
        for (count, (at, c)) in kept.enumerate() {
            if count == WIDTH {
                shown.text.push_str(CUT);
                break;
            }
            if at == mark.start {
                shown.mark.start = shown.text.len();
            }
            match c {
                '\t' => shown.text.push_str(TAB),
                c if is_harmful(c) => shown.text.extend(c.escape_unicode()),
                c => shown.text.push(c),
            }
            if at < mark.end {
                shown.mark.end = shown.text.len();
            }
        }
        shown.mark.end = shown.mark.end.max(shown.mark.start);
        shown
    }
}

/// How many bytes of a text are marked that starts where a finding shows: a tag of XML, a text between quotes, a
/// bracket with what it holds, a word. Where only the line is known, all of it, or the head of a method.
pub(super) fn marked(text: &str, exact: bool) -> usize {
    let whole = text.trim_end().len().max(text.chars().next().map_or(0, char::len_utf8));
    let up_to = |end: Option<usize>| end.map_or(whole, |at| at + 1);
    match text.bytes().next() {
        Some(b'<') => leaf(text).unwrap_or_else(|| up_to(text.find('>'))),
        Some(b'[' | b'(') if exact => up_to(closing(text)),
        Some(b'"') if exact => up_to(text[1..].find('"').map(|at| at + 1)),
        Some(byte) if exact && is_word(byte) => text.bytes().take_while(|b| is_word(*b)).count(),
        _ if !exact && text[..whole].contains("static ") => text.find('(').unwrap_or(whole),
        _ => whole,
    }
}

/// `<Name>Value</Name>` as a whole.
fn leaf(text: &str) -> Option<usize> {
    let name = text[1..].split(['>', ' ', '/']).next()?;
    let end = format!("</{name}>");
    let at = text.find(&end)?;
    let inside = &text[text.find('>')? + 1..at];
    (!inside.contains('<')).then_some(at + end.len())
}

/// The bracket that closes the first one.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'(' => depth += 1,
            b']' | b')' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_marked() {
        for (text, exact, expected) in [
            ("<Name>X</Name>", false, "<Name>X</Name>"),
            ("<A b=\"c\"><Name>X</Name>", false, "<A b=\"c\">"),
            ("<A", false, "<A"),
            ("<A/>", false, "<A/>"),
            ("[[a, b(c)], d], e", true, "[[a, b(c)], d]"),
            ("[a, // open", true, "[a, // open"),
            ("mapping += x;  ", true, "mapping"),
            ("mapping += x;  ", false, "mapping += x;"),
            ("public static int f(int x)", false, "public static int f"),
            ("\"a b\": 1", true, "\"a b\""),
            ("\"a b", true, "\"a b"),
            ("", false, ""),
        ] {
            assert_eq!(&text[..marked(text, exact)], expected);
        }
    }

    #[test]
    fn tabs_controls_and_long_lines() {
        let line = Line::around("\t\u{1b}[2Jä = 1", 5..7);
        assert_eq!((&*line.text, &line.text[line.mark]), ("    \\u{1b}[2Jä = 1", "ä"));
        let long = format!("{}HERE{}", "a".repeat(500), "b".repeat(500));
        let line = Line::around(&long, 500..504);
        assert_eq!(&line.text[line.mark], "HERE");
        assert!(line.text.starts_with("…a") && line.text.ends_with("b…"));
        assert_eq!(line.text.chars().count(), WIDTH + 2);
    }

    proptest! {
        #[test]
        fn any_line_is_safe(line in "\\PC{0,300}|[<>\\[\\]a\t\u{1b}ä]{0,200}", from in 0_usize..400, exact: bool) {
            let from = (0..=from.min(line.len())).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
            let width = marked(&line[from..], exact);
            let shown = Line::around(&line, from..from + width);
            prop_assert!(!shown.text.contains(char::is_control));
            prop_assert!(shown.text.is_char_boundary(shown.mark.start) && shown.text.is_char_boundary(shown.mark.end));
            let _ = &shown.text[shown.mark];
        }
    }
}
