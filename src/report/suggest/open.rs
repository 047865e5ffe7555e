//! What cannot be said, because something is not loaded.

use super::Suggestions;
use crate::text::count;
use crate::tracking::Status;

/// A reason why nothing can be said, with the fields that it concerns.
pub(super) struct Open {
    /// Why, as a clause: `X is not loaded`.
    pub(super) because: String,
    /// How many counted fields have such a leaf.
    pub(super) fields: usize,
    /// How many entities have such fields.
    pub(super) entities: usize,
}

impl Open {
    pub(super) fn text(&self) -> String {
        let entities =
            if self.entities > 1 { format!(" of {}", count(self.entities, "entity")) } else { String::new() };
        format!("Cannot say: {} ({}{entities}).", self.because, count(self.fields, "field"))
    }
}

/// At most so many reasons are listed unless everything is asked for.
const LINES: usize = 5;

impl Suggestions<'_> {
    /// Why nothing can be said about some fields, the most frequent reason first.
    pub(super) fn open(&self) -> Vec<Open> {
        let mut list: Vec<Open> = Vec::new();
        let teller = self.teller();
        for entity in self.entities.iter().filter_map(|id| self.analysis(*id)) {
            let mut here: Vec<usize> = Vec::new();
            for (ix, field) in
                (0..).map(crate::catalog::FieldIx).zip(&entity.fields).filter(|(_, f)| f.counted)
            {
                let leaves = &self.judged.model.lineage.field(entity.id, ix).leaves;
                let open = leaves.iter().zip(&field.leaves).filter(|(_, v)| v.status == Status::Unresolved);
                let mut reasons: Vec<String> = open
                    .filter_map(|(leaf, _)| Some(teller.missing(&teller.missing_of(entity, leaf)?)))
                    .collect();
                reasons.sort_unstable();
                reasons.dedup();
                for because in reasons {
                    let known = list.iter().position(|o| o.because == because).unwrap_or_else(|| {
                        list.push(Open { because, fields: 0, entities: 0 });
                        list.len() - 1
                    });
                    list[known].fields += 1;
                    if !here.contains(&known) {
                        here.push(known);
                        list[known].entities += 1;
                    }
                }
            }
        }
        list.sort_by(|a, b| b.fields.cmp(&a.fields).then_with(|| a.because.cmp(&b.because)));
        list
    }

    /// The same in lines, cut unless everything is asked for; then what was assumed.
    pub(super) fn notes(&self) -> Vec<String> {
        let open = self.open();
        let limit = if self.all { usize::MAX } else { LINES };
        let mut lines: Vec<String> = open.iter().take(limit).map(Open::text).collect();
        if open.len() > limit {
            lines
                .push(format!("Cannot say: {}; --all lists them.", count(open.len() - limit, "more reason")));
        }
        if self.judged.scope.assumed {
            lines.push(
                "No map was given: every public field of a public entity is assumed to be mapped (--maps)."
                    .to_owned(),
            );
        }
        if self.others > 0 {
            lines.push(format!(
                "There are suggestions for {} of other models (--all).",
                count(self.others, "entity")
            ));
        }
        lines
    }
}
