//! A statement on one line.

use super::facts::Excerpt;
use crate::xpp::code::{Code, Span};

/// Longest text that is shown of a statement, in characters.
const LONGEST: usize = 160;

/// The statement that a span is.
pub(super) fn excerpt(code: &Code<'_>, span: Span) -> Excerpt {
    let mut text = String::new();
    let mut shown = 0;
    let mut end = None;
    for token in code.slice(span) {
        let word = token.text(code.source);
        if end.is_some_and(|end| end != token.start) {
            text.push(' ');
            shown += 1;
        }
        end = Some(token.end);
        shown += push_words(&mut text, word, LONGEST.saturating_sub(shown));
        if shown >= LONGEST {
            break;
        }
    }
    if end.is_some_and(|end| code.slice(span).last().is_some_and(|last| last.end > end)) || shown >= LONGEST {
        text.push('…');
    }
    let last = span.to.saturating_sub(1).max(span.from);
    Excerpt { position: code.position(span.from), last_line: code.position(last).line, text: text.into() }
}

/// Adds at most `room` characters of a token, line ends and runs of blanks as one blank; says how many.
fn push_words(text: &mut String, word: &str, room: usize) -> usize {
    let mut added = 0;
    let mut blank = false;
    for character in word.chars() {
        if added >= room {
            break;
        }
        let is_blank = character.is_whitespace();
        if !(is_blank && blank) {
            text.push(if is_blank { ' ' } else { character });
            added += 1;
        }
        blank = is_blank;
    }
    added
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Position;

    fn text(source: &str) -> String {
        let code = Code::read(source, Position { line: 1, column: 1 });
        excerpt(&code, code.all()).text.into()
    }

    #[test]
    fn line_ends_and_comments_go() {
        assert_eq!(
            text("update_recordset x\r\n    setting A = 1 // why\n\n\twhere x.B"),
            "update_recordset x setting A = 1 where x.B"
        );
        assert_eq!(text("a('b\tc',@\"d\n  e\")"), "a('b c',@\"d e\")");
        assert_eq!(text(""), "");
    }

    #[test]
    fn a_long_statement_is_cut() {
        let long = text(&format!("f({})", "a, ".repeat(100)));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with('…'));
        let string = text(&format!("f('{}');", "ä".repeat(500)));
        assert_eq!(string.chars().count(), LONGEST + 1);
    }
}
