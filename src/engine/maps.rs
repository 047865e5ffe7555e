//! Which fields count, as the table maps say: maps meet the catalog here.

use super::Model;
use crate::catalog::{Element, ElementId, SYSTEM_FIELDS};
use crate::config::Config;
use crate::dualwrite::{
    EntityFields, EntityNames, LabelTexts, Mapped, Resolver, TableMap, counted_maps, load_maps, mapped_fields,
};
use crate::problem::Problem;
use crate::text::Symbol;
use crate::tracking::{MappedField, Scope};

/// Maps name entities by their English labels.
pub(super) const LANGUAGE: &str = "en-US";

/// The maps of a run.
#[derive(Debug, Default)]
pub struct Maps {
    /// The maps that count, in the order of files.
    pub maps: Vec<TableMap>,
    /// What they say of entities; indices are those of `entities`.
    pub mapped: Mapped,
    /// The entities that [`Mapped`] speaks of.
    pub entities: Vec<ElementId>,
}

impl Maps {
    /// Reads the maps of a configuration and finds their entities.
    pub(super) fn load(model: &Model, config: &Config, problems: &mut Vec<Problem>) -> Self {
        let (maps, found) = load_maps(&config.maps);
        problems.extend(found);
        let (maps, found) = counted_maps(maps, &config.map_versions);
        problems.extend(found);
        let entities: Vec<ElementId> = model.catalog.entities().map(|(id, _)| id).collect();
        let names: Vec<EntityNames> = entities.iter().map(|id| names(model.catalog.element(*id))).collect();
        let paths = model.files.models.iter().flat_map(|m| &m.labels).map(|label| label.absolute.clone());
        let texts = LabelTexts::load(paths, LANGUAGE);
        let label = |id: &str| texts.get(id).or_else(|| model.kept_label(id).map(str::to_owned));
        let resolver = Resolver::new(&names, &config.aliases, &label);
        let fields_of = |position: usize| fields(model.catalog.element(entities[position]));
        let mut mapped = mapped_fields(&maps, &resolver, &fields_of);
        problems.append(&mut mapped.problems);
        Self { maps, mapped, entities }
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
