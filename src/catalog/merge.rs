//! Extension parts: what is added where, and what is dropped because its name exists already.

use super::define::{range, sources_of};
use super::element::{Source, SourceIx};
use super::names::Spelled;
use crate::aot::{self, Extension};
use crate::problem::{Code, Problem};
use crate::source::{FileId, Place};
use crate::text::Symbol;

/// Where an extension's part comes from.
pub(super) type AddedBy = Option<Symbol>;

/// The names made and the problems found while the catalog is merged.
pub(super) struct Merger<'a> {
    pub(super) problems: Vec<Problem>,
    /// Path of a file, relative to its root.
    pub(super) path_of: &'a dyn Fn(FileId) -> String,
}

impl Merger<'_> {
    pub(super) fn note_missing_target(&mut self, file: FileId, extension: &Extension) {
        let place = Place::at_line(file, extension.named.line);
        self.problems.push(
            Problem::new(Code::UnresolvedReference, Some(place))
                .with("element", &extension.named.name)
                .with("target", extension.target())
                .with("role", "the element that it extends"),
        );
    }

    pub(super) fn note_duplicate(
        &mut self,
        place: Place,
        kind: &str,
        part: &str,
        element: &str,
        first: Place,
    ) {
        let first = format!("{}:{}", (self.path_of)(first.file), first.line);
        self.problems.push(
            Problem::new(Code::DuplicatePart, Some(place))
                .with("kind", kind)
                .with("part", part)
                .with("element", element)
                .with("first", first),
        );
    }

    pub(super) fn note_modifications(&mut self, file: FileId, extension: &Extension) {
        for property in &extension.modifications {
            self.problems.push(
                Problem::new(Code::ModificationIgnored, Some(Place::at_line(file, property.line)))
                    .with("extension", &extension.named.name)
                    .with("property", &property.name)
                    .with("element", extension.target()),
            );
        }
    }

    pub(super) fn refuse_sources(&mut self, file: FileId, extension: &Extension, element: &str, query: &str) {
        for embedded in &extension.sources {
            for source in embedded.sources.iter().filter(|s| s.parent.is_none()) {
                self.problems.push(
                    Problem::new(Code::SourceOnQuery, Some(Place::at_line(file, source.named.line)))
                        .with("extension", &extension.named.name)
                        .with("source", &source.named.name)
                        .with("element", element)
                        .with("query", query),
                );
            }
        }
    }
}

/// A data source of an extension with all beneath it.
struct Addition {
    parent: Spelled,
    place: Place,
    sources: Vec<Source>,
}

/// Hangs the data sources of extensions under their parents, each after everything that is below its parent
/// already, whatever the order in which extensions refer to each other. One whose parent is nowhere is kept at
/// the end. Of two data sources with one name the first in merge order counts.
pub(super) fn place_extension_sources(
    merger: &mut Merger,
    element: &str,
    sources: &mut Vec<Source>,
    extensions: Vec<(FileId, Extension)>,
) {
    let mut kept = std::mem::take(sources);
    let mut tops = Vec::new();
    for (file, extension) in extensions {
        for addition in additions(file, extension) {
            let base = kept.len();
            let subtree = without_known_names(merger, element, &kept, addition.sources);
            kept.extend(subtree.into_iter().map(|s| Source { parent: shifted(s.parent, base), ..s }));
            if kept.len() > base {
                tops.push((base, addition.parent, addition.place));
            }
        }
    }
    let order = tree_order(merger, element, &mut kept, &tops);
    *sources = in_order(kept, &order);
}

/// Own roots first, then what has no parent; a circle of parents is opened at its first member.
fn tree_order(
    merger: &mut Merger,
    element: &str,
    kept: &mut [Source],
    tops: &[(usize, Spelled, Place)],
) -> Vec<usize> {
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); kept.len()];
    let mut roots = Vec::new();
    for (position, source) in kept.iter().enumerate() {
        match source.parent {
            Some(parent) => children[parent.0 as usize].push(position),
            None if source.added_by.is_none() => roots.push(position),
            None => {}
        }
    }
    for (top, parent, _) in tops {
        if let Some(parent) = kept.iter().position(|s| s.name == *parent) {
            kept[*top].parent = Some(SourceIx(index(parent)));
            children[parent].push(*top);
        }
    }
    let mut walk = Walk { children, order: Vec::new(), seen: vec![false; kept.len()] };
    roots.into_iter().for_each(|root| walk.visit(root));
    for orphans_only in [true, false] {
        for (top, parent, place) in tops {
            if walk.seen[*top] || (orphans_only && kept[*top].parent.is_some()) {
                continue;
            }
            kept[*top].parent = None;
            kept[*top].missing_parent = Some(parent.text.as_ref().into());
            note_missing_parent(merger, element, &kept[*top], parent, *place);
            walk.visit(*top);
        }
    }
    walk.order
}

