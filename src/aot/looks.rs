//! Files at first sight: what memory knows of them, or what their first bytes say. Those that turn out to matter
//! are read.

use super::head::head;
use super::load::{Memory, read, read_on_demand};
use super::outline::{Outline, Role, calls};
use super::{FileFacts, Methods};
use crate::source::{FileId, FileSet, Kind, SourceFile};
use crate::text::{NameKey, Symbol};
use crate::xpp::{Method, Qualifier};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

/// When more files have changed, all are loaded, which puts them into the memory as well.
const MOST_CHANGED: usize = 256;
/// So many calls of what was read are followed.
const MOST_CALLS: usize = 10_000;

/// A file at first sight.
pub(super) enum Look<'m> {
    /// It has not changed.
    Same(&'m Outline),
    /// Its first bytes were read.
    Head(Box<Outline>),
    /// It was read.
    Read(Box<(Outline, FileFacts)>),
}

impl Look<'_> {
    fn read(file: &SourceFile, wanted: Methods, facts: FileFacts) -> Self {
        Look::Read(Box::new((Outline::of(file, wanted, &facts), facts)))
    }

    fn outline(&self) -> &Outline {
        match self {
            Look::Same(outline) => outline,
            Look::Head(outline) => outline,
            Look::Read(read) => &read.0,
        }
    }
}

/// All files at first sight, each by the number of its [`FileId`]; after them classes and tables, with all their
/// methods.
pub struct Looks<'m> {
    files: &'m FileSet,
    memory: &'m dyn Memory,
    all: Vec<(FileId, Look<'m>)>,
    /// Tables by name, as soon as somebody asks.
    tables: Option<FxHashMap<NameKey, FileId>>,
    calls: Calls,
}

/// The methods that what was read calls.
#[derive(Default)]
struct Calls {
    seen: FxHashSet<Call>,
    /// The looks at the classes and tables that have the methods.
    owners: FxHashMap<FileId, usize>,
}

impl<'m> Looks<'m> {
    /// Looks at all files; `None` when memory does not know enough.
    pub(super) fn take(files: &'m FileSet, memory: &'m dyn Memory) -> Option<Self> {
        if memory.remembers() { Self::remembered(files, memory) } else { Some(Self::glanced(files, memory)) }
    }

    fn new(files: &'m FileSet, memory: &'m dyn Memory, looks: Vec<Look<'m>>) -> Self {
        let all = (0..).map(FileId).zip(looks).collect();
        Self { files, memory, all, tables: None, calls: Calls::default() }
    }

    /// Nothing is known: each file is opened, and read no further than to its name.
    fn glanced(files: &'m FileSet, memory: &'m dyn Memory) -> Self {
        let ids: Vec<(FileId, &SourceFile)> = files.ids().collect();
        let look = |(id, file): &(FileId, &SourceFile)| match memory.recall(*id, file, Methods::None, None) {
            Some(facts) => Look::read(file, Methods::None, facts),
            None => match head(file) {
                Some(outline) => Look::Head(Box::new(outline)),
                None => look_into(*id, file, Methods::None, memory),
            },
        };
        Self::new(files, memory, ids.par_iter().map(look).collect())
    }

