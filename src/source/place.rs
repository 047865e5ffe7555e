//! Where something stands: a file of the loaded set, a line and a column.

use serde::{Deserialize, Serialize};

/// Index of a file in [`super::FileSet`]; files are numbered by (root, path).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A place in a loaded file. `line` and `column` count from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1; 1 where only the line is known.
    pub column: u32,
}

impl Place {
    /// The start of a line.
    pub fn at_line(file: FileId, line: u32) -> Self {
        Self { file, line, column: 1 }
    }
}

/// A place inside the file at hand, before the file has an id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// Binds the position to its file.
    pub fn in_file(self, file: FileId) -> Place {
        Place { file, line: self.line, column: self.column }
    }
}