/// A walk through a tree of data sources: each before what is below it.
struct Walk {
    children: Vec<Vec<usize>>,
    order: Vec<usize>,
    seen: Vec<bool>,
}

impl Walk {
    fn visit(&mut self, from: usize) {
        let mut todo = vec![from];
        while let Some(position) = todo.pop() {
            if !std::mem::replace(&mut self.seen[position], true) {
                self.order.push(position);
                todo.extend(self.children[position].iter().rev());
            }
        }
    }
}

/// The sources in this order, their parents renumbered.
fn in_order(sources: Vec<Source>, order: &[usize]) -> Vec<Source> {
    let mut new_position = vec![0; sources.len()];
    for (new, old) in order.iter().enumerate() {
        new_position[*old] = index(new);
    }
    let mut slots: Vec<Option<Source>> = sources.into_iter().map(Some).collect();
    let renumbered =
        |s: Source| Source { parent: s.parent.map(|p| SourceIx(new_position[p.0 as usize])), ..s };
    order.iter().filter_map(|old| slots[*old].take()).map(renumbered).collect()
}

fn additions(file: FileId, extension: Extension) -> Vec<Addition> {
    let added_by: AddedBy = Some(extension.named.name.as_ref().into());
    let mut additions = Vec::with_capacity(extension.sources.len());
    for embedded in extension.sources {
        additions.push(Addition {
            parent: Spelled::new(embedded.parent.name),
            place: Place::at_line(file, embedded.parent.line),
            sources: sources_of(file, embedded.sources, &added_by),
        });
    }
    additions
}

fn shifted(parent: Option<SourceIx>, by: usize) -> Option<SourceIx> {
    parent.map(|p| SourceIx(p.0 + index(by)))
}

fn note_missing_parent(merger: &mut Merger, element: &str, source: &Source, parent: &Spelled, place: Place) {
    merger.problems.push(
        Problem::new(Code::MissingParent, Some(place))
            .with("extension", source.added_by.as_deref().unwrap_or_default())
            .with("source", &source.name.text)
            .with("parent", &parent.text)
            .with("element", element),
    );
}
/// Drops each source whose name exists already, with all beneath it; parents are renumbered.
fn without_known_names(
    merger: &mut Merger,
    element: &str,
    sources: &[Source],
    subtree: Vec<Source>,
) -> Vec<Source> {
    let mut kept: Vec<Source> = Vec::with_capacity(subtree.len());
    let mut new_position: Vec<Option<u32>> = Vec::with_capacity(subtree.len());
    for mut source in subtree {
        let parent_dropped = source.parent.is_some_and(|p| new_position[p.0 as usize].is_none());
        let known = sources.iter().chain(&kept).find(|s| s.name == source.name).map(|s| s.place);
        if parent_dropped {
            new_position.push(None);
        } else if let Some(first) = known {
            merger.note_duplicate(source.place, "data source", &source.name.text, element, first);
            new_position.push(None);
        } else {
            source.parent = source.parent.and_then(|p| new_position[p.0 as usize]).map(SourceIx);
            new_position.push(Some(index(kept.len())));
            kept.push(source);
        }
    }
    kept
}

fn index(position: usize) -> u32 {
    u32::try_from(position).unwrap_or(u32::MAX)
}

/// Adds the ranges of query extensions to the data sources that they name; those of a data source that is not
/// there are reported.
pub(super) fn place_extension_ranges(
    merger: &mut Merger,
    element: &str,
    sources: &mut [Source],
    added: Vec<(FileId, Vec<aot::AddedRange>)>,
) {
    for (file, ranges) in added {
        for added in ranges {
            let parent = Spelled::new(added.parent.name);
            if let Some(source) = sources.iter_mut().find(|s| s.name == parent) {
                source.ranges.push(range(file, added.range));
                continue;
            }
            let place = Place::at_line(file, added.parent.line);
            merger.problems.push(
                Problem::new(Code::UnknownDataSource, Some(place))
                    .with("field", &added.range.field)
                    .with("element", element)
                    .with("source", &parent.text),
            );
        }
    }
}
