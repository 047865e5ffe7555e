//! Transaction statements along the flow: the scopes of a method, and how it leaves them.

use super::buffers::{Events, State, VarIx, VarKind};
use super::excerpt::excerpt;
use super::facts::{Excerpt, MemberMark, Scope};
use super::flow::{Flow, push_new};
use super::transactions::BeginIx;
use crate::xpp::tree::Tts;

impl Flow<'_, '_> {
    pub(super) fn transaction(&mut self, tts: Tts, at: usize, state: &mut State) {
        self.faults.statements.insert(at);
        match tts {
            Tts::Begin => self.begin(at, state),
            Tts::Commit => self.commit(at, state),
            Tts::Abort => state.open.abort(),
        }
    }

    /// A scope is opened, by `ttsbegin` or by a method that does it for this one.
    fn begin(&mut self, at: usize, state: &mut State) {
        let (begin, excerpt) = self.begin_at(at);
        if state.open.begin(begin) && !state.dead {
            self.enter_scope(begin, excerpt, None, state);
        }
    }

    /// A scope is entered: a new one, or, on the second walk through a loop, one that is known.
    fn enter_scope(
        &mut self,
        begin: BeginIx,
        excerpt: Excerpt,
        call: Option<&str>,
        state: &State,
    ) -> Option<u32> {
        let done = state.open.done.iter().copied();
        let slot = self.begin_scopes.get_mut(begin as usize)?;
        if let Some(scope) = *slot {
            let after = &mut self.effects.scopes[scope as usize].after;
            after.extend(done);
            after.sort_unstable();
            after.dedup();
        } else {
            *slot = u32::try_from(self.effects.scopes.len()).ok();
            let (in_loop, after) = (self.loops.last().copied(), done.collect());
            self.effects.scopes.push(Scope { begin: excerpt, call: call.map(Into::into), in_loop, after });
        }
        *slot
    }

    /// A method of the same unit is called outside all scopes: if it opens one, that is a scope of its own here.
    fn called_scope(&mut self, method: &str, at: usize, state: &mut State) {
        if state.dead || !state.open.is_clear() {
            return;
        }
        let (begin, excerpt) = self.begin_at(at);
        if let Some(scope) = self.enter_scope(begin, excerpt, Some(method), state) {
            state.open.finished(scope);
        }
    }

    /// The number of a `ttsbegin` or call.
    fn begin_at(&mut self, at: usize) -> (BeginIx, Excerpt) {
        let next = BeginIx::try_from(self.begin_excerpts.len()).unwrap_or(BeginIx::MAX);
        let begin = *self.begins.entry(at).or_insert(next);
        if begin == next {
            self.begin_excerpts.push(excerpt(self.code, self.here));
            self.begin_scopes.push(None);
        }
        (begin, self.begin_excerpts[begin as usize].clone())
    }

    fn commit(&mut self, at: usize, state: &mut State) {
        let scopes = &self.begin_scopes;
        let result = state.open.commit(|begin| scopes.get(begin as usize).copied().flatten());
        if result.is_err() && !state.dead {
            let (code, here) = (self.code, self.here);
            self.faults.not_begun(at, || excerpt(code, here));
        }
    }

    /// A method of the same unit is called: it may open or close scopes for this one.
    pub(super) fn helper(&mut self, method: &str, at: usize, state: &mut State) {
        let effect = self.context.helpers.effect(method);
        if effect == 0 {
            self.called_scope(method, at, state);
            return;
        }
        self.faults.statements.insert(at);
        for _ in 0..effect {
            self.begin(at, state);
        }
        for _ in effect..0 {
            self.commit(at, state);
        }
    }

    /// The outermost scope that is open.
    pub(super) fn scope(&self, state: &State) -> Option<u32> {
        let begin = state.open.outermost()?;
        self.begin_scopes.get(begin as usize).copied().flatten()
    }

    /// The method is left at a token.
    pub(super) fn leave(&mut self, at: usize, state: &State) {
        if state.dead {
            return;
        }
        self.exits.push(state.open.exit());
        if let Some((begin, met)) = state.open.left_open() {
            self.faults.left_open(self.code.position(at), begin, met);
        }
        for (index, var) in self.vars.iter().enumerate().filter(|(_, var)| var.kind == VarKind::Member) {
            let buffer = state.buffer(VarIx(index), var.kind);
            let mark = |position| MemberMark { name: var.name.clone(), position };
            if let Events::Skipped(at) = buffer.events {
                push_new(&mut self.effects.events_off, mark(at));
            }
            if let Some(at) = buffer.temporary {
                push_new(&mut self.effects.temporary, mark(at));
            }
        }
    }
}
