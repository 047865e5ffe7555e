//! Which data sources of an entity are tracked: rules S1 to S8 (SPEC 6).

use super::verdict::{SourceVerdict, Status};
use super::{
    EntityReadOnly, Inheritance, InnerReadOnly, LookupOnly, NestedEntity, NestedView, Policy, Reason, Scope,
    UnderUntracked,
};
use crate::aot::{Join, SourceKind, TableType};
use crate::catalog::{Binding, Catalog, Element, ElementId, ElementKind, FieldIx, SourceIx};
use crate::graph::Graph;
use crate::xpp::{MethodContent, SkipAnswer, SkipCondition, SkipMethod, SkipStatement};

/// The rules with what they look at.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) graph: &'a Graph,
    pub(super) policy: &'a Policy,
    pub(super) scope: &'a Scope,
}

/// What the skip method says of a data source.
enum Skip {
    /// There is none, or it leaves the decision to S7 and S8.
    Silent,
    Says(bool),
    Undecidable,
}

impl Rules<'_> {
    /// The verdicts on all data sources of an entity, in tree order.
    pub(super) fn sources(&self, id: ElementId) -> Vec<SourceVerdict> {
        let element = self.catalog.element(id);
        element.sources().map(|(ix, _)| self.source(id, element, ix)).collect()
    }

    fn source(&self, id: ElementId, element: &Element, ix: SourceIx) -> SourceVerdict {
        let target = element.source_at(ix).target;
        let primary = target.and_then(|t| self.graph.primary_table(t));
        let verdict =
            |status, reason| SourceVerdict { status, reason, primary, registers: None, decided_by: None };
        let untracked = |reason| verdict(Status::Untracked, Some(reason));
        if let Some((reason, decided_by)) = self.excluded(element, ix) {
            return SourceVerdict { decided_by, ..untracked(reason) };
        }
        let (Some(table), false) = (primary, self.graph.is_cyclic(id, target)) else {
            return verdict(Status::Unresolved, None);
        };
        if self.catalog.element(table).table_type != TableType::Regular {
            return untracked(Reason::TemporaryTable);
        }
        let reason = match self.skip(id, element, ix, table) {
            Skip::Undecidable => return verdict(Status::Undecidable, Some(Reason::SkipMethod)),
            Skip::Says(true) => return untracked(Reason::SkipMethod),
            Skip::Silent if !self.is_bound(id, element, ix) => return untracked(Reason::NoMappedField),
            Skip::Says(false) => Some(Reason::SkipMethod),
            Skip::Silent => None,
        };
        if self.registers_nothing(element, ix, target) {
            return untracked(Reason::NestedSource);
        }
        let registers = Some(self.registered(table));
        SourceVerdict { registers, ..verdict(Status::Tracked, reason) }
    }

    /// The entity's own property, S1, inner joins that are read-only, S2, S3.
    fn excluded(&self, element: &Element, ix: SourceIx) -> Option<(Reason, Option<SourceIx>)> {
        if element.entity.is_read_only && self.policy.entity_read_only == EntityReadOnly::Untracked {
            return Some((Reason::EntityReadOnly, None));
        }
        if is_outer_read_only(element, ix) {
            return Some((Reason::OuterJoinReadOnly, None));
        }
        if self.is_inner_read_only(element, ix) {
            return Some((Reason::InnerJoinReadOnly, None));
        }
        if let Some(ancestor) = self.excluded_ancestor(element, ix) {
            return Some((Reason::UnderUntrackedSource, Some(ancestor)));
        }
        is_exists(element, ix).then_some((Reason::ExistsJoin, None))
    }

    fn is_inner_read_only(&self, element: &Element, ix: SourceIx) -> bool {
        let source = element.source_at(ix);
        self.policy.inner_read_only == InnerReadOnly::Untracked
            && source.kind == SourceKind::Embedded
            && source.join == Some(Join::Inner)
            && source.read_only
    }

    fn excluded_ancestor(&self, element: &Element, ix: SourceIx) -> Option<SourceIx> {
        let mut ancestors = element.ancestors(ix);
        match self.policy.under_untracked {
            UnderUntracked::Untracked => ancestors.find(|a| is_outer_read_only(element, *a)),
            UnderUntracked::Own => None,
        }
    }

    /// Why a hop inside a nested element keeps changes from being seen, under the policies `all`.
    pub(super) fn excluded_hop(&self, id: ElementId, ix: SourceIx) -> Option<Reason> {
        let element = self.catalog.element(id);
        let primary = element.source_at(ix).target.and_then(|t| self.graph.primary_table(t));
        let temporary = primary.is_some_and(|t| self.catalog.element(t).table_type != TableType::Regular);
        if is_outer_read_only(element, ix) {
            Some(Reason::OuterJoinReadOnly)
        } else if self.is_inner_read_only(element, ix) {
            Some(Reason::InnerJoinReadOnly)
        } else if is_exists(element, ix) {
            Some(Reason::ExistsJoin)
        } else if temporary {
            Some(Reason::TemporaryTable)
        } else {
            self.excluded_ancestor(element, ix).map(|_| Reason::UnderUntrackedSource)
        }
    }

    /// S7: a counted field is bound to the data source directly.
    fn is_bound(&self, id: ElementId, element: &Element, ix: SourceIx) -> bool {
        let lookups_count = self.policy.lookup_only == LookupOnly::Counts;
        (0..).map(FieldIx).zip(&element.fields).any(|(field, f)| {
            let bound = match &f.binding {
                Binding::Mapped { source, .. } => element.source(source.id) == Some(ix),
                _ => false,
            };
            bound && self.scope.field(id, field).is_some_and(|m| lookups_count || !m.lookup_only)
        })
    }

    /// What kind of policy governs what the target registers.
    fn registers_nothing(&self, element: &Element, ix: SourceIx, target: Option<ElementId>) -> bool {
        match target.map(|t| self.catalog.element(t).kind) {
            Some(ElementKind::Entity) => match self.policy.nested_entity {
                NestedEntity::RootOnly => {
                    element.source_at(element.record_owner(ix)).kind != SourceKind::Root
                }
                NestedEntity::None => true,
                NestedEntity::Primary | NestedEntity::All => false,
            },
            Some(ElementKind::View) => self.policy.nested_view == NestedView::None,
            _ => false,
        }
    }

    /// Whether a target registers every table that can be reached through it.
    pub(super) fn registers_all(&self, target: ElementId) -> bool {
        match self.catalog.element(target).kind {
            ElementKind::Entity => self.policy.nested_entity == NestedEntity::All,
            ElementKind::View => self.policy.nested_view == NestedView::All,
            ElementKind::Table | ElementKind::Map => false,
        }
    }

    /// The table of the row that a primary table makes.
    fn registered(&self, primary: ElementId) -> ElementId {
        match self.policy.inheritance {
            Inheritance::Chain | Inheritance::Leaf => primary,
            Inheritance::Root => self.catalog.with_ancestors(primary).last().unwrap_or(primary),
        }
    }

    /// Whether a row for a primary table sees changes of another table of its chain.
    pub(super) fn stands_for(&self, primary: ElementId, table: ElementId) -> bool {
        match self.policy.inheritance {
            Inheritance::Chain => self.catalog.in_one_chain(primary, table),
            Inheritance::Leaf => primary == table,
            Inheritance::Root => self.registered(primary) == table,
        }
    }

    /// S6. Out of scope the method is not asked.
    fn skip(&self, id: ElementId, element: &Element, ix: SourceIx, primary: ElementId) -> Skip {
        if !self.scope.contains(id) {
            return Skip::Silent;
        }
        let is_skip = |m: &&crate::xpp::Method| matches!(m.content, MethodContent::Skip(_));
        let in_class = element.extension_classes.iter().any(|c| c.methods.iter().any(|m| is_skip(&m)));
        let own = element.methods.iter().find(is_skip);
        match own.map(|m| &m.content) {
            _ if in_class => Skip::Undecidable,
            Some(MethodContent::Skip(method)) => {
                let name = &element.source_at(ix).name.text;
                let table = self.catalog.element(primary).name.text.as_ref();
                run_skip(method, name, table)
            }
            _ => Skip::Silent,
        }
    }
}

