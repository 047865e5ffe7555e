//! `dualtrack health --format csv`: a line for each answer, and for each finding one, for Excel; nothing is cut.

use super::{Text, View};
use crate::finding::{Fate, Sifted};
use crate::health::{CHECKS, Check, EntityHealth, State};
use crate::report::definitions_csv::harmless;
use std::io::{self, Write};

const HEAD: [&str; 14] = [
    "Entity", "Model", "Own", "Maps", "Check", "Says", "State", "Severity", "Evidence", "Rule", "Message",
    "Place", "ToDo", "Source",
];

/// Writes entities by name, checks in their order; UTF-8 with a mark and CRLF, which Excel expects.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    csv.write_record(HEAD)?;
    let text = Text::new(view.judged, view.config);
    for entity in &view.health.entities {
        for (check, state) in CHECKS.iter().zip(&entity.states) {
            for cells in rows(view, &text, entity, check, state) {
                csv.write_record(cells.map(|cell| harmless(&cell).into_owned()))?;
            }
        }
    }
    csv.flush()
}

fn rows(
    view: &View,
    text: &Text,
    entity: &EntityHealth,
    check: &Check,
    state: &State,
) -> Vec<[String; HEAD.len()]> {
    let findings: Vec<&Sifted> = match state {
        State::Found(indices) => indices.iter().filter_map(|i| view.health.findings.get(*i)).collect(),
        _ => Vec::new(),
    };
    let why = match state {
        State::Open(why) => why.clone(),
        State::NotInFiles(why) => (*why).to_owned(),
        State::Ok | State::Found(_) => String::new(),
    };
    if findings.is_empty() {
        let nothing = [const { String::new() }; 3];
        return vec![row(
            view,
            entity,
            check,
            state.id(),
            nothing,
            [why, String::new(), String::new(), String::new()],
        )];
    }
    let of = |sifted: &Sifted| {
        let finding = &sifted.finding;
        let state = if matches!(sifted.fate, Fate::Allowed(_)) { "allowed" } else { state.id() };
        let steps: Vec<&str> = finding.remedy.iter().map(|step| step.text.as_str()).collect();
        let severity = super::severity(finding.severity).0.to_owned();
        let about = [severity, finding.confidence.id().to_owned(), finding.rule.name.to_owned()];
        let place = text.place(&finding.site).unwrap_or_default();
        let said = [finding.message.clone(), place, steps.join(" "), finding.source.to_owned()];
        row(view, entity, check, state, about, said)
    };
    findings.into_iter().map(of).collect()
}

fn row(
    view: &View,
    entity: &EntityHealth,
    check: &Check,
    state: &str,
    about: [String; 3],
    said: [String; 4],
) -> [String; HEAD.len()] {
    let model = view.judged.model;
    let element = model.catalog.element(entity.id);
    let own = if model.is_own(view.config, entity.id) { "yes" } else { "no" };
    let [severity, evidence, rule] = about;
    let [message, place, todo, source] = said;
    [
        element.name.text.to_string(),
        model.model_of(element).unwrap_or_default().to_owned(),
        own.to_owned(),
        view.judged.maps_of(entity.id).join("; "),
        check.id.to_owned(),
        check.says.to_owned(),
        state.to_owned(),
        severity,
        evidence,
        rule,
        message,
        place,
        todo,
        source,
    ]
}
