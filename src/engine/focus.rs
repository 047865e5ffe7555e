//! Which files a question depends on, by the names that files mention.
//!
//! Verdicts on an element depend on what it uses, on what that uses, and on all that extends any of them. Whatever is
//! said of a change of a table depends on everything that reads the table: names of new fields do too, since a plan
//! uses those that an earlier plan gave for the same record. Too many files do no harm; a name that is missing is
//! noticed by the catalog.

use crate::aot::{EntityNames, Outline, Outlines, Role};
use crate::source::FileId;
use crate::text::NameKey;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

/// What a question is about.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// Elements, by their names.
    pub elements: Vec<NameKey>,
    /// Tables with all that reads them, by their names.
    pub tables: Vec<NameKey>,
}

/// The files to load, and what is left out.
pub(super) struct Choice {
    pub(super) wanted: Vec<bool>,
    /// Names of elements, queries and classes.
    pub(super) left_out: Vec<NameKey>,
}

/// How far a name leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    /// To what it depends on.
    Below,
    /// To all that reads it as well, directly or through others.
    Readers,
}

/// Who is called what, who shows what, and who mentions what.
pub(super) struct Web<'a> {
    files: usize,
    nodes: Vec<(FileId, &'a Outline)>,
    /// Names with the nodes that define them or add to them, sorted.
    names: Vec<(NameKey, u32)>,
    /// Names with the nodes that show them as a data source, sorted.
    shown_by: Vec<(NameKey, u32)>,
    /// Names with the nodes that depend on them in another way, sorted.
    mentioned_by: Vec<(NameKey, u32)>,
}

impl<'a> Web<'a> {
    /// The web of the outlines of a run.
    pub(super) fn new(outlines: Outlines<'a>) -> Self {
        let of_files = (0..).map(FileId).zip(outlines.files.iter().copied());
        let nodes: Vec<_> = of_files.chain(outlines.helpers.iter().copied()).collect();
        let mut names = pairs(&nodes, |outline| outline.name.into_iter().chain(outline.adds_to));
        let mut shown_by = pairs(&nodes, |outline| outline.shows.iter().copied());
        let mut mentioned_by = pairs(&nodes, mentioned);
        [&mut names, &mut shown_by, &mut mentioned_by].into_par_iter().for_each(|list| list.sort_unstable());
        names.dedup();
        Self { files: outlines.files.len(), nodes, names, shown_by, mentioned_by }
    }

    fn outlines<'s>(
        &'s self,
        list: &'s [(NameKey, u32)],
        name: NameKey,
    ) -> impl Iterator<Item = &'a Outline> + use<'a, 's> {
        let start = list.partition_point(|(other, _)| *other < name);
        let found = list[start..].iter().take_while(move |(other, _)| *other == name);
        found.filter_map(|(_, node)| self.nodes.get(*node as usize)).map(|(_, outline)| *outline)
    }

    fn called(&self, name: NameKey) -> impl Iterator<Item = &'a Outline> {
        self.outlines(&self.names, name)
    }

    fn shown_by(&self, name: NameKey) -> impl Iterator<Item = &'a Outline> {
        self.outlines(&self.shown_by, name)
    }

    fn mentioned_by(&self, name: NameKey) -> impl Iterator<Item = &'a Outline> {
        self.outlines(&self.mentioned_by, name)
    }

    fn is(&self, name: NameKey, role: Role) -> bool {
        self.called(name).any(|outline| outline.role == role)
    }

    /// Chooses the files that a question depends on.
    pub(super) fn choose(&self, about: &About) -> Choice {
        let mut search = Search { web: self, seen: FxHashMap::default(), todo: Vec::new() };
        for table in &about.tables {
            search.readers(*table);
        }
        for name in &about.elements {
            let reach = if self.is(*name, Role::View) { Reach::Readers } else { Reach::Below };
            search.todo.push((*name, reach));
        }
        search.run();
        let mut choice = Choice { wanted: vec![false; self.files], left_out: Vec::new() };
        for (name, node) in &self.names {
            if !search.seen.contains_key(name) {
                choice.left_out.push(*name);
            } else if let Some(wanted) = choice.wanted.get_mut(self.nodes[*node as usize].0.0 as usize) {
                *wanted = true;
            }
        }
        choice.left_out.dedup();
        choice
    }

    /// How maps may call the entities among these names.
    pub(super) fn entities(&self, names: &[NameKey]) -> Vec<EntityNames> {
        names.iter().filter_map(|name| self.entity(*name)).cloned().collect()
    }

    /// The first definition counts, else what extends it.
    fn entity(&self, name: NameKey) -> Option<&EntityNames> {
        const ELEMENTS: [Role; 4] = [Role::Map, Role::Table, Role::View, Role::Entity];
        let elements = || self.called(name).filter(|outline| ELEMENTS.contains(&outline.role));
        let defined = elements().find(|outline| outline.adds_to.is_none());
        defined.or_else(|| elements().find(|outline| outline.adds_to == Some(name)))?.entity.as_deref()
    }
}

