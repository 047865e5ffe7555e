//! The analysis: units to writes, writes to tables, tables to verdicts.

use super::allowed::Allowances;
use super::callers::{Callers, MOST_CALLS};
use super::columns::columns;
use super::found::{Found, What};
use super::meaning::{Meaning, severity};
use super::resolve::Resolver;
use super::units::{Loaded, Site, Units};
use super::{
    BYPASSING_WRITE, Change, Columns, Harmless, MethodName, Operation, Outcome, OwnerKind, Searched, Sources,
    Target, Unknown, Unread, Write, Writes,
};
use crate::aot::CodeScan;
use crate::catalog::{Catalog, ElementKind};
use crate::lineage::Lineage;
use crate::source::Place;
use crate::tracking::{Analysis, Policy};
use crate::xpp::effects::{MethodEffects, Part, UnitKind, Value, WriteEffect, WriteForm};

/// What the analysis looks at.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The model.
    pub catalog: &'a Catalog,
    /// Its lineage.
    pub lineage: &'a Lineage,
    /// The policies.
    pub policy: Policy,
    /// The verdicts.
    pub analysis: &'a Analysis,
    /// Where more X++ comes from.
    pub sources: &'a dyn Sources,
}

/// Says what the writes in X++ that was read come to. Files that are needed beyond them are read through
/// [`Input::sources`].
pub fn analyze(input: Input<'_>, scan: CodeScan) -> Writes {
    let searched = Searched { files: scan.searched, read: scan.files.len() };
    let units = Units::new(input.catalog, input.sources);
    let loaded = units.add(scan.files);
    let mut callers = Callers::default();
    for _ in 0..=MOST_CALLS {
        let resolver = Resolver::new(&units, &callers);
        loaded.iter().for_each(|unit| ask_all(&resolver, unit));
        let Some((owners, methods, asked)) = callers.missing() else { break };
        callers = Callers::of(&units.add(input.sources.callers(&owners, &methods)), asked);
    }
    let meaning = Meaning::new(input.catalog, input.lineage, input.policy, input.analysis);
    let resolver = Resolver::new(&units, &callers);
    let mut job = Job {
        resolver: &resolver,
        meaning: &meaning,
        allowances: Allowances::of(&loaded),
        found: Writes::default(),
    };
    for unit in &loaded {
        job.unit(unit);
    }
    job.finish(searched)
}

/// Asks for every target once, so that it shows whose callers matter.
fn ask_all(resolver: &Resolver<'_>, unit: &Loaded) {
    for (method, effects) in unit.unit.methods.iter().enumerate() {
        let site = Site { file: unit.file, unit: unit.unit.clone(), method };
        for write in &effects.writes {
            if operation(resolver, write, &site).is_some() {
                targets(resolver, write, &site);
            }
        }
    }
}

/// What a write writes: none when it is no write of a record after all.
fn targets(resolver: &Resolver<'_>, write: &WriteEffect, site: &Site) -> Vec<Found> {
    match write.form {
        WriteForm::InsertDatabase => resolver.list(&write.target, site),
        WriteForm::SysDaInsert | WriteForm::SysDaUpdate | WriteForm::SysDaDelete => {
            resolver.sysda(&write.target, site)
        }
        WriteForm::Truncate => resolver.numbered(&write.target, site),
        WriteForm::SqlUnknown => vec![Found::unknown(Unknown::Sql)],
        _ if write.target == Value::Unknown && is_sql(write.form) => vec![Found::unknown(Unknown::Sql)],
        _ => resolver.records(&write.target, site),
    }
}

fn is_sql(form: WriteForm) -> bool {
    matches!(
        form,
        WriteForm::SqlInsert
            | WriteForm::SqlUpdate
            | WriteForm::SqlDelete
            | WriteForm::SqlMerge
            | WriteForm::SqlUnknown
    )
}

