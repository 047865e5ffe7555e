//! From verdicts to plans: which changes serve an entity, which cannot be made, and the texts.

mod methods;

use super::host::{self, Host};
use super::method::Addition;
use super::places::{Ownership, Places};
use super::plan::{EntityPlan, FieldPlan, Need, Obstacle, Removal, Rows, Warning, WarningKind};
use super::triple::Triple;
use super::{Needed, missing_of, rows};
use crate::catalog::{Catalog, Element, ElementId, ElementKind};
use crate::edit::{Change, FieldForm, NewField};
use crate::text::{Symbol, name_order};
use crate::tracking::{
    Analysis, Definition, EntityAnalysis, EntryVerdict, MappingLink, ResolvedEntry, mapping_links,
};
use std::io;
use std::path::Path;

/// What plans are made from.
#[derive(Clone, Copy)]
pub struct PlanInput<'a> {
    /// The model.
    pub catalog: &'a Catalog,
    /// Its files.
    pub ownership: Ownership<'a>,
    /// The verdicts.
    pub analysis: &'a Analysis,
    /// What is missing.
    pub needed: &'a [Needed],
    /// Reads a file.
    pub read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
}

/// Plans for entities in scope, in the order given; empty ones too.
pub fn plans(input: PlanInput, entities: &[ElementId]) -> Vec<EntityPlan> {
    let exists = |path: &Path| (input.read)(path).is_ok();
    let mut places = Places::new(input.ownership, &exists);
    let analyses = entities.iter().filter_map(|id| input.analysis.entity(*id)).filter(|e| e.in_scope);
    analyses.map(|analysis| Builder::new(input, analysis).build(&mut places)).collect()
}

/// The commented-out entry that does what a plan asks for, as an index: its label must be free.
pub fn disabled_for(entity: &EntityAnalysis, needed: &Needed) -> Option<usize> {
    let same = |a: &Option<Symbol>, b: &Option<Symbol>| match (a, b) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
        _ => false,
    };
    let mapping = &entity.mapping;
    let is_taken = |entry: &ResolvedEntry| {
        let rival = |other: &ResolvedEntry| {
            other.verdict.stays() && other.table_id == entry.table_id && same(&other.label, &entry.label)
        };
        mapping.entries.iter().any(rival)
    };
    mapping.disabled.iter().position(|entry| {
        entry.table_id == Some(needed.table) && same(&entry.field, &needed.field) && !is_taken(entry)
    })
}

struct Builder<'a> {
    input: PlanInput<'a>,
    analysis: &'a EntityAnalysis,
    element: &'a Element,
    chain: Vec<MappingLink<'a>>,
    plan: EntityPlan,
}

/// A needed entry on its way into the method.
struct Wanted {
    /// Index into the needs of the plan.
    need: usize,
    addition: Addition,
}

impl<'a> Builder<'a> {
    fn new(input: PlanInput<'a>, analysis: &'a EntityAnalysis) -> Self {
        let element = input.catalog.element(analysis.id);
        let needs = missing_of(input.needed, analysis.id).iter().map(|needed| Need {
            needed: needed.clone(),
            disabled: disabled_for(analysis, needed),
            enabled: false,
            label: needed.label.clone(),
            code: None,
            obstacle: None,
        });
        let entries = || analysis.mapping.entries.iter().enumerate();
        let removals = entries().filter_map(|(n, e)| Some((n, e.rows_saved?)));
        let removal = |(entry, rows_saved)| Removal { entry, rows_saved, obstacle: None };
        let plan = EntityPlan {
            entity: analysis.id,
            own: element.place.is_some_and(|p| input.ownership.is_own(p.file)),
            needs: needs.collect(),
            removals: removals.map(removal).collect(),
            warnings: entries().flat_map(|(n, e)| warnings(n, e)).collect(),
            fields: Vec::new(),
            code: Vec::new(),
            changes: Vec::new(),
            rows: Rows::default(),
            inconsistencies: Vec::new(),
        };
        Self { input, analysis, element, chain: mapping_links(element), plan }
    }

    fn build(mut self, places: &mut Places) -> EntityPlan {
        if self.plan.is_empty() {
            return self.plan;
        }
        self.fields(places);
        let wanted = self.wanted();
        for entry in &wanted {
            self.plan.needs[entry.need].code = Some(entry.addition.triple.code());
        }
        let host = if wanted.is_empty() {
            None
        } else {
            Some(host::choose(self.element, &self.chain, &self.input.ownership))
        };
        for link in 0..self.chain.len() {
            let here = matches!(host, Some(Host::Link(n)) if n == link);
            self.edit_method(link, if here { &wanted } else { &[] });
        }
        match host {
            Some(Host::Entity) => self.new_method(&wanted),
            Some(Host::Class(form)) => self.new_class(places, form, &wanted),
            Some(Host::Link(_)) | None => {}
        }
        self.drop_unused_fields();
        self.rows();
        if !self.plan.inconsistencies.is_empty() {
            self.plan.code.clear();
            self.plan.changes.clear();
        }
        self.plan
    }

