//! `dualtrack writes` on labelled X++: `tests/writes` holds the snippets and what must be said of each line.

mod support;

use dualtrack::xpp::lexer::{Lexer, Token, TokenKind};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use support::Tree;
use support::snippets::{self, Files, Snippet};

/// A line of `expected.csv`.
#[derive(Clone, Debug, serde::Deserialize)]
struct Label {
    snippet: String,
    line: String,
    operation: String,
    table: String,
    columns: String,
    severity: String,
    why: String,
}

/// What the program says of a line, in the words of the labels.
#[derive(Clone, Debug)]
struct Said {
    snippet: String,
    line: usize,
    operation: String,
    table: String,
    columns: String,
    severity: String,
    why: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/writes")
}

fn all_snippets() -> Vec<Snippet> {
    snippets::read(&folder().join("snippets"))
}

fn labels() -> Vec<Label> {
    let mut csv = csv::Reader::from_path(folder().join("expected.csv")).expect("expected.csv");
    csv.deserialize().map(|row| row.expect("a label")).collect()
}

/// The files below a folder, by path with `/`.
fn shared() -> BTreeMap<String, String> {
    let root = folder().join("metadata");
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let below = path.strip_prefix(&root).expect("below the root");
            let parts: Vec<_> = below.iter().map(|p| p.to_str().expect("Unicode")).collect();
            files.insert(parts.join("/"), fs::read_to_string(&path).expect("a file"));
        }
    }
    files
}

/// Every other file has the line ends of Windows and a byte order mark.
fn write_all(tree: &Tree, files: &Files) {
    for (position, (path, lines)) in files.iter().enumerate() {
        let windows = position % 2 == 1;
        let end = if windows { "\r\n" } else { "\n" };
        let mut content = String::from(if windows { "\u{feff}" } else { "" });
        for (line, _) in lines {
            content.push_str(line);
            content.push_str(end);
        }
        tree.raw(path, content);
    }
}

