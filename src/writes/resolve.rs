//! From values to tables.
//!
//! A declared type decides where there is one. A variable that may hold a record of any table is what it was given: in
//! the method, in the class, or, for a parameter, by the calls of the loaded code, to a bounded depth.

use super::callers::Callers;
use super::found::{Found, What, tidy};
use super::types::Type;
use super::units::{Loaded, Site, Units};
use super::{StepKind, Unknown};
use crate::source::{FileId, Place};
use crate::text::Symbol;
use crate::xpp::effects::{ExtensionOf, Handles, Origin, Part, UnitKind, Value};
use std::cell::Cell;

/// Values are followed through so many variables, members and returns.
const DEEPEST: usize = 12;
/// Questions about one write may lead to so many others.
const MOST_QUESTIONS: usize = 2_000;

/// Answers what values are.
pub(super) struct Resolver<'a> {
    pub(super) units: &'a Units<'a>,
    pub(super) callers: &'a Callers,
    questions: Cell<usize>,
}

/// How far a question has come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    depth: usize,
    /// Calls that were followed.
    pub(super) calls: usize,
}

impl Way {
    pub(super) fn start() -> Self {
        Self { depth: 0, calls: 0 }
    }

    /// The question has come too far.
    pub(super) fn is_over(self) -> bool {
        self.depth > DEEPEST
    }

    pub(super) fn further(self) -> Self {
        Self { depth: self.depth + 1, ..self }
    }

    pub(super) fn through_call(self) -> Self {
        Self { depth: self.depth + 1, calls: self.calls + 1 }
    }
}

impl<'a> Resolver<'a> {
    pub(super) fn new(units: &'a Units<'a>, callers: &'a Callers) -> Self {
        Self { units, callers, questions: Cell::new(0) }
    }

    /// What a value of a method is: one answer for each table that it may be.
    pub(super) fn records(&self, value: &Value, site: &Site) -> Vec<Found> {
        self.questions.set(0);
        tidy(self.look(value, site, Way::start()))
    }

    /// The same inside a question.
    pub(super) fn look(&self, value: &Value, site: &Site, way: Way) -> Vec<Found> {
        self.questions.set(self.questions.get() + 1);
        if way.is_over() || self.questions.get() > MOST_QUESTIONS {
            return vec![Found::unknown(Unknown::Expression)];
        }
        match value {
            Value::Variable { temporary, .. } => marked(self.variable(value, site, way), *temporary),
            Value::Member { name, origins, initial, temporary } => {
                let found = self.member(name, origins, *initial, site, way);
                let temporary = *temporary || (*initial && self.is_made_temporary(name, site));
                marked(found, temporary)
            }
            Value::This => vec![self.this(site)],
            Value::Of(on, name) => self.member_of(on, name, site, way),
            Value::Static { type_name, method, position, .. } => {
                vec![self.returned_by_static(type_name, method, site.place(*position))]
            }
            Value::Method { on: Some(on), method, position, .. } => self
                .made_record(value, site, way)
                .unwrap_or_else(|| self.returned(on, method, site.place(*position), site, way)),
            Value::Method { on: None, method, .. } => vec![unknown_method(method)],
            Value::New { type_name, .. } => vec![self.object(type_name)],
            Value::Cast { type_name, position, of } => {
                let place = site.place(*position);
                match self.units.type_named(type_name) {
                    Type::Generic | Type::Var | Type::None => self.look(of, site, way.further()),
                    of_type => vec![
                        typed(of_type, type_name)
                            .after(place, StepKind::Cast { type_name: type_name.clone() }),
                    ],
                }
            }
            Value::Table { name, position, in_sql } => {
                vec![self.named_table(name, site.place(*position), *in_sql)]
            }
            Value::OneOf(values) => {
                values.iter().flat_map(|value| self.look(value, site, way.further())).collect()
            }
            Value::Records { list, .. } => self.look(list, site, way.further()),
            Value::Unknown => vec![Found::unknown(Unknown::Expression)],
        }
    }

