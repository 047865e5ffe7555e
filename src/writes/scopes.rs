//! Transactions that tear the changes of one entity record apart, and those that are not balanced.
//!
//! What happens outside the method is not known: it may run inside a scope of its caller, which would join its own.
//! So these findings are inferred.

use super::analyze::scoped_tables;
use super::meaning::Meaning;
use super::resolve::Resolver;
use super::units::{Loaded, Site};
use super::{MethodName, ScopedWrite, Transaction, TransactionKind};
use crate::catalog::ElementId;
use crate::source::Place;
use crate::xpp::effects::Scope;
use std::collections::BTreeMap;

/// Calls between methods of a class are followed so far.
const DEEPEST: usize = 3;
/// At most this many writes are listed in one finding.
const MOST_WRITES: usize = 100;

/// The findings of one method, by place.
pub(super) fn transactions(
    resolver: &Resolver<'_>,
    meaning: &Meaning<'_>,
    site: &Site,
    name: &MethodName,
) -> Vec<Transaction> {
    let Some(method) = site.method() else { return Vec::new() };
    let make = |place, statement: &str, kind| Transaction {
        place,
        statement: statement.into(),
        method: name.clone(),
        kind,
        allowed: None,
    };
    let mut found: Vec<Transaction> = method
        .unbalanced
        .iter()
        .map(|unbalanced| {
            let kind = match unbalanced.left_at {
                Some(left_at) => TransactionKind::NotCommitted { left_at: site.place(left_at) },
                None => TransactionKind::NotBegun,
            };
            make(site.place(unbalanced.excerpt.position), &unbalanced.excerpt.text, kind)
        })
        .collect();
    if method.scopes.is_empty() {
        return found;
    }
    let writes = Scoped { resolver, meaning, site }.all(&method.scopes);
    let in_scope = |scope: usize| writes.iter().filter(move |write| write.scope_ix == scope);
    for (index, scope) in method.scopes.iter().enumerate() {
        let Some(loop_place) = scope.in_loop else { continue };
        let writes: Vec<ScopedWrite> =
            in_scope(index).map(|write| write.write.clone()).take(MOST_WRITES).collect();
        if !writes.is_empty() {
            let kind = TransactionKind::PerRow { loop_place: site.place(loop_place), writes };
            found.push(make(site.place(scope.begin.position), &scope.begin.text, kind));
        }
    }
    for (entity, writes) in split(resolver, meaning, &method.scopes, &writes) {
        let Some(last) = writes.iter().map(|write| write.scope_ix).max() else { continue };
        let scope = &method.scopes[last];
        let writes = writes.into_iter().map(|write| write.write).take(MOST_WRITES).collect();
        found.push(make(
            site.place(scope.begin.position),
            &scope.begin.text,
            TransactionKind::Split { entity, writes },
        ));
    }
    found
}

/// A write of a tracked table and the scope that it is in.
#[derive(Clone)]
struct InScope {
    scope_ix: usize,
    write: ScopedWrite,
}

struct Scoped<'a> {
    resolver: &'a Resolver<'a>,
    meaning: &'a Meaning<'a>,
    site: &'a Site,
}

