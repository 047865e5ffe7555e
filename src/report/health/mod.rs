//! `dualtrack health`: the verdict, which checks found something where, and what to do.

pub mod csv;
mod detail;
pub mod json;
mod matrix;

use super::findings::text::Text;
use super::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use super::wrap::{WIDTH, either, indented, labelled, lines};
use crate::config::Config;
use crate::engine::Judged;
use crate::finding::{Fate, Severity, Sifted};
use crate::health::{By, CHECKS, EntityHealth, Health, State};
use crate::text::count;
use crate::words::{Teller, shown};
use std::collections::BTreeSet;
use std::io::{self, Write};

/// So many entities are listed without `--all`.
const ENTITIES: usize = 20;
/// So many findings are listed without `--all`.
const FINDINGS: usize = 10;
/// So many maps without an entity are listed without `--all`.
const MAPS: usize = 5;

/// What is shown.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// The model and the verdicts.
    pub judged: &'a Judged<'a>,
    /// Which models are the user's.
    pub config: &'a Config,
    /// The answers.
    pub health: &'a Health,
    /// Entities or maps were named: everything about them is shown.
    pub chosen: bool,
    /// Nothing is left out.
    pub all: bool,
    /// Notes are shown as fully as errors.
    pub verbose: bool,
}

/// Writes the text: the verdict first.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let entities = view.listed();
    verdict(view, &entities, out)?;
    if entities.len() > 1 {
        matrix::write(view, &entities, out)?;
    }
    if view.chosen || view.all {
        for entity in &entities {
            detail::write(view, entity, out)?;
        }
    } else {
        findings(view, &entities, out)?;
    }
    unmatched(view, out)
}