    fn variable(&self, value: &Value, site: &Site, way: Way) -> Vec<Found> {
        let Value::Variable { name, type_name, position, parameter, origins, initial, .. } = value else {
            return Vec::new();
        };
        if let (Some(0), Some(Handles::DataSource { form, name })) =
            (parameter, site.method().and_then(|method| method.handles.as_ref()))
        {
            return vec![self.data_source(form, name)];
        }
        let of_type = self.units.type_named(type_name);
        if !matches!(of_type, Type::Generic | Type::Var | Type::None) {
            let step = StepKind::Declared { name: name.clone(), type_name: type_name.clone() };
            return vec![typed(of_type, type_name).after(site.place(*position), step)];
        }
        let mut found = self.given(name, origins, site, way);
        if let Some(index) = parameter.filter(|_| *initial) {
            found.extend(self.parameter(index as usize, name, site, way));
        }
        let why = match parameter {
            Some(_) => Unknown::Parameter { name: name.clone(), type_name: type_name.clone() },
            None => Unknown::Generic { type_name: type_name.clone() },
        };
        known_or(found, why)
    }

    /// What a variable was given.
    fn given(&self, name: &str, origins: &[Origin], site: &Site, way: Way) -> Vec<Found> {
        let given = |origin: &Origin| {
            let place = site.place(origin.position);
            let found = self.look(&origin.value, site, way.further());
            found.into_iter().map(move |one| one.after(place, StepKind::Assigned { name: name.into() }))
        };
        origins.iter().flat_map(given).collect()
    }

    /// What a parameter may be: the record of the event that the method handles, or what its callers pass.
    fn parameter(&self, index: usize, name: &str, site: &Site, way: Way) -> Vec<Found> {
        let Some(method) = site.method() else { return Vec::new() };
        match (&method.handles, index) {
            (Some(Handles::Record(table)), 0) => {
                let step = StepKind::Handles { table: table.clone() };
                vec![self.record_named(table).after(site.place(method.position), step)]
            }
            _ => self
                .callers
                .arguments(self, index, name, site, way, &|value, caller, way| self.look(value, caller, way)),
        }
    }

    fn member(&self, name: &str, origins: &[Origin], initial: bool, site: &Site, way: Way) -> Vec<Found> {
        let home = Loaded { file: site.file, unit: site.unit.clone() };
        let bases = self.units.bases(home);
        if name.eq_ignore_ascii_case("element")
            && let Some(form) = bases.iter().find(|unit| unit.unit.kind == UnitKind::Form)
        {
            return vec![Found::new(What::Object(Some(form.file)), Vec::new())];
        }
        for unit in &bases {
            if let Some(member) = unit.unit.members.iter().find(|m| m.name.eq_ignore_ascii_case(name)) {
                let place = member.position.in_file(unit.file);
                let step = StepKind::Member {
                    name: member.name.clone(),
                    type_name: member.type_name.clone(),
                    owner: unit.unit.name.clone(),
                };
                let of_type = self.units.type_named(&member.type_name);
                if !matches!(of_type, Type::Generic | Type::Var | Type::None) {
                    return vec![typed(of_type, &member.type_name).after(place, step)];
                }
                let mut found = self.given(name, origins, site, way);
                if initial {
                    found.extend(self.given_elsewhere(name, &bases, way));
                }
                return known_or(found, Unknown::Generic { type_name: member.type_name.clone() });
            }
            if let Some(found) = source_of(unit, name) {
                return vec![self.buffer_or_source(found, name)];
            }
        }
        vec![Found::unknown(Unknown::Undeclared { name: name.into() })]
    }

    /// Some method of the class, or of what it extends, makes the member temporary.
    pub(super) fn is_made_temporary(&self, name: &str, site: &Site) -> bool {
        let bases = self.units.bases(Loaded { file: site.file, unit: site.unit.clone() });
        bases
            .iter()
            .flat_map(|unit| &unit.unit.methods)
            .any(|method| method.temporary.iter().any(|mark| mark.name.eq_ignore_ascii_case(name)))
    }

