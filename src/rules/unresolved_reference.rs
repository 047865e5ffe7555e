//! Elements that others refer to and that are not loaded.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity, Subject};
use crate::problem::{Code, Problem};
use crate::source::Place;
use crate::text::{count, name_key, some};
use crate::tracking::Evidence;
use crate::words::shown;
use std::collections::BTreeMap;

const INFO: RuleInfo = RuleInfo {
    name: "unresolved-reference",
    group: Group::Model,
    severity: Severity::Note,
    confidence: Evidence::Seen,
    number: None,
    summary: "an element is referred to and not loaded, so that verdicts stay open",
    finds: "Tables, views, entities and queries that data sources, extensions or tables name, and that no loaded \
        file defines. One finding for each of them.",
    why: "What hangs on them stays open. Usually the model that defines them was not named, as in a build agent \
        that has only the team's own metadata.",
    example: "```text\n\
        dualtrack check MyModel        (CustTable is Microsoft's, and not loaded)\n\
        ```",
    remedy: "Name the metadata root that has them behind your own, or a snapshot of it. Where there is nothing \
        of this name, correct the reference.",
    source: "What is not loaded cannot be judged: a limit of the run, not of the metadata.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

/// So many references are listed.
const LISTED: usize = 8;

/// References to one name: the user's, if there are any, else those of others.
struct Missing<'a> {
    name: &'a str,
    /// The first of them.
    place: Option<Place>,
    is_own: bool,
    by: Vec<String>,
}

fn check(input: &Input) -> Vec<Finding> {
    let mut missing: BTreeMap<String, Missing> = BTreeMap::new();
    for problem in input.judged.problems.iter().filter(|p| p.code == Code::UnresolvedReference) {
        let Some(name) = problem.fact("target") else { continue };
        let known = missing.entry(name_key(name)).or_insert_with(|| Missing {
            name,
            place: problem.place,
            is_own: false,
            by: Vec::new(),
        });
        known.add(input, problem);
    }
    missing.into_values().map(Missing::finding).collect()
}

impl Missing<'_> {
    fn add(&mut self, input: &Input, problem: &Problem) {
        let is_own = problem.place.is_some_and(|p| input.judged.model.is_own_file(input.config, p.file));
        if self.is_own && !is_own {
            return;
        }
        if is_own && !self.is_own {
            (self.place, self.is_own) = (problem.place, true);
            self.by.clear();
        }
        let fact = |key: &str| problem.fact(key).unwrap_or_default();
        self.by.push(format!("{} ({})", fact("element"), fact("role")));
    }

    fn finding(self) -> Finding {
        let message =
            format!("{} is not loaded: {} to it", shown(self.name), count(self.by.len(), "reference"));
        Finding::new(&INFO, Subject::new("element", self.name), self.place, message)
            .labelled("not loaded")
            .shown_by(&["Table"])
            .note(format!("Referred to by {}.", some(&self.by, LISTED)))
            .remedy("Name the metadata root that has it behind your own, or a snapshot of it.")
    }
}