    /// Finds a place for each field that must exist first.
    fn fields(&mut self, places: &mut Places) {
        for need in &mut self.plan.needs {
            for step in &need.needed.steps {
                let element = self.input.catalog.element(step.element);
                let form = match element.kind {
                    ElementKind::Entity => FieldForm::Entity,
                    _ => FieldForm::View,
                };
                match places.field(step.element, element, self.element) {
                    Ok(spot) => {
                        let step = step.clone();
                        let field = FieldPlan {
                            step,
                            form,
                            target: spot.target,
                            extension: spot.name,
                            file: spot.file,
                        };
                        if !self.plan.fields.contains(&field) {
                            self.plan.fields.push(field);
                        }
                    }
                    Err(obstacle) => need.obstacle = Some(obstacle),
                }
            }
        }
    }

    /// The entries to add.
    fn wanted(&self) -> Vec<Wanted> {
        let possible = self.plan.needs.iter().enumerate().filter(|(_, need)| need.obstacle.is_none());
        possible
            .filter_map(|(n, need)| {
                let Needed { label, field, table, .. } = &need.needed;
                let (label, field) = (label.as_ref()?, field.as_ref()?);
                let table = &self.input.catalog.element(*table).name.text;
                let triple = Triple::new(self.input.catalog, label, table, &self.element.name.text, field);
                let triple = triple.serving(self.names(&need.needed));
                Some(Wanted { need: n, addition: Addition { triple, disabled: None } })
            })
            .collect()
    }

    fn names(&self, needed: &Needed) -> String {
        let names: Vec<&str> =
            needed.fields.iter().map(|ix| &*self.element.field_at(*ix).name.text).collect();
        names.join(", ")
    }

    fn stop(&mut self, wanted: &[Wanted], obstacle: &Obstacle) {
        for wanted in wanted {
            self.plan.needs[wanted.need].obstacle = Some(obstacle.clone());
        }
    }

    /// Fields that no entry will use are not added; the others become changes, before those of methods.
    fn drop_unused_fields(&mut self) {
        let needs = &self.plan.needs;
        let used = |field: &FieldPlan| {
            needs.iter().any(|n| n.obstacle.is_none() && n.needed.steps.contains(&field.step))
        };
        self.plan.fields.retain(used);
        let fields = self.plan.fields.iter().map(|field| Change::AddField {
            file: field.target.clone(),
            field: NewField {
                name: field.step.field.to_string(),
                data_source: field.step.data_source.to_string(),
                data_field: field.step.data_field.to_string(),
                form: field.form,
            },
        });
        self.plan.changes = fields.chain(std::mem::take(&mut self.plan.changes)).collect();
    }

    /// The predicted rows of the entity; all rows stand in the order of entities.
    fn rows_before(&self) -> Vec<&'a Definition> {
        let name = &self.element.name.text;
        let all = &self.input.analysis.definitions;
        let start = all.partition_point(|d| name_order(&d.ref_entity_name, name).is_lt());
        all[start..].iter().take_while(|d| d.ref_entity_name == *name).collect()
    }

    fn rows(&mut self) {
        let done = self.plan.removals.iter().filter(|r| r.obstacle.is_none());
        let removed: Vec<&ResolvedEntry> = done.map(|r| &self.analysis.mapping.entries[r.entry]).collect();
        let needs = self.plan.needs.iter().filter(|n| n.obstacle.is_none());
        let added = needs.filter_map(|n| {
            let table = self.input.catalog.element(n.needed.table).name.text.clone();
            Some((table, n.label.clone()?, n.needed.field.clone()?))
        });
        self.plan.rows = rows::compare(&self.rows_before(), &removed, added);
    }
}

fn warnings(entry: usize, resolved: &ResolvedEntry) -> Vec<Warning> {
    let kinds = [
        (resolved.conditional, WarningKind::Conditional),
        (resolved.verdict == EntryVerdict::Mismatched, WarningKind::Mismatched),
        (resolved.verdict == EntryVerdict::Conflicting, WarningKind::Conflicting),
    ];
    kinds.into_iter().filter(|(holds, _)| *holds).map(|(_, kind)| Warning { entry, kind }).collect()
}
