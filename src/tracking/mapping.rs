//! The container that `getEntityDataSourceToFieldMapping` returns, wrappers included (SPEC 7).

use super::verdict::{EntryVerdict, Match};
use crate::catalog::{Catalog, Element, ElementId, FieldIx, Spelled};
use crate::problem::{Code, Problem};
use crate::source::{FileId, Place};
use crate::text::Symbol;
use crate::xpp::{MappingEntry, MappingItem, MappingMethod, MethodContent};

/// The mapping method of an entity, all wrappers applied.
#[derive(Debug, Default)]
pub struct MappingAnalysis {
    /// The entity or one of its extension classes has the method.
    pub present: bool,
    /// Entries in the order of the resulting container.
    pub entries: Vec<ResolvedEntry>,
    /// Entries inside comments, by method order and position.
    pub disabled: Vec<ResolvedEntry>,
    /// Statements that cannot be read, by method order and position.
    pub undecidable: Vec<Place>,
}

/// An entry with its names looked up.
#[derive(Clone, Debug)]
pub struct ResolvedEntry {
    /// The label as written.
    pub label: Option<Symbol>,
    /// The table, spelled as its definition does.
    pub table: Option<Symbol>,
    /// The element that the table's name means, when it is loaded.
    pub table_id: Option<ElementId>,
    /// The field, spelled as its definition does.
    pub field: Option<Symbol>,
    /// The field of the entity, when it is there.
    pub entity_field: Option<EntityField>,
    /// `fieldStr` names another entity.
    pub copied: bool,
    /// It is a container of three parts.
    pub triple: bool,
    /// Put into the result under `if` or `switch`.
    pub conditional: bool,
    /// Which method it stands in: 0 is the innermost.
    pub method: usize,
    /// Opening bracket.
    pub place: Place,
    /// What becomes of it.
    pub verdict: EntryVerdict,
    /// How sure that is.
    pub matched: Option<Match>,
    /// Rows of `BusinessEventsDefinition` saved by removing it, when it is removable.
    pub rows_saved: Option<u32>,
}

/// A field that an entry names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityField {
    /// A field that the entity declares.
    Declared(FieldIx),
    /// A system field that it does not declare.
    System(Spelled),
}

/// A method in the chain of wrappers.
#[derive(Clone, Copy, Debug)]
pub struct MappingLink<'a> {
    /// The file that holds it.
    pub file: FileId,
    /// The extension class; `None` for the entity's own method.
    pub class: Option<&'a str>,
    /// Where its source starts.
    pub place: Place,
    /// Its name as written.
    pub name: &'a str,
    /// What it says.
    pub method: &'a MappingMethod,
}

/// An entry on its way into the result.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Slot {
    method: usize,
    index: u32,
    conditional: bool,
}

/// Calls of `next` are followed at most this often per entity.
const EVALUATIONS: usize = 1_000;

/// Reads the method of an entity; verdicts are still open.
pub(super) fn read(catalog: &Catalog, id: ElementId, problems: &mut Vec<Problem>) -> MappingAnalysis {
    let element = catalog.element(id);
    let chain = mapping_links(element);
    let Some(outermost) = chain.len().checked_sub(1) else { return MappingAnalysis::default() };
    report(element, &chain, problems);
    let mut evaluator = Evaluator { chain: &chain, evaluations: 0, exhausted: false };
    let slots = evaluator.result(outermost, &[]);
    let mut undecidable: Vec<Place> = chain
        .iter()
        .flat_map(|link| link.method.undecidable.iter().map(|position| position.in_file(link.file)))
        .collect();
    if evaluator.exhausted {
        undecidable.push(chain[outermost].place);
    }
    let entries = slots
        .iter()
        .map(|slot| {
            let link = &chain[slot.method];
            let entry = &link.method.entries[slot.index as usize];
            resolve(catalog, id, link, entry, slot.method, slot.conditional)
        })
        .collect();
    let disabled = chain
        .iter()
        .enumerate()
        .flat_map(|(n, link)| link.method.disabled.iter().map(move |entry| (n, link, entry)))
        .map(|(n, link, entry)| resolve(catalog, id, link, entry, n, false))
        .collect();
    MappingAnalysis { present: true, entries, disabled, undecidable }
}

