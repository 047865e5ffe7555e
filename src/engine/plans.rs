//! Plans for what is judged: where verdicts meet the files that would change.

use super::{Judged, Model};
use crate::catalog::ElementId;
use crate::config::Config;
use crate::suggest::{self, EntityPlan, Ownership, PlanInput};
use std::path::PathBuf;

impl Judged<'_> {
    /// Plans for those of the entities that are in scope, in the order given.
    pub fn plans(&self, config: &Config, entities: &[ElementId]) -> Vec<EntityPlan> {
        let own = self.model.own_models(config);
        let input = PlanInput {
            catalog: &self.model.catalog,
            ownership: self.model.ownership(&own),
            analysis: &self.analysis,
            needed: &self.needed,
            read: &|path| std::fs::read(path),
        };
        suggest::plans(input, entities)
    }

    /// Names of the table maps that send an entity, each once.
    pub fn maps_of(&self, entity: ElementId) -> Vec<&str> {
        let Some(maps) = &self.maps else { return Vec::new() };
        let mapped = maps.mapped.entities.iter().filter(|m| maps.entities.get(m.entity) == Some(&entity));
        let mut names: Vec<&str> = Vec::new();
        for leg in mapped.flat_map(|m| &m.legs) {
            let name = maps.maps.get(leg.map).map_or("", |m| m.display_name());
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}

impl Model {
    fn ownership<'a>(&'a self, own: &'a [bool]) -> Ownership<'a> {
        Ownership { files: &self.files, models: &self.models, own }
    }

    /// Folders of the models that the user may change: nothing is written elsewhere.
    pub fn own_folders(&self, config: &Config) -> Vec<PathBuf> {
        self.ownership(&self.own_models(config)).own_folders()
    }
}
