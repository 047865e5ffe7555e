//! Which files a question depends on, by the names that files mention.
//!
//! Verdicts on an element depend on what it uses, on what that uses, and on all that extends any of them. Whatever is
//! said of a change of a table depends on everything that reads the table: names of new fields do too, since a plan
//! uses those that an earlier plan gave for the same record. Too many files do no harm; a name that is missing is
//! noticed by the catalog.

use crate::aot::{EntityNames, Looks, Outline, Role};
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
    /// All that the user's models define or extend.
    pub own: bool,
}

impl About {
    /// Takes up what else the answer depends on; false when it knew all of that.
    pub fn add(&mut self, more: Self) -> bool {
        let known = (self.elements.len(), self.tables.len(), self.own);
        self.elements.extend(more.elements);
        self.tables.extend(more.tables);
        self.own |= more.own;
        for names in [&mut self.elements, &mut self.tables] {
            names.sort_unstable();
            names.dedup();
        }
        known != (self.elements.len(), self.tables.len(), self.own)
    }
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

/// Names with the looks that have something to do with them.
#[derive(Default)]
struct Index {
    sorted: Vec<(NameKey, u32)>,
    /// Those that came later.
    late: FxHashMap<NameKey, Vec<u32>>,
}

/// Who shows what, and who mentions what.
struct Users {
    /// Names with the looks that show them as a data source.
    shown_by: Index,
    /// Names with the looks that depend on them in another way.
    mentioned_by: Index,
}

/// Chooses the files that a question depends on; `None` when that cannot be told. `is_own` tells the user's files from
/// others. With `entities`, the names are to be known by which maps may call an entity.
pub(super) fn choose(
    looks: &mut Looks<'_>,
    about: &About,
    is_own: &dyn Fn(FileId) -> bool,
    entities: bool,
) -> Option<Choice> {
    let mut search = Search::new(looks);
    if entities {
        search.read_all()?;
    }
    if about.own {
        search.own(is_own)?;
    }
    for table in &about.tables {
        search.readers(*table)?;
    }
    for name in &about.elements {
        let reach = if search.is(*name, Role::View) { Reach::Readers } else { Reach::Below };
        search.todo.push((*name, reach));
    }
    search.run()?;
    Some(search.choice())
}

/// How maps may call the entities among these names: of each the first definition counts, else what extends it.
pub(super) fn entities(looks: &Looks<'_>, names: &[NameKey]) -> Vec<EntityNames> {
    const ELEMENTS: [Role; 4] = [Role::Map, Role::Table, Role::View, Role::Entity];
    let index = Index::of(looks, own_names);
    let entity = |name: NameKey| {
        let called = || index.find(name).map(|look| looks.outline(look));
        let elements = || called().filter(|outline| ELEMENTS.contains(&outline.role));
        let defined = elements().find(|outline| outline.adds_to.is_none());
        defined.or_else(|| elements().find(|outline| outline.adds_to == Some(name)))?.entity.as_deref()
    };
    names.iter().filter_map(|name| entity(*name)).cloned().collect()
}

/// The names under which a file is found.
fn own_names(outline: &Outline) -> impl Iterator<Item = NameKey> + '_ {
    outline.name.into_iter().chain(outline.adds_to)
}

/// What its data sources show.
fn shown(outline: &Outline) -> impl Iterator<Item = NameKey> + '_ {
    outline.shows.iter().copied()
}

/// What a file depends on otherwise than through data sources.
fn mentioned(outline: &Outline) -> impl Iterator<Item = NameKey> + '_ {
    outline.extends.into_iter().chain(outline.calls.iter().chain(&outline.mentions).copied())
}