/// Names with the nodes that have them.
fn pairs<'a, I: Iterator<Item = NameKey>>(
    nodes: &[(FileId, &'a Outline)],
    names: impl Fn(&'a Outline) -> I,
) -> Vec<(NameKey, u32)> {
    let numbered = (0u32..).zip(nodes);
    numbered.flat_map(|(node, (_, outline))| names(outline).map(move |name| (name, node))).collect()
}

/// What a file depends on otherwise than through data sources.
fn mentioned(outline: &Outline) -> impl Iterator<Item = NameKey> {
    outline.extends.into_iter().chain(outline.calls.iter().chain(&outline.mentions).copied())
}

struct Search<'w> {
    web: &'w Web<'w>,
    seen: FxHashMap<NameKey, Reach>,
    todo: Vec<(NameKey, Reach)>,
}

impl Search<'_> {
    /// A row of a table is one of the tables that it inherits from, and may be one of those that inherit from it.
    fn readers(&mut self, table: NameKey) {
        let mut chain = vec![table];
        let mut next = 0;
        while let Some(name) = chain.get(next).copied() {
            next += 1;
            let heirs = self.web.mentioned_by(name).filter(|heir| heir.extends == Some(name));
            for heir in heirs.filter_map(|heir| heir.name) {
                if !chain.contains(&heir) {
                    chain.push(heir);
                }
            }
        }
        let base_of = |name| self.web.called(name).find_map(|outline| outline.extends);
        let mut base = base_of(table);
        while let Some(name) = base.filter(|base| !chain.contains(base)) {
            chain.push(name);
            base = base_of(name);
        }
        self.todo.extend(chain.into_iter().map(|name| (name, Reach::Readers)));
    }

    fn run(&mut self) {
        while let Some((name, reach)) = self.todo.pop() {
            if self.seen.get(&name).is_none_or(|known| *known < reach) {
                self.seen.insert(name, reach);
                self.follow(name, reach);
            }
        }
    }

    fn follow(&mut self, name: NameKey, reach: Reach) {
        for outline in self.web.called(name) {
            // What is found by one of its names is found by the other.
            let names = outline.name.into_iter().chain(outline.adds_to).chain(outline.shows.iter().copied());
            self.todo.extend(names.chain(mentioned(outline)).map(|name| (name, Reach::Below)));
        }
        if reach == Reach::Readers {
            let readers = self.web.shown_by(name).filter_map(|reader| reader.adds_to.or(reader.name));
            self.todo.extend(readers.map(|reader| (reader, Reach::Readers)));
            let callers = self.web.mentioned_by(name).filter_map(|user| self.reader_through(user, name));
            self.todo.extend(callers.collect::<Vec<_>>().into_iter().map(|caller| (caller, Reach::Readers)));
        }
    }

    /// What reads a name because X++ of `user` mentions it.
    fn reader_through(&self, user: &Outline, name: NameKey) -> Option<NameKey> {
        match user.adds_to {
            // Nobody calls the methods that a class adds to a table.
            Some(element) => Some(element).filter(|element| !self.web.is(*element, Role::Table)),
            None => user.name.filter(|_| user.extends != Some(name)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{About, Web};
    use crate::aot::{Outline, Outlines, Role};
    use crate::source::FileId;
    use crate::text::NameKey;

    fn keys(names: &[&str]) -> Box<[NameKey]> {
        names.iter().map(|name| NameKey::of(name)).collect()
    }

    fn outline(role: Role, name: &str, shows: &[&str]) -> Outline {
        Outline { role, name: Some(NameKey::of(name)), shows: keys(shows), ..Outline::default() }
    }

    /// Party ← Base ← Table, which an entity shows; another entity shows that one, a third calls a class that
    /// mentions the table.
    fn world() -> (Vec<Outline>, Vec<(FileId, Outline)>) {
        let extends =
            |name, base| Outline { extends: Some(NameKey::of(base)), ..outline(Role::Table, name, &[]) };
        let caller = Outline { calls: keys(&["Helper"]), ..outline(Role::Entity, "Caller", &["Other"]) };
        let extension =
            Outline { adds_to: Some(NameKey::of("Other")), ..outline(Role::Table, "Other.Extension", &[]) };
        let files = vec![
            outline(Role::Table, "Base", &[]),
            extends("Table", "Base"),
            outline(Role::Table, "Other", &[]),
            extension,
            outline(Role::Entity, "Direct", &["Table", "Other"]),
            outline(Role::Entity, "Nested", &["Direct"]),
            caller,
            outline(Role::Entity, "Elsewhere", &["Other"]),
            Outline::default(),
        ];
        let helper = Outline { mentions: keys(&["Table"]), ..outline(Role::Class, "Helper", &[]) };
        (files, vec![(FileId(8), helper)])
    }

    fn chosen(about: &About) -> Vec<usize> {
        let (files, helpers) = world();
        let helpers: Vec<_> = helpers.iter().map(|(file, outline)| (*file, outline)).collect();
        let outlines: Vec<&Outline> = files.iter().collect();
        let choice = Web::new(Outlines { files: &outlines, helpers: &helpers }).choose(about);
        let is_left_out = |name| choice.left_out.contains(&NameKey::of(name));
        assert_eq!(is_left_out("Nested"), !choice.wanted[5]);
        (0..files.len()).filter(|file| choice.wanted[*file]).collect()
    }

    #[test]
    fn an_element_comes_with_what_it_uses_and_what_extends_that() {
        let about = |name| About { elements: vec![NameKey::of(name)], ..About::default() };
        assert_eq!(chosen(&about("direct")), [0, 1, 2, 3, 4]);
        assert_eq!(chosen(&about("Elsewhere")), [2, 3, 7]);
        assert_eq!(chosen(&about("Caller")), [0, 1, 2, 3, 6, 8]);
        assert_eq!(chosen(&about("unknown")), [0usize; 0]);
    }

    #[test]
    fn a_table_comes_with_all_that_reads_it() {
        let about = |name| About { tables: vec![NameKey::of(name)], ..About::default() };
        assert_eq!(chosen(&about("Table")), [0, 1, 2, 3, 4, 5, 6, 8]);
        assert_eq!(chosen(&about("Base")), [0, 1, 2, 3, 4, 5, 6, 8]);
        assert_eq!(chosen(&about("Other")), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }
}
