//! Tables that an entity reads only inside the SQL of a computed field.

use super::pages::COMPUTED;
use super::records::Told;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;
use rayon::prelude::*;

const INFO: RuleInfo = RuleInfo {
    name: "sql-only-dependency",
    group: Group::Tracking,
    severity: Severity::Warning,
    confidence: Evidence::Inferred,
    number: None,
    summary: "a mapped field is computed by SQL that reads a table which nothing registers",
    finds: "Tables that the SQL text of a mapped computed field reads, and that are no data source of the \
        entity. One finding for each table.",
    why: "A change of that table changes the value of the field, and nothing tells the framework so: Dataverse \
        keeps the old value. A record that is read inside SQL text has no RecId that an entry could name.",
    example: "```xpp\n\
        private static str lastInvoiceDate()\n\
        {\n\
        \x20   return \"SELECT MAX(T.INVOICEDATE) FROM CustInvoiceJour T WHERE T.INVOICEACCOUNT = ACCOUNTNUM\";\n\
        }\n\
        ```",
    remedy: "Add the table as a data source of the entity and map a field of it. Where the value may be late, \
        allow the finding with a reason.",
    source: "No document says that a computed column registers the tables that its SQL reads; live-sync \
        troubleshooting registers one by hand.",
    url: Some(COMPUTED),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let teller = input.teller();
    let records = input.records(Told::SqlOnly);
    let finding = |record: &super::records::Record| {
        let why = record.clause(&teller);
        record.finding(input, &INFO, &why)
    };
    records.map(finding).collect()
}