/// The operation, and where events were switched off; `None` for a write that raises events.
fn operation(
    resolver: &Resolver<'_>,
    write: &WriteEffect,
    site: &Site,
) -> Option<(Operation, Option<Place>)> {
    let plain = |operation| Some((operation, None));
    match write.form {
        WriteForm::DoInsert => plain(Operation::DoInsert),
        WriteForm::DoUpdate => plain(Operation::DoUpdate),
        WriteForm::DoDelete => plain(Operation::DoDelete),
        WriteForm::InsertRecordset => plain(Operation::InsertRecordset),
        WriteForm::UpdateRecordset => plain(Operation::UpdateRecordset),
        WriteForm::DeleteFrom => plain(Operation::DeleteFrom),
        WriteForm::InsertDatabase => plain(Operation::InsertDatabase),
        WriteForm::SysDaInsert => plain(Operation::SysDaInsert),
        WriteForm::SysDaUpdate => plain(Operation::SysDaUpdate),
        WriteForm::SysDaDelete => plain(Operation::SysDaDelete),
        WriteForm::QueryInsertRecordset => plain(Operation::QueryInsertRecordset),
        WriteForm::SqlInsert => plain(Operation::SqlInsert),
        WriteForm::SqlUpdate => plain(Operation::SqlUpdate),
        WriteForm::SqlDelete => plain(Operation::SqlDelete),
        WriteForm::SqlMerge => plain(Operation::SqlMerge),
        WriteForm::SqlUnknown => plain(Operation::SqlUnknown),
        WriteForm::Truncate => plain(Operation::Truncate),
        WriteForm::Insert => skipped(resolver, write, site, Operation::SkippedInsert),
        WriteForm::Update => skipped(resolver, write, site, Operation::SkippedUpdate),
        WriteForm::Delete => skipped(resolver, write, site, Operation::SkippedDelete),
        WriteForm::Write => skipped(resolver, write, site, Operation::SkippedWrite),
    }
}

/// The write raises no event when events of its buffer are off: in the method, or, for a member, anywhere in its class.
fn skipped(
    resolver: &Resolver<'_>,
    write: &WriteEffect,
    site: &Site,
    operation: Operation,
) -> Option<(Operation, Option<Place>)> {
    let in_method = write.events_off.map(|position| site.place(position));
    let off = in_method.or_else(|| match &write.target {
        Value::Member { name, .. } if write.untouched => resolver.events_off(name, site),
        _ => None,
    });
    off.map(|place| (operation, Some(place)))
}

struct Job<'a> {
    resolver: &'a Resolver<'a>,
    meaning: &'a Meaning<'a>,
    allowances: Allowances,
    found: Writes,
}

