//! From folders to text: metadata roots, files, encodings, places.
//!
//! [`discover`] walks the metadata roots once and returns a [`FileSet`]: which files there are, of which kind,
//! in which model. It reads folders only; the files themselves (descriptors too) are read by [`crate::aot`].

mod enums;
mod error;
mod files;
mod inputs;
mod kind;
mod labels;
mod listing;
mod nearby;
mod path;
mod place;
mod pool;
mod roots;
mod text;
mod walk;

#[cfg(test)]
mod tests;

pub use enums::{EnumFile, EnumFiles};
pub use error::SourceError;
pub use files::{FileSet, LabelText, Model, Package, Root, SourceFile, Stamp};
pub use inputs::{Mark, inputs, mark};
pub use kind::Kind;
pub use listing::{ListedFile, ListedModel, Listing, RootSource, absolute_roots};
pub use path::{slashed, with_slashes};
pub use place::{FileId, Place, Position};
pub use pool::{DEFAULT_THREADS, in_pool};
pub use roots::{discover, discover_with_stamps};
pub use text::{Lines, decode};