    /// Where a method of the class, or of what it extends, switches the events of a member off.
    pub(super) fn events_off(&self, name: &str, site: &Site) -> Option<Place> {
        let bases = self.units.bases(Loaded { file: site.file, unit: site.unit.clone() });
        bases.iter().find_map(|unit| {
            let mut marks = unit.unit.methods.iter().flat_map(|method| &method.events_off);
            let mark = marks.find(|mark| mark.name.eq_ignore_ascii_case(name))?;
            Some(mark.position.in_file(unit.file))
        })
    }

    /// The table whose number a value is.
    pub(super) fn numbered(&self, value: &Value, site: &Site) -> Vec<Found> {
        self.questions.set(0);
        tidy(self.table_number(value, site, Way::start()))
    }

    /// What a member is given anywhere in the class and in what it extends.
    fn given_elsewhere(&self, name: &str, bases: &[Loaded], way: Way) -> Vec<Found> {
        let mut found = Vec::new();
        for (site, assigned) in assignments(bases, name).filter(|(_, value)| !value.added) {
            let place = site.place(assigned.position);
            let values = self.look(&assigned.value, &site, way.further());
            found.extend(
                values.into_iter().map(|one| one.after(place, StepKind::Assigned { name: name.into() })),
            );
        }
        found
    }

    fn this(&self, site: &Site) -> Found {
        let unit = &site.unit;
        match (&unit.extension_of, unit.kind) {
            (Some(ExtensionOf::Record(table)), _) => self.this_record(table, site),
            (Some(ExtensionOf::DataSource { form, name }), _) => self.data_source(form, name),
            (Some(ExtensionOf::Class(class)), _) => self.object(class),
            (Some(ExtensionOf::Form(form)), _) => {
                Found::new(What::Object(self.units.sources.form(form)), Vec::new())
            }
            (None, UnitKind::Table | UnitKind::View | UnitKind::Entity) => self.this_record(&unit.name, site),
            (None, UnitKind::Map) => Found::unknown(Unknown::Generic { type_name: unit.name.clone() }),
            (None, UnitKind::Form) => match site.method().and_then(|method| method.part.as_ref()) {
                Some(Part::DataSource(name) | Part::Field { source: name, .. }) => {
                    self.data_source(&unit.name, name)
                }
                _ => Found::new(What::Object(Some(site.file)), Vec::new()),
            },
            (None, UnitKind::Class) => Found::new(What::Object(Some(site.file)), Vec::new()),
        }
    }

    fn this_record(&self, table: &str, site: &Site) -> Found {
        let place = Place::at_line(site.file, site.unit.line);
        self.record_named(table).after(place, StepKind::This { table: table.into() })
    }

    /// A record of the table, view or entity of this name, loaded or not.
    fn record_named(&self, name: &str) -> Found {
        match self.units.type_named(name) {
            Type::Generic => Found::unknown(Unknown::Generic { type_name: name.into() }),
            of_type @ (Type::Table(..) | Type::Other(..)) => typed(of_type, name),
            _ => Found::new(What::Table(name.into(), None), Vec::new()),
        }
    }

    pub(super) fn named_table(&self, name: &str, place: Place, in_sql: bool) -> Found {
        let table: Box<str> = name.into();
        let step = if in_sql { StepKind::Sql { table } } else { StepKind::Named { table } };
        self.record_named(name).after(place, step)
    }

    fn object(&self, class: &str) -> Found {
        Found::new(What::Object(self.units.sources.class(class)), Vec::new())
    }

    /// `x.y`: a public member of another object.
    fn member_of(&self, on: &Value, name: &str, site: &Site, way: Way) -> Vec<Found> {
        let mut found = Vec::new();
        for object in self.look(on, site, way.further()) {
            let What::Object(Some(file)) = object.what else { continue };
            let Some(unit) = self.units.file(file) else { continue };
            let holder =
                Value::Member { name: name.into(), origins: Vec::new(), initial: true, temporary: false };
            // A site without a method: only the unit matters for its members.
            let inside = Site { file: unit.file, unit: unit.unit.clone(), method: usize::MAX };
            found.extend(self.look(&holder, &inside, way.further()).into_iter().filter(Found::is_known));
        }
        known_or(found, Unknown::Expression)
    }

