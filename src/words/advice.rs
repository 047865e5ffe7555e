//! What to do so that a change reaches Dataverse.

use super::{Teller, shown};
use crate::catalog::ElementId;
use crate::lineage::Leaf;
use crate::suggest::{Needed, Remedy, Step};
use crate::text::{Symbol, count};
use crate::tracking::{EntityAnalysis, LeafVerdict, Missing, Reason, ResolvedEntry, Status};

/// What to do, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Advice<'a> {
    /// The planned entry, where there is one.
    pub(crate) needed: Option<&'a Needed>,
    /// The steps.
    pub(crate) steps: Vec<Todo>,
    /// All of it in one short line.
    pub(crate) short: String,
}

/// One step.
#[derive(Clone, Debug)]
pub(crate) struct Todo {
    /// What to do.
    pub(crate) text: String,
    /// A line to type.
    pub(crate) code: Option<String>,
}

fn todo(text: impl Into<String>) -> Todo {
    Todo { text: text.into(), code: None }
}

const RESTART: &str = "Build, synchronise, then stop and start the table map: only a start writes the rows.";

impl<'a> Teller<'a> {
    /// What to do about a leaf; nothing for one that is tracked.
    pub(crate) fn advice(&self, entity: &EntityAnalysis, leaf: &Leaf, verdict: &LeafVerdict) -> Advice<'a> {
        match (verdict.status, verdict.reason) {
            (Status::Tracked, _) => Advice::default(),
            (Status::Unresolved, _) => match self.missing_of(entity, leaf) {
                Some(missing) => self.about_missing(&missing),
                None => Advice::default(),
            },
            (_, reason) => match self.needed(entity.id, leaf) {
                Some(needed) => self.about_needed(entity, needed),
                None => self.without_plan(leaf, reason),
            },
        }
    }

    /// The plan for the record of a leaf.
    fn needed(&self, entity: ElementId, leaf: &Leaf) -> Option<&'a Needed> {
        let path = leaf.path_names(self.catalog(), entity);
        crate::suggest::missing_of(&self.judged.needed, entity)
            .iter()
            .find(|n| Some(n.table) == leaf.element() && n.path.iter().map(|p| &**p).eq(path.iter().copied()))
    }

    pub(crate) fn about_missing(&self, missing: &Missing) -> Advice<'a> {
        let name = shown(missing.name(self.catalog()));
        let short = match missing {
            Missing::NotLoaded(_) | Missing::OnlyExtensions(_) => {
                format!("Load the package that defines {name}: name its metadata root with --metadata.")
            }
            Missing::Cyclic(_) => format!("Take {name} out of the circle: nothing is followed through it."),
            Missing::TableMap(_) => format!("Name a table or view instead of the table map {name}."),
            Missing::NoSources(_) => format!("Give {name} a data source."),
            Missing::NoSuchSource(_) => format!("Correct the DataSource of the field: there is no {name}."),
            Missing::NoSuchField(..) => {
                format!("Correct the field, or load the model that adds it to {name}.")
            }
        };
        Advice { needed: None, steps: vec![todo(short.clone())], short }
    }

    fn without_plan(&self, leaf: &Leaf, reason: Option<Reason>) -> Advice<'a> {
        let table = leaf.element().map(|id| &self.element(id).name.text);
        let short = match (table, reason) {
            (Some(table), _) if self.config.is_insert_only(table) => format!(
                "Nothing: rows of {} are only ever inserted, so that the row which refers to it changes as well.",
                shown(table)
            ),
            (_, Some(reason)) => reason.remedy().to_owned(),
            (_, None) => return Advice::default(),
        };
        Advice { needed: None, steps: vec![todo(short.clone())], short }
    }

    fn about_needed(&self, entity: &EntityAnalysis, needed: &'a Needed) -> Advice<'a> {
        let mut steps: Vec<Todo> = needed.steps.iter().map(|step| self.new_field(step)).collect();
        let table = self.name(needed.table);
        let name = self.name(needed.entity);
        let short = match needed.remedy {
            Remedy::AddSource => {
                let text = format!(
                    "Add {table} as a data source of {name} and map a field of it: the record has no RecId that could be exposed."
                );
                steps.push(todo(text));
                format!("add {table} as a data source")
            }
            Remedy::Entry | Remedy::ExposeRecId => {
                let code = self.entry_line(entity, needed);
                let short = match needed.steps.len() {
                    0 => match Self::commented_out(entity, needed) {
                        Some(entry) => format!(
                            "enable the entry commented out in line {}: {}",
                            entry.place.line,
                            entry_text(entry)
                        ),
                        None => format!("add entry {}", self.triple(needed)),
                    },
                    n => format!("expose its RecId ({}), then add an entry", count(n, "field")),
                };
                steps.push(Todo { text: self.entry_step(entity, needed), code: Some(code) });
                short
            }
        };
        steps.push(todo(RESTART));
        Advice { needed: Some(needed), steps, short }
    }

    fn new_field(&self, step: &Step) -> Todo {
        let element = self.element(step.element);
        let model = self.judged.model;
        let own = element.place.is_some_and(|p| model.is_own_file(self.config, p.file));
        let what = if own { "" } else { "an extension of " };
        todo(format!(
            "Add field {} to {what}{} {}: data source {}, data field {}, access Internal.",
            shown(&step.field),
            element.kind.word(),
            shown(&element.name.text),
            shown(&step.data_source),
            shown(&step.data_field)
        ))
    }

    /// The entry that a plan asks for, inside a comment.
    fn commented_out<'e>(entity: &'e EntityAnalysis, needed: &Needed) -> Option<&'e ResolvedEntry> {
        crate::suggest::disabled_for(entity, needed).map(|index| &entity.mapping.disabled[index])
    }

    /// Where the entry goes, or where it stands already as a comment.
    fn entry_step(&self, entity: &EntityAnalysis, needed: &Needed) -> String {
        let element = self.element(entity.id);
        let name = shown(&element.name.text);
        let own = element.place.is_some_and(|p| self.judged.model.is_own_file(self.config, p.file));
        if let Some(disabled) = Self::commented_out(entity, needed) {
            return format!("Enable the entry that is commented out at {}:", self.at(disabled.place));
        }
        match (own, entity.mapping.present) {
            (true, true) => format!("Add an entry to getEntityDataSourceToFieldMapping of {name}:"),
            (true, false) => format!("Write getEntityDataSourceToFieldMapping on {name}, with the entry:"),
            (false, false) if !element.is_partial() => format!(
                "Write getEntityDataSourceToFieldMapping in an extension class of {name}, with the entry; that the framework calls a method which only an extension declares is not documented [INF]:"
            ),
            (false, _) => {
                let unverified =
                    if element.is_partial() { "; whether it has the method is not known" } else { "" };
                format!(
                    "Wrap getEntityDataSourceToFieldMapping in an extension class of {name} (with next{unverified}) that adds:"
                )
            }
        }
    }

    /// The entry, short.
    fn triple(&self, needed: &Needed) -> String {
        let part = |text: &Option<Symbol>| shown(text.as_deref().unwrap_or_default());
        format!("[{}, {}, {}]", part(&needed.label), self.name(needed.table), part(&needed.field))
    }

    /// The entry as X++.
    fn entry_line(&self, analysis: &EntityAnalysis, needed: &Needed) -> String {
        let entity = self.name(needed.entity);
        let label = Self::commented_out(analysis, needed).map_or(&needed.label, |entry| &entry.label);
        let label = label.as_deref().unwrap_or_default();
        let function = if self.catalog().find(label).is_some() { "tableStr" } else { "identifierStr" };
        format!(
            "[{function}({}), tableNum({}), fieldStr({entity}, {})]",
            shown(label),
            self.name(needed.table),
            shown(needed.field.as_deref().unwrap_or_default())
        )
    }
}

/// `[label, table, field]`, with a question mark for what is missing.
pub(crate) fn entry_text(entry: &ResolvedEntry) -> String {
    let part = |text: &Option<Symbol>| text.as_deref().map_or_else(|| "?".to_owned(), shown);
    format!("[{}, {}, {}]", part(&entry.label), part(&entry.table), part(&entry.field))
}

/// Verdict and match of an entry, and whether it is conditional.
pub(crate) fn entry_state(entry: &ResolvedEntry) -> String {
    let condition = if entry.conditional { "; only under a condition" } else { "" };
    format!("{}{condition}", entry_verdict(entry))
}

/// Verdict and match of an entry: `needed, exact`.
pub(crate) fn entry_verdict(entry: &ResolvedEntry) -> String {
    match entry.matched {
        Some(matched) => format!("{}, {}", entry.verdict.id(), matched.id()),
        None => entry.verdict.id().to_owned(),
    }
}
