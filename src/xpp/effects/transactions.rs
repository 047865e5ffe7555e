//! Which transaction scopes are open along the flow of a method.

use super::facts::{Excerpt, MethodEffects, Unbalanced};
use crate::source::Position;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::rc::Rc;

/// `ttsbegin`, by the order in which it was met.
pub(super) type BeginIx = u32;

/// The scopes that are open at one point.
#[derive(Clone, Debug, Default)]
pub(super) struct Open {
    levels: Levels,
    /// Outermost scopes that were committed before, on some path.
    pub(super) done: Rc<BTreeSet<u32>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Levels {
    /// These are open, outermost first; so many were committed that the method did not begin.
    Known(Vec<BeginIx>, u32),
    /// Not the same on all paths, which met at this token; the scope that is open on one of them.
    Mixed(Option<BeginIx>, usize),
}

impl Default for Levels {
    fn default() -> Self {
        Self::Known(Vec::new(), 0)
    }
}

/// How a method leaves its scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exit {
    /// So many more than before (or fewer).
    Known(i64),
    /// It depends.
    Mixed,
}

impl Open {
    /// `ttsbegin`; says whether it opens the outermost scope.
    pub(super) fn begin(&mut self, begin: BeginIx) -> bool {
        match &mut self.levels {
            Levels::Known(open, _) => {
                open.push(begin);
                open.len() == 1
            }
            Levels::Mixed(..) => false,
        }
    }

    /// `ttscommit`; `Err` when this method has no scope open. `scope` tells the outermost scope of a `ttsbegin`.
    pub(super) fn commit(&mut self, scope: impl Fn(BeginIx) -> Option<u32>) -> Result<(), ()> {
        let Levels::Known(open, below) = &mut self.levels else { return Ok(()) };
        match open.pop() {
            Some(begin) if open.is_empty() => {
                if let Some(scope) = scope(begin) {
                    self.finished(scope);
                }
                Ok(())
            }
            Some(_) => Ok(()),
            None => {
                *below = below.saturating_add(1);
                Err(())
            }
        }
    }

    /// `ttsabort`: nothing is open any more, whatever was.
    pub(super) fn abort(&mut self) {
        self.levels = Levels::default();
    }

    /// The outermost open scope, when it is sure.
    pub(super) fn outermost(&self) -> Option<BeginIx> {
        match &self.levels {
            Levels::Known(open, _) => open.first().copied(),
            Levels::Mixed(..) => None,
        }
    }

    /// No scope is open, and that is sure.
    pub(super) fn is_clear(&self) -> bool {
        matches!(&self.levels, Levels::Known(open, 0) if open.is_empty())
    }

    /// A scope is over.
    pub(super) fn finished(&mut self, scope: u32) {
        if !self.done.contains(&scope) {
            Rc::make_mut(&mut self.done).insert(scope);
        }
    }

    /// The scope that is open here, and where the paths met that differ in it.
    pub(super) fn left_open(&self) -> Option<(BeginIx, Option<usize>)> {
        match &self.levels {
            Levels::Known(open, _) => open.last().map(|begin| (*begin, None)),
            Levels::Mixed(begin, met) => begin.map(|begin| (begin, Some(*met))),
        }
    }

    pub(super) fn exit(&self) -> Exit {
        match &self.levels {
            Levels::Known(open, below) => {
                Exit::Known(i64::try_from(open.len()).unwrap_or(i64::MAX).saturating_sub(i64::from(*below)))
            }
            Levels::Mixed(..) => Exit::Mixed,
        }
    }

    pub(super) fn join(&mut self, other: &Open, at: usize) {
        if !Rc::ptr_eq(&self.done, &other.done) && !other.done.is_subset(&self.done) {
            let done = Rc::make_mut(&mut self.done);
            done.extend(other.done.iter().copied());
        }
        let (Levels::Known(mine, below), Levels::Known(theirs, other_below)) = (&self.levels, &other.levels)
        else {
            if let Levels::Mixed(..) = other.levels {
                self.levels = other.levels.clone();
            }
            return;
        };
        if mine.len() != theirs.len() || below != other_below {
            let longer = if mine.len() > theirs.len() { mine } else { theirs };
            let shorter = mine.len().min(theirs.len());
            self.levels = Levels::Mixed(longer.get(shorter).copied(), at);
        }
    }
}

