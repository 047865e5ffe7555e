//! AOT XML to typed facts, one file per kind.
//!
//! [`load()`] reads all files of a [`crate::source::FileSet`]; [`read_file`] turns the text of one file into
//! [`FileFacts`]; [`read_on_demand`] loads the class or table that a computed column calls into. Loading lives
//! here and not in [`crate::source`], because it needs both the files and the readers, and `source` comes first.

mod class;
mod code;
mod cursor;
mod data_source;
mod descriptor;
mod entity;
mod enumeration;
mod extension;
pub mod facts;
mod fault;
mod file;
mod head;
mod load;
mod looks;
mod outline;
mod part;
mod query;
mod range;
mod relation;
mod scan;
mod skip;
mod table;
mod value_type;
mod view;

#[cfg(test)]
mod second_opinion;

pub use class::mentions_extension;
pub use code::{CodeFile, CodeScan, WRITE_WORDS, read_code, read_unit_in, read_unit_of, search_code};
pub use descriptor::{Descriptor, ModelInfo, read_descriptor};
pub use enumeration::{EnumNumber, Enumeration, read_enumeration};
pub use facts::*;
pub use file::{Methods, read_file};
pub use load::{Loaded, Memory, NoMemory, Read, load, read_on_demand};
pub use looks::Looks;
pub use outline::{EntityNames, Outline, Role};
pub use part::load_part;
pub use value_type::{EditRules, FieldKind, ValueType};
