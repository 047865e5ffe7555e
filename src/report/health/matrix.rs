//! Entities by checks: how much was found where.

use super::{ENTITIES, View};
use crate::finding::Severity;
use crate::health::{CHECKS, Check, EntityHealth, State};
use crate::report::style::{BAD, DIM, OPEN, STRONG, Styled};
use crate::text::count;
use anstyle::Style;
use std::io::{self, Write};

/// A column: its heading, and the checks that it sums up. 400 has the cause of 500.
const COLUMNS: [(&str, &[&str]); 13] = [
    ("500", &["500"]),
    ("900", &["900"]),
    ("1000", &["1000"]),
    ("1300", &["1300"]),
    ("1500", &["1500"]),
    ("1600", &["1600"]),
    ("1700", &["1700"]),
    ("1800", &["1800"]),
    ("1900", &["1900"]),
    ("2000", &["2000"]),
    ("filter", &["filters", "reversed-filters"]),
    ("keys", &["DIPV1003", "DIPV1004", "key-field-not-mapped", "key-field-editable"]),
    (
        "other",
        &[
            "DIPV1002",
            "company-field-mapped",
            "company-context-contradiction",
            "missing-entity-relation",
            "reference-cycle",
            "mapped-entity-not-public",
            "mapped-entity-without-data-management",
        ],
    ),
];

/// Hardly any map file has what these need; that they stay open is told once, above the table.
const SILENT: [&str; 2] = ["DIPV1002", "DIPV1003"];

/// Names are shown to this width at most.
const NAME: usize = 38;

/// Writes the table; `-` is nothing, `?` what cannot be said.
pub(super) fn write(view: &View, entities: &[&EntityHealth], out: &mut dyn Write) -> io::Result<()> {
    let listed = if view.all { entities.len() } else { entities.len().min(ENTITIES) };
    let name = |entity: &EntityHealth| view.teller().name(entity.id);
    let widest = entities[..listed].iter().map(|e| name(e).chars().count()).max().unwrap_or(0);
    let width = widest.clamp(6, NAME);
    writeln!(out)?;
    let head: Vec<String> = COLUMNS.iter().map(|(head, _)| format!("{head:>4}")).collect();
    writeln!(out, "{}", Styled(STRONG, format!("{:<width$}  {}", "entity", head.join(" "))))?;
    for entity in &entities[..listed] {
        let cell = |(head, ids): &(&str, &[&str])| cell(view, entity, ids, head.len().max(4));
        let cells: Vec<String> = COLUMNS.iter().map(cell).collect();
        writeln!(out, "{:<width$}  {}", name(entity), cells.join(" "))?;
    }
    match entities.len() - listed {
        0 => Ok(()),
        more => writeln!(
            out,
            "{}",
            Styled(DIM, format!("… and {}; --all lists them", count(more, "more entity")))
        ),
    }
}

fn cell(view: &View, entity: &EntityHealth, ids: &[&str], width: usize) -> String {
    let checks = CHECKS.iter().zip(&entity.states).filter(|(check, _)| ids.contains(&check.id));
    let checks: Vec<(&Check, &State)> = checks.collect();
    let open =
        checks.iter().any(|(check, state)| matches!(state, State::Open(_)) && !SILENT.contains(&check.id));
    let found: Vec<Severity> =
        checks.iter().flat_map(|(_, state)| view.health.shown(state)).map(|s| s.finding.severity).collect();
    let (text, style) = match found.iter().max() {
        Some(Severity::Error) => (found.len().to_string(), BAD),
        Some(Severity::Warning) => (found.len().to_string(), OPEN),
        Some(Severity::Note) => (found.len().to_string(), Style::new()),
        None if open => ("?".to_owned(), DIM),
        None => ("-".to_owned(), Style::new()),
    };
    Styled(style, format!("{text:>width$}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::COLUMNS;
    use crate::health::{By, CHECKS};

    #[test]
    fn every_check_stands_in_one_column() {
        let answered =
            CHECKS.iter().filter(|check| !matches!(check.by, By::NotInFiles(_)) && check.id != "400");
        for check in answered {
            let columns = COLUMNS.iter().filter(|(_, ids)| ids.contains(&check.id)).count();
            assert_eq!(columns, 1, "{}", check.id);
        }
        let ids = COLUMNS.iter().flat_map(|(_, ids)| ids.iter());
        assert!(ids.clone().all(|id| CHECKS.iter().any(|check| check.id == *id)));
    }
}
