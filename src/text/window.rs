//! One line of a text with a mark below it, as compilers show it.

use std::fmt;
use std::ops::Range;

/// The line of a text that holds the start of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLine {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The line, without its end.
    pub text: String,
    /// How many characters are marked; at least 1.
    pub width: usize,
}

impl SourceLine {
    /// The line in which `span` (bytes of `text`) starts. A span over several lines is marked up to the line's end.
    pub fn of(text: &str, span: Range<usize>) -> Self {
        let start = floor(text, span.start);
        let end = floor(text, span.end).max(start);
        let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let to = text[start..].find('\n').map_or(text.len(), |at| start + at);
        let line = text[from..to].trim_end_matches('\r');
        let marked = &text[start..end.min(from + line.len()).max(start)];
        Self {
            line: count(text[..from].matches('\n').count()),
            column: count(text[from..start].chars().count()),
            text: line.to_owned(),
            width: marked.chars().count().max(1),
        }
    }
}

/// The largest character boundary up to `at`.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn count(before: usize) -> u32 {
    u32::try_from(before).unwrap_or(u32::MAX - 1) + 1
}

impl fmt::Display for SourceLine {
    /// Three lines, without an end: an empty one, the text, the mark.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let gutter = " ".repeat(number.len());
        let before = self.text.chars().take(self.column as usize - 1);
        // A tab stays a tab, so that the mark stands under the text whatever the width of a tab.
        let indent: String = before.map(|char| if char == '\t' { '\t' } else { ' ' }).collect();
        writeln!(f, " {gutter} |")?;
        writeln!(f, " {number} | {}", self.text)?;
        write!(f, " {gutter} | {indent}{}", "^".repeat(self.width))
    }
}

#[cfg(test)]
mod tests {
    use super::SourceLine;
    use proptest::prelude::*;

    #[test]
    fn marks_the_span() {
        let text = "one\r\n\twö = three\r\nfour";
        let at = text.find("three").unwrap();
        let line = SourceLine::of(text, at..at + 5);
        assert_eq!((line.line, line.column), (2, 7));
        assert_eq!(line.to_string(), "   |\n 2 | \twö = three\n   | \t     ^^^^^");
    }

    #[test]
    fn a_long_span_ends_with_its_line() {
        let line = SourceLine::of("a = [\n1,\n]", 4..10);
        assert_eq!(line.to_string(), "   |\n 1 | a = [\n   |     ^");
    }

    proptest! {
        #[test]
        fn any_span_is_safe(text in "[ab\u{e4}\u{1F600}\t\r\n]{0,20}", start in 0_usize..90, length in 0_usize..90) {
            let line = SourceLine::of(&text, start..start + length);
            prop_assert!(line.line >= 1 && line.column >= 1);
            let _ = line.to_string();
        }
    }
}