impl Job<'_> {
    fn unit(&mut self, unit: &Loaded) {
        for (method, effects) in unit.unit.methods.iter().enumerate() {
            let site = Site { file: unit.file, unit: unit.unit.clone(), method };
            for write in &effects.writes {
                if let Some((operation, events_off)) = operation(self.resolver, write, &site) {
                    for found in targets(self.resolver, write, &site) {
                        self.write(write, operation, events_off, found, &site);
                    }
                }
            }
            let name = method_name(&site, effects);
            let unread = effects.unread.iter().map(|excerpt| Unread {
                place: site.place(excerpt.position),
                statement: excerpt.text.clone(),
                method: name.clone(),
            });
            self.found.unread.extend(unread);
            let transactions = super::scopes::transactions(self.resolver, self.meaning, &site, &name);
            for mut transaction in transactions {
                let line = transaction.place.line;
                transaction.allowed = self.allowances.accept(&site, transaction.kind.rule(), line, line);
                self.found.transactions.push(transaction);
            }
        }
    }

    fn write(
        &mut self,
        write: &WriteEffect,
        operation: Operation,
        events_off: Option<Place>,
        found: Found,
        site: &Site,
    ) {
        let Some(method) = site.method() else { return };
        let target = match found.what {
            What::Table(name, id) => Target::Table { name, id },
            What::Other(name, id) => Target::Table { name, id: Some(id) },
            What::Unknown(why) => Target::Unknown(why),
            What::Object(_) | What::DataSource { .. } | What::List => return,
        };
        let temporary = write.temporary.map(|position| site.place(position));
        let mut written = Write {
            place: site.place(write.excerpt.position),
            statement: write.excerpt.text.clone(),
            operation,
            events_off,
            target,
            path: found.path,
            columns: Columns::Record,
            method: method_name(site, method),
            entities: Vec::new(),
            outcome: Outcome::UnknownTable,
        };
        if operation.change() != Change::Delete {
            written.columns = if self.is_map(&write.target, site) {
                // The fields of a table map have names of their own.
                Columns::AtLeast(Vec::new())
            } else {
                columns(self.resolver.units, written.table(), &write.columns)
            };
        }
        written.outcome = self.outcome(&mut written, temporary, found.temporary);
        self.accept(write, site, &mut written);
        self.found.writes.push(written);
    }

    /// The record is written as one of a table map.
    fn is_map(&self, target: &Value, site: &Site) -> bool {
        let name = match target {
            Value::Variable { type_name, .. } | Value::Cast { type_name, .. } => type_name,
            Value::This => &site.unit.name,
            _ => return false,
        };
        let catalog = self.resolver.units.catalog;
        catalog.find(name).is_some_and(|id| catalog.element(id).kind == ElementKind::Map)
    }

    /// What it comes to before comments are looked at; fills in who loses what.
    fn outcome(&self, write: &mut Write, temporary: Option<Place>, other_temporary: bool) -> Outcome {
        let Target::Table { id, .. } = write.target else { return Outcome::UnknownTable };
        if let Some(place) = temporary {
            return Outcome::Harmless(Harmless::TemporaryBuffer(place));
        }
        if other_temporary {
            return Outcome::Harmless(Harmless::TemporaryBuffer(write.place));
        }
        let Some(id) = id else { return Outcome::NotLoaded };
        let kind = self.resolver.units.catalog.element(id).kind;
        if kind != ElementKind::Table {
            return Outcome::Harmless(Harmless::NotATable(kind));
        }
        if let Some(harmless) = self.meaning.harmless(id) {
            return Outcome::Harmless(harmless);
        }
        write.entities = self.meaning.lost(id, write.operation, &write.columns);
        Outcome::Finding(severity(write.operation, &write.entities))
    }

    fn accept(&mut self, effect: &WriteEffect, site: &Site, write: &mut Write) {
        let lines = (effect.excerpt.position.line, effect.excerpt.last_line);
        match write.outcome {
            Outcome::Finding(severity) => {
                if let Some(by) = self.allowances.accept(site, BYPASSING_WRITE, lines.0, lines.1) {
                    write.outcome = Outcome::Allowed { severity, by };
                }
            }
            // Such a comment is not idle: without it, the write would be looked at again and again.
            Outcome::UnknownTable | Outcome::NotLoaded => {
                self.allowances.accept(site, BYPASSING_WRITE, lines.0, lines.1);
            }
            Outcome::Allowed { .. } | Outcome::Harmless(_) => {}
        }
    }

    fn finish(self, searched: Searched) -> Writes {
        let Self { allowances, mut found, meaning, .. } = self;
        found.tables = meaning.asked();
        found.allowances = allowances.into_list();
        found.searched = searched;
        let table = |write: &Write| match &write.target {
            Target::Table { name, .. } => name.to_ascii_lowercase(),
            Target::Unknown(_) => String::new(),
        };
        found.writes.sort_by_cached_key(|write| (write.place, write.operation, table(write)));
        found.transactions.sort_by_key(|transaction| transaction.place);
        found.unread.sort_by_key(|unread| unread.place);
        found
    }
}

/// The name of the method of a site.
pub(super) fn method_name(site: &Site, method: &MethodEffects) -> MethodName {
    let part = method.part.as_ref().map(|part| match part {
        Part::DataSource(name) | Part::Control(name) => name.clone(),
        Part::Field { source, field } => format!("{source}.{field}").into(),
    });
    let kind = match site.unit.kind {
        UnitKind::Class => OwnerKind::Class,
        UnitKind::Table => OwnerKind::Table,
        UnitKind::View => OwnerKind::View,
        UnitKind::Entity => OwnerKind::Entity,
        UnitKind::Map => OwnerKind::Map,
        UnitKind::Form => OwnerKind::Form,
    };
    MethodName {
        element: site.unit.name.clone(),
        kind,
        part,
        name: method.name.clone(),
        place: site.place(method.position),
    }
}

/// The table that a write of a scope changes, when it is known and loaded and the buffer is not temporary.
pub(super) fn scoped_tables(
    resolver: &Resolver<'_>,
    write: &WriteEffect,
    site: &Site,
) -> Vec<crate::catalog::ElementId> {
    if write.temporary.is_some() {
        return Vec::new();
    }
    let found = targets(resolver, write, site);
    found
        .into_iter()
        .filter(|one| !one.temporary)
        .filter_map(|one| if let What::Table(_, id) = one.what { id } else { None })
        .collect()
}
