//! Entries of mapping methods, as findings.

use super::Input;
use crate::finding::{Finding, RuleInfo};
use crate::text::Symbol;
use crate::tracking::{EntityAnalysis, EntryVerdict, ResolvedEntry};
use crate::words::entry_text;

/// An entry of an entity in scope.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    pub(super) entity: &'a EntityAnalysis,
    pub(super) index: usize,
    pub(super) found: &'a ResolvedEntry,
}

impl<'a> Input<'a> {
    /// The entries of entities in scope, in the order of their containers.
    pub(super) fn entries(&self) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        let entities = self.judged.analysis.entities.iter().filter(|e| e.in_scope);
        entities.flat_map(|entity| {
            let entries = entity.mapping.entries.iter().enumerate();
            entries.map(move |(index, found)| Entry { entity, index, found })
        })
    }

    /// The entries with this verdict that can go.
    pub(super) fn removable(&self, verdict: EntryVerdict) -> impl Iterator<Item = Entry<'a>> + use<'a> {
        self.entries().filter(move |e| e.found.verdict == verdict && e.found.rows_saved.is_some())
    }
}

impl<'a> Entry<'a> {
    /// `[label, table, field]`.
    pub(super) fn text(&self) -> String {
        entry_text(self.found)
    }

    /// A finding at the entry.
    pub(super) fn finding(&self, input: &Input, info: &'static RuleInfo, message: String) -> Finding {
        let part = |part: &Option<Symbol>| part.as_deref().unwrap_or("?").to_owned();
        Finding::new(info, input.subject(self.entity.id), self.found.place, message)
            .key(part(&self.found.label))
            .key(part(&self.found.table))
            .key(part(&self.found.field))
    }

    /// A finding about an entry that can go.
    pub(super) fn removal(&self, input: &Input, info: &'static RuleInfo, message: String) -> Finding {
        let saved = match self.found.rows_saved {
            Some(1) => "Remove the entry; that saves one row of BusinessEventsDefinition.",
            _ => "Remove the entry; it makes no row of BusinessEventsDefinition.",
        };
        self.finding(input, info, message).remedy(saved)
    }

    /// The entry before it that has the same label and table.
    pub(super) fn rival(&self) -> Option<&'a ResolvedEntry> {
        let same = |a: &Option<Symbol>, b: &Option<Symbol>| match (a, b) {
            (Some(a), Some(b)) => a.eq_ignore_ascii_case(b),
            _ => false,
        };
        let earlier = self.entity.mapping.entries[..self.index].iter();
        let mut rivals = earlier.filter(|e| {
            e.verdict != EntryVerdict::Invalid
                && !e.conditional
                && same(&e.label, &self.found.label)
                && same(&e.table, &self.found.table)
        });
        let exact = |e: &&ResolvedEntry| e.method == self.found.method && same(&e.field, &self.found.field);
        rivals.clone().find(exact).or_else(|| rivals.next())
    }
}