    fn returned_by_static(&self, type_name: &str, method: &str, place: Place) -> Found {
        let site = match self.units.type_named(type_name) {
            Type::Table(_, id) | Type::Other(_, id) => self.units.method_of_element(id, method),
            Type::Class(Some(file)) => {
                self.units.file(file).and_then(|class| self.units.method_of_class(class, method))
            }
            _ => None,
        };
        self.return_type(site.as_ref(), &format!("{type_name}::{method}"), place)
    }

    /// What `x.m()` returns.
    fn returned(&self, on: &Value, method: &str, place: Place, site: &Site, way: Way) -> Vec<Found> {
        let mut found = Vec::new();
        for object in self.look(on, site, way.further()) {
            found.push(match object.what {
                What::Table(_, Some(id)) | What::Other(_, id) => match self
                    .units
                    .method_of_element(id, method)
                {
                    None if ["orig", "data"].iter().any(|same| same.eq_ignore_ascii_case(method)) => object,
                    code => {
                        self.return_type(code.as_ref(), &format!("{}.{method}", self.element_name(id)), place)
                    }
                },
                What::Object(Some(file)) => {
                    let class = self.units.file(file);
                    let name = class.as_ref().map_or_else(Box::default, |class| class.unit.name.clone());
                    let code = class.and_then(|class| self.units.method_of_class(class, method));
                    self.return_type(code.as_ref(), &format!("{name}.{method}"), place)
                }
                What::DataSource { form, name, table, place } if method.eq_ignore_ascii_case("cursor") => {
                    let step = StepKind::DataSource { name, form, table: table.clone() };
                    self.record_named(&table).after(place, step)
                }
                _ => unknown_method(method),
            });
        }
        found
    }

    /// `new DictTable(tableNum(T)).makeRecord()`, `queryRun.get(tableNum(T))`.
    fn made_record(&self, value: &Value, site: &Site, way: Way) -> Option<Vec<Found>> {
        let Value::Method { on: Some(on), method, arguments, .. } = value else { return None };
        if method.eq_ignore_ascii_case("get")
            && let Some(number @ Value::Table { .. }) = arguments.first()
        {
            return Some(self.table_number(number, site, way.further()));
        }
        if !method.eq_ignore_ascii_case("makeRecord") {
            return None;
        }
        let made = match &**on {
            made @ Value::New { .. } => made,
            Value::Variable { origins, .. } | Value::Member { origins, .. } => match origins.as_slice() {
                [only] => &only.value,
                _ => return None,
            },
            _ => return None,
        };
        let Value::New { type_name, arguments, .. } = made else { return None };
        let dictionary =
            ["DictTable", "SysDictTable"].iter().any(|known| known.eq_ignore_ascii_case(type_name));
        let number = arguments.first().filter(|_| dictionary)?;
        Some(self.table_number(number, site, way.further()))
    }

    /// The table whose number a value is: `tableNum(T)`, `x.TableId`, a variable that holds one.
    pub(super) fn table_number(&self, value: &Value, site: &Site, way: Way) -> Vec<Found> {
        match value {
            Value::Table { .. } => self.look(value, site, way),
            Value::Of(record, name) if name.eq_ignore_ascii_case("TableId") => self.look(record, site, way),
            Value::Variable { origins, initial: false, .. }
            | Value::Member { origins, initial: false, .. } => {
                let numbers =
                    origins.iter().flat_map(|origin| self.table_number(&origin.value, site, way.further()));
                numbers.collect()
            }
            _ => vec![Found::unknown(Unknown::Expression)],
        }
    }

