//! Names from files, safe to print.

use std::fmt;

/// A control character, or one that turns the direction of text or ends a line.
pub fn is_harmful(c: char) -> bool {
    let turns = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns || matches!(c, '\u{2028}' | '\u{2029}')
}

/// A name from a file: control characters and those that turn the direction of text are written as escapes,
/// so that no name can move the cursor or fake a line.
pub struct Shown<'a>(pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_harmful(*c)) {
            write!(f, "{}{}", &rest[..at], c.escape_unicode())?;
            rest = &rest[at + c.len_utf8()..];
        }
        f.write_str(rest)
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
}
