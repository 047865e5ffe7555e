//! `dualtrack suggest`: what is missing, what can go, and the code of both.

pub mod json;
pub mod markdown;
mod open;
mod texts;
mod words;
pub mod xpp;

use super::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use super::wrap::{Wrapped, indented};
use crate::catalog::{ElementId, FieldIx};
use crate::config::Config;
use crate::engine::Judged;
use crate::suggest::{EntityPlan, Need, Removal, Shift};
use crate::tracking::EntityAnalysis;
use crate::words::{Teller, entry_text, shown};
use std::io::{self, Write};

/// What is printed.
#[derive(Clone, Copy)]
pub struct Suggestions<'a> {
    /// The verdicts that the plans rest on.
    pub judged: &'a Judged<'a>,
    /// The configuration.
    pub config: &'a Config,
    /// The plans that say something, the worst first.
    pub plans: &'a [EntityPlan],
    /// The entities that were looked at.
    pub entities: &'a [ElementId],
    /// How many entities of other models have suggestions that are not shown.
    pub others: usize,
    /// Fields that are mapped otherwise than the maps say.
    pub what_if: &'a [WhatIf],
    /// Nothing is left out.
    pub all: bool,
}

/// A field that is taken as mapped or not, whatever the maps say.
#[derive(Clone, Debug)]
pub struct WhatIf {
    /// The entity.
    pub entity: ElementId,
    /// The fields, and whether they are taken as mapped.
    pub fields: Vec<(FieldIx, bool)>,
    /// What that changes.
    pub shift: Shift,
}

impl<'a> Suggestions<'a> {
    fn teller(&self) -> Teller<'a> {
        Teller { judged: self.judged, config: self.config, all: self.all }
    }

    fn analysis(&self, entity: ElementId) -> Option<&'a EntityAnalysis> {
        self.judged.analysis.entity(entity)
    }
}

/// Writes the list, then the code.
pub fn write(suggestions: &Suggestions, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", Styled(STRONG, suggestions.headline()))?;
    for what_if in suggestions.what_if {
        writeln!(out)?;
        for line in suggestions.what_if_lines(what_if) {
            write!(out, "{}", indented(0, line))?;
        }
    }
    for plan in suggestions.plans {
        entity(suggestions, plan, out)?;
    }
    for plan in suggestions.plans.iter().filter(|p| !p.changes.is_empty()) {
        code(suggestions, plan, out)?;
    }
    let notes = suggestions.notes();
    if !notes.is_empty() {
        writeln!(out)?;
    }
    for note in notes {
        write!(out, "{}", indented(0, note))?;
    }
    Ok(())
}

fn entity(suggestions: &Suggestions, plan: &EntityPlan, out: &mut dyn Write) -> io::Result<()> {
    let Some(analysis) = suggestions.analysis(plan.entity) else { return Ok(()) };
    writeln!(out, "\n{}", Styled(STRONG, suggestions.title(plan)))?;
    for need in &plan.needs {
        self::need(suggestions, plan, need, out)?;
    }
    for removal in &plan.removals {
        self::removal(suggestions, analysis, removal, out)?;
    }
    for warning in &plan.warnings {
        let entry = &analysis.mapping.entries[warning.entry];
        let head = format!("  {} {}", Styled(OPEN, "look at"), entry_text(entry));
        writeln!(out, "{head}  {}", Styled(DIM, suggestions.teller().at(entry.place)))?;
        write!(out, "{}", indented(10, words::warning(warning.kind)))?;
    }
    for fault in &plan.inconsistencies {
        let text = format!("internal inconsistency, so nothing is suggested: {fault}; please report it");
        write!(out, "{}", indented(2, shown(&text)))?;
    }
    Ok(())
}

fn need(suggestions: &Suggestions, plan: &EntityPlan, need: &Need, out: &mut dyn Write) -> io::Result<()> {
    let text = suggestions.need_title(need);
    write!(out, "  {} {}", Styled(BAD, "missing"), indented(10, text).to_string().trim_start())?;
    write!(out, "{}", indented(10, format!("by {}", words::path(need))))?;
    for (number, step) in (1..).zip(suggestions.steps(plan, need)) {
        let head = format!("{:10}{number}. ", "");
        write!(out, "{}", Wrapped { width: head.len(), head, text: step.text })?;
        if let Some(code) = step.code {
            writeln!(out, "{:13}{}", "", shown(&code))?;
        }
        if let Some(file) = step.file {
            writeln!(out, "{:13}{}", "", Styled(DIM, file))?;
        }
    }
    if let Some(obstacle) = &need.obstacle {
        write!(out, "{}", indented(10, format!("Not done: {}", suggestions.obstacle(obstacle))))?;
    }
    Ok(())
}

fn removal(
    suggestions: &Suggestions,
    analysis: &EntityAnalysis,
    removal: &Removal,
    out: &mut dyn Write,
) -> io::Result<()> {
    let entry = &analysis.mapping.entries[removal.entry];
    let place = suggestions.teller().at(entry.place);
    writeln!(out, "  {} {}  {}", Styled(GOOD, "can go "), entry_text(entry), Styled(DIM, place))?;
    write!(out, "{}", indented(10, words::removal_reason(entry, removal)))?;
    if let Some(obstacle) = &removal.obstacle {
        write!(out, "{}", indented(10, format!("Not done: {}", suggestions.obstacle(obstacle))))?;
    }
    Ok(())
}

fn code(suggestions: &Suggestions, plan: &EntityPlan, out: &mut dyn Write) -> io::Result<()> {
    let name = suggestions.teller().name(plan.entity);
    writeln!(out, "\n{}", Styled(STRONG, format!("Changes for {name}")))?;
    for part in texts::parts(plan) {
        writeln!(out, "\n{}", Styled(DIM, &part.title))?;
        for caution in &part.cautions {
            write!(out, "{}", indented(0, format!("Warning: {caution}")))?;
        }
        for line in part.code.lines() {
            writeln!(out, "{}", words::safe_line(line))?;
        }
    }
    writeln!(out, "\nThen:")?;
    for (number, step) in (1..).zip(suggestions.afterwards(plan)) {
        write!(out, "{}", Wrapped { head: format!("  {number}. "), width: 5, text: step })?;
    }
    for line in suggestions.query(plan).lines() {
        writeln!(out, "       {}", words::safe_line(line))?;
    }
    for (sign, row) in words::rows(&plan.rows) {
        let style = match sign {
            '+' => GOOD,
            '-' => BAD,
            _ => DIM,
        };
        writeln!(out, "     {}", Styled(style, format!("{sign} {row}")))?;
    }
    Ok(())
}
