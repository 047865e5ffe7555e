//! Tables behind objects that write: lists of records, statements of `SysDa`.

use super::found::{Found, What, tidy};
use super::resolve::{Resolver, Way, assignments, known_or};
use super::types::Type;
use super::units::{Loaded, Site};
use super::{StepKind, Unknown};
use crate::aot::TableType;
use crate::xpp::effects::{Origin, Value};

impl Resolver<'_> {
    /// The tables of a list of records; empty when the value is no such list.
    pub(super) fn list(&self, value: &Value, site: &Site) -> Vec<Found> {
        tidy(self.list_at(value, site, Way::start()))
    }

    fn list_at(&self, value: &Value, site: &Site, way: Way) -> Vec<Found> {
        match value {
            Value::New { type_name, arguments, position } if self.is_list(type_name) => self
                .made_list(arguments, site, way)
                .into_iter()
                .map(|found| found.after_list(site.place(*position)))
                .collect(),
            Value::Variable { type_name, origins, parameter, initial, name, .. } => {
                let is_var = matches!(self.units.type_named(type_name), Type::Var);
                if !is_var && !self.is_list(type_name) {
                    return Vec::new();
                }
                let mut found = self.lists_given(origins, site, way);
                if let Some(index) = parameter.filter(|_| *initial && !is_var) {
                    found.extend(self.callers.arguments(
                        self,
                        index as usize,
                        name,
                        site,
                        way,
                        &|value, caller, way| self.list_at(value, caller, way),
                    ));
                    let why = Unknown::Parameter { name: name.clone(), type_name: type_name.clone() };
                    return known_or(found, why);
                }
                if is_var { found } else { known_or(found, Unknown::Expression) }
            }
            Value::Member { name, origins, initial, .. } => {
                self.member_list(name, origins, *initial, site, way)
            }
            Value::Records { list, added } => {
                let found = self.list_at(list, site, way.further());
                if found.is_empty() || found.iter().any(Found::is_known) {
                    return found;
                }
                self.added(added, site, way)
            }
            Value::OneOf(values) => {
                values.iter().flat_map(|value| self.list_at(value, site, way.further())).collect()
            }
            Value::Cast { type_name, of, .. } if self.is_list(type_name) => {
                known_or(self.list_at(of, site, way.further()), Unknown::Expression)
            }
            Value::Static { .. } | Value::Method { .. } => self.returned_list(value, site, way),
            _ => Vec::new(),
        }
    }

    fn is_list(&self, type_name: &str) -> bool {
        matches!(self.units.type_named(type_name), Type::Records)
    }

    fn lists_given(&self, origins: &[Origin], site: &Site, way: Way) -> Vec<Found> {
        origins.iter().flat_map(|origin| self.list_at(&origin.value, site, way.further())).collect()
    }

    /// `new RecordInsertList(tableNum(T), …, buffer)`.
    fn made_list(&self, arguments: &[Value], site: &Site, way: Way) -> Vec<Found> {
        let Some(number) = arguments.first() else { return vec![Found::unknown(Unknown::Expression)] };
        let mut found = self.table_number(number, site, way.further());
        let given = arguments.iter().skip(1).any(|argument| self.is_temporary(argument, site, way));
        found.iter_mut().for_each(|one| one.temporary |= given);
        found
    }

    /// A buffer that is temporary, by itself or by its table.
    fn is_temporary(&self, value: &Value, site: &Site, way: Way) -> bool {
        let of_table = |found: &Found| match found.what {
            What::Table(_, Some(id)) => self.units.catalog.element(id).table_type != TableType::Regular,
            _ => false,
        };
        self.look(value, site, way.further()).iter().any(|found| found.temporary || of_table(found))
    }

    fn member_list(
        &self,
        name: &str,
        origins: &[Origin],
        initial: bool,
        site: &Site,
        way: Way,
    ) -> Vec<Found> {
        let home = Loaded { file: site.file, unit: site.unit.clone() };
        let bases = self.units.bases(home);
        let declared = bases.iter().find_map(|unit| {
            let member = unit.unit.members.iter().find(|member| member.name.eq_ignore_ascii_case(name))?;
            Some((unit, member))
        });
        let Some((owner, member)) = declared.filter(|(_, member)| self.is_list(&member.type_name)) else {
            return Vec::new();
        };
        let mut found = self.lists_given(origins, site, way);
        if initial || found.is_empty() {
            let inside = Site { file: owner.file, unit: owner.unit.clone(), method: usize::MAX };
            found.extend(member.value.iter().flat_map(|value| self.list_at(value, &inside, way.further())));
            for (at, assigned) in assignments(&bases, name).filter(|(_, value)| !value.added) {
                found.extend(self.list_at(&assigned.value, &at, way.further()));
            }
        }
        if found.iter().any(Found::is_known) {
            return found;
        }
        let added = assignments(&bases, name).filter(|(_, value)| value.added);
        let records =
            added.flat_map(|(at, value)| self.added(std::slice::from_ref(&value.value), &at, way)).collect();
        known_or(records, Unknown::Expression)
    }

    /// Records that are added to a list are of its table.
    fn added(&self, records: &[Value], site: &Site, way: Way) -> Vec<Found> {
        let found = records.iter().flat_map(|record| self.look(record, site, way.further()));
        let tables = found.filter(|found| matches!(found.what, What::Table(..)));
        let tables: Vec<Found> = tables
            .map(|mut found| {
                found.path.insert(0, super::Step { place: None, kind: StepKind::Added });
                found
            })
            .collect();
        known_or(tables, Unknown::Expression)
    }

    /// A list that a method returns: that it is one, and no more.
    fn returned_list(&self, value: &Value, site: &Site, way: Way) -> Vec<Found> {
        let found = self.look(value, site, way.further());
        if found.iter().any(|one| matches!(one.what, What::List)) {
            return vec![Found::unknown(Unknown::Expression)];
        }
        Vec::new()
    }

    /// The tables that a `SysDa` statement changes, from the object that it is given.
    pub(super) fn sysda(&self, value: &Value, site: &Site) -> Vec<Found> {
        tidy(known_or(self.sysda_at(value, site, Way::start()), Unknown::Expression))
    }

    fn sysda_at(&self, value: &Value, site: &Site, way: Way) -> Vec<Found> {
        if way.is_over() {
            return Vec::new();
        }
        let way = way.further();
        match value {
            Value::New { type_name, arguments, .. } => {
                let Some(first) = arguments.first() else { return Vec::new() };
                let of_buffer = ["SysDaInsertObject", "SysDaUpdateObject", "SysDaQueryObject"];
                let of_query = ["SysDaDeleteObject"];
                let is = |names: &[&str]| names.iter().any(|name| name.eq_ignore_ascii_case(type_name));
                if is(&of_buffer) {
                    self.look(first, site, way)
                } else if is(&of_query) {
                    self.sysda_at(first, site, way)
                } else {
                    Vec::new()
                }
            }
            Value::Variable { origins, parameter, initial, name, type_name, .. } => {
                let given = origins.iter().flat_map(|origin| self.sysda_at(&origin.value, site, way));
                let mut found: Vec<Found> = given.collect();
                if let Some(index) = parameter.filter(|_| *initial) {
                    found.extend(self.callers.arguments(
                        self,
                        index as usize,
                        name,
                        site,
                        way,
                        &|value, caller, way| self.sysda_at(value, caller, way),
                    ));
                    let why = Unknown::Parameter { name: name.clone(), type_name: type_name.clone() };
                    return known_or(found, why);
                }
                found
            }
            Value::Member { name, origins, .. } => {
                let given: Vec<Found> =
                    origins.iter().flat_map(|origin| self.sysda_at(&origin.value, site, way)).collect();
                if !given.is_empty() {
                    return given;
                }
                let bases = self.units.bases(Loaded { file: site.file, unit: site.unit.clone() });
                let assigned = assignments(&bases, name).filter(|(_, value)| !value.added);
                assigned.flat_map(|(at, value)| self.sysda_at(&value.value, &at, way)).collect()
            }
            // `SysDaQueryObjectBuilder::from(x).where(…).toSysDaQueryObject()`
            Value::Method { on: Some(on), .. } => self.sysda_at(on, site, way),
            Value::Static { type_name, method, arguments, .. }
                if type_name.eq_ignore_ascii_case("SysDaQueryObjectBuilder")
                    && method.eq_ignore_ascii_case("from") =>
            {
                arguments.first().map_or_else(Vec::new, |buffer| self.look(buffer, site, way))
            }
            Value::OneOf(values) => values.iter().flat_map(|value| self.sysda_at(value, site, way)).collect(),
            _ => Vec::new(),
        }
    }
}

impl Found {
    /// The list that is made at a place is for this table.
    fn after_list(mut self, place: crate::source::Place) -> Self {
        if let What::Table(name, _) = &self.what {
            let table: Box<str> = (&**name).into();
            self.path = vec![super::Step { place: Some(place), kind: StepKind::ListOf { table } }];
        }
        self
    }
}
