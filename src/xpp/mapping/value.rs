//! What a container variable can hold: an ordered set of the things that were put into it.

use rustc_hash::FxHashMap;

/// One thing in a container, identified by where it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Origin {
    /// The container that the method was called with.
    Parameter,
    /// The result of a `next` call, by index.
    Next(u32),
    /// A written container as one element, by index.
    Nested(u32),
    /// The elements of a written container, without their brackets, by index.
    Loose(u32),
}

/// A thing in a container, and how it got there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    /// What it is.
    pub(super) origin: Origin,
    /// It was put there under `if` or `switch`.
    pub(super) conditional: bool,
    /// It stands at this place (from 1) of a container that begins with the result of a `next` call.
    pub(super) at: Option<u32>,
}

impl Atom {
    pub(super) fn new(origin: Origin) -> Self {
        Self { origin, conditional: false, at: None }
    }
}

/// Up to so many things are looked for one by one, without an index of what is there.
const SMALL: usize = 8;

/// The content of a container. Nothing is in it twice: what comes again stays at its first place, and is unconditional
/// if it is so once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    atoms: Vec<Atom>,
}

impl Value {
    /// A container with one thing in it.
    pub(super) fn of(origin: Origin) -> Self {
        Self { atoms: vec![Atom::new(origin)] }
    }

    /// What is in it, in order.
    pub(super) fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    pub(super) fn is_empty(&self) -> bool {
        self.atoms.is_empty()
    }

    /// Appends what is new.
    pub(super) fn extend(&mut self, other: &Value) {
        if self.is_empty() {
            self.atoms.clone_from(&other.atoms);
            return;
        }
        if other.is_empty() {
            return;
        }
        if other.atoms.len() <= SMALL {
            return other.atoms.iter().for_each(|atom| self.add(atom));
        }
        let mut places = self.places();
        for atom in &other.atoms {
            let place = *places.entry(atom.origin).or_insert(self.atoms.len());
            match self.atoms.get_mut(place) {
                Some(known) => known.conditional &= atom.conditional,
                None => self.atoms.push(*atom),
            }
        }
    }

    /// Adds what another path through the method holds: a place in that path's container means nothing here.
    pub(super) fn unite(&mut self, other: &Value) {
        let mut other = other.clone();
        if !self.is_empty() {
            other.atoms.iter_mut().for_each(|atom| atom.at = None);
        }
        self.extend(&other);
    }

    fn add(&mut self, atom: &Atom) {
        match self.atoms.iter_mut().find(|known| known.origin == atom.origin) {
            Some(known) => known.conditional &= atom.conditional,
            None => self.atoms.push(*atom),
        }
    }

    /// Inserts at a place counted from 1, where `length` says how many elements a thing stands for; `None` when only
    /// the results of `next` calls tell.
    ///
    /// The bare parameter counts as empty. What follows a result of `next` goes to the end, with the place noted.
    pub(super) fn insert(&mut self, place: u32, value: &Value, length: impl Fn(Origin) -> Option<usize>) {
        let wanted = place.saturating_sub(1) as usize;
        let mut passed = 0;
        for index in 0..self.atoms.len() {
            if passed >= wanted {
                let mut tail = Value { atoms: self.atoms.split_off(index) };
                let shift = u32::try_from(value.atoms.len()).unwrap_or(u32::MAX);
                for at in tail.atoms.iter_mut().filter_map(|atom| atom.at.as_mut()) {
                    *at = at.saturating_add(shift);
                }
                self.extend(value);
                return self.extend(&tail);
            }
            let atom = self.atoms[index];
            match length(atom.origin) {
                Some(length) if atom.at.is_none() => passed += length,
                _ => return self.extend_at(place, value),
            }
        }
        self.extend(value);
    }

    fn extend_at(&mut self, place: u32, value: &Value) {
        let mut placed = value.clone();
        for (at, atom) in (place..).zip(&mut placed.atoms) {
            atom.at = Some(at);
        }
        self.extend(&placed);
    }

    /// The value as an assignment under `if` or `switch` leaves it: what the variable did not hold is conditional.
    pub(super) fn assigned_conditionally(mut self, before: &Value) -> Self {
        let places = before.places();
        for atom in &mut self.atoms {
            atom.conditional = places.get(&atom.origin).is_none_or(|&place| before.atoms[place].conditional);
        }
        self
    }

    /// Everything in it is conditional.
    pub(super) fn conditional(mut self) -> Self {
        self.atoms.iter_mut().for_each(|atom| atom.conditional = true);
        self
    }

    fn places(&self) -> FxHashMap<Origin, usize> {
        self.atoms.iter().enumerate().map(|(place, atom)| (atom.origin, place)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(ids: impl IntoIterator<Item = u32>) -> Value {
        Value { atoms: ids.into_iter().map(|id| Atom::new(Origin::Nested(id))).collect() }
    }

    fn show(value: &Value) -> String {
        let one = |atom: &Atom| {
            let name = match atom.origin {
                Origin::Parameter => "p".to_owned(),
                Origin::Next(id) => format!("next{id}"),
                Origin::Nested(id) | Origin::Loose(id) => id.to_string(),
            };
            let place = atom.at.map(|at| format!("@{at}")).unwrap_or_default();
            format!("{name}{place}{}", if atom.conditional { "?" } else { "" })
        };
        value.atoms.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    fn length(origin: Origin) -> Option<usize> {
        match origin {
            Origin::Parameter => Some(0),
            Origin::Next(_) => None,
            Origin::Nested(_) => Some(1),
            Origin::Loose(_) => Some(3),
        }
    }

    fn inserted(mut value: Value, place: u32) -> String {
        value.insert(place, &nested([8, 9]), length);
        show(&value)
    }

    #[test]
    fn a_union_keeps_the_first_place_and_the_stronger_claim() {
        let mut value = nested([1]).conditional();
        value.extend(&nested([2, 1]));
        assert_eq!(show(&value), "1 2");
    }

    #[test]
    fn insertion_counts_known_elements_only() {
        let mut value = Value::of(Origin::Parameter);
        value.extend(&nested([1, 2]));
        assert_eq!(inserted(value.clone(), 1), "8 9 p 1 2");
        assert_eq!(inserted(value.clone(), 0), "8 9 p 1 2");
        assert_eq!(inserted(value.clone(), 2), "p 1 8 9 2");
        assert_eq!(inserted(value, 99), "p 1 2 8 9");
    }

    #[test]
    fn behind_a_next_call_only_the_chain_knows_the_place() {
        let mut value = nested([1]);
        value.extend(&Value::of(Origin::Next(0)));
        assert_eq!(inserted(value.clone(), 2), "1 8 9 next0");
        assert_eq!(inserted(value, 3), "1 next0 8@3 9@4");
    }

    #[test]
    fn a_conditional_assignment_leaves_what_was_there() {
        let mut value = nested([1, 2]);
        value = value.assigned_conditionally(&nested([1]));
        assert_eq!(show(&value), "1 2?");
    }
}
