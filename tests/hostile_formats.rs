//! Every output format of every command, attacked with names that mean something to whoever reads it.

mod support;

use dualtrack::xpp::lexer::{Lexer, TokenKind};
use serde_json::{Value, json};
use std::fmt::Write as _;
use support::checks::harmless;
use support::odd::{NAMES, entity_name, xml};
use support::{Tree, copy, embedded, mapped, method, root, text};

/// The tree of odd names, with table maps, a dump, volumes, X++ that writes, and an older state of it all.
fn tree() -> Tree {
    let tree = support::odd::tree();
    for (number, name) in NAMES.iter().enumerate() {
        let comment = format!("/// {}\n/* {} */\n", name.replace('\n', " "), name.replace("*/", ""));
        let run = format!(
            "{comment}void run()\n{{\n    Top top;\n    top.A = \"{}\"; top.doUpdate();\n}}",
            spelled(name)
        );
        let code = method("run", &run);
        let class = format!(
            "<AxClass><Name>{}</Name><SourceCode><Declaration><![CDATA[class C{number} {{ }}]]></Declaration><Methods>{code}</Methods></SourceCode></AxClass>",
            xml(name)
        );
        tree.raw(&format!("P{number}/M{number}/AxClass/C{number}.xml"), class);
    }
    needs_an_entry(&tree);
    tree.beside("maps/odd.json", maps().to_string());
    tree.beside("dump.csv", dump());
    tree.beside("volumes.csv", volumes());
    copy(&tree.root(), &tree.folder().join("base"));
    for number in 0..NAMES.len() {
        // What is tracked now was not, and what was is gone.
        let path = format!("P{number}/M{number}/AxDataEntityView/E.xml");
        let text = std::fs::read_to_string(tree.root().join(&path)).expect("an entity");
        tree.raw(&path, text.replace("<DataField>", "<DataField>Other"));
    }
    tree
}

/// An entity that lacks an entry for fields with all these names: the X++ for it names them in a comment.
fn needs_an_entry(tree: &Tree) {
    tree.table("Deep", &["B"]);
    let inner = [mapped("B", "Deep", "B"), mapped("DeepRecId", "Deep", "RecId")].concat();
    tree.entity("Inner", &root("Deep", "Deep", ""), &inner);
    let served: String = NAMES.iter().map(|name| mapped(&xml(name), "Inner", "B")).collect();
    let outer = root("Top", "Top", &embedded("Inner", "Inner", ""));
    tree.entity(
        "Outer",
        &outer,
        &(served + &mapped("DeepRecId", "Inner", "DeepRecId") + &mapped("A", "Top", "A")),
    );
}

/// A name inside quotes of X++.
fn spelled(name: &str) -> String {
    name.replace(['\n', '\r'], " ").replace('\\', "\\\\").replace('"', "\\\"")
}

