//! Places in a filter.

use std::ops::Range;

/// Bytes of a filter, the end exclusive.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Offset of the first byte.
    pub start: usize,
    /// Offset behind the last byte.
    pub end: usize,
}

impl Span {
    /// From `start` to before `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// From the start of this to the end of the other.
    #[must_use]
    pub fn to(self, last: Self) -> Self {
        Self { start: self.start, end: last.end }
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// What stands there in the filter that was read.
    pub fn text(self, filter: &str) -> &str {
        filter.get(self.range()).unwrap_or_default()
    }

    /// The column of its start in characters, from 1.
    pub fn column(self, filter: &str) -> usize {
        filter.char_indices().take_while(|(at, _)| *at < self.start).count() + 1
    }
}

/// A name and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// As written.
    pub text: Box<str>,
    /// Where.
    pub span: Span,
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn columns_count_characters() {
        assert_eq!(Span::new(0, 1).column("äb"), 1);
        assert_eq!(Span::new(2, 3).column("äb"), 2);
        assert_eq!(Span::new(3, 3).column("äb"), 3);
        assert_eq!(Span::new(2, 3).text("äb"), "b");
        assert_eq!(Span::new(1, 9).text("äb"), "");
    }
}
