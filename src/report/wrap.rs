//! Text in lines of a bounded width.

use super::style::{DIM, STRONG, Styled};
use std::fmt::{self, Display};
use std::io::{self, Write};

/// Lines are at most this wide, single long words aside.
pub(super) const WIDTH: usize = 100;

/// A text wrapped at blanks: `head` stands before its first line, blanks of the same width before the others.
pub(super) struct Wrapped<H, T> {
    /// What stands before the first line; styles in it are not counted, see `width`.
    pub(super) head: H,
    /// The width of `head` on the screen.
    pub(super) width: usize,
    /// The text.
    pub(super) text: T,
}

/// A text wrapped with an indent.
pub(super) fn indented<T: AsRef<str>>(width: usize, text: T) -> Wrapped<Blanks, T> {
    Wrapped { head: Blanks(width), width, text }
}

/// So many blanks.
pub(super) struct Blanks(pub(super) usize);

impl Display for Blanks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:1$}", "", self.0)
    }
}

impl<H: Display, T: AsRef<str>> Display for Wrapped<H, T> {
    /// The lines, each with an end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = lines(self.text.as_ref(), WIDTH.saturating_sub(self.width));
        for (position, line) in lines.iter().enumerate() {
            if position == 0 {
                writeln!(f, "{}{line}", self.head)?;
            } else {
                writeln!(f, "{}{line}", Blanks(self.width))?;
            }
        }
        Ok(())
    }
}

/// Width of the labels at the left.
pub(super) const LABEL: usize = 9;

/// A text behind its label.
pub(super) fn labelled(out: &mut dyn Write, label: &str, text: &str) -> io::Result<()> {
    let head = Styled(STRONG, format!("{label:<LABEL$}"));
    write!(out, "{}", Wrapped { head, width: LABEL, text })
}

/// A line below a label that matters less, and that is never wrapped: a place, an address.
pub(super) fn dimmed(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "{:LABEL$}{}", "", Styled(DIM, text))
}

/// The lines of a text that is wrapped at blanks; at least one.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let length = word.chars().count();
        match lines.last_mut() {
            Some(line) if line.is_empty() || used + 1 + length <= width => {
                if !line.is_empty() {
                    line.push(' ');
                    used += 1;
                }
                line.push_str(word);
                used += length;
            }
            _ => {
                lines.push(word.to_owned());
                used = length;
            }
        }
    }
    lines
}

/// The word for a number of things: `either(1, "entity does", "entities do")`.
pub(super) fn either(number: usize, one: &'static str, many: &'static str) -> &'static str {
    if number == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_wrapped_below_their_start() {
        let text = "word ".repeat(30);
        let wrapped = Wrapped { head: "Why     ", width: 8, text: text.as_str() }.to_string();
        let lines: Vec<&str> = wrapped.lines().collect();
        assert_eq!(lines.len(), 2);
        assert!(lines[0].starts_with("Why     word") && lines[1].starts_with("        word"));
        assert!(lines.iter().all(|line| line.len() <= WIDTH));
    }

    #[test]
    fn a_long_word_has_a_line_of_its_own() {
        assert_eq!(lines("a bbbbbbbb c", 4), ["a", "bbbbbbbb", "c"]);
        assert_eq!(lines("", 4), [""]);
    }
}
