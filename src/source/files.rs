//! The files of a run, and the roots, packages and models that they belong to.

use super::{FileId, Kind};
use crate::problem::Problem;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use std::fs::Metadata;
use std::path::PathBuf;
use std::time::SystemTime;

/// Everything that the metadata roots hold for us. Files are sorted by (root, path: ASCII lower case, then
/// bytes), so that of two definitions the one with the lower [`FileId`] counts (SPEC 2.5).
#[derive(Debug, Default)]
pub struct FileSet {
    /// The roots, in the order in which they were named.
    pub roots: Vec<Root>,
    /// The packages that hold models, by (root, path).
    pub packages: Vec<Package>,
    /// The models, by (root, path).
    pub models: Vec<Model>,
    /// The files, indexed by [`FileId`].
    pub files: Vec<SourceFile>,
    /// What went wrong on the way: folders that cannot be listed, folders reached twice.
    pub problems: Vec<Problem>,
    pub(super) classes: FxHashMap<Box<str>, FileId>,
}

/// A metadata root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// As named by the user.
    pub given: PathBuf,
    /// Made absolute; links are not resolved.
    pub absolute: PathBuf,
    /// It stands for a root that was walked elsewhere: its files cannot be opened.
    pub listed: bool,
}

/// A package: the folder that holds `Descriptor` and the model folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Index into [`FileSet::roots`].
    pub root: u32,
    /// Name of the folder.
    pub name: Box<str>,
    /// Path relative to the root with `/`; empty when the root is the package.
    pub path: Box<str>,
    /// `Descriptor/*.xml`, in path order.
    pub descriptors: Vec<PathBuf>,
}

/// A model folder. Its name in output comes from its descriptor, see [`crate::aot::ModelInfo`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Index into [`FileSet::roots`].
    pub root: u32,
    /// Index into [`FileSet::packages`]; `None` when the root is itself the model.
    pub package: Option<u32>,
    /// Name of the folder.
    pub folder_name: Box<str>,
    /// Path relative to the root with `/`; empty when the root is the model.
    pub path: Box<str>,
    /// Its label texts, in path order.
    pub labels: Vec<LabelText>,
}

/// A file of label texts: `AxLabelFile/LabelResources/<language>/<file>.<language>.label.txt`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelText {
    /// The label file that a label id names: `@File:Id`.
    pub file: Box<str>,
    /// Language folder, for example `en-US`.
    pub language: Box<str>,
    /// Path relative to the root, with `/`.
    pub path: Box<str>,
    /// Where to open it.
    pub absolute: PathBuf,
}

/// A metadata file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Index into [`FileSet::roots`].
    pub root: u32,
    /// Index into [`FileSet::models`].
    pub model: u32,
    /// Kind of the folder; the kind of the element is that of its XML root.
    pub kind: Kind,
    /// Path relative to the root, with `/`.
    pub path: Box<str>,
    /// Where to open it.
    pub absolute: PathBuf,
    /// What it looked like when it was found; `None` where nobody asked, or it cannot be said.
    pub stamp: Option<Stamp>,
}

/// What a file looks like without being opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// When it was last changed.
    pub modified: SystemTime,
}

impl Stamp {
    /// The stamp in what the file system says; `None` where it does not know times.
    pub(super) fn of(metadata: &Metadata) -> Option<Self> {
        Some(Self { size: metadata.len(), modified: metadata.modified().ok()? })
    }
}

impl SourceFile {
    /// The file name without `.xml`: the element's name when the file has no `<Name>`.
    pub fn stem(&self) -> &str {
        stem(self.path.rsplit('/').next().unwrap_or_default())
    }
}

/// A file name without its last extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

impl FileSet {
    /// The file with this id.
    pub fn file(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files with their ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        (0..).map(FileId).zip(&self.files)
    }

    /// The file of a class, by file name in any case: the first root, then the lowest path.
    pub fn class(&self, name: &str) -> Option<FileId> {
        self.classes.get(name.to_ascii_lowercase().as_str()).copied()
    }

    /// Numbers the files and indexes the classes. `files` must be sorted.
    pub(super) fn set_files(&mut self, files: Vec<SourceFile>) {
        self.files = files;
        let mut classes = FxHashMap::default();
        for (id, file) in self.ids().filter(|(_, file)| file.kind == Kind::Class) {
            classes.entry(file.stem().to_ascii_lowercase().into()).or_insert(id);
        }
        self.classes = classes;
    }
}

#[cfg(test)]
mod tests {
    use super::{FileSet, SourceFile};
    use crate::source::{FileId, Kind};

    fn class(root: u32, path: &str) -> SourceFile {
        SourceFile {
            root,
            model: 0,
            kind: Kind::Class,
            path: path.into(),
            absolute: path.into(),
            stamp: None,
        }
    }

    #[test]
    fn the_stem_keeps_the_suffix_of_an_extension() {
        assert_eq!(class(0, "P/M/AxClass/Cust.My.XML").stem(), "Cust.My");
        assert_eq!(class(0, "a/b.c/odd").stem(), "odd");
    }

    #[test]
    fn the_first_root_and_path_own_a_class_name() {
        let mut files = FileSet::default();
        files.set_files(vec![
            class(0, "B/AxClass/Helper.xml"),
            class(0, "C/AxClass/HELPER.xml"),
            class(1, "A"),
        ]);
        assert_eq!(files.class("hElPeR"), Some(FileId(0)));
        assert_eq!(files.class("other"), None);
        assert_eq!(files.file(FileId(2)).map(SourceFile::stem), Some("A"));
        assert_eq!(files.file(FileId(3)), None);
    }
}
