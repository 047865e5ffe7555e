//! Where a field comes from.

use crate::catalog::Catalog;
use crate::engine::Model;
use crate::lineage::{self, JoinColumn};
use crate::report::json::place;
use crate::text::name_order;
use crate::tracking::{EntityAnalysis, LeafVerdict, Reason, Via};
use serde::Serialize;

#[derive(Serialize)]
pub(in crate::report) struct Leaf<'a> {
    path: Vec<&'a str>,
    table: Option<&'a str>,
    column: Option<&'a str>,
    kind: &'static str,
    status: &'static str,
    via: Option<&'static str>,
    reason: Option<&'static str>,
    joins: Vec<Joined<'a>>,
    file: Option<&'a str>,
    line: Option<u32>,
}

/// A column on the way from the entity to a record.
#[derive(Serialize)]
struct Joined<'a> {
    table: Option<&'a str>,
    column: &'a str,
}

pub(in crate::report) fn leaf<'a>(
    model: &'a Model,
    entity: &EntityAnalysis,
    leaf: &'a lineage::Leaf,
    verdict: &LeafVerdict,
    joins: &'a [JoinColumn],
) -> Leaf<'a> {
    let (file, line) = place(model, verdict.place);
    Leaf {
        path: leaf.path_names(&model.catalog, entity.id),
        table: leaf.table.name(&model.catalog),
        column: leaf.column.as_ref().map(|c| &*c.text),
        kind: leaf.kind.id(),
        status: verdict.status.id(),
        via: verdict.via.map(Via::id),
        reason: verdict.reason.map(Reason::id),
        joins: joined(&model.catalog, joins),
        file,
        line,
    }
}

/// Tables and columns without the records that they belong to: each pair once.
fn joined<'a>(catalog: &'a Catalog, joins: &'a [JoinColumn]) -> Vec<Joined<'a>> {
    let mut columns: Vec<&JoinColumn> = Vec::with_capacity(joins.len());
    for join in joins {
        if !columns.iter().any(|known| known.table == join.table && known.name == join.name) {
            columns.push(join);
        }
    }
    let joined = |join: &&'a JoinColumn| Joined { table: join.table.name(catalog), column: &join.name.text };
    let mut joined: Vec<Joined> = columns.iter().map(joined).collect();
    joined.sort_by(|a, b| {
        let table = name_order(a.table.unwrap_or_default(), b.table.unwrap_or_default());
        table.then_with(|| name_order(a.column, b.column))
    });
    joined
}
