//! Expressions along the flow: what their calls and assignments do to buffers, and the writes among them.

use super::buffers::{Events, State, VarIx, VarKind, join_columns, unite};
use super::excerpt::excerpt;
use super::facts::{Call, ColumnEffects, MemberValue, ScopedCall, Value, WriteEffect, WriteForm};
use super::flow::{Flow, push_new};
use super::names::{is_record_list, leaves_columns, record_write};
use super::objects::clause_holder;
use super::unit::intrinsic;
use crate::xpp::intrinsics::is_intrinsic;
use crate::xpp::tree::{Callee, Expr, Recordset, RecordsetKind};

/// What a call is made on, with, and where.
pub(super) struct Site<'e, 'a> {
    pub(super) arguments: &'e [Expr<'a>],
    pub(super) token: usize,
    /// The call is the whole statement.
    alone: bool,
}

impl<'a> Flow<'_, 'a> {
    /// Walks an expression, inside first. `alone` says that it is a statement of its own.
    pub(super) fn evaluate(&mut self, expr: &Expr<'a>, state: &mut State, alone: bool) {
        match expr {
            Expr::Assign(target, keeps, value) => {
                self.evaluate(value, state, false);
                self.evaluate_target(target, state);
                self.assign(target, *keeps, Some(value), state);
            }
            Expr::Call(callee, arguments, token) => {
                let site = Site { arguments, token: *token, alone };
                self.call(callee, &site, state);
            }
            Expr::New(_, arguments, _) => self.pass(arguments, state),
            Expr::Find(find) => self.fetch(find, state),
            Expr::Member(of, _) | Expr::Cast(of, _, _) => self.evaluate(of, state, false),
            Expr::Numbered(a, b) | Expr::Index(a, b) => {
                self.evaluate(a, state, false);
                self.evaluate(b, state, false);
            }
            Expr::List(parts) | Expr::Sum(parts) | Expr::Operands(parts) => self.all(parts, state),
            Expr::Either(parts) => self.all(&parts[..], state),
            Expr::Name(_)
            | Expr::This
            | Expr::Text(_)
            | Expr::Truth(_)
            | Expr::Literal
            | Expr::Static(..)
            | Expr::Unknown => {}
        }
    }

    pub(super) fn all(&mut self, exprs: &[Expr<'a>], state: &mut State) {
        exprs.iter().for_each(|expr| self.evaluate(expr, state, false));
    }

    /// The parts of a target that are evaluated: what it is hung on.
    fn evaluate_target(&mut self, target: &Expr<'a>, state: &mut State) {
        match target {
            Expr::Member(of, _) | Expr::Numbered(of, _) | Expr::Index(of, _) => {
                self.evaluate(of, state, false);
            }
            _ => {}
        }
    }

    /// Arguments of a call: records among them may be changed there.
    fn pass(&mut self, arguments: &[Expr<'a>], state: &mut State) {
        for argument in arguments {
            self.evaluate(argument, state, false);
            if matches!(argument, Expr::Name(_) | Expr::This | Expr::Cast(..)) {
                self.open_columns(argument, state);
            }
        }
    }

    fn call(&mut self, callee: &Callee<'a>, site: &Site<'_, 'a>, state: &mut State) {
        match callee {
            Callee::Function(name) if is_intrinsic(name) => return,
            Callee::Function(name) => {
                self.pass(site.arguments, state);
                self.own_call(name, site, state);
            }
            Callee::Super | Callee::Next => {
                self.pass(site.arguments, state);
                self.wrapped_write(site, state);
                self.touch_members(state);
                if let Some(this) = self.this() {
                    self.change(this, state).columns.open = true;
                    self.effects.changes_this.open = true;
                }
            }
            Callee::Static(type_name, name) => {
                if type_name.eq_ignore_ascii_case("Query") && name.eq_ignore_ascii_case("insert_recordset") {
                    self.query_insert(site, state);
                }
                self.pass(site.arguments, state);
                if type_name.eq_ignore_ascii_case(self.context.name) {
                    self.own_call(name, site, state);
                }
            }
            Callee::Method(on, name) => {
                self.evaluate(on, state, false);
                self.method_call(on, name, site, state);
            }
        }
        self.wanted(callee, site, state);
    }

    /// A call that was asked for.
    fn wanted(&mut self, callee: &Callee<'a>, site: &Site<'_, 'a>, state: &State) {
        let (Callee::Function(name) | Callee::Method(_, name) | Callee::Static(_, name)) = callee else {
            return;
        };
        if !self.context.wanted.has(name) {
            return;
        }
        let position = self.code.position(site.token);
        let arguments = self.values(site.arguments, state);
        let method = (*name).into();
        let callee = match callee {
            Callee::Static(type_name, _) => {
                Value::Static { type_name: (&**type_name).into(), method, position, arguments }
            }
            Callee::Method(on, _) => {
                let on = Some(Box::new(self.value(on, state)));
                Value::Method { on, method, position, arguments }
            }
            _ => Value::Method { on: None, method, position, arguments },
        };
        let known = self.effects.calls.iter_mut().find(|call| call.position == position);
        match known {
            Some(known) => known.callee = callee,
            None => self.effects.calls.push(Call { callee, position }),
        }
    }

    /// A method of the same unit is called, as far as the name tells.
    fn own_call(&mut self, name: &str, site: &Site<'_, 'a>, state: &mut State) {
        let key = name.to_ascii_lowercase();
        if !self.context.methods.contains(&key) {
            return;
        }
        self.balance.calls.insert(key);
        if let Some(scope) = self.scope(state) {
            let position = self.code.position(site.token);
            push_new(&mut self.effects.scoped_calls, ScopedCall { method: name.into(), scope, position });
        }
        self.helper(name, site.token, state);
        self.touch_members(state);
    }

    /// Another method runs: members may be changed.
    fn touch_members(&mut self, state: &mut State) {
        for index in 0..self.vars.len() {
            let var = VarIx(index);
            if self.kind(var) == VarKind::Member {
                let buffer = self.change(var, state);
                buffer.initial = true;
                buffer.columns.open = true;
            }
        }
    }

    fn method_call(&mut self, on: &Expr<'a>, name: &str, site: &Site<'_, 'a>, state: &mut State) {
        if self.statement_object(on, name, site, state) {
            return;
        }
        if let Some(form) = record_write(name) {
            self.pass(site.arguments, state);
            // `map.insert(key, value)` is no write of a record.
            if site.arguments.len() < 2 {
                self.record_write(on, form, site, state);
            }
            if self.is_object(on) {
                self.own_call(name, site, state);
            }
            return;
        }
        self.pass_to_method(on, name, site, state);
        match name.to_ascii_lowercase().as_str() {
            "skipbusinessevents" => self.skip_events(on, site, state),
            "settmp" | "settmpdata" | "linkphysicaltableinstance" => {
                let position = self.code.position(site.token);
                if let Some(var) = self.var(on) {
                    self.change(var, state).temporary = Some(position);
                }
            }
            "clear" | "reread" => {
                if let Some(var) = self.var(on) {
                    self.change(var, state).fetched();
                }
            }
            "setfieldvalue" => match site.arguments.first().and_then(intrinsic) {
                Some((_, names)) if names.len() == 2 => {
                    self.assign(&Expr::Member(Box::new(reference(on)), names[1]), false, None, state);
                }
                _ => self.open_columns(on, state),
            },
            "data" if !site.arguments.is_empty() => self.open_columns(on, state),
            "data" => {}
            lower if leaves_columns(lower) => {}
            _ if self.is_object(on) => self.own_call(name, site, state),
            lower if lower.starts_with("add") && clause_holder(on).is_some() => {
                self.add_to_clause(on, site, state);
            }
            _ if self.is_sysda(on, state) => {}
            _ => self.call_of_record(on, name, site.alone, state),
        }
    }

    /// Arguments of a method of an object; lists of records take them as they are.
    fn pass_to_method(&mut self, on: &Expr<'a>, name: &str, site: &Site<'_, 'a>, state: &mut State) {
        let adds = ["add", "ins"].iter().any(|add| add.eq_ignore_ascii_case(name));
        if adds && site.arguments.len() == 1 && self.type_of(on).is_some_and(|name| is_record_list(&name)) {
            self.add_record(on, &site.arguments[0], state);
            return;
        }
        let lower = name.to_ascii_lowercase();
        if leaves_columns(&lower) || lower == "data" {
            self.all(site.arguments, state);
        } else {
            self.pass(site.arguments, state);
        }
    }

    fn add_record(&mut self, list: &Expr<'a>, record: &Expr<'a>, state: &mut State) {
        self.evaluate(record, state, false);
        let value = self.value(record, state);
        let Some(var) = self.var(list).filter(|_| value != Value::Unknown) else { return };
        if self.kind(var) == VarKind::Member
            && let Some(member) = self.vars.get(var.0)
        {
            let position = self.code.position(self.here.from);
            let name = member.name.clone();
            push_new(
                &mut self.effects.assigned,
                MemberValue { name, position, value: value.clone(), added: true },
            );
        }
        unite(&mut self.change(var, state).added, &[value]);
    }

    fn skip_events(&mut self, on: &Expr<'a>, site: &Site<'_, 'a>, state: &mut State) {
        let position = self.code.position(site.token);
        let events = match site.arguments {
            [Expr::Truth(true)] => Events::Skipped(position),
            [Expr::Truth(false)] => Events::Raised,
            [Expr::Static(of, value)]
                if of.eq_ignore_ascii_case("NoYes") || of.eq_ignore_ascii_case("boolean") =>
            {
                let yes = value.eq_ignore_ascii_case("Yes") || value.eq_ignore_ascii_case("true");
                if yes { Events::Skipped(position) } else { Events::Raised }
            }
            _ => return,
        };
        if let Some(var) = self.var(on) {
            self.change(var, state).events = events;
        }
    }

    /// `super()` or `next update()` in `update` of a table, or of a class that extends it, writes the record.
    fn wrapped_write(&mut self, site: &Site<'_, 'a>, state: &mut State) {
        let plain = [WriteForm::Insert, WriteForm::Update, WriteForm::Delete, WriteForm::Write];
        let form = record_write(self.method_name).filter(|form| plain.contains(form));
        if let Some(form) = form.filter(|_| self.context.is_record) {
            self.record_write(&Expr::This, form, site, state);
        }
    }

    /// `x.doUpdate()`, `x.update()` and their like.
    fn record_write(&mut self, on: &Expr<'a>, form: WriteForm, site: &Site<'_, 'a>, state: &mut State) {
        let target = self.value(on, state);
        let var = self.var(on);
        let buffer = var.map(|var| self.buffer(var, state));
        let events = buffer.as_ref().map_or(Events::Raised, |buffer| buffer.events);
        let is_member = var.is_some_and(|var| self.kind(var) == VarKind::Member);
        let deletes = matches!(form, WriteForm::DoDelete | WriteForm::Delete);
        let columns = match &buffer {
            _ if deletes => ColumnEffects::default(),
            Some(buffer) => buffer.columns.clone(),
            None => ColumnEffects { open: true, ..ColumnEffects::default() },
        };
        let effect = WriteEffect {
            form,
            excerpt: excerpt(self.code, self.here),
            target,
            columns,
            events_off: if let Events::Skipped(at) = events { Some(at) } else { None },
            untouched: is_member && events == Events::AsBefore && buffer.as_ref().is_some_and(|b| b.initial),
            temporary: buffer.as_ref().and_then(|buffer| buffer.temporary),
            scope: self.scope(state),
        };
        self.write(site.token, effect);
        if let Some(var) = var {
            self.change(var, state).fetched();
        }
    }

    pub(super) fn written_at(&mut self, token: usize, form: WriteForm) -> Option<&mut WriteEffect> {
        let index = *self.written.get(&(token, form))?;
        self.effects.writes.get_mut(index)
    }

    /// Keeps a write; on the second walk through a loop, what the two say is united.
    pub(super) fn write(&mut self, token: usize, effect: WriteEffect) {
        let key = (token, effect.form);
        match self.written.get(&key).and_then(|index| self.effects.writes.get_mut(*index)) {
            Some(known) => {
                join_columns(&mut known.columns, &effect.columns);
                known.events_off = known.events_off.or(effect.events_off);
                known.untouched |= effect.untouched;
                known.temporary = known.temporary.filter(|_| effect.temporary.is_some());
                known.scope = known.scope.or(effect.scope);
                known.target = effect.target;
            }
            None => {
                self.written.insert(key, self.effects.writes.len());
                self.effects.writes.push(effect);
            }
        }
    }

    /// `insert_recordset`, `update_recordset`, `delete_from`.
    pub(super) fn recordset(&mut self, recordset: &Recordset<'a>, state: &mut State) {
        self.fetch(&recordset.find, state);
        let Some(name) = recordset.buffer else { return };
        let form = match recordset.kind {
            RecordsetKind::Insert => WriteForm::InsertRecordset,
            RecordsetKind::Update => WriteForm::UpdateRecordset,
            RecordsetKind::Delete => WriteForm::DeleteFrom,
        };
        let expr = Expr::Name(name);
        let target = self.value(&expr, state);
        let var = self.var(&expr);
        let buffer = var.map(|var| self.buffer(var, state));
        let names = recordset.columns.iter().flatten().map(|name| (*name).into()).collect();
        let open = recordset.columns.is_none() && recordset.kind != RecordsetKind::Delete;
        let effect = WriteEffect {
            form,
            excerpt: excerpt(self.code, self.here),
            target,
            columns: ColumnEffects { names, methods: Vec::new(), open },
            events_off: None,
            untouched: var.is_some_and(|var| self.kind(var) == VarKind::Member),
            temporary: buffer.and_then(|buffer| buffer.temporary),
            scope: self.scope(state),
        };
        self.write(self.here.from, effect);
    }
}

/// A name or `this` once more.
fn reference<'a>(expr: &Expr<'a>) -> Expr<'a> {
    match expr {
        Expr::Name(name) => Expr::Name(name),
        Expr::This => Expr::This,
        Expr::Member(of, name) => Expr::Member(Box::new(reference(of)), name),
        _ => Expr::Unknown,
    }
}
