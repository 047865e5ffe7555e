//! What was complained about: text for people, JSON for tools.

use super::style::{BAD, DIM, OPEN, STRONG, Styled};
use crate::engine::{Judged, Model};
use crate::problem::{Problem, Severity};
use crate::text::Shown;
use serde_json::{Value, json};
use std::io::{self, Write};

/// Lists problems: code, message and place on two lines each.
pub fn write(model: &Model, problems: &[Problem], out: &mut dyn Write) -> io::Result<()> {
    for problem in problems {
        let (word, style) = match problem.code.severity() {
            Severity::Error => ("error", BAD),
            Severity::Warning => ("warning", OPEN),
            Severity::Note => ("note", STRONG),
        };
        let head = format!("{word}[{}]", problem.code.id());
        writeln!(out, "{}: {}", Styled(style, head), Shown(&problem.message()))?;
        if let Some(place) = problem.place {
            let path = Shown(model.path(place.file));
            writeln!(out, "  {}", Styled(DIM, format!("--> {path}:{}:{}", place.line, place.column)))?;
        }
    }
    Ok(())
}

/// Lists all problems of a run below other output, when that is asked for.
pub fn write_if(asked: bool, judged: &Judged, out: &mut dyn Write) -> io::Result<()> {
    if !asked || judged.problems.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    write(judged.model, &judged.problems, out)
}

/// How many of each severity: "1 error, 3 warnings, 12 notes"; `None` when there are none.
pub fn counts(problems: &[Problem]) -> Option<String> {
    let parts: Vec<String> =
        [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")]
            .into_iter()
            .map(|(severity, word)| (problems.iter().filter(|p| p.code.severity() == severity).count(), word))
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| crate::text::count(count, word))
            .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// One problem for tools.
pub fn to_json(model: &Model, problem: &Problem) -> Value {
    let facts: serde_json::Map<_, _> =
        problem.facts.iter().map(|(key, value)| (key.to_string(), json!(value))).collect();
    json!({
        "code": problem.code.id(),
        "severity": problem.code.severity(),
        "message": problem.message(),
        "file": problem.place.map(|p| model.path(p.file)),
        "line": problem.place.map(|p| p.line),
        "column": problem.place.map(|p| p.column),
        "facts": facts,
    })
}