impl Index {
    fn of<'l, I: Iterator<Item = NameKey>>(looks: &'l Looks<'_>, names: impl Fn(&'l Outline) -> I) -> Self {
        let all = (0u32..).zip(0..looks.len());
        let pairs = all.flat_map(|(look, at)| names(looks.outline(at)).map(move |name| (name, look)));
        let mut sorted: Vec<(NameKey, u32)> = pairs.collect();
        sorted.par_sort_unstable();
        sorted.dedup();
        Self { sorted, late: FxHashMap::default() }
    }

    /// The looks that have to do with a name.
    fn find(&self, name: NameKey) -> impl Iterator<Item = usize> + '_ {
        let start = self.sorted.partition_point(|(other, _)| *other < name);
        let found = self.sorted[start..].iter().take_while(move |(other, _)| *other == name);
        let late = self.late.get(&name).into_iter().flatten();
        found.map(|(_, look)| look).chain(late).map(|look| *look as usize)
    }

    /// All names with their looks.
    fn all(&self) -> impl Iterator<Item = (NameKey, usize)> + '_ {
        let late = self.late.iter().flat_map(|(name, looks)| looks.iter().map(|look| (*name, *look)));
        self.sorted.iter().copied().chain(late).map(|(name, look)| (name, look as usize))
    }
}

struct Search<'s, 'm> {
    looks: &'s mut Looks<'m>,
    /// How many of the looks are in `names`.
    indexed: usize,
    /// Names with what defines them or adds to them.
    names: Index,
    /// Known as soon as somebody asks.
    users: Option<Users>,
    seen: FxHashMap<NameKey, Reach>,
    todo: Vec<(NameKey, Reach)>,
    /// Files that are wanted whatever they are called.
    files: Vec<FileId>,
}

