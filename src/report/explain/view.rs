//! A view: what it reads and who reads it. A view is sent by nobody, so it has no verdicts of its own.

use super::trace::trace;
use super::tree;
use crate::catalog::{Binding, ElementId, FieldIx};
use crate::graph::Reach;
use crate::report::style::{DIM, STRONG, Styled};
use crate::report::wrap::{WIDTH, Wrapped, either, lines};
use crate::text::{count, some};
use crate::words::{Teller, shown};
use std::io::{self, Write};

/// A view with what is said of it.
pub(super) struct ViewView<'a> {
    pub(super) teller: Teller<'a>,
    pub(super) id: ElementId,
}

impl ViewView<'_> {
    pub(super) fn write(&self, field: Option<FieldIx>, out: &mut dyn Write) -> io::Result<()> {
        let teller = self.teller;
        let element = teller.element(self.id);
        let primary = teller.judged.model.graph.primary_table(self.id);
        let primary = primary.map_or_else(|| "not known".to_owned(), |table| teller.name(table));
        let entities = self.entities();
        let text = format!(
            "{} is a view: nothing is sent from it. It stands for its primary table, {primary}, in {} that {} it.",
            teller.name(self.id),
            count(entities.len(), "entity"),
            either(entities.len(), "reads", "read")
        );
        for line in lines(&text, WIDTH) {
            writeln!(out, "{}", Styled(STRONG, line))?;
        }
        if let Some(place) = element.place {
            writeln!(out, "{}", Styled(DIM, teller.at(place)))?;
        }
        if let Some(ix) = field {
            self.field(ix, out)?;
        } else {
            let number = count(element.sources.len(), "data source");
            let union = if element.union { ", branches of a union" } else { "" };
            writeln!(out, "\n{}", Styled(STRONG, format!("{number}{union}")))?;
            tree::write(teller, self.id, None, out)?;
        }
        if !entities.is_empty() {
            let limit = if teller.all { entities.len() } else { 10 };
            let text = some(&entities, limit);
            writeln!(out, "\n{}", Styled(STRONG, "Read by"))?;
            write!(out, "{}", Wrapped { head: "  ", width: 2, text })?;
        }
        Ok(())
    }

    /// Entities that reach the view, nearest first.
    fn entities(&self) -> Vec<String> {
        let reached = self.teller.judged.model.graph.reach(self.id, Reach::Up, usize::MAX);
        let entities =
            reached.into_iter().filter(|(id, _)| self.teller.judged.analysis.entity(*id).is_some());
        entities.map(|(id, _)| self.teller.name(id)).collect()
    }

    fn field(&self, ix: FieldIx, out: &mut dyn Write) -> io::Result<()> {
        let teller = self.teller;
        let lineage = teller.judged.model.lineage.field(self.id, ix);
        let field = teller.element(self.id).field_at(ix);
        let number = count(lineage.leaves.len(), "column");
        writeln!(out, "\n{}", Styled(STRONG, format!("{}: {number}", teller.field(self.id, ix))))?;
        writeln!(out, "  {}", Styled(DIM, teller.at(field.place)))?;
        if let Binding::Computed { method: Some(method), .. } = &field.binding {
            writeln!(out, "  computed by {}", shown(method))?;
        }
        let limit = if teller.all { lineage.leaves.len() } else { 10 };
        for leaf in lineage.leaves.iter().take(limit) {
            writeln!(out, "  {}", teller.column(leaf))?;
            for (depth, hop) in trace(teller.catalog(), self.id, Some(ix), leaf).iter().enumerate() {
                let source = teller.element(hop.owner).source_at(hop.ix);
                let at = Styled(DIM, teller.at(source.place));
                writeln!(out, "  {}└─ {} {at}", "   ".repeat(depth), shown(&source.name.text))?;
            }
        }
        if limit < lineage.leaves.len() {
            writeln!(out, "  and {} more (--all)", lineage.leaves.len() - limit)?;
        }
        Ok(())
    }
}
