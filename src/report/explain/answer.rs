//! The first sentence about a field: the answer.

use super::field::{FieldView, Group};
use crate::catalog::{Binding, ElementKind};
use crate::lineage::{Leaf, LeafKind, LeafTable};
use crate::report::style::{BAD, GOOD, OPEN};
use crate::report::wrap::either;
use crate::text::count;
use crate::tracking::{Reason, Status};
use crate::words::shown;
use anstyle::Style;

/// An answer with its colour.
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) style: Style,
}

impl FieldView<'_> {
    /// Whether a change behind the field reaches Dataverse.
    pub(super) fn answer(&self) -> Answer {
        let not_sent = self.teller.why_not_sent(self.entity, Some(self.ix), "the entity");
        let Some(why) = not_sent else { return self.judgement(false) };
        if let Some(source) = self.unmapped_source() {
            let text = format!(
                "{} is not sent to Dataverse: {why}. No field of data source {source} is; mapping one would decide about it anew.",
                self.name()
            );
            return Answer { text, style: OPEN.bold() };
        }
        let Answer { text, .. } = self.judgement(true);
        let text =
            format!("{} is not sent to Dataverse: {why}. If it were: {}", self.name(), lower_first(&text));
        Answer { text, style: OPEN.bold() }
    }

    /// The data source of which nothing is sent, where that alone keeps the field from being tracked.
    fn unmapped_source(&self) -> Option<String> {
        let unmapped = self.groups.iter().map(|group| self.example(group));
        let mut unmapped = unmapped.filter(|(_, verdict)| verdict.reason == Some(Reason::NoMappedField));
        let (leaf, _) = unmapped.next()?;
        let names = leaf.path_names(self.teller.catalog(), self.entity.id);
        names.first().map(|name| shown(name))
    }

    fn judgement(&self, hypothetical: bool) -> Answer {
        match self.groups.as_slice() {
            [] => self.nothing(),
            [only] if only.leaves.len() == 1 => self.single(only, hypothetical),
            groups => self.several(groups, hypothetical),
        }
    }

    /// A field without leaves.
    fn nothing(&self) -> Answer {
        let name = self.name();
        let text = match &self.field().binding {
            Binding::Virtual { .. } => format!(
                "Nothing can trigger {name}: it is a virtual field, filled by X++ when the row is read, so no table is watched for it."
            ),
            Binding::Computed { method: Some(method), .. } => {
                format!("Nothing can trigger {name}: its method {} reads no table.", shown(method))
            }
            _ => format!("Nothing can trigger {name}: no table column stands behind it."),
        };
        Answer { text, style: BAD.bold() }
    }

    fn single(&self, group: &Group, hypothetical: bool) -> Answer {
        let (leaf, verdict) = self.example(group);
        let column = self.teller.column(leaf);
        let clause = self.teller.clause(self.entity, self.ix, leaf, verdict);
        let (reaches, misses) = verbs(hypothetical);
        let name = self.name();
        let through = format!("Dataverse through {name}: {clause}.");
        if leaf.kind == LeafKind::Unknown {
            return Answer {
                text: format!("Nothing is known to trigger {name}: {clause}."),
                style: BAD.bold(),
            };
        }
        if !leaf.resolved && !self.is_table(leaf) {
            let text = format!("Cannot say which changes reach {through}");
            return Answer { text, style: OPEN.bold() };
        }
        match verdict.status {
            Status::Tracked => {
                Answer { text: format!("A change of {column} {reaches} {through}"), style: GOOD.bold() }
            }
            Status::Untracked => {
                Answer { text: format!("A change of {column} {misses} {through}"), style: BAD.bold() }
            }
            Status::Unresolved | Status::Undecidable => Answer {
                text: format!("Cannot say whether a change of {column} reaches {through}"),
                style: OPEN.bold(),
            },
        }
    }

    /// The leaf names a table, or something not loaded that may be one.
    fn is_table(&self, leaf: &Leaf) -> bool {
        match &leaf.table {
            LeafTable::Element(id) => self.teller.element(*id).kind == ElementKind::Table,
            LeafTable::Written(_) => true,
            LeafTable::NoSource(_) | LeafTable::Nothing => false,
        }
    }

    fn several(&self, groups: &[Group], hypothetical: bool) -> Answer {
        let of = |wanted: fn(Status) -> bool| {
            groups.iter().filter(|g| wanted(self.example(g).1.status)).map(|g| g.leaves.len()).sum::<usize>()
        };
        let tracked = of(|s| s == Status::Tracked);
        let lost = of(|s| s == Status::Untracked);
        let open = of(|s| matches!(s, Status::Unresolved | Status::Undecidable));
        let all = tracked + lost + open;
        let name = self.name();
        let (reaches, misses) = verbs(hypothetical);
        let because = |group: &Group| {
            let (leaf, verdict) = self.example(group);
            self.teller.clause(self.entity, self.ix, leaf, verdict)
        };
        let columns = format!("the {} behind {name}", count(all, "column"));
        let reason = if groups.len() == 1 { format!(": {}", because(&groups[0])) } else { String::new() };
        match (tracked, lost, open) {
            (_, 0, 0) => Answer {
                text: format!("A change of any of {columns} {reaches} Dataverse{reason}."),
                style: GOOD.bold(),
            },
            (0, _, 0) => Answer {
                text: format!("A change of {columns} {misses} Dataverse{reason}."),
                style: BAD.bold(),
            },
            (0, 0, _) => Answer {
                text: format!("Cannot say whether a change of {columns} reaches Dataverse{reason}."),
                style: OPEN.bold(),
            },
            _ => Answer {
                text: format!("Of {columns}, {}.", counts(tracked, lost, open)),
                style: if lost > 0 { BAD.bold() } else { OPEN.bold() },
            },
        }
    }
}

/// How many columns there are of each kind; nothing about kinds that do not occur.
fn counts(tracked: usize, lost: usize, open: usize) -> String {
    let mut parts = Vec::new();
    if lost > 0 {
        parts.push(format!("{lost} {} Dataverse", either(lost, "does not reach", "do not reach")));
    }
    if open > 0 {
        parts.push(format!("{open} cannot be decided"));
    }
    if tracked > 0 {
        parts.push(format!("{tracked} {}", either(tracked, "does", "do")));
    }
    if lost == 0 {
        return format!(
            "{tracked} {} Dataverse and {open} cannot be decided",
            either(tracked, "reaches", "reach")
        );
    }
    match parts.as_slice() {
        [a, b, c] => format!("{a}, {b} and {c}"),
        parts => parts.join(" and "),
    }
}

fn verbs(hypothetical: bool) -> (&'static str, &'static str) {
    if hypothetical { ("would reach", "would not reach") } else { ("reaches", "does not reach") }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
