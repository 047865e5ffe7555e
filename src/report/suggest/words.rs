//! Sentences that the text and the Markdown share.

use super::{Suggestions, WhatIf};
use crate::suggest::method::Trouble;
use crate::suggest::{
    EntityPlan, FieldPlan, Need, Needed, Obstacle, Remedy, Removal, Row, Rows, WarningKind,
};
use crate::text::Shown;
use crate::text::{count, some};
use crate::tracking::{EntryVerdict, ResolvedEntry};
use crate::words::{entry_text, entry_verdict, shown};

/// How many fields a title names unless everything is asked for.
const NAMES: usize = 5;

/// A step of a plan.
pub(super) struct StepText {
    pub(super) text: String,
    pub(super) code: Option<String>,
    pub(super) file: Option<String>,
}

impl Suggestions<'_> {
    /// All of it in one line.
    pub(super) fn headline(&self) -> String {
        if self.plans.is_empty() {
            return "Nothing to suggest: no entry is missing, and none can go.".to_owned();
        }
        let sum = |number: fn(&EntityPlan) -> usize| self.plans.iter().map(number).sum::<usize>();
        let missing = sum(|p| p.needs.len());
        let removable = sum(|p| p.removals.len());
        let saved: u32 = self.plans.iter().flat_map(|p| &p.removals).map(|r| r.rows_saved).sum();
        let mut parts = Vec::new();
        if missing > 0 {
            parts.push(format!("{} whose changes are never sent", count(missing, "record")));
        }
        if removable > 0 {
            let rows =
                if saved > 0 { format!(" and save {}", count(saved as usize, "row")) } else { String::new() };
            parts.push(format!("{} can go{rows}", count(removable, "mapping entry")));
        }
        if parts.is_empty() {
            parts.push("entries that deserve a look".to_owned());
        }
        format!("{}: {}.", count(self.plans.len(), "entity"), parts.join("; "))
    }

    /// Name and model of an entity.
    pub(super) fn title(&self, plan: &EntityPlan) -> String {
        let model = self.judged.model;
        let name = self.teller().name(plan.entity);
        match model.model_of(self.teller().element(plan.entity)) {
            Some(of) if plan.own => format!("{name} ({})", shown(of)),
            Some(of) => format!("{name} ({}, not yours)", shown(of)),
            None => format!("{name} (only extensions are loaded)"),
        }
    }

    /// The table and the fields of a group.
    pub(super) fn need_title(&self, need: &Need) -> String {
        let table = self.teller().name(need.needed.table);
        format!("{table}, for {}", self.fields(&need.needed))
    }

    fn fields(&self, needed: &Needed) -> String {
        let element = self.teller().element(needed.entity);
        let names: Vec<&str> = needed.fields.iter().map(|ix| &*element.field_at(*ix).name.text).collect();
        let limit = if self.all { usize::MAX } else { NAMES };
        format!("{}: {}", count(names.len(), "field"), some(&names, limit))
    }

    /// What to do about a group, in order.
    pub(super) fn steps(&self, plan: &EntityPlan, need: &Need) -> Vec<StepText> {
        let table = self.teller().name(need.needed.table);
        let entity = self.teller().name(plan.entity);
        if need.needed.remedy == Remedy::AddSource {
            let text = format!(
                "Add {table} as a data source of {entity} and map a field of it: the record has no RecId that could be exposed."
            );
            return vec![StepText { text, code: None, file: None }];
        }
        let mut steps: Vec<StepText> = need
            .needed
            .steps
            .iter()
            .map(|step| {
                let planned = plan.fields.iter().find(|f| f.step == *step);
                let element = self.teller().element(step.element);
                let on = match planned.and_then(|f| f.extension.as_deref()) {
                    Some(extension) => format!("extension {}", shown(extension)),
                    None => format!("{} {}", element.kind.word(), shown(&element.name.text)),
                };
                let text = format!(
                    "Add field {} to {on}: data source {}, data field {}, access Internal.",
                    shown(&step.field),
                    shown(&step.data_source),
                    shown(&step.data_field)
                );
                StepText { text, code: None, file: planned.map(|f| shown(&f.file)) }
            })
            .collect();
        steps.push(self.entry_step(plan, need));
        steps
    }

    fn entry_step(&self, plan: &EntityPlan, need: &Need) -> StepText {
        let mapping = self.analysis(plan.entity).map(|e| &e.mapping);
        let disabled = need.disabled.zip(mapping).map(|(n, m)| self.teller().at(m.disabled[n].place));
        let text = match (disabled, need.enabled) {
            (Some(place), true) => format!("Enable the entry that is commented out at {place}."),
            (Some(place), false) => {
                format!("Add an entry to the mapping method; one that would do is commented out at {place}.")
            }
            (None, _) => "Add an entry to the mapping method.".to_owned(),
        };
        let file = plan.code.iter().find(|c| c.new_file).or(plan.code.last()).map(|c| shown(&c.file));
        StepText { text, code: need.code.clone(), file: file.filter(|_| need.obstacle.is_none()) }
    }

    /// Why a change is not made.
    pub(super) fn obstacle(&self, obstacle: &Obstacle) -> String {
        match obstacle {
            Obstacle::NotYours { model, place } => format!(
                "it stands in a method of model {}, which is not yours ({}).",
                shown(model),
                self.teller().at(*place)
            ),
            Obstacle::NoOwnModel => {
                "none of the loaded models is yours, so there is no place for an extension (own-models in dualtrack.toml).".to_owned()
            }
            Obstacle::Dropped { class } => format!(
                "class {} has the method without next, so that it drops what another wrapper adds; add next there first.",
                shown(class)
            ),
            Obstacle::Method { trouble, place } => {
                format!("{} ({}); do it by hand.", trouble_text(*trouble), self.teller().at(*place))
            }
        }
    }

    /// What other maps would change.
    pub(super) fn what_if_lines(&self, what_if: &WhatIf) -> Vec<String> {
        let teller = self.teller();
        let fields = |mapped: bool| -> Vec<String> {
            let those = what_if.fields.iter().filter(|(_, m)| *m == mapped);
            those.map(|(ix, _)| teller.field_name(what_if.entity, *ix)).collect()
        };
        let mut supposed = Vec::new();
        for (mapped, word) in [(true, "with"), (false, "without")] {
            let names = fields(mapped);
            if !names.is_empty() {
                supposed.push(format!("{word} {}", names.join(", ")));
            }
        }
        let mut lines =
            vec![format!("What if {} is mapped {}:", teller.name(what_if.entity), supposed.join(" and "))];
        let shift = &what_if.shift;
        let group = |n: &Needed| format!("{} by {}", teller.name(n.table), path_of(n));
        let entry = |n: &usize| {
            let analysis = self.analysis(what_if.entity);
            analysis.map_or_else(String::new, |e| entry_text(&e.mapping.entries[*n]))
        };
        lines.extend(shift.needed.iter().map(|n| format!("  missing then: {}", group(n))));
        lines.extend(shift.no_longer_needed.iter().map(|n| format!("  no longer missing: {}", group(n))));
        lines.extend(shift.removable.iter().map(|n| format!("  can go then: {}", entry(n))));
        lines.extend(shift.no_longer_removable.iter().map(|n| format!("  can no longer go: {}", entry(n))));
        if shift.is_empty() {
            lines.push("  no entry is needed or can go that would not be so anyway.".to_owned());
        }
        lines
    }

    /// The documented steps after a change.
    pub(super) fn afterwards(&self, plan: &EntityPlan) -> Vec<String> {
        let name = self.teller().name(plan.entity);
        let maps: Vec<String> = self.judged.maps_of(plan.entity).into_iter().map(shown).collect();
        let maps = if maps.is_empty() { String::new() } else { format!(": {}", maps.join("; ")) };
        vec![
            "Build the models that were changed.".to_owned(),
            "Synchronise the database.".to_owned(),
            format!("Stop every table map on {name}{maps}."),
            "Start them again: only a start writes the rows.".to_owned(),
            "Check the rows; expected afterwards (+ added, - gone, = kept):".to_owned(),
        ]
    }
}

