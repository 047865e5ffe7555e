//! Text in lines of a bounded width.

use std::fmt::{self, Display};

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

/// The lines of a text that is wrapped at blanks; at least one.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let length = word.chars().count();
        let line = lines.last_mut().filter(|line| line.is_empty() || used + 1 + length <= width);
        match line {
            Some(line) => {
                if !line.is_empty() {
                    line.push(' ');
                    used += 1;
                }
                line.push_str(word);
                used += length;
            }
            None => {
                lines.push(word.to_owned());
                used = length;
            }
        }
    }
    lines
}

/// The first `limit` of some names and how many more there are: `A, B, C and 4 more`.
pub(super) fn some_of(names: &[String], limit: usize) -> String {
    let shown = if names.len() <= limit + 1 { names.len() } else { limit };
    let mut text = names[..shown].join(", ");
    if shown < names.len() {
        text.push_str(&format!(" and {} more", names.len() - shown));
    }
    text
}

/// `1 field`, `2 fields`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
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

    #[test]
    fn lists_are_cut_only_when_that_saves_something() {
        let names = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        assert_eq!(some_of(&names(3), 2), "0, 1, 2");
        assert_eq!(some_of(&names(4), 2), "0, 1 and 2 more");
    }
}
