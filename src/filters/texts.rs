//! What is read only when a filter asks for it: the source of a method, the values of an enum.

use crate::aot::{Enumeration, read_enumeration};
use crate::edit::method_source;
use crate::source::{EnumFiles, FileId, FileSet, decode};
use std::sync::OnceLock;

/// Reads what the loaded facts do not hold.
pub trait Texts {
    /// The source of a method of a file; none where it cannot be read.
    fn method(&self, file: FileId, name: &str) -> Option<String>;
    /// The enum of this name; none where its file is not there or cannot be read.
    fn enumeration(&self, name: &str) -> Option<Enumeration>;
}

/// Reads the files of a run.
pub struct OnDisk<'a> {
    files: &'a FileSet,
    enums: OnceLock<EnumFiles>,
}

impl<'a> OnDisk<'a> {
    /// Over these files; nothing is read yet.
    pub fn new(files: &'a FileSet) -> Self {
        Self { files, enums: OnceLock::new() }
    }
}

impl Texts for OnDisk<'_> {
    fn method(&self, file: FileId, name: &str) -> Option<String> {
        let bytes = std::fs::read(&self.files.file(file)?.absolute).ok()?;
        method_source(&bytes, name).ok()?
    }

    fn enumeration(&self, name: &str) -> Option<Enumeration> {
        let enums = self.enums.get_or_init(|| EnumFiles::list(self.files));
        let bytes = std::fs::read(&enums.find(name)?.absolute).ok()?;
        read_enumeration(&decode(&bytes).ok()?).ok()
    }
}
