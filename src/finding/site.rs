//! Where a finding shows.

use crate::source::Place;

/// A place that a finding points to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Site {
    /// In a metadata file.
    Metadata(Place),
    /// In another file: a table map, a dump, the configuration.
    Outside(Outside),
    /// No place of its own: the element is only known through what refers to it.
    Nowhere,
}

/// A place in a file that is no metadata.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outside {
    /// The file, as messages name it: relative to the folder that was named, with `/`.
    pub path: Box<str>,
    /// Line, from 1, where it is known.
    pub line: Option<u32>,
    /// Column in characters, from 1, where it is known.
    pub column: Option<u32>,
}

impl Outside {
    /// A file as a whole.
    pub fn file(path: impl Into<Box<str>>) -> Self {
        Self { path: path.into(), line: None, column: None }
    }
}

impl From<Place> for Site {
    fn from(place: Place) -> Self {
        Self::Metadata(place)
    }
}

impl From<Option<Place>> for Site {
    fn from(place: Option<Place>) -> Self {
        place.map_or(Self::Nowhere, Self::Metadata)
    }
}

impl From<Outside> for Site {
    fn from(outside: Outside) -> Self {
        Self::Outside(outside)
    }
}