    /// What has changed is read.
    fn remembered(files: &'m FileSet, memory: &'m dyn Memory) -> Option<Self> {
        let ids: Vec<(FileId, &SourceFile)> = files.ids().collect();
        let same = |id: FileId, file: &SourceFile, wanted| memory.outline(id, wanted, memory.stamp(file)?);
        let known: Vec<Option<&Outline>> =
            ids.par_iter().map(|(id, file)| same(*id, file, Methods::None)).collect();
        if known.iter().filter(|outline| outline.is_none()).count() > MOST_CHANGED {
            return None;
        }
        let look = |id: FileId, file: &SourceFile, wanted, same: Option<&'m Outline>| match same {
            Some(outline) => Look::Same(outline),
            None => look_into(id, file, wanted, memory),
        };
        let zipped = ids.par_iter().zip(known);
        let of_files = zipped.map(|((id, file), outline)| look(*id, file, Methods::None, outline)).collect();
        let mut looks = Self::new(files, memory, of_files);
        for id in memory.with_methods() {
            let Some(file) = files.file(id) else { continue };
            looks.calls.owners.insert(id, looks.len());
            let same = same(id, file, Methods::All);
            looks.all.push((id, look(id, file, Methods::All, same)));
        }
        let is_known = !memory.lost_helpers() && !looks.has_new_helpers();
        let changed = 0..looks.len();
        (is_known && looks.follow_calls(changed)).then_some(looks)
    }

    /// The outlines of so many files, and of what is called, to be looked at by a test.
    #[cfg(test)]
    pub(crate) fn with<T>(
        files: usize,
        outlines: Vec<(FileId, Outline)>,
        test: impl FnOnce(&mut Looks) -> T,
    ) -> T {
        let file = SourceFile {
            root: 0,
            model: 0,
            kind: Kind::Table,
            path: "".into(),
            absolute: "".into(),
            stamp: None,
        };
        let mut set = FileSet::default();
        set.files = vec![file; files];
        let mut looks = Looks::new(&set, &super::NoMemory, Vec::new());
        let read = |(file, outline)| (file, Look::Read(Box::new((outline, FileFacts::default()))));
        looks.all = outlines.into_iter().map(read).collect();
        test(&mut looks)
    }

    /// How many files there are; what is called comes after them.
    pub fn files(&self) -> usize {
        self.files.files.len()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// There are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The file.
    pub fn file(&self, look: usize) -> FileId {
        self.all[look].0
    }

    /// What is known of it.
    pub fn outline(&self, look: usize) -> &Outline {
        self.all[look].1.outline()
    }

    /// Reads those of them of which no more is known than who they are, and looks at what they call; false when
    /// that is too much.
    pub fn read(&mut self, looks: impl IntoIterator<Item = usize>) -> bool {
        let is_head = |look: &usize| matches!(self.all[*look].1, Look::Head(_));
        let mut heads: Vec<usize> = looks.into_iter().filter(is_head).collect();
        heads.sort_unstable();
        heads.dedup();
        let (files, memory) = (self.files, self.memory);
        let ids = heads.iter().map(|look| self.all[*look].0);
        let to_read: Vec<(FileId, &SourceFile)> = ids.filter_map(|id| Some((id, files.file(id)?))).collect();
        let found: Vec<Look> =
            to_read.par_iter().map(|(id, file)| look_into(*id, file, Methods::None, memory)).collect();
        for (look, found) in heads.iter().zip(found) {
            self.all[*look].1 = found;
        }
        self.follow_calls(heads)
    }

    /// The facts of the files that are wanted, by [`FileId`].
    pub(super) fn into_facts(mut self, wanted: &[bool]) -> Vec<(FileId, FileFacts)> {
        let memory = self.memory;
        let looks = self.all.drain(..self.files.files.len()).zip(wanted).filter(|(_, is_wanted)| **is_wanted);
        let chosen: Vec<_> =
            looks.filter_map(|((id, look), _)| Some((id, self.files.file(id)?, look))).collect();
        let facts_of = |(id, file, look): (FileId, &SourceFile, Look<'_>)| match look {
            Look::Same(_) | Look::Head(_) => (id, read(id, file, Methods::None, memory)),
            Look::Read(read) => (id, read.1),
        };
        chosen.into_par_iter().map(facts_of).collect()
    }

    /// A class or table is there for the first time under a name that somebody calls: whoever does now calls it.
    fn has_new_helpers(&self) -> bool {
        let new_name = |((id, file), (_, look)): ((FileId, &SourceFile), &(FileId, Look))| {
            let (outline, old) = (look.outline(), self.memory.knew(id));
            let is_new = old.is_none_or(|old| (old.role, old.name) != (outline.role, outline.name));
            match (file.kind, outline.role) {
                (Kind::Class, _) if old.is_none() => Some(NameKey::of(file.stem())),
                (_, Role::Table) if is_new && outline.adds_to.is_none() => outline.name,
                _ => None,
            }
        };
        let new: FxHashSet<NameKey> = self.files.ids().zip(&self.all).filter_map(new_name).collect();
        let calls_new = |look: &Look| look.outline().calls.iter().any(|name| new.contains(name));
        !new.is_empty() && self.all.iter().any(|(_, look)| calls_new(look))
    }

    /// Takes up the classes and tables whose methods are called by what was read, and those that these methods
    /// call; false when they are too many.
    fn follow_calls(&mut self, read: impl IntoIterator<Item = usize>) -> bool {
        let facts = read.into_iter().filter_map(|look| match &self.all[look].1 {
            Look::Same(_) | Look::Head(_) => None,
            Look::Read(read) => Some(&read.1),
        });
        let mut todo: Vec<Call> = facts.flat_map(FileFacts::methods).flat_map(static_calls).collect();
        while let Some(call) = todo.pop() {
            if self.calls.seen.contains(&call) {
                continue;
            }
            let owner = self.owner(&call.owner);
            self.calls.seen.insert(call.clone());
            let Some(file) = owner else { continue };
            todo.extend(self.called_by(file, &call));
            if self.calls.seen.len() > MOST_CALLS {
                return false;
            }
        }
        true
    }

    /// What a method of a class or table calls. The class or table is taken up.
    fn called_by(&mut self, file: FileId, call: &Call) -> Vec<Call> {
        let known = self.calls.owners.get(&file).map(|look| &self.all[*look].1);
        if let Some(Look::Read(read)) = known {
            return calls_in(&read.1, call);
        }
        let is_new = known.is_none();
        let facts = read_on_demand(self.files, file, self.memory);
        let calls = calls_in(&facts, call);
        if let Some(source) = self.files.file(file).filter(|_| is_new) {
            self.calls.owners.insert(file, self.all.len());
            self.all.push((file, Look::read(source, Methods::All, facts)));
        }
        calls
    }

    /// The file of a class, else of a table.
    fn owner(&mut self, name: &str) -> Option<FileId> {
        if let Some(class) = self.files.class(name) {
            return Some(class);
        }
        let (all, files) = (&self.all, self.files.files.len());
        let tables = self.tables.get_or_insert_with(|| {
            let is_table = |outline: &Outline| outline.role == Role::Table && outline.adds_to.is_none();
            let named = |(id, look): &(FileId, Look)| {
                let outline = look.outline();
                is_table(outline).then_some((outline.name?, *id))
            };
            // The first of a name counts.
            all[..files].iter().rev().filter_map(named).collect()
        });
        tables.get(&NameKey::of(name)).copied()
    }
}

fn look_into<'m>(id: FileId, file: &SourceFile, wanted: Methods, memory: &dyn Memory) -> Look<'m> {
    Look::read(file, wanted, read(id, file, wanted, memory))
}

/// A method of a class or table that is called.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Call {
    owner: Symbol,
    method: Symbol,
}

/// What a method calls by the name of a class or table.
fn static_calls(method: &Method) -> impl Iterator<Item = Call> {
    calls(method).filter_map(|(qualifier, method)| match qualifier {
        Qualifier::Static(owner) => Some(Call { owner: owner.clone(), method: method.clone() }),
        Qualifier::None | Qualifier::This => None,
    })
}

/// What the method that is called calls itself.
fn calls_in(facts: &FileFacts, call: &Call) -> Vec<Call> {
    let called = facts.methods().iter().filter(|method| method.name.eq_ignore_ascii_case(&call.method));
    let all = called.flat_map(calls).map(|(qualifier, method)| {
        let owner = match qualifier {
            Qualifier::Static(owner) => owner,
            Qualifier::None | Qualifier::This => &call.owner,
        };
        Call { owner: owner.clone(), method: method.clone() }
    });
    all.collect()
}