impl Scoped<'_> {
    /// The writes in the scopes of the method, by place; those of methods that it surely calls stand where they stand.
    fn all(&self, scopes: &[Scope]) -> Vec<InScope> {
        let mut writes = Vec::new();
        let Some(method) = self.site.method() else { return writes };
        let begin = |index: usize| scopes.get(index).map(|scope| self.site.place(scope.begin.position));
        for write in &method.writes {
            let Some((index, begin)) = write.scope.and_then(|ix| Some((ix as usize, begin(ix as usize)?)))
            else {
                continue;
            };
            writes.extend(self.tracked(write, self.site, index, begin));
        }
        for (index, scope) in scopes.iter().enumerate() {
            if let Some(called) = &scope.call {
                self.opens(called, (index, self.site.place(scope.begin.position)), &mut writes);
            }
        }
        for call in &method.scoped_calls {
            let index = call.scope as usize;
            if let Some(begin) = begin(index) {
                self.called(
                    &call.method,
                    (index, begin),
                    &mut vec![method.name.to_ascii_lowercase()],
                    &mut writes,
                );
            }
        }
        writes.sort_by(|a, b| {
            (a.write.place, a.write.table, a.scope_ix).cmp(&(b.write.place, b.write.table, b.scope_ix))
        });
        writes.dedup_by(|a, b| a.scope_ix == b.scope_ix && a.write == b.write);
        writes
    }

    fn tracked(
        &self,
        write: &crate::xpp::effects::WriteEffect,
        site: &Site,
        scope_ix: usize,
        scope: Place,
    ) -> Vec<InScope> {
        let tables = scoped_tables(self.resolver, write, site)
            .into_iter()
            .filter(|table| self.meaning.is_tracked(*table));
        let place = site.place(write.excerpt.position);
        tables
            .map(|table| InScope {
                scope_ix,
                write: ScopedWrite { place, statement: write.excerpt.text.clone(), table, scope },
            })
            .collect()
    }

    /// The writes in the scopes of a method that is called outside all scopes. More than one scope there is a finding
    /// there.
    fn opens(&self, name: &str, scope: (usize, Place), writes: &mut Vec<InScope>) {
        let Some(site) = self.surely(name) else { return };
        let Some(method) = site.method().filter(|m| m.scopes.iter().any(|scope| scope.call.is_none())) else {
            return;
        };
        let is_real = |ix: u32| method.scopes.get(ix as usize).is_some_and(|scope| scope.call.is_none());
        for write in method.writes.iter().filter(|write| write.scope.is_some_and(is_real)) {
            writes.extend(self.tracked(write, &site, scope.0, scope.1));
        }
        let above = &mut vec![name.to_ascii_lowercase()];
        for call in method.scoped_calls.iter().filter(|call| is_real(call.scope)) {
            self.called(&call.method, scope, above, writes);
        }
    }

    /// The method of this name in the same unit, when nothing can override it.
    fn surely(&self, name: &str) -> Option<Site> {
        let unit = Loaded { file: self.site.file, unit: self.site.unit.clone() };
        let site = unit.method(name)?;
        let sure = site.method().is_some_and(|m| m.is_fixed || m.is_static || site.unit.is_final);
        sure.then_some(site)
    }

    /// The writes of a method of the same unit that nothing overrides.
    fn called(&self, name: &str, scope: (usize, Place), above: &mut Vec<String>, writes: &mut Vec<InScope>) {
        let key = name.to_ascii_lowercase();
        if above.len() > DEEPEST || above.contains(&key) || writes.len() > MOST_WRITES * MOST_WRITES {
            return;
        }
        let unit = Loaded { file: self.site.file, unit: self.site.unit.clone() };
        let Some(site) = unit.method(name) else { return };
        let Some(method) = site.method().filter(|m| m.is_fixed || m.is_static || site.unit.is_final) else {
            return;
        };
        for write in &method.writes {
            writes.extend(self.tracked(write, &site, scope.0, scope.1));
        }
        above.push(key);
        for called in &method.own_calls {
            self.called(called, scope, above, writes);
        }
        above.pop();
    }
}

/// Writes of two tables of one entity in two scopes of which one follows the other, by entity.
fn split(
    resolver: &Resolver<'_>,
    meaning: &Meaning<'_>,
    scopes: &[Scope],
    writes: &[InScope],
) -> BTreeMap<ElementId, Vec<InScope>> {
    let mut of_entity: BTreeMap<ElementId, Vec<&InScope>> = BTreeMap::new();
    for write in writes {
        for entity in meaning.entities(write.write.table) {
            of_entity.entry(entity).or_default().push(write);
        }
    }
    let catalog = resolver.units.catalog;
    let follows = |a: &InScope, b: &InScope| scopes[b.scope_ix].after.contains(&index(a.scope_ix));
    let torn = |a: &InScope, b: &InScope| {
        a.scope_ix != b.scope_ix
            && (follows(a, b) || follows(b, a))
            && !catalog.in_one_chain(a.write.table, b.write.table)
    };
    let mut found = BTreeMap::new();
    for (entity, writes) in of_entity {
        let involved: Vec<InScope> =
            writes.iter().filter(|a| writes.iter().any(|b| torn(a, b))).map(|a| (*a).clone()).collect();
        if !involved.is_empty() {
            found.insert(entity, involved);
        }
    }
    found
}

fn index(scope: usize) -> u32 {
    u32::try_from(scope).unwrap_or(u32::MAX)
}
