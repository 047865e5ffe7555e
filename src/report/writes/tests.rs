//! What is rendered, from writes made by hand over the metadata of `tests/writes`.

use super::{Request, View, csv, json, write as text};
use crate::catalog::ElementId;
use crate::config::Config;
use crate::engine::{Judged, judge, load};
use crate::problem::Severity;
use crate::source::Place;
use crate::writes::{
    Allowance, BYPASSING_WRITE, Columns, Harmless, LostEntity, LostField, MethodName, OPERATIONS, Operation,
    Outcome, OwnerKind, ScopedWrite, Searched, Step, StepKind, Target, Transaction, TransactionKind, Unknown,
    Unread, Write, Writes,
};
use std::path::Path;

const HOSTILE: &str = "x\u{1b}[2J\u{202e}\"<b>`=1+1";

/// Runs `test` on the judged metadata.
fn with_judged(test: impl FnOnce(&Judged, &Config)) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/writes");
    let mut config = Config::default();
    config.metadata = vec![folder.join("metadata")];
    config.maps = vec![folder.join("maps.json")];
    let model = load(&config, 1).expect("the metadata");
    test(&judge(&model, &config, 1), &config);
}

struct Maker<'a>(&'a Judged<'a>);

impl Maker<'_> {
    fn id(&self, name: &str) -> ElementId {
        self.0.model.catalog.find(name).expect("the element")
    }

    /// A line of the file of an element.
    fn at(&self, element: &str, line: u32) -> Place {
        let file = self.0.model.catalog.element(self.id(element)).place.expect("a file").file;
        Place { file, line, column: 9 }
    }

    fn method(&self, name: &str) -> MethodName {
        let place = self.at("RentCustomer", 10);
        MethodName {
            element: "RentCustomer".into(),
            kind: OwnerKind::Table,
            part: None,
            name: name.into(),
            place,
        }
    }

    /// An update of customers that changes the fields at these positions, the first for sure.
    fn update(&self, operation: Operation, outcome: Outcome, fields: &[&str]) -> Write {
        let entity = self.id("RentCustomerEntity");
        let catalog = &self.0.model.catalog;
        let field = |(position, name): (usize, &&str)| {
            let field = catalog.name(name).and_then(|n| catalog.element(entity).field(n));
            LostField { field: field.expect("the field"), leaf: 0, sure: position == 0 }
        };
        let fields: Vec<LostField> = fields.iter().enumerate().map(field).collect();
        let table = self.id("RentCustomer");
        Write {
            place: self.at("RentCustomer", 12),
            statement: "customer.doUpdate();".into(),
            operation,
            events_off: None,
            target: Target::Table { name: "RentCustomer".into(), id: Some(table) },
            path: vec![Step {
                place: Some(self.at("RentCustomer", 11)),
                kind: StepKind::Declared { name: "customer".into(), type_name: "RentCustomer".into() },
            }],
            columns: Columns::AtLeast(vec!["Name".into()]),
            method: self.method("run"),
            entities: vec![LostEntity { entity, fields }],
            outcome,
        }
    }

    fn unknown(&self, why: Unknown) -> Write {
        Write {
            target: Target::Unknown(why),
            path: Vec::new(),
            columns: Columns::AtLeast(Vec::new()),
            entities: Vec::new(),
            ..self.update(Operation::DoUpdate, Outcome::UnknownTable, &[])
        }
    }

    fn allowance(&self, rule: &str, reason: Option<&str>, used: usize) -> Allowance {
        let (place, method) = (self.at("RentCustomer", 30), Some(self.method("run")));
        Allowance {
            place,
            rule: rule.into(),
            reason: reason.map(Into::into),
            method,
            whole_method: false,
            used,
        }
    }

    fn transaction(&self, kind: TransactionKind, allowed: Option<usize>) -> Transaction {
        let (place, method) = (self.at("RentContract", 40), self.method("close"));
        Transaction { place, statement: "ttsbegin;".into(), method, kind, allowed }
    }

    fn scoped(&self, table: &str, line: u32) -> ScopedWrite {
        let (place, scope) = (self.at("RentContract", line), self.at("RentContract", line - 2));
        ScopedWrite { place, statement: "x.update();".into(), table: self.id(table), scope }
    }

    fn all(&self) -> Writes {
        let finding = Outcome::Finding;
        let mut skipped =
            self.update(Operation::SkippedUpdate, finding(Severity::Warning), &["Phone", "Name"]);
        skipped.entities[0].fields[0].sure = false;
        skipped.events_off = Some(self.at("RentContract", 3));
        skipped.path.push(Step { place: None, kind: StepKind::Cast { type_name: HOSTILE.into() } });
        let mut delete = self.update(Operation::DeleteFrom, finding(Severity::Warning), &["Name", "Phone"]);
        delete.columns = Columns::Record;
        let mut note = self.update(Operation::UpdateRecordset, finding(Severity::Note), &[]);
        note.columns = Columns::Known(vec!["Remark".into(), HOSTILE.into()]);
        let mut foreign = self.unknown(Unknown::Expression);
        foreign.outcome = Outcome::NotLoaded;
        foreign.target = Target::Table { name: HOSTILE.into(), id: None };
        let harmless = Outcome::Harmless(Harmless::TemporaryBuffer(self.at("RentCustomer", 2)));
        let contract = vec![self.scoped("RentContract", 22), self.scoped("RentContractTerm", 28)];
        let split =
            TransactionKind::Split { entity: self.id("RentContractEntity"), writes: contract.clone() };
        let rows = TransactionKind::PerRow {
            loop_place: self.at("RentContract", 38),
            writes: contract[..1].to_vec(),
        };
        Writes {
            problems: Vec::new(),
            tables: Vec::new(),
            writes: vec![
                note,
                delete,
                skipped,
                self.update(Operation::DoUpdate, finding(Severity::Error), &["Name", "Phone", "CreditMax"]),
                self.unknown(Unknown::Generic { type_name: "Common".into() }),
                self.unknown(Unknown::Parameter { name: HOSTILE.into(), type_name: "Common".into() }),
                self.unknown(Unknown::Method { call: "X::find".into() }),
                self.unknown(Unknown::Undeclared { name: "customer".into() }),
                self.unknown(Unknown::Sql),
                self.unknown(Unknown::Expression),
                foreign,
                self.update(
                    Operation::DoInsert,
                    Outcome::Allowed { severity: Severity::Warning, by: 0 },
                    &["Name"],
                ),
                self.update(Operation::DoInsert, harmless, &[]),
            ],
            transactions: vec![
                self.transaction(split, None),
                self.transaction(rows, None),
                self.transaction(
                    TransactionKind::NotCommitted { left_at: self.at("RentContract", 33) },
                    None,
                ),
                self.transaction(TransactionKind::NotBegun, Some(0)),
            ],
            allowances: vec![
                self.allowance(BYPASSING_WRITE, Some(HOSTILE), 2),
                self.allowance(BYPASSING_WRITE, None, 0),
                self.allowance(BYPASSING_WRITE, Some("long gone"), 0),
                self.allowance(HOSTILE, Some("typo"), 0),
            ],
            unread: vec![Unread {
                place: self.at("RentCustomer", 50),
                statement: format!("customer.{HOSTILE}.doUpdate(;").into(),
                method: self.method(HOSTILE),
            }],
            searched: Searched { files: 40, read: 7 },
        }
    }
}

