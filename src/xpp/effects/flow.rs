//! The walk along the statements of a method.
//!
//! Both branches of a choice are walked and met again; a loop that is not inside another is walked twice, so that what
//! its end does is known at its start. Every input ends: depth is bounded by the tree, and nothing is walked more than
//! twice.

use super::buffers::{Buffer, State, Var, VarIx, VarKind};
use super::excerpt::excerpt;
use super::facts::{Excerpt, MethodEffects, Origin, Value};
use super::names::WRITE_WORDS;
use super::transactions::{Balance, BeginIx, Exit, Faults, Open};
use super::unit::Context;
use crate::source::Position;
use crate::xpp::code::{Code, Span};
use crate::xpp::tree::{Callee, Choice, Declared, Expr, Find, Head, Loop, Section, Statement, StatementKind};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;
use std::rc::Rc;

/// At most this many variables are told apart; nobody writes a method with more.
const MOST_VARIABLES: usize = 2_000;

/// The walk through one method.
pub(super) struct Flow<'c, 'a> {
    pub(super) code: &'c Code<'a>,
    pub(super) context: &'c Context<'c>,
    /// The method that is walked.
    pub(super) method_name: &'c str,
    pub(super) effects: MethodEffects,
    /// Writes by (token, form): index into [`MethodEffects::writes`].
    pub(super) written: FxHashMap<(usize, super::WriteForm), usize>,
    pub(super) vars: Vec<Var>,
    /// Names in scope, innermost last; lower case.
    scopes: Vec<FxHashMap<String, VarIx>>,
    /// Members that were met, by lower-case name.
    members: FxHashMap<String, VarIx>,
    this: Option<VarIx>,
    /// The statement that is looked at.
    pub(super) here: Span,
    /// Behind the statements that were walked: where paths meet.
    behind: usize,
    pub(super) balance: Balance,
    pub(super) begins: FxHashMap<usize, BeginIx>,
    pub(super) begin_excerpts: Vec<Excerpt>,
    /// Index into [`MethodEffects::scopes`] of each `ttsbegin` that opens an outermost scope.
    pub(super) begin_scopes: Vec<Option<u32>>,
    pub(super) faults: Faults,
    pub(super) exits: Vec<Exit>,
    /// Where the loops around the statement start.
    pub(super) loops: Vec<Position>,
    jumps: Vec<Jumps>,
}

/// Where `break` and `continue` lead.
#[derive(Default)]
struct Jumps {
    breaks: Vec<State>,
    /// `None` for a `switch`, which `continue` leaves behind.
    continues: Option<Vec<State>>,
}

impl<'c, 'a> Flow<'c, 'a> {
    pub(super) fn new(code: &'c Code<'a>, context: &'c Context<'c>) -> Self {
        Self {
            code,
            context,
            method_name: "",
            effects: MethodEffects::default(),
            written: FxHashMap::default(),
            vars: Vec::new(),
            scopes: vec![FxHashMap::default()],
            members: FxHashMap::default(),
            this: None,
            here: Span::new(0, 0),
            behind: 0,
            balance: Balance { exit: Exit::Known(0), calls: BTreeSet::new() },
            begins: FxHashMap::default(),
            begin_excerpts: Vec::new(),
            begin_scopes: Vec::new(),
            faults: Faults::default(),
            exits: Vec::new(),
            loops: Vec::new(),
            jumps: Vec::new(),
        }
    }

    /// A value outside any flow: the initialiser of a member.
    pub(super) fn plain_value(mut self, expr: &Expr<'a>) -> Value {
        self.value(expr, &State::default())
    }