/// The document that the program writes about all snippets.
fn document(files: &Files, arguments: &[&str]) -> Value {
    let tree = Tree::new();
    write_all(&tree, files);
    let maps = folder().join("maps.json");
    let maps = maps.to_str().expect("Unicode");
    let output = tree.prints(&[&["writes", "--maps", maps, "--format", "json"], arguments].concat());
    serde_json::from_str(&output).expect("valid JSON")
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn string(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Snippet and line of a place in a generated file.
fn origin(snippets: &[Snippet], files: &Files, value: &Value) -> (String, usize) {
    let file = string(&value["file"]);
    let line = usize::try_from(value["line"].as_u64().expect("a line")).expect("a small number");
    match files.get(&file).and_then(|lines| lines.get(line - 1)) {
        Some((_, Some((snippet, line)))) => (snippets[*snippet].name.clone(), *line),
        _ => (file, line),
    }
}

fn said(snippets: &[Snippet], files: &Files, document: &Value) -> Vec<Said> {
    let writes = list(document, "writes").iter().map(|write| {
        let (snippet, line) = origin(snippets, files, write);
        let outcome = write["outcome"].as_str().expect("an outcome");
        let (severity, why) = match outcome {
            "finding" => (string(&write["severity"]), ""),
            "unknown_table" => ("unknown".to_owned(), ""),
            "not_tracked" => ("none".to_owned(), "untracked"),
            "temporary_table" | "temporary_buffer" => ("none".to_owned(), "temporary"),
            "staging_table" => ("none".to_owned(), "staging"),
            other => ("none".to_owned(), other),
        };
        let table = write["table"].as_str().unwrap_or("?").to_owned();
        let why = why.to_owned();
        Said { snippet, line, operation: operation(write), table, columns: columns(write), severity, why }
    });
    let transactions = list(document, "transactions").iter().map(|transaction| {
        let (snippet, line) = origin(snippets, files, transaction);
        let mut tables: Vec<String> =
            list(transaction, "writes").iter().map(|w| string(&w["table"])).collect();
        tables.sort();
        tables.dedup();
        let operation = match transaction["rule"].as_str() {
            Some("split-transaction") => "several-transactions",
            _ => "unbalanced-scope",
        };
        let (operation, table, columns) = (operation.to_owned(), tables.join(" "), "-".to_owned());
        let severity = string(&transaction["severity"]);
        Said { snippet, line, operation, table, columns, severity, why: String::new() }
    });
    writes.chain(transactions).collect()
}

/// The operation as the labels call it.
fn operation(write: &Value) -> String {
    let id = string(&write["operation"]);
    match &*id {
        "do_insert" => "doInsert",
        "do_update" => "doUpdate",
        "do_delete" => "doDelete",
        "insert_database" => "insertDatabase",
        "skipped_insert" => "skip+insert",
        "skipped_update" => "skip+update",
        "skipped_delete" => "skip+delete",
        "skipped_write" => "skip+write",
        "sysda_insert" => "SysDaInsertStatement",
        "sysda_update" => "SysDaUpdateStatement",
        "sysda_delete" => "SysDaDeleteStatement",
        "query_insert_recordset" => "Query::insert_recordset",
        "table_truncate" => "tableTruncate",
        sql if sql.starts_with("sql_") => "sql",
        other => other,
    }
    .to_owned()
}

fn columns(write: &Value) -> String {
    let columns = &write["columns"];
    if columns.is_null() {
        return "-".to_owned();
    }
    let mut names: Vec<String> = list(columns, "names").iter().map(string).collect();
    names.sort();
    if columns["complete"] == false {
        names.push("?".to_owned());
    }
    names.join(" ")
}

/// A cell of a label fits what is said; `*` fits everything.
fn fits(label: &str, said: &str) -> bool {
    let sorted = |text: &str| {
        let mut words: Vec<String> = text.split(' ').map(str::to_ascii_lowercase).collect();
        words.sort();
        words
    };
    label == "*" || sorted(label) == sorted(said)
}

impl Label {
    /// It is about this line, operation and table.
    fn is_about(&self, said: &Said) -> bool {
        let operation = match &*self.operation {
            "RecordInsertList" | "RecordSortedList" => "insertDatabase",
            other => other,
        };
        self.snippet == said.snippet
            && (self.line == "*" || self.line == said.line.to_string())
            && fits(operation, &said.operation)
            && fits(&self.table, &said.table)
    }

    fn agrees(&self, said: &Said) -> bool {
        let severity = self.severity == "any" || self.severity == said.severity;
        severity && (self.severity == "any" || self.why == said.why) && fits(&self.columns, &said.columns)
    }
}

/// Where labels and program disagree, in words.
fn disagreements(snippets: &[Snippet]) -> Vec<String> {
    let files = snippets::files(snippets, &shared());
    let document = document(&files, &["--all"]);
    let said = said(snippets, &files, &document);
    let labels = labels();
    let mut wrong = Vec::new();
    for label in &labels {
        assert!(snippets.iter().any(|s| s.name == label.snippet), "no snippet {}", label.snippet);
        let about: Vec<&Said> = said.iter().filter(|s| label.is_about(s)).collect();
        match about.as_slice() {
            [] if label.severity == "any" => {}
            [] => wrong.push(format!("missed: {label:?}")),
            [one] if label.agrees(one) => {}
            several => wrong.push(format!("differs: {label:?}\n         said {several:?}")),
        }
    }
    let unexpected = said.iter().filter(|s| !labels.iter().any(|l| l.is_about(s)));
    wrong.extend(unexpected.map(|s| format!("not labelled: {s:?}")));
    let unread = list(&document, "unread").iter().map(|u| format!("{:?}", origin(snippets, &files, u)));
    wrong.extend(unread.filter(|u| !u.contains("broken")).map(|u| format!("not read: {u}")));
    wrong
}

fn assert_agreement(snippets: &[Snippet]) {
    let wrong = disagreements(snippets);
    assert!(wrong.is_empty(), "{} of {} labels:\n{}", wrong.len(), labels().len(), wrong.join("\n"));
}

#[test]
fn every_label_agrees() {
    assert_agreement(&all_snippets());
}

/// The snippets with each token of their code written anew; the lines stay.
fn rewritten(write: impl Fn(Token, &str) -> String) -> Vec<Snippet> {
    let rewrite = |snippet: Snippet| {
        let mut text = String::new();
        for part in snippet.text.split_inclusive("//- ") {
            let (code, mark) = part.strip_suffix("//- ").map_or((part, ""), |code| (code, "//- "));
            // What follows a mark is its own line.
            let (head, code) =
                if text.is_empty() { ("", code) } else { code.split_at(code.find('\n').unwrap_or(0)) };
            text.push_str(head);
            text.push_str(&rewritten_code(code, &write));
            text.push_str(mark);
        }
        assert_ne!(text, snippet.text, "{}", snippet.name);
        Snippet { text, ..snippet }
    };
    all_snippets().into_iter().map(rewrite).collect()
}

fn rewritten_code(code: &str, write: &impl Fn(Token, &str) -> String) -> String {
    let (mut text, mut end) = (String::new(), 0);
    for token in Lexer::new(code) {
        text.push_str(&code[end..token.start]);
        text.push_str(&write(token, token.text(code)));
        end = token.end;
    }
    text + &code[end..]
}

/// Names and keywords have no case, and a comment may stand between any two tokens.
#[test]
fn case_and_comments_change_nothing() {
    let other_case = |token: Token, text: &str| match token.kind {
        TokenKind::Identifier if token.start.is_multiple_of(2) => text.to_ascii_uppercase(),
        TokenKind::Identifier => text.to_ascii_lowercase(),
        _ => text.to_owned(),
    };
    assert_agreement(&rewritten(other_case));
    let commented = |token: Token, text: &str| match token.kind {
        TokenKind::Identifier | TokenKind::Number | TokenKind::Text | TokenKind::Symbol => {
            format!("{text}/* x.doUpdate(); \" ' */")
        }
        _ => text.to_owned(),
    };
    assert_agreement(&rewritten(commented));
}

/// The set keeps its size, and each kind of label occurs.
#[test]
fn the_set_is_large_and_varied() {
    let snippets = all_snippets();
    let labels = labels();
    assert!(snippets.len() >= 130, "{} snippets", snippets.len());
    for severity in ["error", "warning", "note", "unknown", "none"] {
        assert!(labels.iter().filter(|l| l.severity == severity).count() >= 5, "{severity}");
    }
    let without = snippets.iter().filter(|s| !labels.iter().any(|l| l.snippet == s.name)).count();
    assert!(without >= 15, "{without} snippets that must stay silent");
}

/// Comments that cannot accept anything are reported with the reason.
#[test]
fn comments_that_accept_nothing_are_shown() {
    let snippets = all_snippets();
    let files = snippets::files(&snippets, &shared());
    let document = document(&files, &[]);
    let idle: Vec<(String, usize)> = list(&document, "allowances")
        .iter()
        .filter(|a| a["accepts"] == 0)
        .map(|a| {
            assert!(a["idle_because"].is_string());
            origin(&snippets, &files, a)
        })
        .collect();
    let snippet = "allowed_without_reason".to_owned();
    assert_eq!(idle, [(snippet.clone(), 10), (snippet, 11)]);
}

#[test]
fn threads_do_not_matter() {
    let snippets = all_snippets();
    let files = snippets::files(&snippets, &shared());
    let with = |threads| document(&files, &["--threads", threads]).to_string();
    assert_eq!(with("1"), with("8"));
}
