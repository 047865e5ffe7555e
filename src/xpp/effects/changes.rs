//! Assignments: of variables, of members, of columns.

use super::buffers::{Buffer, State, VarKind, add_call, add_column};
use super::facts::{MemberValue, Value};
use super::flow::{Flow, push_new};
use super::unit::intrinsic;
use crate::xpp::tree::Expr;

impl<'a> Flow<'_, 'a> {
    /// `target = value`; `keeps` says that the old value stays part of it (`+=`).
    pub(super) fn assign(
        &mut self,
        target: &Expr<'a>,
        keeps: bool,
        value: Option<&Expr<'a>>,
        state: &mut State,
    ) {
        match target {
            Expr::List(parts) => {
                for part in parts {
                    self.assign(part, false, None, state);
                }
            }
            Expr::Member(of, name) if !self.is_object(of) => self.assign_column(of, name, state),
            Expr::Numbered(of, number) => match intrinsic(number) {
                Some((_, names)) if names.len() == 2 => self.assign_column(of, names[1], state),
                _ => self.open_columns(of, state),
            },
            Expr::Index(of, _) => {
                if let Expr::Member(record, name) = &**of
                    && !self.is_object(record)
                {
                    self.assign_column(record, name, state);
                }
            }
            _ => self.assign_whole(target, keeps, value, state),
        }
    }

    fn assign_whole(&mut self, target: &Expr<'a>, keeps: bool, value: Option<&Expr<'a>>, state: &mut State) {
        let Some(var) = self.var(target) else { return };
        let position = self.code.position(self.here.from);
        if keeps {
            self.add_text(target, value, state);
            return;
        }
        let given = match value {
            Some(value) => self.given(value, position, state),
            None => Buffer { origins: vec![Self::origin(position, Value::Unknown)], ..Buffer::default() },
        };
        if self.kind(var) == VarKind::Member
            && let Some(origin) = given.origins.first()
            && let Some(member) = self.vars.get(var.0)
        {
            let value = origin.value.clone();
            let assigned = MemberValue { name: member.name.clone(), position, value, added: false };
            push_new(&mut self.effects.assigned, assigned);
        }
        *self.change(var, state) = given;
    }

    /// `text += more`.
    fn add_text(&mut self, target: &Expr<'a>, value: Option<&Expr<'a>>, state: &mut State) {
        let (Some(var), Some(value)) = (self.var(target), value) else { return };
        let texts = self.sum_of(target, value, state);
        self.change(var, state).texts = texts;
    }

    fn assign_column(&mut self, record: &Expr<'a>, column: &str, state: &mut State) {
        let Some(var) = self.var(record) else { return };
        self.change(var, state).assign_column(column);
        state.changes(var);
        if self.kind(var) == VarKind::This {
            add_column(&mut self.effects.changes_this, column);
        }
    }

    /// Columns of a record may change that cannot be told.
    pub(super) fn open_columns(&mut self, record: &Expr<'a>, state: &mut State) {
        let Some(var) = self.var(record) else { return };
        self.change(var, state).columns.open = true;
        state.changes(var);
        if self.kind(var) == VarKind::This {
            self.effects.changes_this.open = true;
        }
    }

    /// A method of a record is called that may assign columns.
    pub(super) fn call_of_record(&mut self, record: &Expr<'a>, method: &str, alone: bool, state: &mut State) {
        let Some(var) = self.var(record) else { return };
        self.change(var, state).call(method, alone);
        if alone {
            state.changes(var);
        }
        if self.kind(var) == VarKind::This {
            add_call(&mut self.effects.changes_this, method, alone);
        }
    }
}
