//! What nobody can do without: the same files and bytes, and no work.

use dualtrack::source::{FileSet, RootSource, discover, in_pool};
use quick_xml::Reader;
use quick_xml::events::Event;
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The files of a tree.
pub(crate) struct Floors {
    root: PathBuf,
    files: Vec<PathBuf>,
}

/// How long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed()
}

impl Floors {
    pub(crate) fn new(root: &Path) -> Self {
        let set: FileSet = discover(vec![RootSource::Folder(root.to_owned())], 0).expect("a root");
        let descriptors = set.packages.iter().flat_map(|package| &package.descriptors).cloned();
        let files = set.files.iter().map(|file| file.absolute.clone()).chain(descriptors).collect();
        Self { root: root.to_owned(), files }
    }

    pub(crate) fn files(&self) -> usize {
        self.files.len()
    }

    /// Reads every byte with the pool that the tool uses.
    pub(crate) fn read(&self) -> Duration {
        let bytes = |path| fs::read(path).expect("a file").len();
        timed(|| in_pool(0, || self.files.par_iter().map(bytes).sum::<usize>()))
    }

    /// Lists every folder, those that the tool passes over too.
    pub(crate) fn walk(&self) -> Duration {
        timed(|| in_pool(0, || entries_below(&self.root)))
    }

    /// Asks for size and time of each file that is read: how one learns that nothing has changed.
    pub(crate) fn stat(&self) -> Duration {
        let size = |path| fs::metadata(path).expect("a file").len();
        timed(|| in_pool(0, || self.files.par_iter().map(size).sum::<u64>()))
    }

    /// Reads every byte and lets a parser's events pass by.
    pub(crate) fn events(&self) -> Duration {
        timed(|| in_pool(0, || self.files.par_iter().map(|path| events(path)).sum::<usize>()))
    }

    /// Writes files of these sizes into a new folder.
    pub(crate) fn write(contents: &[Vec<u8>], below: &Path) -> Duration {
        let folder = tempfile::tempdir_in(below).expect("a temporary folder");
        timed(|| {
            for (number, content) in contents.iter().enumerate() {
                fs::write(folder.path().join(number.to_string()), content).expect("a file is written");
            }
        })
    }
}

fn entries_below(folder: &Path) -> usize {
    let entries: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().collect();
    let folders: Vec<PathBuf> = entries
        .iter()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(fs::DirEntry::path)
        .collect();
    entries.len() + folders.par_iter().map(|folder| entries_below(folder)).sum::<usize>()
}

fn events(path: &Path) -> usize {
    let bytes = fs::read(path).expect("a file");
    let text = std::str::from_utf8(&bytes).expect("UTF-8");
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut count = 0;
    while !matches!(reader.read_event().expect("XML"), Event::Eof) {
        count += 1;
    }
    count
}
