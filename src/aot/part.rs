//! Loading the part of the files on which a question depends, as far as memory knows what each of them mentions.

use super::load::{Loaded, Memory, models, read};
use super::outline::{Outline, Outlines, Role, called_classes};
use super::{FileFacts, Methods};
use crate::source::{FileId, FileSet, Kind, SourceFile, Stamp, in_pool};
use crate::text::NameKey;
use rayon::prelude::*;
use rustc_hash::FxHashSet;

/// When more files have changed, all are loaded, which puts them into the memory as well.
const MOST_CHANGED: usize = 256;

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
        let looks = Self { files: of_files, with_methods: with_methods.collect() };
        looks.know_all_that_is_called(files).then_some(looks)
    }

    /// The methods of each class and table that computed columns may call are known: whatever has changed calls
    /// nothing new, and is not called for the first time.
    fn know_all_that_is_called(&self, files: &FileSet) -> bool {
        let mut known: FxHashSet<NameKey> = FxHashSet::default();
        for (_, look) in &self.with_methods {
            known.extend(look.outline().name);
        }
        let called_anew = |look: &Look| match look {
            Look::Same(_) => false,
            Look::Changed(changed) => called_classes(&changed.1)
                .any(|name| !known.contains(&NameKey::of(name)) && self.has_methods(files, name)),
        };
        let all = || self.files.iter().chain(self.with_methods.iter().map(|(_, look)| look));
        if all().any(called_anew) {
            return false;
        }
        let fresh = files.files.iter().zip(&self.files).filter_map(|(file, look)| match look {
            Look::Changed(changed) if matches!(file.kind, Kind::Class | Kind::Table) => {
                Some([Some(NameKey::of(file.stem())), changed.0.name])
            }
            _ => None,
        });
        let unknown: Vec<NameKey> = fresh.flatten().flatten().filter(|name| !known.contains(name)).collect();
        unknown.is_empty()
            || !all().any(|look| unknown.iter().any(|name| look.outline().calls.contains(name)))
    }

    /// A class or table has this name.
    fn has_methods(&self, files: &FileSet, name: &str) -> bool {
        let key = NameKey::of(name);
        let mut outlines = self.files.iter().map(Look::outline);
        files.class(name).is_some()
            || outlines.any(|outline| outline.name == Some(key) && outline.role == Role::Table)
    }

    fn outlines(&self) -> Vec<&Outline> {
        self.files.iter().map(Look::outline).collect()
    }

    fn helpers(&self) -> Vec<(FileId, &Outline)> {
        self.with_methods.iter().map(|(id, look)| (*id, look.outline())).collect()
    }
}
