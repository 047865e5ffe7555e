//! Texts of other people on a terminal, in the log of a pipeline, and in machine output that either may show.

use std::fmt;

/// A control character, or one that turns the direction of text or ends a line.
pub fn is_harmful(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a pipeline that shows this text in its log would obey it: `##vso[` (Azure Pipelines) and `##[` (both)
/// count anywhere in a line.
pub fn is_command(text: &str) -> bool {
    ["##vso[", "##["].iter().any(|mark| begins(text, mark))
}

fn begins(text: &str, mark: &str) -> bool {
    text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark))
}

/// Whether the first character of `rest` needs an escape; `before` is what stands in front of it. `::` is a command of
/// GitHub at the start of a line, where any word of a text may come to stand.
pub fn needs_escape(before: char, rest: &str) -> bool {
    rest.starts_with(is_harmful) || is_command(rest) || (before.is_whitespace() && rest.starts_with("::"))
}

/// A name from a file: control characters, those that turn the direction of text, and the first one of a command to a
/// pipeline are written as escapes, so that no name can move the cursor, fake a line, or give orders.
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        let mut before = ' ';
        for (at, c) in self.0.char_indices() {
            if needs_escape(before, &self.0[at..]) {
                write!(f, "{}", c.escape_unicode())?;
            } else {
                f.write_char(c)?;
            }
            before = c;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Shown;

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(Shown("a\u{1b}[2J\nb\u{202e}").to_string(), "a\\u{1b}[2J\\u{a}b\\u{202e}");
        assert_eq!(Shown("Größe \"x\"").to_string(), "Größe \"x\"");
    }

    #[test]
    fn a_pipeline_is_given_no_orders() {
        assert_eq!(Shown("x ##VSO[task.complete]").to_string(), "x \\u{23}#VSO[task.complete]");
        assert_eq!(Shown("###[error]").to_string(), "#\\u{23}#[error]");
        assert_eq!(
            Shown("::error::x a ::b c::d #x ##").to_string(),
            "\\u{3a}:error::x a \\u{3a}:b c::d #x ##"
        );
    }
}