/// What a method comes to, for those that call it.
#[derive(Debug)]
pub(super) struct Balance {
    /// The same on every way out.
    pub(super) exit: Exit,
    /// Methods of the same unit that it calls, lower case.
    pub(super) calls: BTreeSet<String>,
}

/// Methods that open or close a scope for those that call them, with the number of scopes.
#[derive(Debug, Default)]
pub(super) struct Helpers {
    effects: FxHashMap<String, i64>,
}

impl Helpers {
    /// Finds the methods whose every way out leaves scopes open (or closes some), and that others of the unit call.
    pub(super) fn find(methods: &[(MethodEffects, Balance)]) -> Self {
        let mut effects = FxHashMap::default();
        for (method, balance) in methods {
            let name = method.name.to_ascii_lowercase();
            let called = || methods.iter().any(|(_, other)| other.calls.contains(&name));
            if let Exit::Known(effect @ (-8..=-1 | 1..=8)) = balance.exit
                && called()
            {
                effects.insert(name, effect);
            }
        }
        Self { effects }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.effects.is_empty()
    }

    /// How many scopes a call of a method opens.
    pub(super) fn effect(&self, method: &str) -> i64 {
        if self.is_empty() {
            return 0;
        }
        self.effects.get(&method.to_ascii_lowercase()).copied().unwrap_or(0)
    }

    /// Such a method leaves its scope to those that call it.
    pub(super) fn forgive(&self, methods: &mut [(MethodEffects, Balance)]) {
        for (method, _) in methods.iter_mut().filter(|(method, _)| self.effect(&method.name) != 0) {
            method.unbalanced.clear();
        }
    }
}

/// Collects scopes that are not balanced, each once.
#[derive(Debug, Default)]
pub(super) struct Faults {
    /// `ttsbegin` that is open where the method is left: where, the token, and the token where paths met that differ.
    open: Vec<(BeginIx, Position, Option<usize>)>,
    /// Tokens of `ttscommit` without a scope.
    not_begun: Vec<(usize, Excerpt)>,
    /// Tokens of all statements of transactions.
    pub(super) statements: BTreeSet<usize>,
}

impl Faults {
    /// The method is left with a scope open. `met` is where the paths met of which only some left it open.
    pub(super) fn left_open(&mut self, position: Position, begin: BeginIx, met: Option<usize>) {
        let known = self.open.iter().position(|(other, _, _)| *other == begin);
        match known {
            // What is sure on one way out is sure.
            Some(index) if met.is_none() && self.open[index].2.is_some() => {
                self.open[index] = (begin, position, None);
            }
            Some(_) => {}
            None => self.open.push((begin, position, met)),
        }
    }

    pub(super) fn not_begun(&mut self, token: usize, excerpt: impl FnOnce() -> Excerpt) {
        if !self.not_begun.iter().any(|(known, _)| *known == token) {
            self.not_begun.push((token, excerpt()));
        }
    }

    /// Those that are sure: where two paths met that differ, no statement may follow that could make them even again.
    pub(super) fn finish(self, begins: &[Excerpt]) -> Vec<Unbalanced> {
        let Self { open, not_begun, statements } = self;
        let sure = |met: &Option<usize>| met.is_none_or(|met| statements.range(met..).next().is_none());
        let open = open.into_iter().filter(|(_, _, met)| sure(met)).filter_map(|(begin, left_at, _)| {
            Some(Unbalanced { excerpt: begins.get(begin as usize)?.clone(), left_at: Some(left_at) })
        });
        let not_begun = not_begun.into_iter().map(|(_, excerpt)| Unbalanced { excerpt, left_at: None });
        let mut found: Vec<_> = open.chain(not_begun).collect();
        found.sort_by_key(|unbalanced| unbalanced.excerpt.position);
        found
    }
}
