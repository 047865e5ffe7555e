//! Colours and names on a terminal. Colours are stripped by the stream where they are not wanted.

use anstyle::{AnsiColor, Style};
use std::fmt;

/// What is tracked.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What is not tracked.
pub const BAD: Style = AnsiColor::Red.on_default();
/// What cannot be said.
pub const OPEN: Style = AnsiColor::Yellow.on_default();
/// What matters less: places, tags.
pub const DIM: Style = Style::new().dimmed();
/// Headings and answers.
pub const STRONG: Style = Style::new().bold();

/// A text in a style.
pub struct Styled<T>(pub Style, pub T);

impl<T: fmt::Display> fmt::Display for Styled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.0.render(), self.1, self.0.render_reset())
    }
}
