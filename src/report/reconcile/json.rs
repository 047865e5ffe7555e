//! `dualtrack reconcile --json`: everything, for other tools.

use super::rows::reasons;
use super::{View, causes};
use crate::dualwrite::{DumpForm, DumpRow};
use crate::reconcile::{EntityRows, Fit, Row, Tally};
use crate::report::explain::json::basis;
use crate::report::json::{extend, object, place, write_pretty};
use crate::report::problems;
use crate::words::Why;
use serde_json::{Map, Value, json};
use std::io::{self, Write};

/// Name and version of the format.
pub const SCHEMA: &str = "dualtrack/reconcile/1";

/// Writes the document; nothing is ever cut.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    let result = view.result;
    let (entities, rows) = result.unseen;
    let document = object([
        ("schema", json!(SCHEMA)),
        ("assumed_mapped", json!(view.judged.scope.assumed)),
        ("policy", Value::Object(view.judged.policy.to_json())),
        ("dump", dump(view)),
        ("agreement", agreements(view)),
        ("policies", policies(view)),
        ("entities", result.entities.iter().map(|e| entity(view, e)).collect()),
        ("unseen", object([("entities", json!(entities)), ("rows", json!(rows))])),
        ("rows", result.rows.iter().map(|r| row(view, r)).collect()),
    ]);
    write_pretty(&document, out)
}

fn dump(view: &View) -> Value {
    let dump = view.dump;
    let channel = |c: &crate::dualwrite::ChannelCount| {
        object([("name", json!(c.name)), ("rows", json!(c.rows)), ("compared", json!(c.counts))])
    };
    object([
        ("file", json!(dump.path)),
        ("form", json!(dump.form.id())),
        ("sheet", json!(dump.sheet)),
        ("rows", json!(dump.read)),
        ("keys", json!(dump.rows.len())),
        ("repeated", json!(dump.repeated())),
        ("channels", dump.channels.iter().map(channel).collect()),
        ("problems", dump.problems.iter().map(|p| problems::to_json(view.judged.model, p)).collect()),
    ])
}

fn agreement(tally: Tally) -> Value {
    let total = tally.total();
    let percent = (total > 0).then(|| tally.both * 1_000 / total).map(tenths);
    object([
        ("rows", json!(total)),
        ("both", json!(tally.both)),
        ("only_predicted", json!(tally.only_predicted)),
        ("only_dump", json!(tally.only_dump)),
        ("percent", percent.unwrap_or(Value::Null)),
    ])
}

/// The figure, with that of pairs of entity and table.
fn agreements(view: &View) -> Value {
    let mut all = agreement(view.result.tally());
    extend(&mut all, object([("by_table", agreement(view.result.tally_by_table()))]));
    all
}

/// A number of tenths as a number.
fn tenths(number: usize) -> Value {
    json!(f64::from(u32::try_from(number).unwrap_or(u32::MAX)) / 10.0)
}

fn policies(view: &View) -> Value {
    let fits = &view.result.fits;
    object([
        ("entities", json!(fits.entities)),
        ("differences", json!(fits.differences)),
        ("alternatives", fits.fits.iter().map(|f| fit(view, f)).collect()),
        ("without_effect", json!(fits.silent)),
    ])
}

fn fit(view: &View, fit: &Fit) -> Value {
    let set: Map<String, Value> = fit.set.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
    let row = |position: &usize| {
        let row = &view.result.rows[*position];
        key(&view.result.entity(row).name, &row.table, &row.source)
    };
    let base = i64::try_from(view.result.fits.differences).unwrap_or(i64::MAX);
    let fewer = base - i64::try_from(fit.differences).unwrap_or(i64::MAX);
    object([
        ("set", Value::Object(set)),
        ("differences", json!(fit.differences)),
        ("fewer_differences", json!(fewer)),
        ("agree_then", fit.settled.iter().map(row).collect()),
        ("agree_no_more", fit.lost.iter().map(row).collect()),
        ("predicted_then", fit.added.iter().map(|[e, t, s]| key(e, t, s)).collect()),
        ("configuration", json!(fit.configuration().join("\n"))),
    ])
}

fn key(entity: &str, table: &str, source: &str) -> Value {
    object([
        ("ref_entity_name", json!(entity)),
        ("ref_table_name", json!(table)),
        ("data_source_name", json!(source)),
    ])
}

fn entity(view: &View, entity: &EntityRows) -> Value {
    let model = view.judged.model;
    let defined = entity.id.and_then(|id| model.model_of(model.catalog.element(id)));
    object([
        ("name", json!(&*entity.name)),
        ("model", json!(defined)),
        ("standing", json!(entity.standing.id())),
        ("compared", json!(entity.is_compared())),
        ("both", json!(entity.both)),
        ("only_predicted", json!(entity.only_predicted)),
        ("only_dump", json!(entity.only_dump)),
    ])
}

fn row(view: &View, row: &Row) -> Value {
    let entity = view.result.entity(row);
    let reasons = reasons(view, row);
    let causes = row.causes.iter().map(|cause| {
        let likely = causes::words(view, row, *cause);
        object([("cause", json!(cause.id())), ("likely", json!(likely.text)), ("check", json!(likely.check))])
    });
    let dumped = row.dump.map(|position| &view.dump.rows[position]);
    let (predicted, absent) = match &row.absence {
        None => (reasons.iter().map(|why| reason(view, why)).collect(), Value::Null),
        Some(absence) => {
            let mut told = object([("what", json!(absence.id()))]);
            if let Some(why) = reasons.first() {
                extend(&mut told, reason(view, why));
            }
            (Value::Array(Vec::new()), told)
        }
    };
    object([
        ("group", json!(row.group.id())),
        ("compared", json!(row.compared)),
        ("ref_entity_name", json!(&*entity.name)),
        ("ref_table_name", json!(&*row.table)),
        ("data_source_name", json!(&*row.source)),
        ("table", json!(row.standing.id())),
        ("dump", dumped.map_or(Value::Null, |d| dump_row(view, d))),
        ("predicted_by", predicted),
        ("not_predicted", absent),
        ("other_rec_id_field", json!(row.other_field)),
        ("agrees_under", json!(row.agrees_under)),
        ("causes", causes.collect()),
    ])
}

fn reason(view: &View, why: &Why) -> Value {
    let (file, line) = place(view.judged.model, why.place);
    object([
        ("text", json!(why.text)),
        ("reason", json!(why.reason.map(crate::tracking::Reason::id))),
        ("file", json!(file)),
        ("line", json!(line)),
        ("rules", basis(&why.basis)),
    ])
}

fn dump_row(view: &View, row: &DumpRow) -> Value {
    let at = |place: crate::dualwrite::DumpPlace| {
        let cell = (view.dump.form == DumpForm::Xlsx).then(|| place.cell());
        object([("line", json!(place.line)), ("column", json!(place.column)), ("cell", json!(cell))])
    };
    let columns: Map<String, Value> =
        row.more.iter().map(|(column, value)| (column.name().to_owned(), json!(value))).collect();
    object([
        ("at", at(row.place)),
        ("repeats", row.repeats.iter().map(|place| at(*place)).collect()),
        ("columns", Value::Object(columns)),
    ])
}
