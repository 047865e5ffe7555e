//! The legs that have filters, and what is wrong with the form of these.

use super::{Fault, LimitIssue, SyntaxIssue};
use crate::catalog::ElementId;
use crate::dualwrite::filter::range::FormFault;
use crate::dualwrite::filter::{odata, range};
use crate::dualwrite::{Leg, TableMap};
use crate::engine::Maps;
use rustc_hash::FxHashSet;

/// A leg with a filter.
#[derive(Clone, Copy, Debug)]
pub struct FilteredLeg<'a> {
    /// Its map.
    pub map: &'a TableMap,
    /// The leg.
    pub leg: &'a Leg,
    /// The entity that it maps, when there is one.
    pub entity: Option<ElementId>,
}

/// The same leg of the same map, not one that looks like it.
impl PartialEq for FilteredLeg<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.leg, other.leg)
    }
}

impl Eq for FilteredLeg<'_> {}

/// Which filter of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// `sourceFilter`: which records of the entity are sent.
    Source,
    /// `reversedSourceFilter`: which rows of the Dataverse table are sent back.
    Reversed,
}

impl Side {
    /// The key in the JSON of a map.
    pub fn key(self) -> &'static str {
        match self {
            Self::Source => "sourceFilter",
            Self::Reversed => "reversedSourceFilter",
        }
    }
}

impl<'a> FilteredLeg<'a> {
    /// A filter of it, as written.
    pub fn filter(&self, side: Side) -> &'a str {
        match side {
            Side::Source => &self.leg.source_filter,
            Side::Reversed => &self.leg.reversed_source_filter,
        }
    }

    /// The filter of the F&O side as a tree; none where there is none, or none that can be read.
    pub(super) fn source_tree(&self) -> Option<range::Expression> {
        range::parse(&self.leg.source_filter).ok()
    }

    pub(super) fn reversed_tree(&self) -> Option<odata::Expression> {
        odata::parse(&self.leg.reversed_source_filter).ok()
    }
}

/// The legs of the maps that count and have a filter, in the order of the maps.
pub fn legs(maps: &Maps) -> Vec<FilteredLeg<'_>> {
    let entity = |map: usize, leg: usize| {
        let maps_it = |mapped: &&crate::dualwrite::MappedEntity| {
            mapped.legs.iter().any(|known| (known.map, known.leg) == (map, leg))
        };
        maps.mapped.entities.iter().find(maps_it).map(|mapped| maps.entities[mapped.entity])
    };
    let mut found = Vec::new();
    for (map_index, map) in maps.maps.iter().enumerate() {
        for (leg_index, leg) in map.legs.iter().enumerate() {
            if !leg.source_filter.is_empty() || !leg.reversed_source_filter.is_empty() {
                found.push(FilteredLeg { map, leg, entity: entity(map_index, leg_index) });
            }
        }
    }
    found
}

/// Filters that cannot be read, and those that break the rules about parentheses.
pub fn syntax_issues(maps: &Maps) -> Vec<SyntaxIssue<'_>> {
    let mut issues = Vec::new();
    for leg in legs(maps) {
        source_issues(leg, &mut issues);
        let reversed = leg.filter(Side::Reversed);
        if let Some(error) = odata::parse(reversed).err().filter(|_| !reversed.is_empty()) {
            let fault = Fault::Syntax(error.clone());
            issues.push(SyntaxIssue { leg, side: Side::Reversed, span: error.span, fault, times: 1 });
        }
    }
    issues
}

fn source_issues<'a>(leg: FilteredLeg<'a>, issues: &mut Vec<SyntaxIssue<'a>>) {
    let filter = leg.filter(Side::Source);
    if filter.is_empty() {
        return;
    }
    let side = Side::Source;
    match range::parse(filter) {
        Ok(tree) => {
            let first = issues.len();
            for FormFault { span, rule } in range::form_faults(&tree) {
                let fault = Fault::Form(rule);
                match issues[first..].iter_mut().find(|issue| issue.fault == fault) {
                    Some(issue) => issue.times += 1,
                    None => issues.push(SyntaxIssue { leg, side, span, fault, times: 1 }),
                }
            }
        }
        Err(error) => {
            let (span, fault) = (error.span, Fault::Syntax(error));
            issues.push(SyntaxIssue { leg, side, span, fault, times: 1 });
        }
    }
}

/// What reversed filters ask for and dual-write does not do.
pub fn reversed_limits(maps: &Maps) -> Vec<LimitIssue<'_>> {
    let mut issues = Vec::new();
    for leg in legs(maps) {
        let filter = leg.filter(Side::Reversed);
        let found = leg.reversed_tree().map(|tree| odata::limits(&tree)).unwrap_or_default();
        let mut seen = FxHashSet::default();
        let new = found.into_iter().filter(|limit| seen.insert(limit.span.text(filter)));
        issues.extend(new.map(|limit| LimitIssue { leg, span: limit.span, kind: limit.kind }));
    }
    issues
}
