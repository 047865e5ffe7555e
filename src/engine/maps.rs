//! Which fields count, as the table maps say: maps meet the catalog here.

use super::Model;
use crate::aot::EntityNames;
use crate::catalog::{Element, ElementId, SYSTEM_FIELDS};
use crate::config::Config;
use crate::dualwrite::{
    Counted, ENGLISH, EntityFields, LabelTexts, Mapped, OtherVersion, Resolver, TableMap, counted_maps,
    load_maps, mapped_fields,
};
use crate::problem::{Code, Problem};
use crate::text::{NameKey, Symbol, some};
use crate::tracking::{MappedField, Scope};
use std::collections::BTreeSet;

/// So many languages are named where none of them is the one that was asked for.
const LANGUAGES: usize = 8;

/// The maps of a run.
#[derive(Debug, Default)]
pub struct Maps {
    /// The maps that count, in the order of files.
    pub maps: Vec<TableMap>,
    /// Versions of them that do not count, in the same order.
    pub others: Vec<OtherVersion>,
    /// What they say of entities; indices are those of `entities`.
    pub mapped: Mapped,
    /// The entities that [`Mapped`] speaks of.
    pub entities: Vec<ElementId>,
    /// Entities that maps name, and that were left out.
    pub beyond: Vec<NameKey>,
    /// The labels by which entities were looked for.
    pub labels: LabelTexts,
}

impl Maps {
    /// Reads the maps of a configuration and finds their entities.
    pub(super) fn load(model: &Model, config: &Config, problems: &mut Vec<Problem>) -> Self {
        let (maps, found) = load_maps(&config.maps);
        problems.extend(found);
        let Counted { maps, others, problems: found } = counted_maps(maps, &config.map_versions);
        problems.extend(found);
        let entities: Vec<ElementId> = model.catalog.entities().map(|(id, _)| id).collect();
        let mut names: Vec<EntityNames> =
            entities.iter().map(|id| names(model.catalog.element(*id))).collect();
        // A map that means an entity which is left out means no other.
        names.extend(model.others.iter().cloned());
        let labels =
            LabelTexts::new(model.files.models.iter().flat_map(|m| &m.labels).cloned(), &config.language);
        problems.extend(unknown_language(model, config, &labels));
        let label = |id: &str| label_texts(model, &labels, id);
        let resolver = Resolver::new(&names, &config.aliases, &label);
        let fields_of = |position: usize| match entities.get(position) {
            Some(id) => fields(model.catalog.element(*id)),
            None => EntityFields { names: Vec::new(), partial: true },
        };
        let mut mapped = mapped_fields(&maps, &resolver, &fields_of);
        let left_out = mapped.entities.iter().filter(|mapped| mapped.entity >= entities.len());
        let beyond = left_out.map(|mapped| NameKey::of(&names[mapped.entity].name)).collect();
        mapped.entities.retain(|mapped| mapped.entity < entities.len());
        problems.append(&mut mapped.problems);
        Self { maps, others, mapped, entities, beyond, labels }
    }

    /// The fields that count.
    pub(super) fn scope(&self, model: &Model) -> Scope {
        let entities = self.mapped.entities.iter().map(|entity| {
            let id = self.entities[entity.entity];
            let element = model.catalog.element(id);
            let counted = entity.counted().filter_map(|field| {
                let name = model.catalog.name(&field.name)?;
                Some((element.field(name)?, MappedField { lookup_only: field.lookup_only }))
            });
            (id, counted.collect())
        });
        Scope::mapped(entities.collect())
    }

    /// Number of legs.
    pub fn legs(&self) -> usize {
        self.maps.iter().map(|map| map.legs.len()).sum()
    }
}

/// The texts of a label with the ranks of their languages; a snapshot keeps the English ones of entities.
fn label_texts(model: &Model, labels: &LabelTexts, id: &str) -> Vec<(usize, String)> {
    let mut texts: Vec<_> = labels.get(id).into_iter().map(|label| (label.language, label.text)).collect();
    if texts.iter().all(|(language, _)| *language != labels.english()) {
        texts.extend(model.kept_label(id).map(|text| (labels.english(), text.to_owned())));
    }
    texts
}

/// English labels may be missing: many maps name their entities by public names. Another language was asked for.
fn unknown_language(model: &Model, config: &Config, labels: &LabelTexts) -> Option<Problem> {
    let is_english = config.language.eq_ignore_ascii_case(ENGLISH);
    if is_english || labels.has_language() {
        return None;
    }
    let known: BTreeSet<&str> =
        model.files.models.iter().flat_map(|model| &model.labels).map(|label| &*label.language).collect();
    let known: Vec<&str> = known.into_iter().collect();
    let loaded = if known.is_empty() { "no labels at all".to_owned() } else { some(&known, LANGUAGES) };
    let problem = Problem::new(Code::UnknownLanguage, None).with("language", &config.language);
    Some(problem.with("instead", ENGLISH).with("loaded", loaded))
}

fn names(element: &Element) -> EntityNames {
    let text = |value: &Option<Symbol>| value.as_ref().map_or_else(Box::default, Into::into);
    EntityNames {
        name: element.name.text.as_ref().into(),
        public_entity_name: text(&element.entity.public_entity_name),
        public_collection_name: text(&element.entity.public_collection_name),
        label: text(&element.entity.label),
    }
}

/// Maps may name system fields that an entity does not declare.
fn fields(element: &Element) -> EntityFields<'_> {
    let declared = element.fields.iter().map(|f| &*f.name.text);
    EntityFields { names: declared.chain(SYSTEM_FIELDS).collect(), partial: element.is_partial() }
}
