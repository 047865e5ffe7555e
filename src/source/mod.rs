//! From folders to text: metadata roots, files, encodings, places.

mod place;

pub use place::{FileId, Place, Position};
