//! A dump beside what was judged: where the comparison gets its other policies from.

use super::Judged;
use crate::catalog::ElementId;
use crate::dualwrite::Dump;
use crate::lineage::Equality;
use crate::reconcile::{Input, Reconciliation, reconcile};
use crate::source::in_pool;
use crate::tracking::{self, Definition, Policy, Scope};
use std::borrow::Cow;

impl Judged<'_> {
    /// Compares a dump with the prediction, under the policies of the run and under others.
    pub fn reconcile(&self, dump: &Dump, threads: usize) -> Reconciliation {
        in_pool(threads, || {
            let model = self.model;
            let equality = model.equality();
            reconcile(&Input {
                catalog: &model.catalog,
                analysis: &self.analysis,
                policy: self.policy,
                assumed: self.scope.assumed,
                dump,
                under: &|entities, policy| self.predict(&equality, entities, policy),
            })
        })
    }

    /// The rows of some entities under other policies; maps and metadata stay as they are.
    fn predict(&self, equality: &Equality, entities: &[ElementId], policy: Policy) -> Vec<Definition> {
        let model = self.model;
        let scope = if self.scope.assumed {
            Cow::Owned(Scope::assumed(&model.catalog, &policy))
        } else {
            Cow::Borrowed(&self.scope)
        };
        let input = tracking::Input {
            catalog: &model.catalog,
            graph: &model.graph,
            lineage: &model.lineage,
            equality,
            policy: &policy,
            scope: &scope,
        };
        tracking::predict(input, entities)
    }
}
