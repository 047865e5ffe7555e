//! The way from a field down to its column, drawn: each data source with its join and place.

use super::field::{FieldView, Group};
use super::trace::{lost_source, trace};
use crate::catalog::Binding;
use crate::lineage::{JoinColumn, Leaf, LeafKind, LeafTable};
use crate::report::style::{STRONG, Styled};
use crate::report::wrap::{LABEL, dimmed, labelled};
use crate::text::some;
use crate::tracking::{LeafVerdict, Status};
use crate::words::{kind_words, shown};
use std::io::{self, Write};

impl FieldView<'_> {
    /// The field, each data source on the way, and the line of X++ that leads there.
    pub(super) fn way(&self, out: &mut dyn Write, leaf: &Leaf, verdict: &LeafVerdict) -> io::Result<()> {
        let field = self.field();
        let added =
            field.added_by.as_deref().map(|by| format!(", added by {}", shown(by))).unwrap_or_default();
        labelled(out, "Path", &format!("entity {}{added}", self.name()))?;
        dimmed(out, &format!("   {}", self.teller.at(field.place)))?;
        if let Binding::Computed { method, .. } = &field.binding {
            let method = method.as_deref().map_or_else(|| "a method that is not named".to_owned(), shown);
            let (branch, below) =
                if leaf.kind == LeafKind::Unknown { ("└─", " ") } else { ("├─", "│") };
            drawn(out, &format!("{branch} computed by {method}: {}", kind_words(leaf.kind)))?;
            leaf.code
                .map_or(Ok(()), |place| dimmed(out, &format!("{below}    {}", self.teller.at(place))))?;
        }
        let hops = trace(self.teller.catalog(), self.entity.id, Some(self.ix), leaf);
        for (depth, hop) in hops.iter().enumerate() {
            let source = self.teller.element(hop.owner).source_at(hop.ix);
            let indent = "   ".repeat(depth);
            let reads = hop.reads.map(|f| format!(", field {}", shown(f))).unwrap_or_default();
            let text = format!("{indent}└─ {}{reads}", self.teller.source(source));
            let decides = verdict.hop == Some(depth) && verdict.status != Status::Tracked;
            let mark = if decides { "   <-- decides" } else { "" };
            writeln!(out, "{:LABEL$}{text}{}", "", Styled(STRONG, mark))?;
            dimmed(out, &format!("{indent}      {}", self.teller.at(source.place)))?;
        }
        if let Some(lost) = lost_source(leaf) {
            let indent = "   ".repeat(hops.len());
            drawn(out, &format!("{indent}└─ {} (no such data source)   <-- decides", shown(lost)))?;
        }
        self.end(out, leaf, hops.len())
    }

    /// The table, where no data source names it.
    fn end(&self, out: &mut dyn Write, leaf: &Leaf, depth: usize) -> io::Result<()> {
        match (&leaf.table, leaf.kind) {
            (LeafTable::Element(id), LeafKind::Sql) => {
                let element = self.teller.element(*id);
                let at = element.place.map(|p| format!(" ({})", self.teller.at(p))).unwrap_or_default();
                drawn(out, &format!("└─ {} {}{at}", element.kind.word(), self.teller.name(*id)))
            }
            (LeafTable::Element(id), _) if leaf.resolved => {
                let last = leaf.hops(self.teller.catalog(), self.entity.id).last();
                let target = last.and_then(|(owner, ix)| self.teller.element(owner).source_at(ix).target);
                if target == Some(*id) {
                    return Ok(());
                }
                let indent = "   ".repeat(depth);
                drawn(out, &format!("{indent}└─ declared by table {}", self.teller.name(*id)))
            }
            (LeafTable::Written(name), LeafKind::Sql) => {
                drawn(out, &format!("└─ {} (not loaded)", shown(&name.text)))
            }
            _ => Ok(()),
        }
    }

    pub(super) fn joins(&self, out: &mut dyn Write, group: &Group) -> io::Result<()> {
        let joins = &self.entity.fields[self.ix.0 as usize].joins[group.leaves[0]];
        if joins.is_empty() {
            return Ok(());
        }
        let mut names: Vec<String> = joins.iter().map(|join| self.join_name(join)).collect();
        names.sort();
        names.dedup();
        let limit = if self.teller.all { names.len() } else { 8 };
        let text = format!(
            "{}: they point to the record; whether their change alone triggers is not documented [INF].",
            some(&names, limit)
        );
        labelled(out, "Joins", &text)
    }

    fn join_name(&self, join: &JoinColumn) -> String {
        let table = match &join.table {
            LeafTable::Element(id) => self.teller.name(*id),
            LeafTable::Written(name) => shown(&name.text),
            LeafTable::NoSource(_) | LeafTable::Nothing => "?".to_owned(),
        };
        format!("{table}.{}", shown(&join.name.text))
    }
}

/// A line of the drawing, which is never wrapped.
fn drawn(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "{:LABEL$}{text}", "")
}
