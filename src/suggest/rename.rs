//! The field name that the user wants instead of the one that a plan gives.

use super::{Needed, Remedy};
use crate::catalog::{Catalog, ElementId};
use crate::text::Symbol;
use thiserror::Error;

/// Why a plan cannot use a name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RenameError {
    /// It is for one group only.
    #[error("--field-name needs exactly one group that a new RecId field helps; there {is} {count}{hint}",
        is = if *.count == 1 { "is" } else { "are" },
        hint = if *.count > 1 { ": name the entity with --entity, or apply the other groups first" } else { "" })]
    NotOne {
        /// How many there are.
        count: usize,
    },
    /// It is no name of X++.
    #[error("--field-name: {name} is no name; use letters, digits and _, a letter first")]
    NoName {
        /// As given.
        name: String,
    },
    /// An element of the plan has such a field.
    #[error("--field-name: {element} has a field {name} already")]
    Taken {
        /// As given.
        name: String,
        /// The element.
        element: String,
    },
}

/// Gives all steps of the only plan among these entities that has some one name.
///
/// # Errors
/// There is another number of such plans, or the name cannot be used.
pub fn rename_steps(
    catalog: &Catalog,
    needed: &mut [Needed],
    entities: &[ElementId],
    name: &str,
) -> Result<(), RenameError> {
    let mut chars = name.chars();
    let starts = chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !starts || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(RenameError::NoName { name: name.escape_debug().to_string() });
    }
    let concerned = |n: &&mut Needed| n.remedy == Remedy::ExposeRecId && entities.contains(&n.entity);
    let mut plans: Vec<&mut Needed> = needed.iter_mut().filter(concerned).collect();
    let [plan] = plans.as_mut_slice() else { return Err(RenameError::NotOne { count: plans.len() }) };
    for step in &plan.steps {
        let element = catalog.element(step.element);
        if catalog.name(name).is_some_and(|n| element.field(n).is_some()) {
            let element = element.name.text.to_string();
            return Err(RenameError::Taken { name: name.to_owned(), element });
        }
    }
    let name: Symbol = name.into();
    for (position, step) in plan.steps.iter_mut().enumerate() {
        if position > 0 {
            step.data_field = name.clone();
        }
        step.field = name.clone();
    }
    plan.field = Some(name);
    Ok(())
}
