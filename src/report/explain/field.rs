//! One field of an entity: the answer, why, the way down, what to do.

use crate::catalog::{Element, Field, FieldIx};
use crate::lineage::Leaf;
use crate::report::style::{STRONG, Styled};
use crate::report::wrap::{LABEL, WIDTH, Wrapped, dimmed, either, indented, labelled, lines};
use crate::text::{count, some};
use crate::tracking::{EntityAnalysis, LeafVerdict, Reason, ResolvedEntry, Status, Via};
use crate::words::{Advice, Teller, entry_state, entry_text, founded, shown};
use std::io::{self, Write};

/// So many groups of columns are drawn without `--all`.
const DRAWN: usize = 3;
/// What becomes of a value whose change triggers nothing.
const ALONG: &str =
    "The value goes along when something else triggers the entity: one trigger sends all fields [DOC].";

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
        for line in lines(&answer.text, WIDTH) {
            writeln!(out, "{}", Styled(answer.style, line))?;
        }
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
        writeln!(out, "\nAnd {}; --all draws them:", count(rest.len(), "further path"))?;
        for group in rest.iter().take(10) {
            let (leaf, verdict) = self.example(group);
            writeln!(out, "  {:<11} {}", verdict.status.id(), self.columns(group))?;
            if !leaf.path.is_empty() {
                let path = format!("by {}", self.teller.path(self.entity.id, leaf));
                write!(out, "{}", indented(14, path))?;
            }
        }
        Ok(())
    }

    fn group(&self, out: &mut dyn Write, group: &Group) -> io::Result<()> {
        let (leaf, verdict) = self.example(group);
        writeln!(out)?;
        if self.groups.len() > 1 || group.leaves.len() > 1 {
            let clause = self.teller.clause(self.entity, self.ix, leaf, verdict);
            let counted = self.entity.fields[self.ix.0 as usize].counted;
            let what = match verdict.status {
                Status::Tracked if !counted => "would reach Dataverse",
                Status::Untracked if !counted => "would not reach Dataverse",
                Status::Tracked => either(group.leaves.len(), "reaches Dataverse", "reach Dataverse"),
                Status::Untracked => {
                    either(group.leaves.len(), "does not reach Dataverse", "do not reach Dataverse")
                }
                Status::Unresolved | Status::Undecidable => "cannot be decided",
            };
            let text = format!("{} {what}: {clause}.", self.columns(group));
            for line in lines(&text, WIDTH) {
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
        Ok(())
    }

    /// The columns of a group: `T.A, T.B`.
    fn columns(&self, group: &Group) -> String {
        let names: Vec<String> = group.leaves.iter().map(|p| self.teller.column(self.leaf(*p))).collect();
        some(&names, 6)
    }

    fn why(&self, out: &mut dyn Write, leaf: &Leaf, verdict: &LeafVerdict) -> io::Result<()> {
        let basis = self.teller.basis(self.entity, leaf, verdict);
        for (position, rule) in basis.iter().enumerate() {
            let label = if position == 0 { "Why" } else { "" };
            labelled(out, label, &format!("{} {}", rule.rule, founded(rule.evidence, rule.policy)))?;
            labelled(out, "", &rule.text)?;
            if position == 0 {
                labelled(out, "", &format!("Source: {}", rule.source))?;
                rule.url.map_or(Ok(()), |url| dimmed(out, url))?;
            }
        }
        if let Some(place) =
            self.teller.skip_method(self.entity.id).filter(|_| verdict.reason == Some(Reason::SkipMethod))
        {
            dimmed(out, &self.teller.at(place))?;
        }
        if verdict.status == Status::Untracked && self.entity.fields[self.ix.0 as usize].counted {
            labelled(out, "But", ALONG)?;
        }
        Ok(())
    }

    /// The entry that covers the leaf, or those of its table that do not.
    fn entry(&self, out: &mut dyn Write, leaf: &Leaf, verdict: &LeafVerdict) -> io::Result<()> {
        let mapping = &self.entity.mapping;
        if let Some(entry) = verdict.entry.map(|ix| &mapping.entries[ix]) {
            let text = format!("{} ({})", entry_text(entry), entry_state(entry));
            labelled(out, "Entry", &text)?;
            return dimmed(out, &self.teller.at(entry.place));
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
                labelled(out, "Entry", "none: the entity has no getEntityDataSourceToFieldMapping.")?;
            }
            (0, true) => {
                labelled(out, "Entry", "no entry of getEntityDataSourceToFieldMapping covers it.")?;
            }
            (n, _) => {
                let text = format!(
                    "{n} {} the table but not this record:",
                    either(n, "entry registers", "entries register")
                );
                labelled(out, "Entry", &text)?;
                for entry in others.iter().take(4) {
                    let text = format!("{} ({})", entry_text(entry), entry_state(entry));
                    write!(out, "{}", indented(LABEL + 2, text))?;
                    dimmed(out, &format!("  {}", self.teller.at(entry.place)))?;
                }
            }
        }
        for place in mapping.undecidable.iter().take(2) {
            let text = format!(
                "what the statement at {} adds is not known: it cannot be read.",
                self.teller.at(*place)
            );
            labelled(out, "", &text)?;
        }
        Ok(())
    }

    /// The row to look for, where the leaf is tracked.
    fn row(&self, out: &mut dyn Write, leaf: &Leaf, verdict: &LeafVerdict) -> io::Result<()> {
        if verdict.status != Status::Tracked || !self.entity.in_scope {
            return Ok(());
        }
        let (table, label) = if let Some(ix) = verdict.entry {
            let entry = &self.entity.mapping.entries[ix];
            (entry.table.as_deref().map(shown), entry.label.as_deref().map(shown))
        } else {
            let Some(ix) = self.teller.tracking_source(self.entity, leaf) else { return Ok(()) };
            let table = self.entity.sources[ix.0 as usize].registers;
            (table.map(|id| self.teller.name(id)), Some(self.teller.source_name(self.entity.id, ix)))
        };
        let (Some(table), Some(label)) = (table, label) else { return Ok(()) };
        let entity = self.teller.name(self.entity.id);
        let text = format!(
            "BusinessEventsDefinition should have RefTableName {table}, RefEntityName {entity}, DataSourceName {label} once the map has been started."
        );
        labelled(out, "Check", &text)
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
        match advice.needed.filter(|n| n.fields.len() > 1) {
            Some(needed) => {
                let names: Vec<String> =
                    needed.fields.iter().map(|ix| self.teller.field_name(needed.entity, *ix)).collect();
                let fields = format!("{}: {}", count(names.len(), "field"), some(&names, 8));
                labelled(out, "Serves", &fields)
            }
            None => Ok(()),
        }
    }

    fn without_columns(&self, out: &mut dyn Write) -> io::Result<()> {
        let field = self.field();
        writeln!(out)?;
        labelled(out, "Field", &self.teller.at(field.place))?;
        labelled(out, "But", ALONG)
    }

    fn notes(&self, out: &mut dyn Write) -> io::Result<()> {
        let limit = self.entity.truncated.map(|limit| {
            format!("Lineage of the entity was cut: {}. Nothing of it is called removable.", limit.text())
        });
        let rows = self.teller.map_rows(self.entity.id, self.ix).into_iter();
        let assumed = self.teller.judged.scope.assumed.then(|| super::ASSUMED.to_owned());
        let rows = rows.enumerate().map(|(n, row)| (if n == 0 { "Map" } else { "" }, row));
        let notes = limit.into_iter().chain(assumed).map(|note| ("Note", note));
        for (position, (label, text)) in rows.chain(notes).enumerate() {
            if position == 0 {
                writeln!(out)?;
            }
            labelled(out, label, &text)?;
        }
        Ok(())
    }
}