fn maps() -> Value {
    let leg = |name: &&str| {
        let row = json!({ "syncDirection": 3, "sourceField": name, "destinationField": name, "valueTransforms": [name] });
        json!({ "msdyn_name": name, "msdyn_version": "1.0.0.0", "msdyn_mapping": json!({ "name": name, "legs": [{
            "sourceSchema": entity_name(name), "destinationSchema": name, "sourceFilter": name,
            "reversedSourceFilter": name, "fieldMappings": [row] }] }).to_string() })
    };
    json!({ "value": NAMES.iter().map(leg).collect::<Vec<_>>() })
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn dump() -> String {
    let mut rows = "RefEntityName,RefTableName,DataSourceName\n".to_owned();
    for name in NAMES {
        let _ = writeln!(rows, "{},{},{}", quoted(&entity_name(name)), quoted(name), quoted("other"));
    }
    rows
}

fn volumes() -> String {
    NAMES.iter().fold(String::new(), |mut lines, name| {
        let _ = writeln!(lines, "{},12", quoted(name));
        lines
    })
}

/// Every command with its formats. What is behind `@` lies beside the root.
const COMMANDS: [(&[&str], &[&str]); 12] = [
    (&["analyze", "--maps", "@maps", "--all", "--verbose"], &["text", "json"]),
    (&["suggest", "--all"], &["text", "json", "markdown", "xpp"]),
    (&["impact", "Top", "--all"], &["text", "json"]),
    (&["explain", "end~entity", "--all"], &["text", "json"]),
    (
        &["cost", "--maps", "@maps", "--volumes", "@volumes.csv", "--all", "--verbose"],
        &["text", "json", "csv"],
    ),
    (&["maps", "--maps", "@maps", "--all", "--verbose"], &["text", "json", "csv"]),
    (&["health", "--maps", "@maps", "--all", "--verbose"], &["text", "json", "csv"]),
    (&["reconcile", "@dump.csv", "--all", "--verbose"], &["text", "json", "csv"]),
    (&["writes", "--all", "--verbose"], &["text", "json", "csv"]),
    (
        &["check", "--maps", "@maps", "--all", "--verbose"],
        &["text", "json", "github", "azure", "junit", "markdown", "sarif"],
    ),
    (
        &["diff", "@base", "--all", "--fail-on", "none"],
        &["text", "json", "markdown", "github", "azure", "junit", "sarif"],
    ),
    (&["graph", "--all"], &["dot", "mermaid", "json"]),
];

/// What a command prints to both streams, whatever it finds.
fn said(tree: &Tree, arguments: &[&str], format: &str, service: &str) -> (String, String) {
    let beside = |argument: &&str| match argument.strip_prefix('@') {
        Some(name) => tree.folder().join(name).to_str().expect("a path in Unicode").to_owned(),
        None => (*argument).to_owned(),
    };
    let arguments: Vec<String> = arguments.iter().map(beside).collect();
    let mut command = tree.command(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
    command.args(["--format", format]).env("PATH", "");
    if !service.is_empty() {
        command.env(service, "true");
    }
    let output = command.output().expect("the binary runs");
    let errors = text(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?} {format}: {errors}");
    (text(&output.stdout), errors)
}

#[test]
fn no_format_of_any_command_obeys_a_name() {
    let tree = tree();
    for (arguments, formats) in COMMANDS {
        for format in formats {
            for service in ["", "GITHUB_ACTIONS", "TF_BUILD"] {
                // What is no text for people is written to files.
                if !service.is_empty() && matches!(*format, "dot" | "mermaid" | "junit" | "json") {
                    continue;
                }
                let (printed, errors) = said(&tree, arguments, format, service);
                let what = format!("{arguments:?} {format} {service}");
                assert!(printed.len() > 60, "{what} says something");
                harmless(&errors);
                if !service.is_empty() {
                    no_command(&errors, "", &what);
                    no_command(&printed, format, &what);
                }
                check_format(format, &printed, &what);
            }
        }
    }
}

/// No line gives an order to a pipeline but those of its own format.
fn no_command(printed: &str, format: &str, what: &str) {
    for line in printed.lines() {
        let start = line.trim_start();
        let own = match format {
            "github" => ["::error ", "::warning ", "::notice "].iter().any(|kind| line.starts_with(kind)),
            "azure" => line.starts_with("##vso[task.logissue type="),
            _ => false,
        };
        let orders =
            start.starts_with("::") || line.to_ascii_lowercase().contains("##vso[") || line.contains("##[");
        assert!(own || !orders, "{what}: {line}");
    }
}

fn check_format(format: &str, printed: &str, what: &str) {
    match format {
        "json" | "sarif" => {
            harmless(printed);
            let document: Value =
                serde_json::from_str(printed).unwrap_or_else(|error| panic!("{what}: {error}"));
            assert!(document.is_object(), "{what}");
        }
        "csv" => check_csv(printed, what),
        "junit" => {
            roxmltree::Document::parse(printed).unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        "markdown" => {
            harmless(printed);
            check_markdown(printed, what);
        }
        "xpp" => check_xpp(printed, what),
        // Code in a message is indented as in its file.
        "github" | "azure" => harmless(&printed.replace('\t', " ")),
        _ => harmless(printed),
    }
}

/// A spreadsheet finds no formula, and each row has as many cells as the heading. Names are data there, and stay whole.
fn check_csv(printed: &str, what: &str) {
    let mut reader = csv::Reader::from_reader(printed.trim_start_matches('\u{feff}').as_bytes());
    let mut rows = 0;
    for row in reader.records() {
        let row = row.unwrap_or_else(|error| panic!("{what}: {error}"));
        for cell in &row {
            let is_number = cell.parse::<f64>().is_ok();
            assert!(
                is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
                "{what}: a formula: {cell:?}"
            );
        }
        rows += 1;
    }
    assert!(rows > NAMES.len() / 2, "{what}: {rows} rows");
}

/// Outside code no tag but our own, no link that runs, no heading that is a name.
fn check_markdown(printed: &str, what: &str) {
    let mut fence: Option<&str> = None;
    for line in printed.lines() {
        let start = line.trim_start();
        let ticks = &start[..start.len() - start.trim_start_matches('`').len()];
        if let Some(open) = fence {
            fence = if ticks.len() >= open.len() && start == ticks { None } else { Some(open) };
            continue;
        }
        if ticks.len() >= 3 {
            fence = Some(ticks);
            continue;
        }
        let prose: String = line.split('`').step_by(2).collect();
        let prose = prose.replace("\\]", "").replace("\\[", "");
        assert!(!prose.contains("](javascript"), "{what}: {line}");
        let tags = prose.split('<').skip(1).map(|rest| rest.split(['>', ' ']).next().unwrap_or_default());
        for tag in tags {
            let own = [
                "!--", "details", "/details", "summary", "/summary", "b", "/b", "br", "code", "/code", "sub",
                "/sub",
            ];
            assert!(own.contains(&tag), "{what}: <{tag}> in {line}");
        }
    }
    assert!(fence.is_none(), "{what}: a block of code without end");
}

/// Generated X++ has no word of a name outside strings and comments, and nothing that is left open.
fn check_xpp(printed: &str, what: &str) {
    for token in Lexer::new(printed) {
        let code = token.text(printed);
        assert!(
            !matches!(token.kind, TokenKind::UnterminatedText | TokenKind::UnterminatedComment),
            "{what}: {code}"
        );
        let is_code = !token.is_comment() && !token.is_text();
        assert!(!is_code || !code.eq_ignore_ascii_case("evil"), "{what}: code of a name is run");
    }
    assert!(!printed.contains(|c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t')), "{what}");
}

/// A diff of files is what the files hold, and is read by machines; what is shown of them is not.
#[test]
fn messages_about_applied_suggestions_are_harmless() {
    let tree = tree();
    for service in ["", "GITHUB_ACTIONS", "TF_BUILD"] {
        let mut command = tree.command(&["suggest", "--all", "--apply"]);
        if !service.is_empty() {
            command.env(service, "true");
        }
        let output = command.output().expect("the binary runs");
        let (printed, errors) = (text(&output.stdout), text(&output.stderr));
        assert!(matches!(output.status.code(), Some(0 | 2)), "{errors}");
        for said in [&printed, &errors] {
            harmless(said);
            if !service.is_empty() {
                no_command(said, "", service);
            }
        }
    }
}
