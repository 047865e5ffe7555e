//! Variables, and what is known of them at one point of the flow.

use super::facts::{BufferCall, ColumnEffects, Origin, Value};
use super::texts::Text;
use super::transactions::Open;
use crate::source::Position;
use std::rc::Rc;

/// A variable of a method, by the order in which it was met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct VarIx(pub(super) usize);

/// What a variable is.
#[derive(Debug)]
pub(super) struct Var {
    pub(super) name: Box<str>,
    /// As written; empty for members and `this`.
    pub(super) type_name: Box<str>,
    pub(super) position: Position,
    pub(super) kind: VarKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VarKind {
    Local,
    Parameter(u32),
    Member,
    This,
}

/// Business events of a buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Events {
    /// As when the method began.
    #[default]
    AsBefore,
    /// Raised.
    Raised,
    /// Switched off here.
    Skipped(Position),
}

/// What is known of a variable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Buffer {
    /// What it may have been given.
    pub(super) origins: Vec<Origin>,
    /// It may still be what it was when the method began.
    pub(super) initial: bool,
    pub(super) events: Events,
    pub(super) temporary: Option<Position>,
    /// Columns that were assigned since the record was fetched or cleared.
    pub(super) columns: ColumnEffects,
    /// Another variable may be the same record.
    pub(super) shared: bool,
    /// Records that were added to the list that it is.
    pub(super) added: Vec<Value>,
    /// Texts that it may hold.
    pub(super) texts: Vec<Text>,
}

/// At most this many values are kept for one variable.
const MOST_VALUES: usize = 6;
/// At most this many columns are kept of one buffer.
const MOST_COLUMNS: usize = 1_000;

impl Buffer {
    /// What a variable is before anything happens to it.
    pub(super) fn at_first(kind: VarKind) -> Self {
        match kind {
            VarKind::Local => Self { events: Events::Raised, ..Self::default() },
            VarKind::Parameter(_) | VarKind::Member | VarKind::This => Self {
                initial: true,
                columns: ColumnEffects { open: true, ..ColumnEffects::default() },
                ..Self::default()
            },
        }
    }

    /// A column is assigned.
    pub(super) fn assign_column(&mut self, name: &str) {
        add_column(&mut self.columns, name);
    }

    /// A method of the buffer is called that may change columns.
    pub(super) fn call(&mut self, name: &str, alone: bool) {
        add_call(&mut self.columns, name, alone);
    }

    /// The record is fetched, cleared or written: nothing is assigned any more.
    pub(super) fn fetched(&mut self) {
        self.columns = ColumnEffects::default();
    }

    /// What may be the case when either may be.
    fn join(&self, other: &Self) -> Self {
        let events = match (self.events, other.events) {
            (Events::Skipped(at), _) | (_, Events::Skipped(at)) => Events::Skipped(at),
            (Events::AsBefore, _) | (_, Events::AsBefore) => Events::AsBefore,
            (Events::Raised, Events::Raised) => Events::Raised,
        };
        let mut joined = self.clone();
        joined.initial |= other.initial;
        joined.shared |= other.shared;
        joined.events = events;
        joined.temporary = self.temporary.filter(|_| other.temporary.is_some());
        unite(&mut joined.origins, &other.origins);
        unite(&mut joined.added, &other.added);
        unite(&mut joined.texts, &other.texts);
        join_columns(&mut joined.columns, &other.columns);
        joined
    }
}

pub(super) fn add_column(columns: &mut ColumnEffects, name: &str) {
    if columns.names.len() >= MOST_COLUMNS {
        columns.open = true;
    } else if !columns.names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        columns.names.push(name.into());
    }
}

pub(super) fn add_call(columns: &mut ColumnEffects, name: &str, alone: bool) {
    let room = columns.methods.len() < MOST_COLUMNS;
    match columns.methods.iter_mut().find(|known| known.name.eq_ignore_ascii_case(name)) {
        Some(known) => known.alone |= alone,
        None if room => columns.methods.push(BufferCall { name: name.into(), alone }),
        None => columns.open = true,
    }
}

pub(super) fn join_columns(columns: &mut ColumnEffects, others: &ColumnEffects) {
    columns.open |= others.open;
    others.names.iter().for_each(|name| add_column(columns, name));
    others.methods.iter().for_each(|call| add_call(columns, &call.name, call.alone));
}

/// Adds what is not there yet.
pub(super) fn unite<T: Clone + PartialEq>(values: &mut Vec<T>, others: &[T]) {
    for other in others {
        if values.len() < MOST_VALUES && !values.contains(other) {
            values.push(other.clone());
        }
    }
}

/// What is known at one point of the flow.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// By [`VarIx`]; what is missing is as at first.
    buffers: Vec<Option<Rc<Buffer>>>,
    pub(super) open: Open,
    /// Nothing gets here.
    pub(super) dead: bool,
}

impl State {
    /// What is known of a variable.
    pub(super) fn buffer(&self, var: VarIx, kind: VarKind) -> Rc<Buffer> {
        let known = self.buffers.get(var.0).and_then(Option::as_ref);
        known.cloned().unwrap_or_else(|| Rc::new(Buffer::at_first(kind)))
    }

    /// The same, to change it.
    pub(super) fn change(&mut self, var: VarIx, kind: VarKind) -> &mut Buffer {
        if self.buffers.len() <= var.0 {
            self.buffers.resize(var.0 + 1, None);
        }
        let slot = &mut self.buffers[var.0];
        Rc::make_mut(slot.get_or_insert_with(|| Rc::new(Buffer::at_first(kind))))
    }

    /// Columns of a record change: those of variables that may be the same record cannot be told any more.
    pub(super) fn changes(&mut self, var: VarIx) {
        let is_shared = |buffer: &Option<Rc<Buffer>>| buffer.as_ref().is_some_and(|buffer| buffer.shared);
        if !self.buffers.get(var.0).is_some_and(is_shared) {
            return;
        }
        for (index, slot) in self.buffers.iter_mut().enumerate() {
            if let Some(buffer) = slot.as_mut().filter(|buffer| index != var.0 && buffer.shared) {
                Rc::make_mut(buffer).columns.open = true;
            }
        }
    }

    /// Forgets what was known: the variable is declared anew.
    pub(super) fn declare(&mut self, var: VarIx) {
        if let Some(slot) = self.buffers.get_mut(var.0) {
            *slot = None;
        }
    }

    /// What may be the case behind two paths; `kind` tells what a variable is. `at` is where they meet.
    pub(super) fn join(&mut self, other: State, kind: &dyn Fn(VarIx) -> VarKind, at: usize) {
        if other.dead {
            return;
        }
        if self.dead {
            *self = other;
            return;
        }
        self.open.join(&other.open, at);
        if self.buffers.len() < other.buffers.len() {
            self.buffers.resize(other.buffers.len(), None);
        }
        for (index, mine) in self.buffers.iter_mut().enumerate() {
            let theirs = other.buffers.get(index).and_then(Option::as_ref);
            let same = match (&*mine, theirs) {
                (None, None) => true,
                (Some(a), Some(b)) => Rc::ptr_eq(a, b),
                _ => false,
            };
            if !same {
                let first = || Rc::new(Buffer::at_first(kind(VarIx(index))));
                let a = mine.clone().unwrap_or_else(first);
                let b = theirs.cloned().unwrap_or_else(first);
                *mine = Some(if a == b { a } else { Rc::new(a.join(&b)) });
            }
        }
    }
}
