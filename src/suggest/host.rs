//! Which method takes new entries: one that the user may change, else a new one.

use super::places::{Ownership, Places};
use super::plan::CodeForm;
use crate::catalog::Element;
use crate::tracking::MappingLink;

/// The method that takes new entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Host {
    /// A method that is there, as an index into the chain.
    Link(usize),
    /// A new method on the entity.
    Entity,
    /// A new extension class.
    Class(CodeForm),
}

/// Chooses the method. What stands before a wrapper without `next` is dropped by it, so that nothing goes there.
pub(super) fn choose(element: &Element, chain: &[MappingLink], ownership: &Ownership) -> Host {
    let drops = |position: usize| chain[position].class.is_some() && !chain[position].method.has_next;
    let first_live = (1..chain.len()).rev().find(|n| drops(*n)).unwrap_or(0);
    let own = (first_live..chain.len()).find(|n| ownership.is_own(chain[*n].file));
    if let Some(link) = own {
        return Host::Link(link);
    }
    let has_method = chain.first().is_some_and(|link| link.class.is_none());
    let is_own = element.place.is_some_and(|p| ownership.is_own(p.file));
    if is_own && !has_method && (0..chain.len()).all(|n| !drops(n)) {
        return Host::Entity;
    }
    Host::Class(match (chain.is_empty(), element.is_partial()) {
        (_, true) => CodeForm::Unverified,
        (true, false) => CodeForm::Alone,
        (false, false) => CodeForm::Wrapper,
    })
}

/// The class that would drop what a new class of this name adds.
pub(super) fn dropped_by<'a>(name: &str, chain: &[MappingLink<'a>]) -> Option<&'a str> {
    let classes = chain.iter().filter(|link| !link.method.has_next).filter_map(|link| link.class);
    classes.into_iter().find(|class| !Places::is_behind(name, class))
}
