//! `dualtrack reconcile --format csv`: every row of either side, for Excel; nothing is cut.

use super::rows::reasons;
use super::{View, causes};
use crate::reconcile::Row;
use crate::report::definitions_csv::harmless;
use crate::tracking::Evidence;
use std::io::{self, Write};

const HEAD: [&str; 13] = [
    "Group",
    "Compared",
    "RefEntityName",
    "RefTableName",
    "DataSourceName",
    "InDump",
    "Reason",
    "Evidence",
    "Policy",
    "Place",
    "LikelyCause",
    "Check",
    "AgreesUnder",
];

/// Writes the rows by entity, table and data source; UTF-8 with a mark and CRLF, which Excel expects.
pub fn write(view: &View, out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
    csv.write_record(HEAD)?;
    for row in &view.result.rows {
        csv.write_record(cells(view, row).map(|cell| harmless(&cell).into_owned()))?;
    }
    csv.flush()
}

fn cells(view: &View, row: &Row) -> [String; HEAD.len()] {
    let teller = view.teller();
    let reasons = reasons(view, row);
    let rules = || reasons.iter().flat_map(|why| &why.basis);
    let likely: Vec<_> = row.causes.iter().map(|cause| causes::words(view, row, *cause)).collect();
    let under = row.agrees_under.iter().filter_map(|position| view.result.fits.fits.get(*position));
    let dump = row.dump.map(|position| view.dump.inside(view.dump.rows[position].place));
    [
        row.group.id().to_owned(),
        if row.compared { "yes" } else { "no" }.to_owned(),
        view.result.entity(row).name.as_ref().to_owned(),
        row.table.as_ref().to_owned(),
        row.source.as_ref().to_owned(),
        dump.unwrap_or_default(),
        joined(reasons.iter().map(|why| why.text.clone())),
        joined(rules().filter_map(|rule| rule.evidence).map(|e| Evidence::id(e).to_owned())),
        joined(rules().filter_map(|rule| rule.policy).map(str::to_owned)),
        joined(reasons.iter().filter_map(|why| why.place).map(|place| teller.at(place))),
        joined(likely.iter().map(|l| l.text.clone())),
        joined(likely.iter().map(|l| l.check.clone())),
        joined(under.map(super::policies::set_text)),
    ]
}

/// Each text once.
fn joined(texts: impl Iterator<Item = String>) -> String {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        if !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept.join(" | ")
}