/// The methods of an entity's container: its own first, then its wrappers in the order in which they are applied.
pub fn mapping_links(element: &Element) -> Vec<MappingLink<'_>> {
    let own = element
        .place
        .into_iter()
        .flat_map(|place| element.methods.iter().map(move |m| (None, Place::at_line(place.file, m.line), m)));
    let wrappers = element.extension_classes.iter().flat_map(|class| {
        class.methods.iter().map(|m| (Some(&*class.name), Place::at_line(class.place.file, m.line), m))
    });
    own.chain(wrappers)
        .filter_map(|(class, place, method)| match &method.content {
            MethodContent::Mapping(mapping) => {
                Some(MappingLink { file: place.file, class, place, name: &method.name, method: mapping })
            }
            _ => None,
        })
        .collect()
}

fn report(element: &Element, chain: &[MappingLink], problems: &mut Vec<Problem>) {
    let problem = |code, place| Problem::new(code, Some(place)).with("element", &element.name.text);
    for (position, link) in chain.iter().enumerate() {
        if let Some(class) = link.class.filter(|_| position > 0 && !link.method.has_next) {
            problems.push(problem(Code::MethodWithoutNext, link.place).with("class", class));
        }
        for position in &link.method.undecidable {
            problems.push(problem(Code::UndecidableMappingMethod, position.in_file(link.file)));
        }
    }
}

struct Evaluator<'a> {
    chain: &'a [MappingLink<'a>],
    evaluations: usize,
    exhausted: bool,
}

impl Evaluator<'_> {
    /// The result of a method of the chain for an argument.
    fn result(&mut self, method: usize, argument: &[Slot]) -> Vec<Slot> {
        self.evaluations += 1;
        if self.evaluations > EVALUATIONS {
            self.exhausted = true;
            return argument.to_vec();
        }
        self.items(method, &self.chain[method].method.result, argument)
    }

    fn items(&mut self, method: usize, items: &[MappingItem], argument: &[Slot]) -> Vec<Slot> {
        let mut slots = Vec::new();
        for item in items {
            match item {
                MappingItem::Entry { index, conditional } => {
                    add(&mut slots, &[Slot { method, index: *index, conditional: false }], *conditional);
                }
                MappingItem::Inserted { index, at, conditional } => {
                    let slot = Slot { method, index: *index, conditional: *conditional };
                    slots.insert((*at as usize).saturating_sub(1).min(slots.len()), slot);
                }
                MappingItem::Parameter { conditional } => add(&mut slots, argument, *conditional),
                MappingItem::Next { argument: passed, conditional, .. } => {
                    let passed = self.items(method, passed, argument);
                    let result = match method.checked_sub(1) {
                        Some(inner) => self.result(inner, &passed),
                        None => passed,
                    };
                    add(&mut slots, &result, *conditional);
                }
            }
        }
        slots
    }
}

/// Appends slots that are not there yet; one that arrives unconditionally is unconditional.
fn add(slots: &mut Vec<Slot>, more: &[Slot], conditional: bool) {
    for slot in more {
        let conditional = conditional || slot.conditional;
        match slots.iter_mut().find(|s| (s.method, s.index) == (slot.method, slot.index)) {
            Some(known) => known.conditional &= conditional,
            None => slots.push(Slot { conditional, ..*slot }),
        }
    }
}

fn entity_field(catalog: &Catalog, element: &Element, name: &str) -> Option<EntityField> {
    let name = catalog.name(name)?;
    let declared = element.field(name).map(EntityField::Declared);
    declared.or_else(|| catalog.system_field(name).cloned().map(EntityField::System))
}

fn resolve(
    catalog: &Catalog,
    id: ElementId,
    link: &MappingLink,
    entry: &MappingEntry,
    method: usize,
    conditional: bool,
) -> ResolvedEntry {
    let element = catalog.element(id);
    let table_id = entry.table.as_deref().and_then(|name| catalog.find(name));
    let spelled_table = table_id.map(|t| catalog.element(t).name.text.clone());
    let copied =
        entry.field_owner.as_deref().is_some_and(|owner| !owner.eq_ignore_ascii_case(&element.name.text));
    let entity_field = entry.field.as_deref().and_then(|name| entity_field(catalog, element, name));
    let spelled_field = entity_field.as_ref().map(|field| match field {
        EntityField::Declared(ix) => element.field_at(*ix).name.text.clone(),
        EntityField::System(name) => name.text.clone(),
    });
    ResolvedEntry {
        label: entry.label.as_deref().map(Into::into),
        table: spelled_table.or_else(|| entry.table.as_deref().map(Into::into)),
        table_id,
        field: spelled_field.or_else(|| entry.field.as_deref().map(Into::into)),
        entity_field,
        copied,
        triple: entry.triple,
        conditional,
        method,
        place: entry.position.in_file(link.file),
        verdict: EntryVerdict::Needed,
        matched: None,
        rows_saved: None,
    }
}
