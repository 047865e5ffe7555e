//! From changes to the new bytes of each file.

use super::encoding::{Document, in_file};
use super::outline::Outline;
use super::paths::{entry_in_any_case, resolve};
use super::{Change, DocumentError, EditError, FileChange, NewFile, Splice, Target, TextEdit};
use super::{create, field, method, spliced};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Works out the new bytes of each file, reading the files from disk. Nothing is written.
///
/// Changes of one file are combined: edits of methods first (their ranges mean the source as it is now), then
/// new fields and methods in the order given. A change that occurs twice counts once; a file that would not
/// change is left out. The result is ordered by path.
///
/// # Errors
///
/// Any [`EditError`] but those of writing: a file that cannot be read or is not well-formed, a name that is
/// taken, a range that does not fit, a new file that exists already or whose name is none.
pub fn plan(changes: &[Change]) -> Result<Vec<FileChange>, EditError> {
    plan_with(changes, &|path| fs::read(path))
}

/// As [`plan`], with existing files from elsewhere: the bytes that an analysis has seen, so that [`apply`](super::apply())
/// notices a file that was edited since.
///
/// # Errors
///
/// As [`plan`].
pub fn plan_with(
    changes: &[Change],
    read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<Vec<FileChange>, EditError> {
    let mut files: BTreeMap<PathBuf, Group<'_>> = BTreeMap::new();
    for change in changes {
        let path = change.path();
        if let Some(file) = change.new_file() {
            file.check()?;
        }
        let group = match files.entry(resolve(path)?) {
            Entry::Occupied(group) => group.into_mut(),
            Entry::Vacant(place) => place.insert(Group { path, new: None, changes: Vec::new() }),
        };
        group.add(change)?;
    }
    let mut planned = Vec::new();
    for group in files.values() {
        planned.extend(group.planned(read)?);
    }
    planned.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(planned)
}

impl Change {
    fn path(&self) -> &Path {
        match self {
            Self::AddField { file, .. } | Self::AddMethod { file, .. } => match file {
                Target::Existing(path) => path,
                Target::New(file) => &file.path,
            },
            Self::EditMethod { file, .. } => file,
        }
    }

    fn new_file(&self) -> Option<&NewFile> {
        match self {
            Self::AddField { file: Target::New(file), .. }
            | Self::AddMethod { file: Target::New(file), .. } => Some(file),
            _ => None,
        }
    }
}

/// The changes of one file.
struct Group<'c> {
    path: &'c Path,
    new: Option<&'c NewFile>,
    changes: Vec<&'c Change>,
}

impl<'c> Group<'c> {
    fn add(&mut self, change: &'c Change) -> Result<(), EditError> {
        if let Some(file) = change.new_file() {
            let differs = |known: &NewFile| (&known.kind, &known.name) != (&file.kind, &file.name);
            if self.new.is_some_and(differs) {
                return Err(EditError::TwoNewFiles { path: self.path.to_owned() });
            }
            self.new = Some(file);
        }
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
        Ok(())
    }

    fn planned(&self, read: &dyn Fn(&Path) -> io::Result<Vec<u8>>) -> Result<Option<FileChange>, EditError> {
        let (before, mut document) = match self.new {
            Some(file) => (None, self.created(file)?),
            None => {
                let bytes =
                    read(self.path).map_err(|error| EditError::Read { path: self.path.to_owned(), error })?;
                let document = Document::decode(&bytes).map_err(in_file(self.path))?;
                (Some(bytes), document)
            }
        };
        self.edit(&mut document.text).map_err(in_file(self.path))?;
        let after = document.encode();
        let changed = before.as_ref() != Some(&after);
        Ok(changed.then(|| FileChange { path: self.path.to_owned(), before, after }))
    }

    fn created(&self, file: &NewFile) -> Result<Document, EditError> {
        let folder = file.path.parent().unwrap_or(Path::new("."));
        match entry_in_any_case(folder, &format!("{}.xml", file.name)) {
            Some(path) => Err(EditError::Exists { path }),
            None => create::document(file).map_err(in_file(self.path)),
        }
    }

    /// Applies all changes to the text.
    fn edit(&self, text: &mut String) -> Result<(), DocumentError> {
        let methods = self.edited_methods();
        if !methods.is_empty() {
            let mut splices = Vec::new();
            let outline = Outline::read(text)?;
            for (name, edits) in methods.values() {
                splices.extend(method::edit(&outline, name, edits)?);
            }
            splices.sort_by_key(|splice| splice.at.start);
            *text = spliced(text, &splices);
        }
        for change in &self.changes {
            let outline = Outline::read(text)?;
            if let Some(splice) = added(&outline, change)? {
                *text = spliced(text, &[splice]);
            }
        }
        Outline::read(text).map(|_| ())
    }

    /// The edits of each method, by its name in lower case.
    fn edited_methods(&self) -> BTreeMap<String, (&'c str, Vec<&'c TextEdit>)> {
        let mut methods: BTreeMap<String, (&str, Vec<&TextEdit>)> = BTreeMap::new();
        for change in &self.changes {
            if let Change::EditMethod { method, edits, .. } = change {
                let key = method.trim().to_ascii_lowercase();
                methods.entry(key).or_insert((method, Vec::new())).1.extend(edits);
            }
        }
        methods
    }
}

/// What a change adds to the document.
fn added(outline: &Outline<'_>, change: &Change) -> Result<Option<Splice>, DocumentError> {
    match change {
        Change::AddField { field, .. } => field::add(outline, field).map(Some),
        Change::AddMethod { name, source, .. } => method::add(outline, name, source).map(Some),
        Change::EditMethod { .. } => Ok(None),
    }
}