    fn return_type(&self, code: Option<&Site>, call: &str, place: Place) -> Found {
        let returns = code.and_then(Site::method).map(|method| method.returns.clone());
        let unknown = || Found::unknown(Unknown::Method { call: call.into() });
        let Some(type_name) = returns else { return unknown() };
        let step = StepKind::Returns { method: call.into(), type_name: type_name.clone() };
        match self.units.type_named(&type_name) {
            Type::Generic | Type::Var | Type::None => unknown(),
            of_type => typed(of_type, &type_name).after(place, step),
        }
    }

    fn element_name(&self, id: crate::catalog::ElementId) -> Symbol {
        self.units.catalog.element(id).name.text.clone()
    }

    /// The data source of a form, by their names.
    fn data_source(&self, form: &str, name: &str) -> Found {
        let source = self.units.form(form).and_then(|unit| source_of(&unit, name));
        match source {
            Some(source) => source_found(source),
            None => Found::unknown(Unknown::Undeclared { name: name.into() }),
        }
    }

    /// `CustTable` is the buffer of the data source, `CustTable_ds` the data source itself.
    fn buffer_or_source(&self, source: Source, written: &str) -> Found {
        if !written.eq_ignore_ascii_case(&source.name) {
            return source_found(source);
        }
        let Source { form, name, table, file, line } = source;
        let step = StepKind::DataSource { name, form, table: table.clone() };
        self.record_named(&table).after(Place::at_line(file, line), step)
    }
}

fn marked(mut found: Vec<Found>, temporary: bool) -> Vec<Found> {
    found.iter_mut().for_each(|one| one.temporary |= temporary);
    found
}

/// A data source of a form.
struct Source {
    form: Box<str>,
    name: Box<str>,
    table: Box<str>,
    file: FileId,
    line: u32,
}

/// The data source that `X` or `X_ds` means in a form.
fn source_of(unit: &Loaded, written: &str) -> Option<Source> {
    let ending = written.len().checked_sub(3).filter(|at| written.is_char_boundary(*at));
    let object = ending.map(|at| written.split_at(at)).filter(|(_, end)| end.eq_ignore_ascii_case("_ds"));
    let is = |name: &str| {
        name.eq_ignore_ascii_case(written)
            || object.is_some_and(|(start, _)| name.eq_ignore_ascii_case(start))
    };
    let source = unit.unit.data_sources.iter().find(|source| is(&source.name))?;
    Some(Source {
        form: unit.unit.name.clone(),
        name: source.name.clone(),
        table: source.table.clone(),
        file: unit.file,
        line: source.line,
    })
}

fn source_found(source: Source) -> Found {
    let Source { form, name, table, file, line } = source;
    Found::new(What::DataSource { form, name, table, place: Place::at_line(file, line) }, Vec::new())
}

/// Everything that a member is given in units, with the method that does it.
pub(super) fn assignments<'u>(
    bases: &'u [Loaded],
    name: &'u str,
) -> impl Iterator<Item = (Site, &'u crate::xpp::effects::MemberValue)> {
    bases.iter().flat_map(move |loaded| {
        loaded.unit.methods.iter().enumerate().flat_map(move |(method, effects)| {
            let of_member =
                effects.assigned.iter().filter(move |value| value.name.eq_ignore_ascii_case(name));
            of_member.map(move |value| (Site { file: loaded.file, unit: loaded.unit.clone(), method }, value))
        })
    })
}

/// A value of a declared type.
fn typed(of_type: Type, written: &str) -> Found {
    let what = match of_type {
        Type::Table(name, id) => What::Table(name, Some(id)),
        Type::Other(name, id) => What::Other(name, id),
        Type::Named => What::Table(written.into(), None),
        Type::Class(file) => What::Object(file),
        Type::Records => What::List,
        Type::Generic | Type::Var | Type::None => What::Object(None),
    };
    Found::new(what, Vec::new())
}

fn unknown_method(method: &str) -> Found {
    Found::unknown(Unknown::Method { call: method.into() })
}

/// What was found, or that it is not known.
pub(super) fn known_or(mut found: Vec<Found>, why: Unknown) -> Vec<Found> {
    if !found.iter().any(Found::is_known) {
        found = vec![Found::unknown(why)];
    }
    found
}
