//! The data sources of an element as a tree, with a verdict each.

use crate::aot::{Join, SourceKind};
use crate::catalog::{Element, ElementId, ElementKind, Source, SourceIx};
use crate::report::style::{BAD, DIM, GOOD, OPEN, STRONG, Styled};
use crate::report::wrap::{Wrapped, indented};
use crate::tracking::{EntityAnalysis, Reason, SourceVerdict, Status, missing_of_source};
use crate::words::{Teller, founded, shown, tagged};
use anstyle::Style;
use std::io::{self, Write};

/// One line of the tree.
struct Row<'a> {
    ix: SourceIx,
    source: &'a Source,
    /// Lines of the tree and the name.
    drawn: String,
    /// What continues the lines of the tree below.
    below: String,
    join: String,
}

/// Writes the tree; `entity` adds the verdicts.
pub(super) fn write(
    teller: Teller,
    id: ElementId,
    entity: Option<&EntityAnalysis>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let element = teller.element(id);
    let rows = rows(element);
    let names = rows.iter().map(|r| r.drawn.chars().count()).max().unwrap_or(0).min(60);
    let joins = rows.iter().map(|r| r.join.chars().count()).max().unwrap_or(0);
    for row in &rows {
        let verdict = entity.map(|e| &e.sources[row.ix.0 as usize]);
        let status = verdict.map_or(String::new(), |v| format!("{:<12}", v.status.id()));
        let style = verdict.map_or(Style::new(), |v| status_style(v.status));
        let reason = verdict.map(|v| reason(teller, id, row, v)).unwrap_or_default();
        let place = row.source.place;
        let elsewhere = element.place.is_none_or(|p| p.file != place.file);
        let line = if elsewhere { String::new() } else { format!(":{}", place.line) };
        let tail = format!("{:<names$}  {:<joins$}  {line:<6} {reason}", row.drawn, row.join);
        writeln!(out, "  {}{}", Styled(style, status), tail.trim_end())?;
        let start = if verdict.is_some() { 14 } else { 2 };
        let head = format!("{:start$}{}", "", row.below);
        let width = head.chars().count();
        if let Some(text) = more(teller, element, row, verdict) {
            write!(out, "{}", Wrapped { head: &head, width, text })?;
        }
        if elsewhere {
            writeln!(out, "{head}{}", Styled(DIM, teller.at(place)))?;
        }
    }
    match entity {
        Some(entity) => legend(entity, out),
        None => Ok(()),
    }
}

/// The colour of a status.
pub(in crate::report) fn status_style(status: Status) -> Style {
    match status {
        Status::Tracked => GOOD,
        Status::Untracked => BAD,
        Status::Unresolved | Status::Undecidable => OPEN,
    }
}

fn rows(element: &Element) -> Vec<Row<'_>> {
    let is_last = |ix: SourceIx, parent: Option<SourceIx>| {
        !element.sources().any(|(other, s)| other.0 > ix.0 && s.parent == parent)
    };
    let has_children = |ix| element.sources().any(|(_, s)| s.parent == Some(ix));
    element
        .sources()
        .map(|(ix, source)| {
            let mut lines = String::new();
            let mut below = String::new();
            if source.parent.is_some() {
                let last = is_last(ix, source.parent);
                let above: Vec<SourceIx> = element.ancestors(ix).collect();
                for ancestor in above.iter().rev().skip(1) {
                    let open = !is_last(*ancestor, element.source_at(*ancestor).parent);
                    lines.push_str(if open { "│  " } else { "   " });
                }
                below.push_str(&lines);
                lines.push_str(if last { "└─ " } else { "├─ " });
                below.push_str(if last { "   " } else { "│  " });
            }
            below.push_str(if has_children(ix) { "│  " } else { "   " });
            let drawn = format!("{lines}{}", shown(&source.name.text));
            Row { ix, source, drawn, below, join: join(source) }
        })
        .collect()
}

fn join(source: &Source) -> String {
    let join = match (source.kind, source.join) {
        (SourceKind::Derived, _) => "derived",
        (_, None) => "root",
        (_, Some(Join::Inner)) => "inner",
        (_, Some(Join::Outer)) => "outer",
        (_, Some(Join::Exists)) => "exists",
        (_, Some(Join::NotExists)) => "not exists",
    };
    format!("{join}{}", if source.read_only { ", read-only" } else { "" })
}

fn reason(teller: Teller, id: ElementId, row: &Row, verdict: &SourceVerdict) -> String {
    match (verdict.status, verdict.reason) {
        (Status::Unresolved, _) => {
            let model = teller.judged.model;
            teller.missing(&missing_of_source(teller.catalog(), &model.graph, id, row.ix))
        }
        (_, Some(reason)) => tagged(reason),
        (_, None) => String::new(),
    }
}

/// What the line has no room for: a target of another name or kind, its primary table, who added it.
fn more(teller: Teller, element: &Element, row: &Row, verdict: Option<&SourceVerdict>) -> Option<String> {
    let mut parts = Vec::new();
    let target = row.source.target.map(|t| teller.element(t));
    if let Some(target) = target.filter(|t| t.kind != ElementKind::Table || t.name != row.source.name) {
        parts.push(format!("{} {}", target.kind.word(), shown(&target.name.text)));
        let primary = verdict.and_then(|v| v.primary).filter(|_| target.kind != ElementKind::Table);
        parts.extend(primary.map(|table| format!("primary table {}", teller.name(table))));
    } else if target.is_none() && verdict.is_none() && row.source.target_name != row.source.name {
        parts.push(shown(&row.source.target_name.text));
    }
    if let Some(by) = verdict.and_then(|v| v.decided_by) {
        parts.push(format!("because of {}", shown(&element.source_at(by).name.text)));
    }
    if let Some(by) = &row.source.added_by {
        parts.push(format!("added by {}", shown(by)));
    }
    if let Some(parent) = &row.source.missing_parent {
        parts.push(format!("its parent {} is not there", shown(parent)));
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// What the reasons mean, each once.
fn legend(entity: &EntityAnalysis, out: &mut dyn Write) -> io::Result<()> {
    let mut reasons: Vec<Reason> = entity.sources.iter().filter_map(|v| v.reason).collect();
    reasons.sort_unstable();
    reasons.dedup();
    if !reasons.is_empty() {
        writeln!(out)?;
    }
    for reason in reasons {
        let founded = founded(reason.evidence(), reason.info().policy);
        writeln!(out, "  {} {}", Styled(STRONG, reason.id()), Styled(DIM, founded))?;
        write!(out, "{}", indented(4, reason.explanation()))?;
    }
    Ok(())
}
