//! Offsets to positions, in one pass over the source.

use crate::source::Position;

/// Walks forward through a source and counts lines and columns on the way.
///
/// Both `\n` and `\r\n` end a line; a column is a number of characters.
#[derive(Clone, Debug)]
pub(super) struct LineCursor<'a> {
    source: &'a str,
    offset: usize,
    position: Position,
}

impl<'a> LineCursor<'a> {
    /// Starts at `offset`, which stands at `position` in the file.
    pub(super) fn new(source: &'a str, offset: usize, position: Position) -> Self {
        Self { source, offset, position }
    }

    /// The position of an offset that is not before the last one asked for.
    pub(super) fn advance(&mut self, offset: usize) -> Position {
        let passed = self.source.get(self.offset..offset).unwrap_or_default();
        let line = match memchr::memrchr(b'\n', passed.as_bytes()) {
            None => passed,
            Some(last) => {
                let ends = memchr::memchr_iter(b'\n', passed.as_bytes()).count();
                self.position.line = self.position.line.saturating_add(saturated(ends));
                self.position.column = 1;
                &passed[last + 1..]
            }
        };
        self.position.column = self.position.column.saturating_add(saturated(line.chars().count()));
        self.offset = self.offset.max(offset);
        self.position
    }
}

/// A count as it is stored in facts; beyond four thousand million the exact number no longer matters.
pub(super) fn saturated(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(line: u32, column: u32) -> Position {
        Position { line, column }
    }

    #[test]
    fn the_first_line_starts_where_the_method_starts() {
        let mut cursor = LineCursor::new("ab\ncd", 0, at(7, 10));
        assert_eq!(cursor.advance(1), at(7, 11));
        assert_eq!(cursor.advance(3), at(8, 1));
        assert_eq!(cursor.advance(4), at(8, 2));
        assert_eq!(cursor.advance(4), at(8, 2));
    }

    #[test]
    fn windows_line_ends_and_wide_characters() {
        let source = "é\r\n𝄞x\r\n\r\ny";
        let mut cursor = LineCursor::new(source, 0, at(1, 1));
        assert_eq!(cursor.advance(source.find('x').unwrap()), at(2, 2));
        assert_eq!(cursor.advance(source.find('y').unwrap()), at(4, 1));
    }
}
