//! Objects that write: lists of records, statements of `SysDa` and of SQL, the dictionary.

use super::buffers::State;
use super::buffers::VarKind;
use super::calls::Site;
use super::excerpt::excerpt;
use super::facts::{ColumnEffects, Value, WriteEffect, WriteForm};
use super::flow::{Flow, push_new};
use super::names::sysda_write;
use super::sql::sql_writes;
use super::unit::intrinsic;
use crate::xpp::tree::{Callee, Expr};

impl<'a> Flow<'_, 'a> {
    /// The type that a name is declared with, in the method or in the unit.
    pub(super) fn type_of(&mut self, expr: &Expr<'a>) -> Option<Box<str>> {
        if let Expr::New(type_name, ..) = expr {
            return Some((&**type_name).into());
        }
        if let Expr::Cast(_, type_name, _) = expr {
            return Some((&**type_name).into());
        }
        let var = self.var(expr)?;
        let known = self.vars.get(var.0)?;
        if known.kind == VarKind::Member {
            let member =
                self.context.members.iter().find(|member| member.name.eq_ignore_ascii_case(&known.name));
            return member.map(|member| member.type_name.clone());
        }
        Some(known.type_name.clone())
    }

    /// The type that a name is declared with, or, for `var`, the type of what it was given.
    fn types_of(&mut self, expr: &Expr<'a>, state: &State) -> Vec<Box<str>> {
        let declared = self.type_of(expr);
        match declared {
            Some(name) if !name.eq_ignore_ascii_case("var") => vec![name],
            Some(_) => {
                let Some(var) = self.var(expr) else { return Vec::new() };
                let origins = &self.buffer(var, state).origins;
                origins.iter().filter_map(|origin| made_of(&origin.value)).collect()
            }
            None => Vec::new(),
        }
    }

    /// Writes by objects: lists of records, statements of `SysDa` and of SQL, the dictionary.
    pub(super) fn statement_object(
        &mut self,
        on: &Expr<'a>,
        name: &str,
        site: &Site<'_, 'a>,
        state: &mut State,
    ) -> bool {
        match name.to_ascii_lowercase().as_str() {
            "insertdatabase" if site.arguments.is_empty() => {
                let target = self.value(on, state);
                self.object_write(WriteForm::InsertDatabase, target, on, site, state);
                true
            }
            "executeupdate" | "executeupdatewithparameters" if !site.arguments.is_empty() => {
                self.all(site.arguments, state);
                if self.is_sql_statement(on, state) {
                    self.sql(site, state);
                }
                true
            }
            "tabletruncate" if !site.arguments.is_empty() => {
                let types = self.types_of(on, state);
                if types.iter().any(|name| name.eq_ignore_ascii_case("SqlDataDictionary")) {
                    let target = self.value(&site.arguments[0], state);
                    let target = if target == Value::Unknown {
                        self.table_id(&site.arguments[0], state)
                    } else {
                        target
                    };
                    self.object_write(WriteForm::Truncate, target, on, site, state);
                }
                false
            }
            _ if !site.arguments.is_empty() => {
                let types = self.types_of(on, state);
                let Some(form) = types.iter().find_map(|name| sysda_write(name)) else { return false };
                let object = &site.arguments[0];
                let target = self.value(object, state);
                let known = self.var(object).map(|var| self.buffer(var, state).columns.clone());
                let columns = known.filter(|columns| !columns.names.is_empty());
                self.object_write(form, target, on, site, state);
                if let (Some(columns), Some(write)) = (columns, self.written_at(site.token, form)) {
                    write.columns = columns;
                }
                true
            }
            _ => false,
        }
    }

    /// `x.TableId`.
    fn table_id(&mut self, expr: &Expr<'a>, state: &State) -> Value {
        match expr {
            Expr::Member(of, name) if name.eq_ignore_ascii_case("TableId") => self.value(of, state),
            _ => Value::Unknown,
        }
    }

    fn is_sql_statement(&mut self, on: &Expr<'a>, state: &State) -> bool {
        let creates = |name: &str| name.eq_ignore_ascii_case("createStatement");
        if let Expr::Call(callee, ..) = on {
            return matches!(&**callee, Callee::Method(_, name) if creates(name));
        }
        if self.types_of(on, state).iter().any(|name| name.eq_ignore_ascii_case("Statement")) {
            return true;
        }
        let Some(var) = self.var(on) else { return false };
        let origins = &self.buffer(var, state).origins;
        origins.iter().any(|origin| matches!(&origin.value, Value::Method { method, .. } if creates(method)))
    }

    fn sql(&mut self, site: &Site<'_, 'a>, state: &State) {
        let position = self.code.position(site.token);
        let mut texts = self.texts(&site.arguments[0], state);
        if texts.is_empty() {
            texts.push(super::texts::HOLE.to_string().into());
        }
        for write in texts.iter().flat_map(|text| sql_writes(text)) {
            let target = write.table.map_or(Value::Unknown, |name| Value::Table {
                name: name.into(),
                position,
                in_sql: true,
            });
            let names = write.columns.iter().flatten().map(|name| name.as_str().into()).collect();
            let columns = ColumnEffects { names, methods: Vec::new(), open: write.columns.is_none() };
            let effect = WriteEffect {
                form: write.form,
                excerpt: excerpt(self.code, self.here),
                target,
                columns,
                events_off: None,
                untouched: false,
                temporary: None,
                scope: self.scope(state),
            };
            push_new(&mut self.effects.writes, effect);
        }
    }

    pub(super) fn query_insert(&mut self, site: &Site<'_, 'a>, state: &mut State) {
        let Some(record) = site.arguments.first() else { return };
        let target = self.value(record, state);
        self.object_write(WriteForm::QueryInsertRecordset, target, record, site, state);
    }

    /// A write whose columns are not told by assignments to a buffer.
    fn object_write(
        &mut self,
        form: WriteForm,
        target: Value,
        record: &Expr<'a>,
        site: &Site<'_, 'a>,
        state: &State,
    ) {
        let var = self.known_var(record);
        let temporary = var.and_then(|var| self.buffer(var, state).temporary);
        let untouched = matches!(&target, Value::Member { initial: true, .. });
        let columns = ColumnEffects { open: true, ..ColumnEffects::default() };
        let effect = WriteEffect {
            form,
            excerpt: excerpt(self.code, self.here),
            target,
            columns,
            events_off: None,
            untouched,
            temporary,
            scope: self.scope(state),
        };
        self.write(site.token, effect);
    }

    /// `x.settingClause().add(fieldStr(T, F), …)`.
    pub(super) fn add_to_clause(&mut self, on: &Expr<'a>, site: &Site<'_, 'a>, state: &mut State) {
        let Some(holder) = clause_holder(on) else { return };
        match site.arguments.first().and_then(intrinsic) {
            Some((_, names)) if names.len() == 2 => {
                if let Some(var) = self.var(holder) {
                    self.change(var, state).assign_column(names[1]);
                }
            }
            _ => self.open_columns(holder, state),
        }
    }

    /// An object of the extensible data access: its methods assign no columns.
    pub(super) fn is_sysda(&mut self, on: &Expr<'a>, state: &State) -> bool {
        let is = |name: &str| name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("SysDa"));
        self.types_of(on, state).iter().any(|name| is(name))
    }
}

/// `x` of `x.settingClause()` and `x.fields()`, also when calls are hung on them.
pub(super) fn clause_holder<'e, 'a>(mut expr: &'e Expr<'a>) -> Option<&'e Expr<'a>> {
    while let Expr::Call(callee, ..) = expr {
        let Callee::Method(on, name) = &**callee else { return None };
        if ["settingClause", "fields"].iter().any(|clause| clause.eq_ignore_ascii_case(name)) {
            return Some(on);
        }
        expr = on;
    }
    None
}

/// The type that a value was made of.
fn made_of(value: &Value) -> Option<Box<str>> {
    match value {
        Value::New { type_name, .. } | Value::Cast { type_name, .. } => Some(type_name.clone()),
        _ => None,
    }
}
