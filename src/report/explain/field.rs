//! One field of an entity: the answer, why, the way down, what to do.

use super::trace::{lost_source, trace};
use crate::aot::SourceKind;
use crate::catalog::{Binding, Element, ElementKind, Field, FieldIx, Source};
use crate::graph::join_word;
use crate::lineage::{JoinColumn, Leaf, LeafKind, LeafTable};
use crate::report::style::{DIM, STRONG, Styled};
use crate::report::words::{Advice, Teller, entry_text, entry_verdict, kind_words, shown};
use crate::report::wrap::{Wrapped, count, indented, lines, some_of};
use crate::tracking::{EntityAnalysis, LeafVerdict, ResolvedEntry, Status, Via};
use std::io::{self, Write};

/// Width of the labels at the left.
const LABEL: usize = 9;
/// So many groups of columns are drawn without `--all`.
const DRAWN: usize = 3;

/// A field with everything that is said of it.
pub(super) struct FieldView<'a> {
    pub(super) teller: Teller<'a>,
    pub(super) entity: &'a EntityAnalysis,
    pub(super) ix: FieldIx,
    /// Leaves by path and verdict, those that need work first.
    pub(super) groups: Vec<Group>,
}

/// Leaves on the same path with the same verdict.
pub(super) struct Group {
    /// Positions of the leaves.
    pub(super) leaves: Vec<usize>,
}

impl<'a> FieldView<'a> {
    pub(super) fn new(teller: Teller<'a>, entity: &'a EntityAnalysis, ix: FieldIx) -> Self {
        let mut view = Self { teller, entity, ix, groups: Vec::new() };
        let analysis = &entity.fields[ix.0 as usize];
        let mut groups: Vec<Group> = Vec::new();
        for (position, verdict) in analysis.leaves.iter().enumerate() {
            let leaf = view.leaf(position);
            let same = |group: &&mut Group| {
                let (other, known) = view.example(group);
                let key = |v: &LeafVerdict| (v.status, v.via, v.reason, v.entry);
                other.path == leaf.path && other.table == leaf.table && key(known) == key(verdict)
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.leaves.push(position),
                None => groups.push(Group { leaves: vec![position] }),
            }
        }
        let urgency = |status| match status {
            Status::Untracked => 0,
            Status::Unresolved => 1,
            Status::Undecidable => 2,
            Status::Tracked => 3,
        };
        groups.sort_by_key(|group| urgency(view.example(group).1.status));
        view.groups = groups;
        view
    }