impl<'a> View<'a> {
    fn teller(&self) -> Teller<'a> {
        Teller { judged: self.judged, config: self.config, all: self.all }
    }

    /// The entities that are shown, the worst first: all that maps name; without maps, those of the user.
    fn listed(&self) -> Vec<&'a EntityHealth> {
        let wanted = |entity: &&EntityHealth| {
            self.all
                || self.chosen
                || !self.judged.scope.assumed
                || self.judged.model.is_own(self.config, entity.id)
        };
        let mut entities: Vec<&EntityHealth> = self.health.entities.iter().filter(wanted).collect();
        let badness = |entity: &EntityHealth| {
            [Severity::Error, Severity::Warning, Severity::Note].map(|s| self.health.count(entity, s))
        };
        entities.sort_by_key(|entity| std::cmp::Reverse(badness(entity)));
        entities
    }

    /// The findings of some entities that are shown, each once, the worst first; else in the order of checks.
    fn shown(&self, entities: &[&'a EntityHealth]) -> Vec<&'a Sifted> {
        let mut seen: BTreeSet<*const Sifted> = BTreeSet::new();
        let all = entities.iter().flat_map(|entity| self.health.of(entity));
        let mut findings: Vec<&Sifted> = all.filter(|s| seen.insert(std::ptr::from_ref(*s))).collect();
        findings.sort_by_key(|s| std::cmp::Reverse(s.finding.severity));
        findings
    }
}

fn verdict(view: &View, entities: &[&EntityHealth], out: &mut dyn Write) -> io::Result<()> {
    let what = match (view.chosen, view.judged.scope.assumed) {
        (true, _) => "entity",
        (false, true) => "public entity",
        (false, false) => "mapped entity",
    };
    let findings = view.shown(entities);
    let of = |severity: Severity| findings.iter().filter(|s| s.finding.severity == severity).count();
    let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let found = counts.into_iter().filter(|(severity, _)| of(*severity) > 0);
    let found: Vec<String> = found.map(|(severity, word)| count(of(severity), word)).collect();
    let healthy = entities.iter().filter(|entity| view.health.of(entity).next().is_none()).count();
    let (style, text) = if entities.is_empty() {
        let none =
            if view.judged.scope.assumed { "no public entity is" } else { "no map names an entity that is" };
        (OPEN, format!("Nothing was checked: {none} loaded"))
    } else if found.is_empty() {
        (GOOD, format!("{}: nothing was found", count(entities.len(), what)))
    } else {
        let bad = if of(Severity::Error) > 0 { BAD } else { OPEN };
        (bad, format!("{}: {}", count(entities.len(), what), found.join(", ")))
    };
    let rest = match healthy {
        0 => String::new(),
        _ if found.is_empty() => String::new(),
        n => format!("; {n} {} nothing to report", either(n, "has", "have")),
    };
    let maps = if view.judged.scope.assumed {
        " (no map was given: every public field is assumed to be mapped)"
    } else {
        ""
    };
    writeln!(out, "{}{rest}{maps}", Styled(style, text))?;
    open(view, entities, out)?;
    not_in_files(out)
}

/// How many answers stay open, and what would have to be given.
fn open(view: &View, entities: &[&EntityHealth], out: &mut dyn Write) -> io::Result<()> {
    let mut reasons: Vec<(&str, usize)> = Vec::new();
    for state in entities.iter().flat_map(|entity| &entity.states) {
        let State::Open(why) = state else { continue };
        match reasons.iter_mut().find(|(known, _)| known == why) {
            Some((_, n)) => *n += 1,
            None => reasons.push((why, 1)),
        }
    }
    if reasons.is_empty() {
        return Ok(());
    }
    reasons.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let all: usize = reasons.iter().map(|(_, n)| n).sum();
    let limit = if view.all { reasons.len() } else { 3 };
    let named: Vec<String> = reasons.iter().take(limit).map(|(why, n)| format!("{why} ({n})")).collect();
    let more = match reasons.len() - named.len() {
        0 => String::new(),
        n => format!("; and {n} more {}", either(n, "reason", "reasons")),
    };
    labelled(out, "Open", &format!("{}: {}{more}.", count(all, "answer"), named.join("; ")))
}

fn not_in_files(out: &mut dyn Write) -> io::Result<()> {
    let silent = CHECKS.iter().filter(|check| matches!(check.by, By::NotInFiles(_)));
    let numbers: Vec<&str> = silent.map(|check| check.id).collect();
    labelled(
        out,
        "Not here",
        &format!("{} ask about the environment, which files do not tell.", numbers.join(", ")),
    )
}

/// Errors and warnings in short; notes are counted.
fn findings(view: &View, entities: &[&EntityHealth], out: &mut dyn Write) -> io::Result<()> {
    let all = view.shown(entities);
    let (serious, notes): (Vec<&Sifted>, Vec<&Sifted>) =
        all.into_iter().partition(|s| s.finding.severity > Severity::Note);
    let listed = serious.len().min(FINDINGS);
    let text = Text::new(view.judged, view.config);
    for sifted in &serious[..listed] {
        writeln!(out)?;
        brief(&text, sifted, out)?;
    }
    let mut rest = Vec::new();
    if serious.len() > listed {
        rest.push(count(serious.len() - listed, "more finding"));
    }
    if !notes.is_empty() {
        rest.push(count(notes.len(), "note"));
    }
    if rest.is_empty() {
        return Ok(());
    }
    let text =
        format!("… and {}; --entity or --map shows everything about one, --all about all", rest.join(", "));
    writeln!(out)?;
    for line in lines(&text, WIDTH) {
        writeln!(out, "{}", Styled(DIM, line))?;
    }
    Ok(())
}

/// A finding with its number, its message, its place, and what to do first.
fn brief(text: &Text, sifted: &Sifted, out: &mut dyn Write) -> io::Result<()> {
    let finding = &sifted.finding;
    let (word, style) = severity(finding.severity);
    let head = format!("{word} {}:", check_id(finding.rule));
    let message = format!("{} [{}]", shown(&finding.message), finding.confidence.tag());
    let width = head.chars().count() + 1;
    let first = WIDTH.saturating_sub(width);
    for (position, line) in hanging(&message, first, WIDTH - 4).into_iter().enumerate() {
        match position {
            0 => writeln!(out, "{} {line}", Styled(style, &head))?,
            _ => writeln!(out, "    {line}")?,
        }
    }
    if let Some(place) = text.place(&finding.site) {
        writeln!(out, "    {}", Styled(DIM, place))?;
    }
    match finding.remedy.first() {
        // What to type is shown with the details.
        Some(step) if step.code.is_some() => {
            write!(out, "{}", indented(4, format!("{}.", shown(step.text.trim_end_matches(':')))))
        }
        Some(step) => write!(out, "{}", indented(4, shown(&step.text))),
        None => Ok(()),
    }
}

/// The lines of a text of which the first has less room than the others.
fn hanging(text: &str, first: usize, others: usize) -> Vec<String> {
    let mut all = lines(text, first);
    if all.len() > 1 {
        let rest = all.split_off(1).join(" ");
        all.extend(lines(&rest, others));
    }
    all
}

/// The number or code of the check that a rule answers; the rule's own name where Microsoft has none.
fn check_id(rule: &crate::finding::RuleInfo) -> String {
    // 400 has the same cause as 500, which says it.
    match CHECKS.iter().rev().find(|check| check.is_answered_by(rule)) {
        Some(check) if check.is_official() => check.id.to_owned(),
        _ => rule.name.to_owned(),
    }
}

fn severity(severity: Severity) -> (&'static str, anstyle::Style) {
    match severity {
        Severity::Error => ("error", BAD),
        Severity::Warning => ("warning", OPEN),
        Severity::Note => ("note", STRONG),
    }
}

/// Maps of which nothing can be said.
fn unmatched(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let (Some(maps), false) = (&view.judged.maps, view.health.unmatched.is_empty()) else { return Ok(()) };
    let all = &view.health.unmatched;
    let listed = if view.all || view.chosen { all.len() } else { all.len().min(MAPS) };
    writeln!(out)?;
    let legs = either(all.len(), "leg of a map", "legs of maps");
    let head = format!("Not checked: {} {legs} whose entity is not loaded", all.len());
    writeln!(out, "{}", Styled(STRONG, head))?;
    for (map, leg) in &all[..listed] {
        let Some(map) = maps.maps.get(*map) else { continue };
        let schema = map.legs.get(*leg).map(|leg| shown(&leg.source_schema)).unwrap_or_default();
        let text = format!("{}: {schema}", shown(map.display_name()));
        write!(out, "{}", indented(2, text))?;
        writeln!(out, "    {}", Styled(DIM, shown(&map.file.path)))?;
    }
    if all.len() > listed {
        writeln!(out, "{}", Styled(DIM, format!("… and {} more; --all lists them", all.len() - listed)))?;
    }
    Ok(())
}

/// How many findings of an answer are allowed.
fn allowed(view: &View, state: &State) -> usize {
    let State::Found(indices) = state else { return 0 };
    let found = indices.iter().filter_map(|index| view.health.findings.get(*index));
    found.filter(|s| matches!(s.fate, Fate::Allowed(_))).count()
}