    /// Walks a method.
    /// `end` is the token behind the body.
    pub(super) fn method(&mut self, head: Option<&Head<'a>>, body: &[Statement<'a>], end: usize) {
        let parameters = head.map_or(&[][..], |head| &head.parameters);
        for (index, parameter) in (0..).zip(parameters) {
            self.declare(parameter, VarKind::Parameter(index));
        }
        let mut state = State::default();
        self.block(body, &mut state);
        self.leave(end, &state);
    }

    /// What was found.
    pub(super) fn finish(mut self) -> (MethodEffects, Balance) {
        self.effects.unbalanced = self.faults.finish(&self.begin_excerpts);
        let mut exits = self.exits.iter();
        let first = exits.next().copied().unwrap_or(Exit::Known(0));
        self.balance.exit = if exits.all(|exit| *exit == first) { first } else { Exit::Mixed };
        self.effects.own_calls = self.balance.calls.iter().map(|name| name.as_str().into()).collect();
        let order = |at: &Position| (at.line, at.column);
        self.effects.writes.sort_by_key(|write| (order(&write.excerpt.position), write.form));
        self.effects.assigned.sort_by_key(|value| order(&value.position));
        (self.effects, self.balance)
    }

    pub(super) fn kind(&self, var: VarIx) -> VarKind {
        self.vars.get(var.0).map_or(VarKind::Local, |var| var.kind)
    }

    pub(super) fn buffer(&self, var: VarIx, state: &State) -> Rc<Buffer> {
        state.buffer(var, self.kind(var))
    }

    pub(super) fn change<'s>(&self, var: VarIx, state: &'s mut State) -> &'s mut Buffer {
        state.change(var, self.kind(var))
    }

    fn join(&self, state: &mut State, other: State) {
        state.join(other, &|var| self.kind(var), self.behind);
    }

    /// Enters a variable.
    fn declare(&mut self, declared: &Declared<'a>, kind: VarKind) -> Option<VarIx> {
        let (name, type_name) = (declared.name, &*declared.type_name);
        let position = self.code.position(declared.at);
        self.enter(name, type_name, position, kind)
    }

    fn enter(&mut self, name: &str, type_name: &str, position: Position, kind: VarKind) -> Option<VarIx> {
        let same = |var: &Var| var.position == position && var.kind == kind && *var.name == *name;
        // The second walk through a loop meets the same declarations again.
        let known = if kind == VarKind::Local { self.vars.iter().position(same) } else { None };
        let var = known.unwrap_or(self.vars.len());
        if var >= MOST_VARIABLES {
            return None;
        }
        if known.is_none() {
            self.vars.push(Var { name: name.into(), type_name: type_name.into(), position, kind });
        }
        let key = name.to_ascii_lowercase();
        match kind {
            VarKind::Member => self.members.insert(key, VarIx(var)),
            VarKind::This => self.this.replace(VarIx(var)),
            VarKind::Local | VarKind::Parameter(_) => {
                self.scopes.last_mut().and_then(|scope| scope.insert(key, VarIx(var)))
            }
        };
        Some(VarIx(var))
    }

    /// The local variable or parameter of this name, or the member that was met before.
    pub(super) fn find(&self, name: &str) -> Option<VarIx> {
        let key = name.to_ascii_lowercase();
        let local = self.scopes.iter().rev().find_map(|scope| scope.get(&key));
        local.or_else(|| self.members.get(&key)).copied()
    }

    /// The member of this name: what no declaration in the method explains.
    pub(super) fn member(&mut self, name: &str) -> Option<VarIx> {
        let known = self.members.get(&name.to_ascii_lowercase()).copied();
        known.or_else(|| self.enter(name, "", Position::default(), VarKind::Member))
    }

    /// `this`.
    pub(super) fn this(&mut self) -> Option<VarIx> {
        self.this.or_else(|| self.enter("this", "", Position::default(), VarKind::This))
    }

    /// `this`, if it was met before.
    pub(super) fn known_this(&self) -> Option<VarIx> {
        self.this
    }

    fn block(&mut self, statements: &[Statement<'a>], state: &mut State) {
        self.scopes.push(FxHashMap::default());
        for statement in statements {
            self.statement(statement, state);
        }
        self.scopes.pop();
    }

    fn statement(&mut self, statement: &Statement<'a>, state: &mut State) {
        self.here = statement.span;
        self.behind = self.behind.max(statement.span.to);
        let before = self.effects.writes.len();
        let understood = self.understood(statement, state);
        let unread = !understood && self.effects.writes.len() == before;
        if unread && self.mentions_write(statement.span) {
            let excerpt = excerpt(self.code, statement.span);
            if !self.effects.unread.contains(&excerpt) {
                self.effects.unread.push(excerpt);
            }
        }
    }

    /// Walks a statement; says whether all of it was understood.
    fn understood(&mut self, statement: &Statement<'a>, state: &mut State) -> bool {
        let at = statement.span.from;
        match &statement.kind {
            StatementKind::Block(body) => self.block(body, state),
            StatementKind::If(choice) => self.choice(choice, statement.span, state),
            StatementKind::Switch(on, sections) => self.switch(on, sections, state),
            StatementKind::Loop(lap) => self.repeat(lap, statement.span, state),
            StatementKind::Try { body, catches, finally } => {
                self.guarded(body, catches, finally.as_deref(), state);
            }
            StatementKind::With(head, body) => {
                self.scopes.push(FxHashMap::default());
                head.iter().for_each(|statement| self.statement(statement, state));
                self.block(body, state);
                self.scopes.pop();
            }
            StatementKind::Declare(variables) => self.variables(variables, state),
            StatementKind::Expression(expr) => {
                self.evaluate(expr, state, true);
                return !has_unknown(expr);
            }
            StatementKind::Find(find) => self.fetch(find, state),
            StatementKind::Recordset(recordset) => {
                self.recordset(recordset, state);
                return recordset.buffer.is_some();
            }
            StatementKind::Tts(tts) => self.transaction(*tts, at, state),
            StatementKind::Return(value) => {
                self.evaluate_some(value.as_ref(), state);
                self.leave(at, state);
                state.dead = true;
            }
            StatementKind::Throw(value) => {
                self.evaluate_some(value.as_ref(), state);
                state.dead = true;
            }
            StatementKind::Break => self.jump(state, true),
            StatementKind::Continue => self.jump(state, false),
            StatementKind::Function(head, body) => self.function(head, body, state),
            StatementKind::Unread => return false,
        }
        true
    }

    fn evaluate_some(&mut self, expr: Option<&Expr<'a>>, state: &mut State) {
        if let Some(expr) = expr {
            self.evaluate(expr, state, false);
        }
    }

    fn variables(&mut self, variables: &[Declared<'a>], state: &mut State) {
        for declared in variables {
            let value = declared.value.as_ref();
            self.evaluate_some(value, state);
            let position = self.code.position(declared.at);
            let given = value.map(|value| self.given(value, position, state));
            let Some(var) = self.declare(declared, VarKind::Local) else { continue };
            state.declare(var);
            if let Some(given) = given {
                *self.change(var, state) = given;
            }
        }
    }

    fn choice(&mut self, choice: &Choice<'a>, head: Span, state: &mut State) {
        let mut after: Option<State> = None;
        for (condition, body) in &choice.branches {
            self.here = head;
            self.evaluate(condition, state, false);
            let mut taken = state.clone();
            self.block(body, &mut taken);
            self.meet(&mut after, taken);
        }
        if let Some(body) = &choice.otherwise {
            self.block(body, state);
        }
        self.meet_with(after, state);
    }

    fn meet(&self, after: &mut Option<State>, state: State) {
        match after {
            Some(after) => self.join(after, state),
            None => *after = Some(state),
        }
    }

    fn meet_with(&self, after: Option<State>, state: &mut State) {
        if let Some(mut after) = after {
            self.join(&mut after, std::mem::take(state));
            *state = after;
        }
    }

    fn switch(&mut self, on: &Expr<'a>, sections: &[Section<'a>], state: &mut State) {
        self.evaluate(on, state, false);
        self.jumps.push(Jumps::default());
        let entry = state.clone();
        // What falls through from the section before.
        let mut through = State::default();
        through.dead = true;
        for section in sections {
            let mut taken = entry.clone();
            self.join(&mut taken, through);
            self.block(&section.body, &mut taken);
            through = taken;
        }
        state.dead |= sections.iter().any(|section| section.is_default);
        self.join(state, through);
        self.end_jumps(state);
    }

    fn end_jumps(&mut self, state: &mut State) {
        let mut breaks = self.jumps.pop().unwrap_or_default().breaks.into_iter();
        if let Some(mut after) = breaks.next() {
            for left in breaks {
                self.join(&mut after, left);
            }
            self.join(&mut after, std::mem::take(state));
            *state = after;
        }
    }

    fn jump(&mut self, state: &mut State, out: bool) {
        let target = self.jumps.iter_mut().rev().find(|jumps| out || jumps.continues.is_some());
        if let Some(jumps) = target
            && !state.dead
        {
            match &mut jumps.continues {
                Some(continues) if !out => continues.push(state.clone()),
                _ => jumps.breaks.push(state.clone()),
            }
        }
        state.dead = true;
    }

    fn repeat(&mut self, lap: &Loop<'a>, head: Span, state: &mut State) {
        self.scopes.push(FxHashMap::default());
        lap.before.iter().for_each(|statement| self.statement(statement, state));
        let outermost = self.loops.is_empty();
        self.loops.push(self.code.position(head.from));
        self.jumps.push(Jumps { breaks: Vec::new(), continues: Some(Vec::new()) });
        let entry = state.clone();
        let start = self.behind;
        self.lap(lap, head, state);
        if outermost {
            self.join(state, entry.clone());
            self.behind = start;
            self.lap(lap, head, state);
        }
        let endless = matches!(lap.condition, Some(Expr::Truth(true)))
            || (lap.condition.is_none() && lap.find.is_none() && !lap.body_first);
        if endless {
            state.dead = true;
        } else if !lap.body_first {
            self.join(state, entry);
        }
        self.loops.pop();
        self.end_jumps(state);
        self.scopes.pop();
    }

    /// One round of a loop.
    fn lap(&mut self, lap: &Loop<'a>, head: Span, state: &mut State) {
        self.here = head;
        if !lap.body_first {
            self.evaluate_some(lap.condition.as_ref(), state);
        }
        if let Some(find) = &lap.find {
            self.fetch(find, state);
        }
        self.block(&lap.body, state);
        let continued = self.jumps.last_mut().and_then(|jumps| jumps.continues.as_mut()).map(std::mem::take);
        for next in continued.unwrap_or_default() {
            self.join(state, next);
        }
        lap.after.iter().for_each(|statement| self.statement(statement, state));
        self.here = head;
        if lap.body_first {
            self.evaluate_some(lap.condition.as_ref(), state);
        }
    }

    fn guarded(
        &mut self,
        body: &[Statement<'a>],
        catches: &[Vec<Statement<'a>>],
        finally: Option<&[Statement<'a>]>,
        state: &mut State,
    ) {
        let entry = state.clone();
        self.block(body, state);
        // Whatever of the body ran, its transactions did not happen.
        let mut caught = entry.clone();
        self.join(&mut caught, state.clone());
        caught.open = entry.open;
        caught.dead = entry.dead;
        for body in catches {
            let mut taken = caught.clone();
            self.block(body, &mut taken);
            self.join(state, taken);
        }
        if let Some(last) = finally {
            let dead = state.dead;
            state.dead = false;
            self.block(last, state);
            state.dead |= dead;
        }
    }

    /// A function inside the method: its flow is its own, the variables around it are seen.
    fn function(&mut self, head: &Head<'a>, body: &[Statement<'a>], state: &State) {
        self.scopes.push(FxHashMap::default());
        for parameter in &head.parameters {
            self.declare(parameter, VarKind::Local);
        }
        let mut inner = state.clone();
        (inner.open, inner.dead) = (Open::default(), false);
        for parameter in &head.parameters {
            if let Some(var) = self.find(parameter.name) {
                inner.declare(var);
                let buffer = self.change(var, &mut inner);
                (buffer.initial, buffer.columns.open) = (true, true);
            }
        }
        let (jumps, loops) = (std::mem::take(&mut self.jumps), std::mem::take(&mut self.loops));
        let exits = std::mem::take(&mut self.exits);
        let end = self.code.partner(self.here.to);
        self.block(body, &mut inner);
        self.leave(end, &inner);
        (self.jumps, self.loops, self.exits) = (jumps, loops, exits);
        self.scopes.pop();
    }

    /// The records of buffers are replaced by others.
    pub(super) fn fetch(&mut self, find: &Find<'a>, state: &mut State) {
        for name in &find.buffers {
            if let Some(var) = self.find(name).or_else(|| self.member(name)) {
                self.change(var, state).fetched();
            }
        }
    }

    /// The span has a word without which nothing is written behind the framework's back.
    fn mentions_write(&self, span: Span) -> bool {
        (span.from..span.to).any(|at| {
            let name = self.code.name(at).unwrap_or_default();
            WRITE_WORDS.iter().any(|word| word.eq_ignore_ascii_case(name))
        })
    }

    /// An origin at a token.
    pub(super) fn origin(position: Position, value: Value) -> Origin {
        Origin { position, value }
    }
}

pub(super) fn push_new<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

/// Something in the expression was not understood.
fn has_unknown(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Unknown => true,
        Expr::Member(of, _) | Expr::Cast(of, _, _) => has_unknown(of),
        Expr::Numbered(a, b) | Expr::Index(a, b) | Expr::Assign(a, _, b) => has_unknown(a) || has_unknown(b),
        Expr::Call(callee, arguments, _) => {
            let on = matches!(&**callee, Callee::Method(on, _) if has_unknown(on));
            on || arguments.iter().any(has_unknown)
        }
        Expr::New(_, parts, _) | Expr::List(parts) | Expr::Sum(parts) | Expr::Operands(parts) => {
            parts.iter().any(has_unknown)
        }
        Expr::Either(parts) => parts.iter().any(has_unknown),
        Expr::Name(_)
        | Expr::This
        | Expr::Text(_)
        | Expr::Truth(_)
        | Expr::Literal
        | Expr::Static(..)
        | Expr::Find(_) => false,
    }
}
