//! One entity: what it is, its data sources, its mapping method, and what of it is not tracked.

use super::records::{Records, Tally};
use super::{mapping, tree};
use crate::catalog::Element;
use crate::problem::{Problem, Severity};
use crate::report::style::{BAD, GOOD, OPEN, STRONG, Styled};
use crate::report::wrap::{WIDTH, either, labelled, lines};
use crate::source::FileId;
use crate::text::count;
use crate::tracking::{EntityAnalysis, Status};
use crate::words::{Teller, shown};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// An entity with what is said of it.
pub(super) struct EntityView<'a> {
    pub(super) teller: Teller<'a>,
    pub(super) entity: &'a EntityAnalysis,
}

impl<'a> EntityView<'a> {
    fn element(&self) -> &'a Element {
        self.teller.element(self.entity.id)
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let records = Records { teller: self.teller, entity: self.entity };
        let tally = records.tally();
        self.answer(out, &tally)?;
        self.header(out)?;
        writeln!(out, "\n{}", Styled(STRONG, self.sources_heading()))?;
        tree::write(self.teller, self.entity.id, Some(self.entity), out)?;
        mapping::write(self.teller, &self.entity.mapping, out)?;
        records.write(out, "Not triggered", Status::Untracked)?;
        records.write(out, "Cannot be said", Status::Unresolved)?;
        records.write(out, "Cannot be decided", Status::Undecidable)?;
        records.others(out, &tally)?;
        self.problems(out)
    }

    fn answer(&self, out: &mut dyn Write, tally: &Tally) -> io::Result<()> {
        let name = self.teller.name(self.entity.id);
        let (text, style) = match self.teller.why_not_sent(self.entity, None, "it") {
            Some(why) => (
                format!(
                    "{name} is out of scope: {why}. None of its fields counts, so nothing is tracked for it."
                ),
                OPEN,
            ),
            None => (
                self.numbers(tally),
                if tally.lost.is_empty() && tally.partly.is_empty() { GOOD } else { BAD },
            ),
        };
        for line in lines(&text, WIDTH) {
            writeln!(out, "{}", Styled(style.bold(), line))?;
        }
        writeln!(out)
    }

    /// How many fields are tracked, and what is the matter with the others.
    fn numbers(&self, tally: &Tally) -> String {
        let name = self.teller.name(self.entity.id);
        let Tally { tracked, partly, lost, open, nothing } = tally;
        let all = tracked.len() + partly.len() + lost.len() + open.len() + nothing.len();
        if all == 0 {
            return format!("{name}: none of its fields is sent to Dataverse.");
        }
        let parts = [
            (lost, "never triggers it", "never trigger it"),
            (partly, "triggers it only in part", "trigger it only in part"),
            (open, "cannot be decided", "cannot be decided"),
            (nothing, "has no column that could", "have no column that could"),
        ];
        let parts: Vec<String> = parts
            .into_iter()
            .filter(|(list, ..)| !list.is_empty())
            .map(|(list, one, many)| format!("{} {}", list.len(), either(list.len(), one, many)))
            .collect();
        let rest = if parts.is_empty() { String::new() } else { format!("; {}", parts.join(", ")) };
        let sent = either(all, "field that is sent is", "fields that are sent are");
        format!("{name}: {} of the {all} {sent} tracked{rest}.", tracked.len())
    }

    fn header(&self, out: &mut dyn Write) -> io::Result<()> {
        let element = self.element();
        let model = self.teller.judged.model;
        if let Some(place) = element.place {
            let own = if model.is_own_file(self.teller.config, place.file) { "" } else { " (not yours)" };
            let text =
                format!("{}, model {}{own}", self.teller.at(place), shown(model.model_name(place.file)));
            labelled(out, "Entity", &text)?;
        } else {
            let text =
                "only extensions are loaded; load the package that defines it to see the rest (--metadata)";
            labelled(out, "Entity", text)?;
        }
        self.extensions(out)?;
        let facts = &element.entity;
        let public = match (&facts.public_collection_name, facts.is_public) {
            (Some(name), true) => format!("public as {}", shown(name)),
            (None, true) => "public".to_owned(),
            (_, false) => "not public".to_owned(),
        };
        let managed = if facts.data_management_enabled {
            "data management enabled"
        } else {
            "data management not enabled, which dual-write needs"
        };
        let read_only = if facts.is_read_only { ", read-only" } else { "" };
        let query = element.query.as_ref().map(|q| format!(", data sources from query {}", shown(&q.text)));
        labelled(out, "Is", &format!("{public}, {managed}{read_only}{}", query.unwrap_or_default()))?;
        if self.entity.in_scope && self.teller.judged.scope.assumed {
            labelled(out, "In scope", super::ASSUMED)?;
        }
        for (position, map) in self.teller.maps_of(self.entity.id).iter().enumerate() {
            labelled(out, if position == 0 { "Sent by" } else { "" }, map)?;
        }
        if let Some(place) = self.entity.record_lookup {
            let text = format!(
                "record look-up overridden: getEntityRecordIdsImpactedByTableChange, {}",
                self.teller.at(place)
            );
            labelled(out, "Note", &text)?;
        }
        if let Some(limit) = self.entity.truncated {
            let text = format!("lineage was cut: {}; nothing is called removable", limit.text());
            labelled(out, "Note", &text)?;
        }
        Ok(())
    }

    /// Extensions and extension classes, each once.
    fn extensions(&self, out: &mut dyn Write) -> io::Result<()> {
        let element = self.element();
        let fields = element.fields.iter().filter_map(|f| f.added_by.as_deref());
        let sources = element.sources.iter().filter_map(|s| s.added_by.as_deref());
        let classes = element.extension_classes.iter().map(|c| &*c.name);
        let mut names: Vec<String> = Vec::new();
        for name in fields.chain(sources).chain(classes).map(shown) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() { Ok(()) } else { labelled(out, "Extended", &format!("by {}", names.join(", "))) }
    }

    fn sources_heading(&self) -> String {
        let tracked = self.entity.sources.iter().filter(|v| v.status == Status::Tracked).count();
        let all = count(self.entity.sources.len(), "data source");
        format!("{all}, {tracked} tracked")
    }

    /// What was complained about in the files of the entity; notes are left out.
    fn problems(&self, out: &mut dyn Write) -> io::Result<()> {
        let element = self.element();
        let fields = element.fields.iter().filter(|f| f.added_by.is_some()).map(|f| f.place);
        let sources = element.sources.iter().map(|s| s.place);
        let classes = element.extension_classes.iter().map(|c| c.place);
        let places = element.place.into_iter().chain(fields).chain(sources).chain(classes);
        let files: BTreeSet<FileId> = places.map(|p| p.file).collect();
        let judged = self.teller.judged;
        let of_entity = |p: &&Problem| {
            p.place.is_some_and(|place| files.contains(&place.file)) && p.code.severity() > Severity::Note
        };
        let problems: Vec<Problem> = judged.problems.iter().filter(of_entity).cloned().collect();
        if problems.is_empty() {
            return Ok(());
        }
        writeln!(out, "\n{}", Styled(STRONG, format!("In its files: {}", count(problems.len(), "problem"))))?;
        crate::report::problems::write(judged.model, &problems, out)
    }
}
