//! What a run may read, as folders list it: names, sizes and times, without opening a file.

use super::kind::{Kind, ends_with_ignore_case};
use super::roots::root_folder;
use super::walk::{FoundModel, scan};
use super::{SourceError, enums, labels};
use std::collections::BTreeSet;
use std::fs::{DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What a file looks like from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A file.
    File {
        /// Bytes.
        size: u64,
        /// When it was last changed, where the file system tells.
        modified: Option<SystemTime>,
    },
    /// A file or folder of which nothing can be said now, though it is there.
    Unreadable,
}

impl From<Metadata> for Mark {
    fn from(metadata: Metadata) -> Self {
        Self::File { size: metadata.len(), modified: metadata.modified().ok() }
    }
}

/// The file at `path`; nothing where there is none.
pub fn mark(path: &Path) -> Option<Mark> {
    or_unreadable(std::fs::metadata(path).map(Mark::from))
}

/// What is not there is nothing; of anything else that fails only so much is known.
fn or_unreadable(found: io::Result<Mark>) -> Option<Mark> {
    match found {
        Ok(mark) => Some(mark),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => Some(Mark::Unreadable),
    }
}

/// Every file below a metadata root that a run may read, in no order, some perhaps twice; the root itself where it
/// is a file (a snapshot). It walks as [`super::discover`] does, and reads folders only. Nothing where the root is
/// not there.
pub fn inputs(root: &Path) -> Vec<(PathBuf, Mark)> {
    let mut found = Found::default();
    match root_folder(root).map(scan) {
        Ok(Ok(scan)) => {
            found.all.extend(scan.failures.into_iter().map(|(path, _)| (path, Mark::Unreadable)));
            scan.models.iter().for_each(|model| found.model(model));
        }
        Err(SourceError::NotAFolder { .. }) => found.file(root),
        Err(SourceError::NotFound { .. }) => {}
        Ok(Err(_)) | Err(_) => found.all.push((root.to_owned(), Mark::Unreadable)),
    }
    found.all
}

#[derive(Default)]
struct Found {
    all: Vec<(PathBuf, Mark)>,
    descriptors: BTreeSet<PathBuf>,
}

impl Found {
    fn file(&mut self, path: &Path) {
        self.all.extend(mark(path).map(|mark| (path.to_owned(), mark)));
    }

    fn model(&mut self, model: &FoundModel) {
        let descriptor = model.package.as_ref().and_then(|package| package.descriptor.as_deref());
        if let Some(folder) = descriptor.filter(|folder| !self.descriptors.contains(*folder)) {
            self.descriptors.insert(folder.to_owned());
            self.folder(folder, ".xml");
        }
        for (kind, folder) in &model.kinds {
            if *kind == Kind::LabelFile {
                let languages = labels::languages(&folder.absolute);
                languages.iter().for_each(|(_, folder)| self.folder(&folder.absolute, labels::SUFFIX));
            } else {
                self.folder(&folder.absolute, ".xml");
            }
        }
        for (_, folder) in enums::folders_of(&model.folder.absolute) {
            self.folder(&folder, ".xml");
        }
    }

    /// The files in a folder whose names end so.
    fn folder(&mut self, folder: &Path, ending: &str) {
        match std::fs::read_dir(folder) {
            Ok(entries) => {
                let wanted = entries.flatten().filter(|entry| is_named(entry, ending));
                self.all.extend(wanted.filter_map(|entry| Some((entry.path(), listed(&entry)?))));
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(_) => self.all.push((folder.to_owned(), Mark::Unreadable)),
        }
    }
}

fn is_named(entry: &DirEntry, ending: &str) -> bool {
    ends_with_ignore_case(&entry.file_name().to_string_lossy(), ending)
}

/// An entry as its folder lists it, which costs next to nothing on Windows; a link is followed.
fn listed(entry: &DirEntry) -> Option<Mark> {
    match entry.metadata() {
        Ok(metadata) if metadata.is_symlink() => mark(&entry.path()),
        metadata => or_unreadable(metadata.map(Mark::from)),
    }
}
