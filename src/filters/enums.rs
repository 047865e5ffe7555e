//! Enums, whose files are read only when a filter names one.

use crate::aot::{Enumeration, read_enumeration};
use crate::source::{EnumFiles, FileSet, decode};
use std::sync::OnceLock;

/// Knows enums by name.
pub trait Enums {
    /// The enum of this name; none where its file is not there or cannot be read.
    fn find(&self, name: &str) -> Option<Enumeration>;
}

/// Reads the enum files of a run. Roots that are snapshots have none.
pub struct EnumsOnDisk<'a> {
    files: &'a FileSet,
    listed: OnceLock<EnumFiles>,
}

impl<'a> EnumsOnDisk<'a> {
    /// Over these files; nothing is read yet.
    pub fn new(files: &'a FileSet) -> Self {
        Self { files, listed: OnceLock::new() }
    }
}

impl Enums for EnumsOnDisk<'_> {
    fn find(&self, name: &str) -> Option<Enumeration> {
        let files = self.listed.get_or_init(|| EnumFiles::list(self.files));
        let bytes = std::fs::read(&files.find(name)?.absolute).ok()?;
        read_enumeration(&decode(&bytes).ok()?).ok()
    }
}