fn is_outer_read_only(element: &Element, ix: SourceIx) -> bool {
    let source = element.source_at(ix);
    source.join == Some(Join::Outer) && source.read_only
}

fn is_exists(element: &Element, ix: SourceIx) -> bool {
    matches!(element.source_at(ix).join, Some(Join::Exists | Join::NotExists))
}

fn run_skip(method: &SkipMethod, source: &str, primary: &str) -> Skip {
    match run(&method.statements, source, primary) {
        Flow::Returned(SkipAnswer::Skip) => Skip::Says(true),
        Flow::Returned(SkipAnswer::Keep) => Skip::Says(false),
        Flow::Returned(SkipAnswer::UnlessMapped) => Skip::Silent,
        Flow::Fell | Flow::Unreadable => Skip::Undecidable,
    }
}

enum Flow {
    Fell,
    Returned(SkipAnswer),
    Unreadable,
}

fn run(statements: &[SkipStatement], source: &str, primary: &str) -> Flow {
    for statement in statements {
        let flow = match statement {
            SkipStatement::Return(answer) => Flow::Returned(*answer),
            SkipStatement::Unreadable => Flow::Unreadable,
            SkipStatement::If { condition, then, otherwise } => match holds(condition, source, primary) {
                Some(true) => run(then, source, primary),
                Some(false) => run(otherwise, source, primary),
                None => Flow::Unreadable,
            },
        };
        if !matches!(flow, Flow::Fell) {
            return flow;
        }
    }
    Flow::Fell
}

/// The value of a condition, evaluated as X++ does: left to right, and no further than needed.
fn holds(condition: &SkipCondition, source: &str, primary: &str) -> Option<bool> {
    match condition {
        SkipCondition::Name(name) => Some(name.eq_ignore_ascii_case(source)),
        SkipCondition::PrimaryTable(table) => Some(table.eq_ignore_ascii_case(primary)),
        SkipCondition::Constant(value) => Some(*value),
        SkipCondition::Not(inner) => holds(inner, source, primary).map(|v| !v),
        SkipCondition::And(a, b) => {
            if holds(a, source, primary)? {
                holds(b, source, primary)
            } else {
                Some(false)
            }
        }
        SkipCondition::Or(a, b) => {
            if holds(a, source, primary)? {
                Some(true)
            } else {
                holds(b, source, primary)
            }
        }
        SkipCondition::Unreadable => None,
    }
}
