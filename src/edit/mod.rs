//! Byte-exact edits of AOT files: what to write is decided elsewhere, here it is written.
//!
//! [`plan`] turns [`Change`]s into the new bytes of each file, [`unified_diff`] shows them, [`apply`] writes
//! them. A document is never serialised again: quick-xml tells where its elements stand, and only the bytes
//! that must change do. Encoding, byte order mark, line ends, indentation and the order of elements stay; new
//! elements look like their siblings. Files with a fault are refused, and so is everything outside the folders
//! that the caller allows.

mod apply;
mod body;
mod create;
mod diff;
mod encoding;
mod error;
mod field;
mod insert;
mod layout;
mod method;
mod outline;
mod paths;
mod plan;
mod xml;

pub use apply::apply;
pub use diff::unified_diff;
pub use error::{DocumentError, EditError};
pub use plan::{plan, plan_with};

use encoding::Document;
use outline::Outline;
use std::ops::Range;
use std::path::PathBuf;

/// One thing to change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A mapped field at the end of `<Fields>` of an entity, a view, or an extension of one.
    AddField {
        /// Where.
        file: Target,
        /// What.
        field: NewField,
    },
    /// A method at the end of `<Methods>`.
    AddMethod {
        /// Where.
        file: Target,
        /// Its name.
        name: String,
        /// X++ with `\n` line ends, indented by four as in the AOT. Empty lines around it are dropped: the
        /// AOT's own are written.
        source: String,
    },
    /// Edits of the source of a method that is there.
    EditMethod {
        /// The file.
        file: PathBuf,
        /// The method's name, in any case.
        method: String,
        /// The edits; their ranges must not overlap.
        edits: Vec<TextEdit>,
    },
}

/// A replacement in the source of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// Bytes of the text that [`method_source`] returns.
    pub range: Range<usize>,
    /// What stands there afterwards; its line ends become those of the source.
    pub text: String,
}

/// The file that a change is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// One that is there.
    Existing(PathBuf),
    /// One that is made. Several changes may name the same new file.
    New(NewFile),
}

/// A file to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// `<model>/<AxKind>/<name>.xml`; see [`NewFile::in_model`].
    pub path: PathBuf,
    /// The kind of element.
    pub kind: NewKind,
    /// The name of the element.
    pub name: String,
}

/// The kind of a new element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewKind {
    /// `AxDataEntityViewExtension`.
    EntityExtension,
    /// `AxViewExtension`.
    ViewExtension,
    /// `AxClass`.
    Class {
        /// X++ of the declaration, attributes and comments included, without indentation.
        declaration: String,
    },
}

/// A mapped field. An entity's is internal, and neither mandatory nor editable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewField {
    /// Its name.
    pub name: String,
    /// The data source that it is bound to.
    pub data_source: String,
    /// The field of that data source.
    pub data_field: String,
    /// What kind of element it belongs to.
    pub form: FieldForm,
}

/// How a field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldForm {
    /// `AxDataEntityViewField`, of an entity or its extension.
    Entity,
    /// `AxViewField`, of a view or its extension.
    View,
}

/// The bytes of one file before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// The file, as the first change of it spells the path.
    pub path: PathBuf,
    /// What was read; `None` for a new file.
    pub before: Option<Vec<u8>>,
    /// What will be written.
    pub after: Vec<u8>,
}

/// The source of a method as the XML readers see it: entities resolved, CDATA sections joined, line ends as in
/// the file. `None` when the file has no such method; the name may be in any case.
///
/// # Errors
///
/// [`EditError::Document`] when the file is not well-formed or not text.
pub fn method_source(bytes: &[u8], method: &str) -> Result<Option<String>, EditError> {
    let document = Document::decode(bytes)?;
    let outline = Outline::read(&document.text)?;
    Ok(method::source(&outline, method))
}

/// A replacement in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Splice {
    at: Range<usize>,
    with: String,
}

/// The text with replacements, which are in order and do not overlap.
fn spliced(text: &str, splices: &[Splice]) -> String {
    let mut after = String::with_capacity(text.len());
    let mut at = 0;
    for splice in splices {
        after.push_str(&text[at..splice.at.start]);
        after.push_str(&splice.with);
        at = splice.at.end;
    }
    after + &text[at..]
}
