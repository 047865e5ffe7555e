//! Loading the part of the files on which a question depends, as far as memory knows what each of them mentions.

use super::load::{Loaded, Memory, models, read, read_on_demand};
use super::outline::{Outline, Outlines, Role, calls};
use super::{FileFacts, Methods};
use crate::source::{FileId, FileSet, Kind, SourceFile, Stamp, in_pool};
use crate::text::{NameKey, Symbol};
use crate::xpp::{Method, Qualifier};
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// When more files have changed, all are loaded, which puts them into the memory as well.
const MOST_CHANGED: usize = 256;
/// So many calls of what has changed are followed.
const MOST_CALLS: usize = 1_000;

/// Loads the files that `choose` picks by what files mention, and says what else it says. `None` when memory does not
/// know enough.
pub fn load_part<T: Send>(
    files: &FileSet,
    threads: usize,
    memory: &dyn Memory,
    choose: impl FnOnce(Outlines<'_>) -> (Vec<bool>, T) + Send,
) -> Option<(Loaded, T)> {
    in_pool(threads, || {
        let looks = Looks::take(files, memory)?;
        let outlines = looks.outlines();
        let (wanted, more) = choose(Outlines { files: &outlines, helpers: &looks.helpers() });
        let without_writes = outlines.iter().map(|outline| outline.mentions_writes == Some(false)).collect();
        let chosen = looks.files.into_iter().zip(files.ids()).zip(wanted).filter(|(_, is_wanted)| *is_wanted);
        let chosen: Vec<_> = chosen.map(|(file, _)| file).collect();
        let facts_of = |(look, (id, file)): (Look<'_>, (FileId, &SourceFile))| match look {
            Look::Same(_) => (id, read(id, file, Methods::None, memory)),
            Look::Changed(changed) => (id, changed.1),
        };
        let facts = chosen.into_par_iter().map(facts_of).collect();
        Some((Loaded { facts, without_writes, ..models(files, memory) }, more))
    })
}

/// A file at first sight.
enum Look<'m> {
    /// It has not changed.
    Same(&'m Outline),
    /// It was read.
    Changed(Box<(Outline, FileFacts)>),
}

impl Look<'_> {
    fn outline(&self) -> &Outline {
        match self {
            Look::Same(outline) => outline,
            Look::Changed(changed) => &changed.0,
        }
    }
}

/// All files at first sight.
struct Looks<'m> {
    files: Vec<Look<'m>>,
    /// Classes and tables, with all their methods.
    with_methods: Vec<(FileId, Look<'m>)>,
}

impl<'m> Looks<'m> {
    fn take(files: &FileSet, memory: &'m dyn Memory) -> Option<Self> {
        let ids: Vec<(FileId, &SourceFile)> = files.ids().collect();
        let stamps: Vec<Option<Stamp>> = ids.iter().map(|(_, file)| memory.stamp(file)).collect();
        let same = |id: FileId, wanted| memory.outline(id, wanted, stamps[id.0 as usize]?);
        let known: Vec<Option<&Outline>> = ids.iter().map(|(id, _)| same(*id, Methods::None)).collect();
        if known.iter().filter(|outline| outline.is_none()).count() > MOST_CHANGED {
            return None;
        }
        let look = |id: FileId, file: &SourceFile, wanted, same: Option<&'m Outline>| match same {
            Some(outline) => Look::Same(outline),
            None => {
                let facts = read(id, file, wanted, memory);
                Look::Changed(Box::new((Outline::of(file, wanted, &facts), facts)))
            }
        };
        let of_files: Vec<Look> = ids
            .par_iter()
            .zip(known)
            .map(|((id, file), outline)| look(*id, file, Methods::None, outline))
            .collect();
        let with_methods = memory.with_methods().into_iter().filter_map(|id| {
            let file = files.file(id)?;
            Some((id, look(id, file, Methods::All, same(id, Methods::All))))
        });
        let mut looks = Self { files: of_files, with_methods: with_methods.collect() };
        let is_known = !memory.lost_helpers() && !looks.has_new_helpers(files, memory);
        (is_known && looks.follow_calls(files, memory)).then_some(looks)
    }

    fn all(&self) -> impl Iterator<Item = &Look<'m>> {
        self.files.iter().chain(self.with_methods.iter().map(|(_, look)| look))
    }

    /// A class or table is there for the first time under a name that somebody calls: whoever does now calls it.
    fn has_new_helpers(&self, files: &FileSet, memory: &dyn Memory) -> bool {
        let new_name = |((id, file), look): ((FileId, &SourceFile), &Look)| {
            let (outline, old) = (look.outline(), memory.knew(id));
            let is_new = old.is_none_or(|old| (old.role, old.name) != (outline.role, outline.name));
            match (file.kind, outline.role) {
                (Kind::Class, _) if old.is_none() => Some(NameKey::of(file.stem())),
                (_, Role::Table) if is_new && outline.adds_to.is_none() => outline.name,
                _ => None,
            }
        };
        let new: FxHashSet<NameKey> = files.ids().zip(&self.files).filter_map(new_name).collect();
        !new.is_empty() && self.all().any(|look| look.outline().calls.iter().any(|name| new.contains(name)))
    }

    /// Takes up the classes and tables whose methods are called by what has changed, and those that these methods
    /// call; false when they are too many.
    fn follow_calls(&mut self, files: &FileSet, memory: &dyn Memory) -> bool {
        let changed = self.all().filter_map(|look| match look {
            Look::Same(_) => None,
            Look::Changed(changed) => Some(&changed.1),
        });
        let mut todo: Vec<Call> = changed.flat_map(FileFacts::methods).flat_map(static_calls).collect();
        let mut known: FxHashSet<FileId> = self.with_methods.iter().map(|(id, _)| *id).collect();
        let mut seen = FxHashSet::default();
        while let Some(call) = todo.pop() {
            if !seen.insert((call.owner.name(), call.method.name())) {
                continue;
            }
            let Some(file) = self.helper(files, &call.owner) else { continue };
            let facts = read_on_demand(files, file, memory);
            todo.extend(calls_in(&facts, &call));
            if known.insert(file) {
                let Some(source) = files.file(file) else { continue };
                let look = Look::Changed(Box::new((Outline::of(source, Methods::All, &facts), facts)));
                self.with_methods.push((file, look));
            }
            if seen.len() > MOST_CALLS {
                return false;
            }
        }
        true
    }

    /// The file of a class, else of a table.
    fn helper(&self, files: &FileSet, name: &str) -> Option<FileId> {
        let key = NameKey::of(name);
        let is_table = |outline: &Outline| {
            outline.name == Some(key) && outline.role == Role::Table && outline.adds_to.is_none()
        };
        let table = || self.files.iter().position(|look| is_table(look.outline()));
        files.class(name).or_else(|| Some(FileId(u32::try_from(table()?).ok()?)))
    }

    fn outlines(&self) -> Vec<&Outline> {
        self.files.iter().map(Look::outline).collect()
    }

    fn helpers(&self) -> Vec<(FileId, &Outline)> {
        self.with_methods.iter().map(|(id, look)| (*id, look.outline())).collect()
    }
}

/// A method of a class or table that is called.
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
