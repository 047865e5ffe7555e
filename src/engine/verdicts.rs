//! Verdicts apart from their model, so that both can be kept together.

use super::{Judged, Maps, Model};
use crate::problem::Problem;
use crate::suggest::Needed;
use crate::tracking::{Analysis, Policy, Scope};

/// Everything of [`Judged`] but the model.
pub struct Verdicts {
    policy: Policy,
    maps: Option<Maps>,
    scope: Scope,
    analysis: Analysis,
    needed: Vec<Needed>,
    problems: Vec<Problem>,
}

impl Judged<'_> {
    /// Lets go of the model.
    pub fn detach(self) -> Verdicts {
        let Self { model: _, equality: _, policy, maps, scope, analysis, needed, problems } = self;
        Verdicts { policy, maps, scope, analysis, needed, problems }
    }
}

impl Verdicts {
    /// The verdicts with their model again: the very one that they are about.
    pub fn attach(self, model: &Model) -> Judged<'_> {
        let Self { policy, maps, scope, analysis, needed, problems } = self;
        let equality = model.equality();
        Judged { model, policy, maps, scope, analysis, needed, equality, problems }
    }
}