    fn element(&self) -> &'a Element {
        self.teller.element(self.entity.id)
    }

    pub(super) fn field(&self) -> &'a Field {
        self.element().field_at(self.ix)
    }

    pub(super) fn name(&self) -> String {
        self.teller.field(self.entity.id, self.ix)
    }

    pub(super) fn leaf(&self, position: usize) -> &'a Leaf {
        &self.teller.judged.model.lineage.field(self.entity.id, self.ix).leaves[position]
    }

    /// The first leaf of a group with its verdict.
    pub(super) fn example(&self, group: &Group) -> (&'a Leaf, &'a LeafVerdict) {
        let position = group.leaves[0];
        (self.leaf(position), &self.entity.fields[self.ix.0 as usize].leaves[position])
    }

    pub(super) fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let answer = self.answer();
        for line in lines(&answer.text, crate::report::wrap::WIDTH) {
            writeln!(out, "{}", Styled(answer.style, line))?;
        }
        writeln!(out)?;
        let drawn = if self.teller.all { self.groups.len() } else { DRAWN };
        for group in self.groups.iter().take(drawn) {
            self.group(out, group)?;
        }
        if self.groups.is_empty() {
            self.without_columns(out)?;
        }
        self.further(out, drawn)?;
        self.notes(out)
    }

    /// Groups that are not drawn, one line each.
    fn further(&self, out: &mut dyn Write, drawn: usize) -> io::Result<()> {
        let Some(rest) = self.groups.get(drawn..).filter(|rest| !rest.is_empty()) else { return Ok(()) };
        writeln!(out, "And {}; --all draws them:", count(rest.len(), "further path", "further paths"))?;
        for group in rest.iter().take(10) {
            let (leaf, verdict) = self.example(group);
            writeln!(out, "  {:<11} {}", verdict.status.id(), self.columns(group))?;
            if !leaf.path.is_empty() {
                let path = format!("by {}", self.teller.path(self.entity.id, leaf));
                write!(out, "{}", indented(14, path))?;
            }
        }
        writeln!(out)
    }

    fn group(&self, out: &mut dyn Write, group: &Group) -> io::Result<()> {
        let (leaf, verdict) = self.example(group);
        if self.groups.len() > 1 || group.leaves.len() > 1 {
            let clause = self.teller.clause(self.entity, self.ix, leaf, verdict);
            let text = format!("{}: {}, {clause}.", self.columns(group), verdict.status.id());
            for line in lines(&text, crate::report::wrap::WIDTH) {
                writeln!(out, "{}", Styled(STRONG, line))?;
            }
        }
        self.why(out, leaf, verdict)?;
        self.way(out, leaf, verdict)?;
        self.joins(out, group)?;
        self.entry(out, leaf, verdict)?;
        self.row(out, leaf, verdict)?;
        if self.entity.fields[self.ix.0 as usize].counted {
            self.todo(out, &self.teller.advice(self.entity, leaf, verdict))?;
        }
        writeln!(out)
    }

    /// The columns of a group: `T.A, T.B`.
    fn columns(&self, group: &Group) -> String {
        let names: Vec<String> = group.leaves.iter().map(|p| self.teller.column(self.leaf(*p))).collect();
        some_of(&names, 6)
    }

    fn why(&self, out: &mut dyn Write, leaf: &Leaf, verdict: &LeafVerdict) -> io::Result<()> {
        let basis = self.teller.basis(self.entity, leaf, verdict);
        for (position, rule) in basis.iter().enumerate() {
            let label = if position == 0 { "Why" } else { "" };
            let tag = rule.evidence.map(|e| format!("[{}: {}]", e.tag(), e.meaning())).unwrap_or_default();
            let policy = rule.policy.map(|key| format!(" Policy {key}.")).unwrap_or_default();
            self.line(out, label, &format!("{} {} {tag}{policy}", rule.rule, rule.text))?;
            if position == 0 {
                self.line(out, "", &format!("Source: {}", rule.source))?;
                if let Some(url) = rule.url {
                    self.dim(out, url)?;
                }
            }
        }
        if verdict.status == Status::Untracked && self.entity.fields[self.ix.0 as usize].counted {
            let text = "The value still travels when something else triggers the entity: one trigger sends all fields [DOC].";
            self.line(out, "But", text)?;
        }
        Ok(())
    }

    /// The field, each data source on the way, and the line of X++ that leads there.
    fn way(&self, out: &mut dyn Write, leaf: &Leaf, verdict: &LeafVerdict) -> io::Result<()> {
        let field = self.field();
        let added =
            field.added_by.as_deref().map(|by| format!(", added by {}", shown(by))).unwrap_or_default();
        self.line(out, "Path", &format!("entity {}{added}", self.name()))?;
        self.dim(out, &format!("  {}", self.teller.at(field.place)))?;
        if let Binding::Computed { method } = &field.binding {
            let method = method.as_deref().map_or_else(|| "a method that is not named".to_owned(), shown);
            let at = leaf.code.map(|place| self.teller.at(place)).unwrap_or_default();
            self.line(out, "", &format!("|- computed by {method}: {}", kind_words(leaf.kind)))?;
            self.dim(out, &format!("|    {at}"))?;
        }
        let hops = trace(self.teller.catalog(), self.entity.id, Some(self.ix), leaf);
        for (depth, hop) in hops.iter().enumerate() {
            let source = self.teller.element(hop.owner).source_at(hop.ix);
            let indent = "   ".repeat(depth);
            let reads = hop.reads.map(|f| format!(", field {}", shown(f))).unwrap_or_default();
            let text = format!("{indent}`- {}{reads}", self.source(source));
            let decides = verdict.hop == Some(depth) && verdict.status != Status::Tracked;
            let mark = if decides { "   <-- decides" } else { "" };
            writeln!(out, "{:LABEL$}{text}{}", "", Styled(STRONG, mark))?;
            self.dim(out, &format!("{indent}     {}", self.teller.at(source.place)))?;
        }
        if let Some(lost) = lost_source(leaf) {
            let indent = "   ".repeat(hops.len());
            self.line(out, "", &format!("{indent}`- {} (no such data source)   <-- decides", shown(lost)))?;
        }
        self.end(out, leaf, hops.len())
    }

    /// The table, where no data source names it.
    fn end(&self, out: &mut dyn Write, leaf: &Leaf, depth: usize) -> io::Result<()> {
        match (&leaf.table, leaf.kind) {
            (LeafTable::Element(id), LeafKind::Sql) => {
                let element = self.teller.element(*id);
                let at = element.place.map(|p| format!(" ({})", self.teller.at(p))).unwrap_or_default();
                self.line(out, "", &format!("`- {} {}{at}", element.kind.word(), self.teller.name(*id)))
            }
            (LeafTable::Element(id), _) if leaf.resolved => {
                let last = leaf.hops(self.teller.catalog(), self.entity.id).last();
                let target = last.and_then(|(owner, ix)| self.teller.element(owner).source_at(ix).target);
                if target == Some(*id) {
                    return Ok(());
                }
                let indent = "   ".repeat(depth);
                self.line(out, "", &format!("{indent}`- declared by table {}", self.teller.name(*id)))
            }
            (LeafTable::Written(name), LeafKind::Sql) => {
                self.line(out, "", &format!("`- {} (not loaded)", shown(&name.text)))
            }
            _ => Ok(()),
        }
    }

    /// A data source with its target, its join and where it comes from.
    fn source(&self, source: &Source) -> String {
        let name = shown(&source.name.text);
        let target = source.target.map(|id| self.teller.element(id));
        let written = shown(&source.target_name.text);
        let what = match target {
            Some(t) if t.kind == ElementKind::Table && t.name == source.name => "table".to_owned(),
            Some(t) if t.name == source.name => t.kind.word().to_owned(),
            Some(t) => format!("{} {}", t.kind.word(), shown(&t.name.text)),
            None => format!("{written}, not loaded"),
        };
        let join = if source.kind == SourceKind::Derived { "derived" } else { join_word(source.join) };
        let read_only = if source.read_only { ", read-only" } else { "" };
        let added =
            source.added_by.as_deref().map(|by| format!(", added by {}", shown(by))).unwrap_or_default();
        format!("{name} ({what}; {join}{read_only}{added})")
    }

    fn joins(&self, out: &mut dyn Write, group: &Group) -> io::Result<()> {
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
            some_of(&names, limit)
        );
        self.line(out, "Joins", &text)
    }

    fn join_name(&self, join: &JoinColumn) -> String {
        let table = match &join.table {
            LeafTable::Element(id) => self.teller.name(*id),
            LeafTable::Written(name) => shown(&name.text),
            LeafTable::NoSource(_) | LeafTable::Nothing => "?".to_owned(),
        };
        format!("{table}.{}", shown(&join.name.text))
    }

    /// The entry that covers the leaf, or those of its table that do not.
    fn entry(&self, out: &mut dyn Write, leaf: &Leaf, verdict: &LeafVerdict) -> io::Result<()> {
        let mapping = &self.entity.mapping;
        if let Some(entry) = verdict.entry.map(|ix| &mapping.entries[ix]) {
            let text = format!("{} ({})", entry_text(entry), entry_verdict(entry));
            self.line(out, "Entry", &text)?;
            return self.dim(out, &self.teller.at(entry.place));
        }
        if verdict.via == Some(Via::DataSource) {
            return Ok(());
        }
        let table = leaf.element();
        let same_table = |e: &&ResolvedEntry| {
            e.table_id.zip(table).is_some_and(|(a, b)| self.teller.catalog().in_one_chain(a, b))
        };
        let others: Vec<&ResolvedEntry> = mapping.entries.iter().filter(same_table).collect();
        match (others.len(), mapping.present) {
            (0, false) => {
                self.line(out, "Entry", "none: the entity has no getEntityDataSourceToFieldMapping.")?
            }
            (0, true) => {
                self.line(out, "Entry", "no entry of getEntityDataSourceToFieldMapping covers it.")?
            }
            (n, _) => {
                let text = format!(
                    "{} the table but not this record:",
                    count(n, "entry registers", "entries register")
                );
                self.line(out, "Entry", &text)?;
                for entry in others.iter().take(4) {
                    let text = format!("{} ({})", entry_text(entry), entry_verdict(entry));
                    write!(out, "{}", indented(LABEL + 2, text))?;
                    self.dim(out, &format!("  {}", self.teller.at(entry.place)))?;
                }
            }
        }
        for place in mapping.undecidable.iter().take(2) {
            let text = format!(
                "what the statement at {} adds is not known: it cannot be read.",
                self.teller.at(*place)
            );
            self.line(out, "", &text)?;
        }
        Ok(())
    }

    /// The row to look for, where the leaf is tracked.
    fn row(&self, out: &mut dyn Write, leaf: &Leaf, verdict: &LeafVerdict) -> io::Result<()> {
        if verdict.status != Status::Tracked || !self.entity.in_scope {
            return Ok(());
        }
        let (table, label) = match verdict.entry.map(|ix| &self.entity.mapping.entries[ix]) {
            Some(entry) => (entry.table.as_deref().map(shown), entry.label.as_deref().map(shown)),
            None => {
                let Some(ix) = self.teller.tracking_source(self.entity, leaf) else { return Ok(()) };
                let table = self.entity.sources[ix.0 as usize].registers;
                (table.map(|id| self.teller.name(id)), Some(self.teller.source_name(self.entity.id, ix)))
            }
        };
        let (Some(table), Some(label)) = (table, label) else { return Ok(()) };
        let entity = self.teller.name(self.entity.id);
        let text = format!(
            "BusinessEventsDefinition has RefTableName {table}, RefEntityName {entity}, DataSourceName {label} once the map has been started."
        );
        self.line(out, "Check", &text)
    }

    pub(super) fn todo(&self, out: &mut dyn Write, advice: &Advice) -> io::Result<()> {
        for (position, step) in advice.steps.iter().enumerate() {
            let label = if position == 0 { "To do" } else { "" };
            let number = if advice.steps.len() > 1 { format!("{}. ", position + 1) } else { String::new() };
            let head = format!("{label:<LABEL$}{number}");
            let width = head.chars().count();
            let head = Styled(STRONG, head);
            write!(out, "{}", Wrapped { head, width, text: step.text.as_str() })?;
            if let Some(code) = &step.code {
                writeln!(out, "{:1$}{code}", "", width)?;
            }
        }
        Ok(())
    }

    fn without_columns(&self, out: &mut dyn Write) -> io::Result<()> {
        let field = self.field();
        self.line(out, "Field", &self.teller.at(field.place))?;
        let text = "A new value is sent when something else triggers the entity: one trigger sends all fields [DOC].";
        self.line(out, "But", text)?;
        writeln!(out)
    }

    fn notes(&self, out: &mut dyn Write) -> io::Result<()> {
        if let Some(limit) = self.entity.truncated {
            let text = format!(
                "Lineage of the entity was cut: {}. Nothing of it is called removable.",
                limit.text()
            );
            self.line(out, "Note", &text)?;
        }
        if self.teller.judged.scope.assumed {
            self.line(out, "Note", super::ASSUMED)?;
        }
        Ok(())
    }

    fn line(&self, out: &mut dyn Write, label: &str, text: &str) -> io::Result<()> {
        let head = Styled(STRONG, format!("{label:<LABEL$}"));
        let indent = text.len() - text.trim_start().len();
        if indent > 0 {
            return writeln!(out, "{head}{text}");
        }
        write!(out, "{}", Wrapped { head, width: LABEL, text })
    }

    fn dim(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        writeln!(out, "{:LABEL$}{}", "", Styled(DIM, text))
    }
}
