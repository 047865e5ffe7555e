//! What a change of the metadata does to tracking: two analyses, what differs between them, and which edit
//! caused it. Places and the order of things do not count: moved lines and reordered parts are no difference.

mod affected;
mod cause;
mod edits;
mod effects;
mod findings;
mod leaves;
mod parts;
mod rules;

pub use affected::{Affected, affected};
pub use edits::{Edit, EditKind};
pub use effects::{Effect, EffectKind};
pub use findings::{findings, told};
pub use rules::CHANGE_RULES;

use crate::engine::Judged;

/// One of the two analyses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Before the change.
    Base,
    /// After it.
    Head,
}

/// The two analyses. Names are compared without regard to case.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    /// Before.
    pub base: &'a Judged<'a>,
    /// After.
    pub head: &'a Judged<'a>,
}

/// What differs.
#[derive(Debug, Default)]
pub struct Diff {
    /// What was changed in the metadata and in the maps, by element.
    pub edits: Vec<Edit>,
    /// What that does to tracking, the worst first.
    pub effects: Vec<Effect>,
}

impl<'a> Pair<'a> {
    /// The analysis of one side.
    pub fn side(&self, side: Side) -> &'a Judged<'a> {
        match side {
            Side::Base => self.base,
            Side::Head => self.head,
        }
    }
}

/// Compares two analyses that were made under the same policies.
pub fn diff(pair: Pair<'_>) -> Diff {
    let edits = edits::edits(pair);
    let mut effects = effects::effects(pair);
    for effect in &mut effects {
        effect.causes = cause::causes(pair, &edits, effect);
    }
    Diff { edits, effects }
}
