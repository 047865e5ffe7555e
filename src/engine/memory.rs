//! What is known before a file is opened: snapshots that stand for roots, and the cache.

use crate::aot::{FileFacts, Memory, Methods, ModelInfo, Outline, Read};
use crate::cache::{Cache, Snapshot, SnapshotError, is_snapshot};
use crate::problem::{Code, LocalProblem};
use crate::source::{FileId, FileSet, Position, RootSource, SourceFile, Stamp};
use std::ops::Range;
use std::path::PathBuf;

/// Opens the roots that are snapshots; the others are folders, to be walked.
pub(super) fn open_roots(roots: &[PathBuf]) -> Result<(Vec<RootSource>, Vec<Opened>), SnapshotError> {
    let (mut sources, mut opened, mut root) = (Vec::new(), Vec::new(), 0);
    for given in roots {
        if !is_snapshot(given) {
            sources.push(RootSource::Folder(given.clone()));
            root += 1;
            continue;
        }
        let mut snapshot = Snapshot::open(given)?;
        let listing = snapshot.take_listing();
        let roots = root..root + listing.roots;
        root = roots.end;
        opened.push(Opened { snapshot, roots, first_file: 0, models: 0..0 });
        sources.push(RootSource::Listed { given: given.clone(), listing });
    }
    Ok((sources, opened))
}

/// A snapshot and the part of the files that it stands for.
pub(super) struct Opened {
    snapshot: Snapshot,
    roots: Range<u32>,
    first_file: usize,
    models: Range<usize>,
}

/// Everything that is known.
pub(super) struct Known {
    snapshots: Vec<Opened>,
    cache: Option<Cache>,
}

impl Known {
    pub(super) fn new(mut snapshots: Vec<Opened>, cache: Option<Cache>, files: &FileSet) -> Self {
        for opened in &mut snapshots {
            let roots = &opened.roots;
            opened.first_file = files.files.partition_point(|file| file.root < roots.start);
            let first = files.models.iter().position(|model| roots.contains(&model.root)).unwrap_or(0);
            let count = files.models.iter().filter(|model| roots.contains(&model.root)).count();
            opened.models = first..first + count;
        }
        Self { snapshots, cache: cache.and_then(|cache| cache.of(files)) }
    }

    /// All files will be asked for.
    pub(super) fn read_ahead(&mut self) {
        if let Some(cache) = &mut self.cache {
            cache.read_ahead();
        }
    }

    /// Writes what was learned.
    pub(super) fn save(&mut self, files: &FileSet) {
        if let Some(cache) = self.cache.take() {
            cache.save(files);
        }
    }

    /// The text of a label that a snapshot keeps.
    pub(super) fn kept_label(&self, id: &str) -> Option<&str> {
        self.snapshots.iter().find_map(|opened| opened.snapshot.label(id))
    }

    fn snapshot_of(&self, file: &SourceFile) -> Option<&Opened> {
        self.snapshots.iter().find(|opened| opened.roots.contains(&file.root))
    }
}

impl Opened {
    fn facts(&self, id: FileId, wanted: Methods) -> Option<FileFacts> {
        let position = (id.0 as usize).checked_sub(self.first_file)?;
        let mut facts = self.snapshot.facts(position)?;
        if wanted == Methods::All {
            facts.set_methods(self.snapshot.methods(position)?);
        }
        Some(facts)
    }
}

impl Memory for Known {
    fn remembers(&self) -> bool {
        self.cache.is_some()
    }

    fn stamp(&self, file: &SourceFile) -> Option<Stamp> {
        self.cache.as_ref()?;
        file.stamp
    }

    fn recall(
        &self,
        id: FileId,
        file: &SourceFile,
        wanted: Methods,
        stamp: Option<Stamp>,
    ) -> Option<FileFacts> {
        if let Some(opened) = self.snapshot_of(file) {
            return Some(opened.facts(id, wanted).unwrap_or_else(|| lost(file)));
        }
        self.cache.as_ref()?.recall(id, file, wanted, stamp?)
    }

    fn keep(&self, id: FileId, file: &SourceFile, wanted: Methods, read: Read<'_>) {
        if let Some(cache) = &self.cache {
            cache.keep(id, file, wanted, read);
        }
    }

    fn outline(&self, id: FileId, wanted: Methods, stamp: Stamp) -> Option<&Outline> {
        self.cache.as_ref()?.outline(id, wanted, stamp)
    }

    fn knew(&self, id: FileId) -> Option<&Outline> {
        self.cache.as_ref()?.knew(id)
    }

    fn with_methods(&self) -> Vec<FileId> {
        self.cache.iter().flat_map(Cache::with_methods).collect()
    }

    fn lost_helpers(&self) -> bool {
        self.cache.as_ref().is_some_and(Cache::lost_helpers)
    }

    fn model(&self, model: usize) -> Option<ModelInfo> {
        let opened = self.snapshots.iter().find(|opened| opened.models.contains(&model))?;
        opened.snapshot.model(model - opened.models.start).cloned()
    }
}

/// A part of a snapshot that cannot be read.
fn lost(file: &SourceFile) -> FileFacts {
    let problem = LocalProblem::new(Code::UnreadableFile, Position { line: 1, column: 1 });
    let problem = problem.with("path", &file.path).with("reason", "this part of the snapshot is damaged");
    FileFacts { problems: vec![problem], ..FileFacts::default() }
}