/// Why an entry can go, and what that saves.
pub(super) fn removal_reason(entry: &ResolvedEntry, removal: &Removal) -> String {
    let why = match entry.verdict {
        EntryVerdict::Invalid if !entry.triple => "it is not [label, table, field]",
        EntryVerdict::Invalid if entry.copied => "its fieldStr names another entity",
        EntryVerdict::Invalid => "its table is no table, or the entity has no such field",
        EntryVerdict::Duplicate => "an earlier entry says the same",
        EntryVerdict::Redundant => "what it covers is tracked through data sources anyway",
        _ => "it covers nothing that is sent",
    };
    let saved = match removal.rows_saved {
        0 => "no row less, since it makes none".to_owned(),
        rows => format!("saves {}", count(rows as usize, "row")),
    };
    format!("{}: {why}; {saved}.", entry_verdict(entry))
}

fn trouble_text(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Changed => "the file is not what was loaded, or cannot be edited",
        Trouble::Broken => "the method has a string, comment or bracket without an end",
        Trouble::NoReturn => "the method has no return that an entry could be added to",
        Trouble::InVariable => "the entry is held in a variable, which may have other uses",
        Trouble::NotSure => "no edit of the method would surely leave the right entries",
    }
}

/// What an entry that stays deserves a look for.
pub(super) fn warning(kind: WarningKind) -> &'static str {
    match kind {
        WarningKind::Conditional => "It is registered only under a condition.",
        WarningKind::Mismatched => "Its field is on the record, but is not the RecId of its table.",
        WarningKind::Conflicting => {
            "An earlier entry has the same label and table; which of the two wins is not documented."
        }
    }
}

/// The way to the record of a group.
pub(super) fn path(need: &Need) -> String {
    path_of(&need.needed)
}

fn path_of(needed: &Needed) -> String {
    if needed.path.is_empty() {
        return "SQL text".to_owned();
    }
    needed.path.iter().map(|name| shown(name)).collect::<Vec<_>>().join(" > ")
}

/// Rows with their signs: what comes, what goes, what stays.
pub(super) fn rows(rows: &Rows) -> Vec<(char, String)> {
    let text = |row: &Row| {
        let field = row.field.as_deref().map(|f| format!(" ({})", shown(f))).unwrap_or_default();
        format!("{}, {}{field}", shown(&row.table), shown(&row.label))
    };
    let signed = |sign: char, rows: &[Row]| rows.iter().map(|r| (sign, text(r))).collect::<Vec<_>>();
    [signed('+', &rows.added), signed('-', &rows.gone), signed('=', &rows.kept)].concat()
}

/// A line of code without anything that moves the cursor; tabs stay.
pub(super) fn safe_line(line: &str) -> String {
    line.split('\t').map(|part| Shown(part).to_string()).collect::<Vec<_>>().join("\t")
}

/// Where a field goes, in words.
pub(super) fn field_title(field: &FieldPlan) -> String {
    let new = if matches!(field.target, crate::edit::Target::New(_)) { " (new file)" } else { "" };
    format!("{}{new}: field {}", shown(&field.file), shown(&field.step.field))
}