fn rendered(view: &View) -> String {
    let mut plain = anstream::StripStream::new(Vec::new());
    text(view, &mut plain).expect("memory");
    String::from_utf8(plain.into_inner()).expect("UTF-8")
}

#[test]
fn every_kind_of_statement_is_shown() {
    with_judged(|judged, config| {
        let writes = Maker(judged).all();
        let view =
            View { judged, config, writes: &writes, request: Request::default(), all: true, verbose: false };
        insta::assert_snapshot!(rendered(&view));
    });
}

#[test]
fn names_from_files_reach_no_terminal() {
    with_judged(|judged, config| {
        let writes = Maker(judged).all();
        let view =
            View { judged, config, writes: &writes, request: Request::default(), all: true, verbose: false };
        let (mut json_out, mut csv_out) = (Vec::new(), Vec::new());
        json::write(&view, &mut json_out).expect("memory");
        csv::write(&view, &mut csv_out).expect("memory");
        let json = String::from_utf8(json_out).expect("UTF-8");
        for shown in [rendered(&view), json.clone()] {
            let hostile = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
            assert!(!shown.contains(hostile), "{shown}");
        }
        let document: serde_json::Value = serde_json::from_str(&json).expect("valid JSON");
        assert_eq!(document["totals"]["findings"], serde_json::json!({"error": 1, "warning": 2, "note": 1}));
        assert_eq!(document["writes"].as_array().map(Vec::len), Some(13));
        let mut reader = ::csv::Reader::from_reader(&csv_out[3..]);
        let rows: Vec<::csv::StringRecord> = reader.records().map(|r| r.expect("a line")).collect();
        assert_eq!(rows.len(), 4 + 3 + 6 + 1 + 1 + 1);
        assert!(rows.iter().flatten().all(|cell| !cell.starts_with(['=', '+', '-', '@'])));
    });
}

/// A long list is cut, and says by how much.
#[test]
fn long_lists_are_cut() {
    with_judged(|judged, config| {
        let maker = Maker(judged);
        let finding = |_| maker.update(Operation::DoUpdate, Outcome::Finding(Severity::Error), &["Name"]);
        let unknown = |_| maker.unknown(Unknown::Sql);
        let writes = Writes {
            writes: (0..500).map(finding).chain((0..300).map(unknown)).collect(),
            allowances: (0..100).map(|_| maker.allowance(BYPASSING_WRITE, None, 0)).collect(),
            transactions: (0..70).map(|_| maker.transaction(TransactionKind::NotBegun, None)).collect(),
            ..Writes::default()
        };
        let view =
            View { judged, config, writes: &writes, request: Request::default(), all: false, verbose: false };
        let shown = rendered(&view);
        assert!(shown.lines().count() < 320, "{} lines", shown.lines().count());
        for rest in
            ["480 more (480 errors)", "60 more warnings about transactions", "and 292 more", "and 92 more"]
        {
            assert!(shown.contains(rest), "{rest}: {shown}");
        }
    });
}

/// The documentation lists every operation as the program knows it.
#[test]
fn the_documentation_lists_every_operation() {
    let page = include_str!("../../../docs/writes.md");
    let rows: Vec<String> = OPERATIONS
        .iter()
        .map(|info| {
            let falls_back = if info.may_fall_back { " yes" } else { "" };
            let (written, id, change) = (info.written, info.id, info.change.id());
            format!("| `{written}` | `{id}` | {change} | {} |{falls_back} |", info.evidence.id())
        })
        .collect();
    let section = page.split("## The statements").nth(1).and_then(|rest| rest.split("\n\n").nth(1));
    let listed: Vec<&str> = section.unwrap_or_default().lines().skip(2).collect();
    assert_eq!(listed, rows);
}
