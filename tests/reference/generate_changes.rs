//! Changes to a finished world: cycles, and second definitions of elements.

use super::generate::{KnownKind, Maker};
use super::model::{Element, File, Source};

impl Maker {
    /// Points a source of an early element at a later one, so that some of the sources become cyclic.
    pub fn cycles(&mut self) {
        if !self.oddly(35) {
            return;
        }
        let goals: Vec<String> = self
            .known
            .iter()
            .filter(|known| known.kind != KnownKind::Table)
            .map(|known| known.name.clone())
            .collect();
        if goals.is_empty() {
            return;
        }
        for _ in 0..self.random.between(1, 2) {
            let goal = self.random.pick(&goals).clone();
            let tables: Vec<String> = self
                .known
                .iter()
                .filter(|known| known.kind == KnownKind::Table)
                .map(|known| known.name.to_ascii_lowercase())
                .collect();
            let own = self.random.chance(30);
            let mut candidates: Vec<&mut Source> = Vec::new();
            for file in &mut self.world.files {
                let (name, union, sources) = match &mut file.element {
                    Element::View(view) => (view.name.clone(), view.union, &mut view.sources),
                    Element::Query(query) => (query.name.clone(), query.union, &mut query.sources),
                    _ => continue,
                };
                if union || (own && name != goal) {
                    continue;
                }
                for root in sources {
                    collect(root, &mut candidates);
                }
            }
            candidates.retain(|source| tables.contains(&source.target.to_ascii_lowercase()));
            if candidates.is_empty() {
                continue;
            }
            let chosen = self.random.below(candidates.len());
            let source = &mut candidates[chosen];
            source.target = goal;
            source.aliases.clear();
        }
    }

    /// A second definition of some element, with other contents.
    pub fn duplicates(&mut self) {
        if self.world.models.len() < 2 || !self.random.chance(40) {
            return;
        }
        for _ in 0..self.random.between(1, 2) {
            let original = self.random.below(self.world.files.len());
            let mut element = self.world.files[original].element.clone();
            let name = super::render::element_name(&element).to_string();
            let model = self.random.below(self.world.models.len());
            let same_place = |file: &File| {
                file.model == model && super::render::element_name(&file.element).eq_ignore_ascii_case(&name)
            };
            if self.world.files.iter().any(same_place) {
                continue;
            }
            match &mut element {
                Element::Table(table) => table.columns.truncate(2),
                Element::View(view) => {
                    view.public = !view.public;
                    view.fields.truncate(3);
                    let mut sources = std::mem::take(&mut view.sources);
                    sources.iter_mut().for_each(|source| self.renew(source));
                    view.sources = sources;
                }
                Element::Query(query) => {
                    let mut sources = std::mem::take(&mut query.sources);
                    sources.iter_mut().for_each(|source| self.renew(source));
                    query.sources = sources;
                }
                Element::Extension(extension) => {
                    extension.fields.truncate(1);
                    let mut sources = std::mem::take(&mut extension.sources);
                    sources.iter_mut().for_each(|added| self.renew(&mut added.source));
                    extension.sources = sources;
                }
                Element::Map(_) | Element::Class(_) => {}
            }
            self.add_to(model, element);
        }
    }

    fn renew(&mut self, source: &mut Source) {
        source.mark = self.mark();
        for child in source.children.iter_mut().chain(&mut source.derived) {
            self.renew(child);
        }
    }
}

/// The source and all beneath it.
fn collect<'s>(source: &'s mut Source, found: &mut Vec<&'s mut Source>) {
    // A derived source belongs to the record of its owner: it stays where it is.
    if !source.derived.is_empty() {
        return;
    }
    if source.children.is_empty() && !source.group_by {
        found.push(source);
        return;
    }
    for child in &mut source.children {
        collect(child, found);
    }
}