impl<'s, 'm> Search<'s, 'm> {
    fn new(looks: &'s mut Looks<'m>) -> Self {
        let names = Index::of(looks, own_names);
        let indexed = looks.len();
        Self {
            looks,
            indexed,
            names,
            users: None,
            seen: FxHashMap::default(),
            todo: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Reads what is known by name only; more classes and tables may turn out to be called.
    fn read(&mut self, looks: impl IntoIterator<Item = usize>) -> Option<()> {
        if !self.looks.read(looks) {
            return None;
        }
        for look in self.indexed..self.looks.len() {
            for name in own_names(self.looks.outline(look)) {
                self.names.late.entry(name).or_default().push(u32::try_from(look).ok()?);
            }
        }
        self.indexed = self.looks.len();
        Some(())
    }

    fn read_all(&mut self) -> Option<()> {
        self.read(0..self.looks.len())
    }

    /// Who uses what: that is known when all is read.
    fn with_users(&mut self) -> Option<&Users> {
        if self.users.is_none() {
            self.read_all()?;
            let shown_by = Index::of(self.looks, shown);
            let mentioned_by = Index::of(self.looks, mentioned);
            self.users = Some(Users { shown_by, mentioned_by });
        }
        self.users.as_ref()
    }

    fn called(&self, name: NameKey) -> impl Iterator<Item = &Outline> {
        self.names.find(name).map(|look| self.looks.outline(look))
    }

    fn shown_by(&mut self, name: NameKey) -> Option<Vec<usize>> {
        Some(self.with_users()?.shown_by.find(name).collect())
    }

    fn mentioned_by(&mut self, name: NameKey) -> Option<Vec<usize>> {
        Some(self.with_users()?.mentioned_by.find(name).collect())
    }

    fn is(&self, name: NameKey, role: Role) -> bool {
        self.called(name).any(|outline| outline.role == role)
    }

    /// All that the user's files define or add to. What is added to a query is added to whatever takes its data
    /// sources from there.
    fn own(&mut self, is_own: &dyn Fn(FileId) -> bool) -> Option<()> {
        let own: Vec<usize> = (0..self.looks.len()).filter(|look| is_own(self.looks.file(*look))).collect();
        let mut queries = Vec::new();
        for look in own {
            let outline = self.looks.outline(look);
            // What cannot be read has no name.
            self.files.push(self.looks.file(look));
            self.todo.extend(own_names(outline).map(|name| (name, Reach::Below)));
            queries.extend(outline.adds_to.filter(|_| outline.role == Role::Query));
        }
        let mut next = 0;
        while let Some(query) = queries.get(next).copied() {
            next += 1;
            for user in self.shown_by(query)? {
                let outline = self.looks.outline(user);
                let Some(name) = outline.adds_to.or(outline.name) else { continue };
                self.todo.push((name, Reach::Below));
                if outline.role == Role::Query && !queries.contains(&name) {
                    queries.push(name);
                }
            }
        }
        Some(())
    }

    /// A row of a table is one of the tables that it inherits from, and may be one of those that inherit from it.
    fn readers(&mut self, table: NameKey) -> Option<()> {
        let mut chain = vec![table];
        let mut next = 0;
        while let Some(name) = chain.get(next).copied() {
            next += 1;
            let users = self.mentioned_by(name)?;
            let heirs = users.into_iter().map(|user| self.looks.outline(user));
            for heir in heirs.filter(|heir| heir.extends == Some(name)).filter_map(|heir| heir.name) {
                if !chain.contains(&heir) {
                    chain.push(heir);
                }
            }
        }
        let base_of = |name| self.called(name).find_map(|outline| outline.extends);
        let mut base = base_of(table);
        while let Some(name) = base.filter(|base| !chain.contains(base)) {
            chain.push(name);
            base = base_of(name);
        }
        self.todo.extend(chain.into_iter().map(|name| (name, Reach::Readers)));
        Some(())
    }

    /// Follows the names in waves, so that files are read many at a time.
    fn run(&mut self) -> Option<()> {
        while !self.todo.is_empty() {
            let mut wave = std::mem::take(&mut self.todo);
            wave.retain(|(name, reach)| {
                let is_new = self.seen.get(name).is_none_or(|known| known < reach);
                if is_new {
                    self.seen.insert(*name, *reach);
                }
                is_new
            });
            let looks: Vec<usize> = wave.iter().flat_map(|(name, _)| self.names.find(*name)).collect();
            self.read(looks)?;
            for (name, reach) in wave {
                self.follow(name, reach)?;
            }
        }
        Some(())
    }

    fn follow(&mut self, name: NameKey, reach: Reach) -> Option<()> {
        for look in self.names.find(name) {
            let outline = self.looks.outline(look);
            // What is found by one of its names is found by the other.
            let names = own_names(outline).chain(shown(outline)).chain(mentioned(outline));
            self.todo.extend(names.map(|name| (name, Reach::Below)));
        }
        if reach == Reach::Readers {
            let readers = self.shown_by(name)?.into_iter().map(|reader| self.looks.outline(reader));
            let readers = readers.filter_map(|reader| reader.adds_to.or(reader.name));
            self.todo.extend(readers.map(|reader| (reader, Reach::Readers)));
            let users = self.mentioned_by(name)?.into_iter().map(|user| self.looks.outline(user));
            let callers: Vec<NameKey> = users.filter_map(|user| self.reader_through(user, name)).collect();
            self.todo.extend(callers.into_iter().map(|caller| (caller, Reach::Readers)));
        }
        Some(())
    }

    /// What reads a name because X++ of `user` mentions it.
    fn reader_through(&self, user: &Outline, name: NameKey) -> Option<NameKey> {
        match user.adds_to {
            // Nobody calls the methods that a class adds to a table.
            Some(element) => Some(element).filter(|element| !self.is(*element, Role::Table)),
            None => user.name.filter(|_| user.extends != Some(name)),
        }
    }

    fn choice(self) -> Choice {
        let mut choice = Choice { wanted: vec![false; self.looks.files()], left_out: Vec::new() };
        for file in &self.files {
            choice.wanted[file.0 as usize] = true;
        }
        for (name, look) in self.names.all() {
            if !self.seen.contains_key(&name) {
                choice.left_out.push(name);
            } else if let Some(wanted) = choice.wanted.get_mut(self.looks.file(look).0 as usize) {
                *wanted = true;
            }
        }
        choice.left_out.sort_unstable();
        choice.left_out.dedup();
        choice
    }
}

#[cfg(test)]
mod tests {
    use super::{About, choose};
    use crate::aot::{Looks, Outline, Role};
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
        let count = files.len();
        let all = (0..).map(FileId).zip(files).chain(helpers).collect();
        let choice =
            Looks::with(count, all, |looks| choose(looks, about, &|file| file.0 == 3, false)).unwrap();
        let is_left_out = |name| choice.left_out.contains(&NameKey::of(name));
        assert_eq!(is_left_out("Nested"), !choice.wanted[5]);
        (0..count).filter(|file| choice.wanted[*file]).collect()
    }

    #[test]
    fn what_the_user_extends_comes_with_what_it_uses() {
        assert_eq!(chosen(&About { own: true, ..About::default() }), [2, 3]);
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
