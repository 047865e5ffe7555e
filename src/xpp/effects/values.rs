//! From expressions to where their values come from.

use super::buffers::{Buffer, Events, State, VarIx, VarKind};
use super::facts::{Origin, Value};
use super::flow::Flow;
use super::unit::intrinsic;
use crate::source::Position;
use crate::xpp::effects::facts::ColumnEffects;
use crate::xpp::tree::{Callee, Expr};

/// A value of more parts is not kept.
const MOST_PARTS: usize = 60;
/// At most this many arguments are kept: a list of records may get its buffer as the eighth.
const MOST_ARGUMENTS: usize = 10;

impl<'a> Flow<'_, 'a> {
    /// The variable that an expression names; a cast names the same record.
    pub(super) fn var(&mut self, expr: &Expr<'a>) -> Option<VarIx> {
        match expr {
            Expr::Name(name) => self.find(name).or_else(|| self.member(name)),
            Expr::This => self.this(),
            Expr::Cast(of, _, _) => self.var(of),
            Expr::Member(of, name) if self.is_object(of) => self.member(name),
            _ => None,
        }
    }

    /// The same without making one.
    pub(super) fn known_var(&self, expr: &Expr<'a>) -> Option<VarIx> {
        match expr {
            Expr::Name(name) => self.find(name),
            Expr::This => self.known_this(),
            Expr::Cast(of, _, _) => self.known_var(of),
            _ => None,
        }
    }

    /// `this` where it is an object with members, or `element` in a form.
    pub(super) fn is_object(&self, expr: &Expr<'a>) -> bool {
        match expr {
            Expr::This => !self.context.is_record,
            Expr::Name(name) => self.context.is_form && name.eq_ignore_ascii_case("element"),
            _ => false,
        }
    }

    /// Where the value of an expression comes from.
    pub(super) fn value(&mut self, expr: &Expr<'a>, state: &State) -> Value {
        let value = self.whole_value(expr, state);
        if parts(&value) > MOST_PARTS { Value::Unknown } else { value }
    }

    fn whole_value(&mut self, expr: &Expr<'a>, state: &State) -> Value {
        match expr {
            Expr::Cast(of, type_name, at) => Value::Cast {
                type_name: (&**type_name).into(),
                position: self.code.position(*at),
                of: Box::new(self.value(of, state)),
            },
            Expr::This => Value::This,
            Expr::Either(parts) => {
                Value::OneOf(vec![self.value(&parts[1], state), self.value(&parts[2], state)])
            }
            Expr::Call(callee, arguments, at) => self.called(callee, arguments, expr, *at, state),
            Expr::New(type_name, arguments, at) => Value::New {
                type_name: (&**type_name).into(),
                position: self.code.position(*at),
                arguments: self.values(arguments, state),
            },
            Expr::Name(_) => self.named(expr, state),
            // A static member, or the value of an enumeration.
            Expr::Static(of, name) => {
                let holder = Value::New {
                    type_name: (&**of).into(),
                    position: Position::default(),
                    arguments: Vec::new(),
                };
                Value::Of(Box::new(holder), (*name).into())
            }
            Expr::Member(of, name) => {
                if self.is_object(of) {
                    return self.named(expr, state);
                }
                match self.value(of, state) {
                    Value::Unknown => Value::Unknown,
                    value => Value::Of(Box::new(value), (*name).into()),
                }
            }
            _ => Value::Unknown,
        }
    }

    fn named(&mut self, expr: &Expr<'a>, state: &State) -> Value {
        let Some(var) = self.var(expr) else { return Value::Unknown };
        let buffer = self.buffer(var, state);
        let Some(known) = self.vars.get(var.0) else { return Value::Unknown };
        let (name, origins) = (known.name.clone(), buffer.origins.clone());
        let temporary = buffer.temporary.is_some();
        let value = match known.kind {
            VarKind::Member => Value::Member { name, origins, initial: buffer.initial, temporary },
            VarKind::This => Value::This,
            VarKind::Local | VarKind::Parameter(_) => Value::Variable {
                name,
                type_name: known.type_name.clone(),
                position: known.position,
                parameter: if let VarKind::Parameter(index) = known.kind { Some(index) } else { None },
                origins,
                initial: buffer.initial,
                temporary,
            },
        };
        if buffer.added.is_empty() {
            return value;
        }
        Value::Records { list: Box::new(value), added: buffer.added.clone() }
    }

    fn called(
        &mut self,
        callee: &Callee<'a>,
        arguments: &[Expr<'a>],
        call: &Expr<'a>,
        at: usize,
        state: &State,
    ) -> Value {
        let position = self.code.position(at);
        match callee {
            Callee::Function(_) if let Some(table) = named_table(call, position) => table,
            Callee::Function(name) => Value::Method {
                on: None,
                method: (*name).into(),
                position,
                arguments: self.values(arguments, state),
            },
            Callee::Static(type_name, method) => Value::Static {
                type_name: (&**type_name).into(),
                method: (*method).into(),
                position,
                arguments: self.values(arguments, state),
            },
            Callee::Method(on, method) => Value::Method {
                on: Some(Box::new(self.value(on, state))),
                method: (*method).into(),
                position,
                arguments: self.values(arguments, state),
            },
            Callee::Next | Callee::Super => Value::Unknown,
        }
    }

    pub(super) fn values(&mut self, exprs: &[Expr<'a>], state: &State) -> Vec<Value> {
        exprs.iter().take(MOST_ARGUMENTS).map(|expr| self.value(expr, state)).collect()
    }

    /// What a variable is when it is given the value of an expression.
    pub(super) fn given(&mut self, expr: &Expr<'a>, position: Position, state: &mut State) -> Buffer {
        let value = self.value(expr, state);
        let texts = self.texts(expr, state);
        if let Some(holder) = super::objects::clause_holder(expr) {
            // What is added to the clause through the variable cannot be told any more.
            self.open_columns(holder, state);
        }
        // A buffer variable that is assigned another one is the same record.
        let same = self.var(expr).map(|var| {
            self.change(var, state).shared = true;
            self.buffer(var, state)
        });
        let origins = vec![Origin { position, value }];
        match same {
            Some(same) => Buffer { origins, initial: false, texts, ..Buffer::clone(&same) },
            None => {
                let columns = ColumnEffects { open: !is_fresh(expr), ..ColumnEffects::default() };
                Buffer { origins, texts, events: Events::Raised, columns, ..Buffer::default() }
            }
        }
    }
}

/// Nothing is assigned yet to a record that was just fetched: by `select`, or by a static method such as `find`. Other
/// methods may hand on a record that somebody is working on.
fn is_fresh(expr: &Expr<'_>) -> bool {
    match expr {
        Expr::Call(callee, ..) => matches!(&**callee, Callee::Static(..)),
        Expr::Cast(of, ..) => is_fresh(of),
        Expr::Either(parts) => is_fresh(&parts[1]) && is_fresh(&parts[2]),
        Expr::New(..) | Expr::Find(_) | Expr::Literal | Expr::Text(_) => true,
        _ => false,
    }
}

/// `tableNum(T)`, `tableStr(T)`.
fn named_table(call: &Expr<'_>, position: Position) -> Option<Value> {
    let (function, names) = intrinsic(call)?;
    let names_table = ["tableNum", "tableStr"].iter().any(|known| known.eq_ignore_ascii_case(function));
    let name = names.first().filter(|_| names_table)?;
    Some(Value::Table { name: (*name).into(), position, in_sql: false })
}

/// How many parts a value has.
fn parts(value: &Value) -> usize {
    let of = |values: &[Value]| values.iter().map(parts).sum::<usize>();
    let origins = |origins: &[Origin]| origins.iter().map(|origin| parts(&origin.value)).sum::<usize>();
    1 + match value {
        Value::Variable { origins: given, .. } | Value::Member { origins: given, .. } => origins(given),
        Value::Static { arguments, .. } | Value::New { arguments, .. } => of(arguments),
        Value::Method { on, arguments, .. } => of(arguments) + on.as_deref().map_or(0, parts),
        Value::Cast { of: inner, .. } | Value::Of(inner, _) => parts(inner),
        Value::OneOf(values) => of(values),
        Value::Records { list, added } => parts(list) + of(added),
        Value::This | Value::Table { .. } | Value::Unknown => 0,
    }
}
