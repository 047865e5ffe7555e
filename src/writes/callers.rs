//! Who calls a method with what: helpers that write records of any table.

use super::found::Found;
use super::resolve::{Resolver, Way};
use super::units::{Loaded, Site};
use super::{StepKind, Unknown};
use crate::text::Words;
use crate::xpp::effects::{Call, ExtensionOf, UnitKind, Value, Wanted};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// Calls are followed back through so many methods.
pub(super) const MOST_CALLS: usize = 3;

/// Calls of the methods that were asked for, and those that should be asked for.
#[derive(Default)]
pub(super) struct Callers {
    /// By lower-case method name.
    calls: FxHashMap<String, Vec<(Site, Call)>>,
    /// Methods whose calls were looked for.
    asked: Methods,
    missing: RefCell<Methods>,
}

/// Methods: (unit, method), lower case.
pub(super) type Methods = BTreeSet<(String, String)>;

/// What has to be looked for: files that mention one of the words, the calls in them, and the methods that it is for.
pub(super) type Search = (Words, Wanted, Methods);

/// Resolves an argument at the place of its call.
type Ask<'f> = dyn Fn(&Value, &Site, Way) -> Vec<Found> + 'f;

impl Callers {
    /// What the calls of a method pass as its parameter.
    pub(super) fn arguments(
        &self,
        resolver: &Resolver<'_>,
        index: usize,
        name: &str,
        site: &Site,
        way: Way,
        ask: &Ask<'_>,
    ) -> Vec<Found> {
        let Some(method) = site.method() else { return Vec::new() };
        if way.calls >= MOST_CALLS {
            return Vec::new();
        }
        let key = (called_as(site).to_ascii_lowercase(), method.name.to_ascii_lowercase());
        if !self.asked.contains(&key) {
            self.missing.borrow_mut().insert(key);
            return Vec::new();
        }
        let calls = self.calls.get(&key.1).into_iter().flatten();
        let mut found = Vec::new();
        for (caller, call) in calls {
            let (Value::Static { arguments, .. } | Value::Method { arguments, .. }) = &call.callee else {
                continue;
            };
            let Some(argument) = arguments.get(index).filter(|_| reaches(resolver, call, caller, site, way))
            else {
                continue;
            };
            let place = caller.place(call.position);
            let caller_name = full_name(caller);
            for one in ask(argument, caller, way.through_call()) {
                let step = StepKind::Argument { name: name.into(), caller: caller_name.clone().into() };
                found.push(one.after(place, step));
            }
        }
        found
    }

    /// What has to be looked for before more can be said; `None` when nothing is missing.
    pub(super) fn missing(&self) -> Option<Search> {
        let missing = self.missing.borrow();
        if missing.is_empty() {
            return None;
        }
        let all: Methods = self.asked.union(&missing).cloned().collect();
        let words = Words::new(all.iter().map(|(owner, _)| owner.as_str()));
        let mut wanted = Wanted::nothing();
        all.iter().for_each(|(_, method)| wanted.add(method));
        Some((words, wanted, all))
    }

    /// Takes up the calls in units that were read for them.
    pub(super) fn of(units: &[Loaded], asked: Methods) -> Self {
        let mut calls: FxHashMap<String, Vec<(Site, Call)>> = FxHashMap::default();
        for loaded in units {
            for (method, effects) in loaded.unit.methods.iter().enumerate() {
                for call in &effects.calls {
                    let (Value::Static { method: name, .. } | Value::Method { method: name, .. }) =
                        &call.callee
                    else {
                        continue;
                    };
                    let site = Site { file: loaded.file, unit: loaded.unit.clone(), method };
                    calls.entry(name.to_ascii_lowercase()).or_default().push((site, call.clone()));
                }
            }
        }
        Self { calls, asked, missing: RefCell::default() }
    }
}

/// The name under which others call a method: an extension class adds it to what it extends.
fn called_as(site: &Site) -> &str {
    match &site.unit.extension_of {
        Some(ExtensionOf::Record(name) | ExtensionOf::Class(name) | ExtensionOf::Form(name)) => name,
        Some(ExtensionOf::DataSource { form, .. }) => form,
        None => &site.unit.name,
    }
}

/// `Class.method` or `Class::method`, for people.
pub(super) fn full_name(site: &Site) -> String {
    let Some(method) = site.method() else { return site.unit.name.to_string() };
    let dots = if method.is_static { "::" } else { "." };
    format!("{}{dots}{}", site.unit.name, method.name)
}

/// A call may be one of this method.
fn reaches(resolver: &Resolver<'_>, call: &Call, caller: &Site, method: &Site, way: Way) -> bool {
    let target = called_as(method);
    match &call.callee {
        Value::Static { type_name, .. } => {
            type_name.eq_ignore_ascii_case(target)
                || type_name.eq_ignore_ascii_case(&method.unit.name)
                || extends(resolver, type_name, target)
        }
        Value::Method { on: None, .. } => caller.file == method.file,
        Value::Method { on: Some(on), .. } => resolver
            .look(on, caller, way.further())
            .iter()
            .any(|found| is_of(resolver, found, target, method)),
        _ => false,
    }
}

/// A class of one name extends (or is extended by) that of the other.
fn extends(resolver: &Resolver<'_>, a: &str, b: &str) -> bool {
    let names = |class: &str, wanted: &str| {
        let class = resolver.units.class(class);
        class.is_some_and(|class| {
            resolver.units.bases(class).iter().any(|base| base.unit.name.eq_ignore_ascii_case(wanted))
        })
    };
    names(a, b) || names(b, a)
}

/// The method may be one of what was found.
fn is_of(resolver: &Resolver<'_>, found: &Found, target: &str, method: &Site) -> bool {
    use super::found::What;
    match &found.what {
        What::Table(name, None) | What::Other(name, _) => name.eq_ignore_ascii_case(target),
        What::Table(name, Some(id)) => {
            let other = resolver.units.catalog.find(target);
            name.eq_ignore_ascii_case(target)
                || other.is_some_and(|other| resolver.units.catalog.in_one_chain(*id, other))
        }
        What::Object(Some(file)) => {
            *file == method.file
                || resolver.units.file(*file).is_some_and(|class| {
                    class.unit.name.eq_ignore_ascii_case(target)
                        || extends(resolver, &class.unit.name, target)
                })
        }
        What::DataSource { form, .. } => form.eq_ignore_ascii_case(target),
        // A record of a table map: its methods are called on buffers of any table.
        What::Unknown(Unknown::Generic { type_name }) => {
            method.unit.kind == UnitKind::Map && type_name.eq_ignore_ascii_case(target)
        }
        What::Object(None) | What::List | What::Unknown(_) => false,
    }
}
