//! The command line: help, where roots come from, where output goes, what it looks like.

mod support;

use serde_json::Value;
use std::fs;
use support::checks::harmless;
use support::sample::{list, string};
use support::{Tree, dualtrack, find, refusal, text};

#[test]
fn every_command_has_examples_in_its_help() {
    let tree = Tree::new();
    fs::create_dir_all(tree.root()).expect("a folder");
    let help = |arguments: &[&str]| {
        let output = dualtrack(tree.folder()).args(arguments).output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        text(&output.stdout)
    };
    let overview = help(&["--help"]);
    assert!(overview.contains("Exit codes:"), "{overview}");
    let commands = overview.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands = commands.take_while(|line| !line.is_empty()).filter(|line| !line.starts_with("   "));
    let commands: Vec<&str> = commands.filter_map(|line| line.split_whitespace().next()).collect();
    assert!(commands.len() >= 6, "{overview}");
    for command in commands.into_iter().filter(|command| *command != "help") {
        let help = help(&[command, "--help"]);
        assert!(help.contains("Examples:"), "{help}");
        assert!(help.contains(&format!("  dualtrack {command} ")), "an example of {command}: {help}");
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{help}");
    }
    assert!(help(&["--version"]).starts_with("dualtrack "));
}

/// The examples in the help of a command are command lines that the tool understands.
#[test]
fn the_examples_on_the_sample_work() {
    let tree = Tree::sample();
    for command in ["analyze", "explain", "impact", "graph", "writes", "list"] {
        let output = dualtrack(tree.folder()).args([command, "--help"]).output().expect("the binary runs");
        let help = text(&output.stdout);
        let examples = help.lines().filter_map(|line| line.strip_prefix("  dualtrack "));
        // Those on other folders and without a root cannot run here.
        let here = |line: &&str| command == "list" || line.contains(" metadata");
        let examples: Vec<&str> = examples.filter(here).collect();
        assert!(!examples.is_empty(), "{help}");
        for example in examples {
            let output = dualtrack(tree.folder()).args(example.split(' ')).output().expect("the binary runs");
            assert!(output.status.success(), "{example}: {}", text(&output.stderr));
        }
    }
}

/// Command line, then `dualtrack.toml`, then the variable, then the working directory.
#[test]
fn roots_are_taken_from_the_first_place_that_names_some() {
    let tree = Tree::new();
    for place in ["line", "file", "variable", "."] {
        let entity = format!("Of{}", if place == "." { "Folder" } else { place });
        let xml = support::entity(&entity, "", "", "");
        tree.beside(&format!("{place}/P/M/AxDataEntityView/{entity}.xml"), xml);
    }
    let run = |arguments: &[&str], variable: Option<&str>| {
        let mut command = dualtrack(tree.folder());
        if let Some(variable) = variable {
            command.env("DUALTRACK_METADATA", variable);
        }
        let output =
            command.args(["analyze", "--out", "out"]).args(arguments).output().expect("the binary runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
        let tracking: Value =
            serde_json::from_slice(&fs::read(tree.out().join("tracking.json")).expect("a result"))
                .expect("JSON");
        let entities: Vec<String> =
            list(&tracking["entities"]).iter().map(|e| string(e, "name").to_owned()).collect();
        (entities, text(&output.stdout).lines().next().expect("a line").to_owned())
    };

    let (entities, first) = run(&[], None);
    assert_eq!(
        (entities, first.ends_with("(from this folder)")),
        (vec!["OfFolder".to_owned()], true),
        "{first}"
    );
    let (entities, first) = run(&[], Some("variable"));
    assert_eq!(entities, ["Ofvariable"]);
    assert!(first.ends_with("variable (from DUALTRACK_METADATA)"), "{first}");

    tree.beside("dualtrack.toml", "# roots\nmetadata = 'file'\n");
    let (entities, first) = run(&[], Some("variable"));
    assert_eq!(entities, ["Offile"]);
    assert!(first.contains("dualtrack.toml:2)"), "{first}");
    for arguments in [&["line"][..], &["-m", "line"], &["--metadata", "line"]] {
        let (entities, first) = run(arguments, Some("variable"));
        assert_eq!(entities, ["Ofline"]);
        assert_eq!(first, "metadata  line (from command line)");
    }
    let both = std::env::join_paths(["variable", "line"]).expect("two paths");
    fs::remove_file(tree.folder().join("dualtrack.toml")).expect("the file");
    let (entities, _) = run(&[], both.to_str());
    assert_eq!(entities, ["Ofline", "Ofvariable"]);
}

/// The configuration file counts for the folders below it, and its paths are its own.
#[test]
fn the_configuration_file_is_found_from_a_folder_below() {
    let tree = Tree::sample();
    tree.beside("dualtrack.toml", "metadata = 'metadata'\nmaps = 'metadata/maps'\nout = 'results'\n");
    tree.beside("src/deep/readme.txt", "");
    let output = dualtrack(&tree.folder().join("src/deep")).arg("analyze").output().expect("the binary runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(tree.folder().join("results/tracking.json").is_file());
    assert!(!tree.folder().join("src/deep/out").exists());
    let printed = text(&output.stdout);
    assert!(printed.contains("9 table maps"), "{printed}");
}

#[test]
fn formats_go_to_files_or_to_standard_output() {
    let tree = Tree::sample();
    let json = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).expect("valid JSON");
    let printed = tree.run(&["analyze", "--json"]);
    assert!(json(&printed.stdout) == tree.tracking(), "--json prints tracking.json");
    let printed = tree.prints(&["analyze", "--format", "json=copy/x.json", "--format", "text"]);
    assert!(printed.starts_with("metadata"), "{printed}");
    let copy = fs::read(tree.folder().join("copy/x.json")).expect("the file");
    assert_eq!(copy, fs::read(tree.out().join("tracking.json")).expect("a result"));

    assert_eq!(tree.prints(&["analyze", "--format", "TEXT=summary.txt"]), "");
    let summary = fs::read_to_string(tree.folder().join("summary.txt")).expect("the file");
    assert!(summary.starts_with("metadata") && summary.contains("BusinessEventsDefinition"), "{summary}");

    let subject = "CustCustomerV3Entity.AddressCity";
    let explained = json(tree.prints(&["explain", subject, "--json"]).as_bytes());
    assert_eq!(explained["schema"], "dualtrack/explain/1");
    assert_eq!(tree.prints(&["explain", subject, "--format", "json=explained.json"]), "");
    assert!(json(&fs::read(tree.folder().join("explained.json")).expect("the file")) == explained);
    let impact = json(tree.prints(&["impact", "CustTable", "--json"]).as_bytes());
    assert_eq!(impact["schema"], "dualtrack/impact/1");
    let graph = json(tree.prints(&["graph", "--json"]).as_bytes());
    assert_eq!(graph["schema"], "dualtrack/graph/1");
    refusal(&tree.run(&["analyze", "--format", "json="]));
}

#[test]
fn quiet_prints_nothing_but_what_was_asked_for() {
    let tree = Tree::sample();
    let output = tree.run(&["analyze", "--quiet"]);
    assert_eq!((text(&output.stdout), text(&output.stderr)), (String::new(), String::new()));
    let quiet = tree.run(&["analyze", "-q", "--json"]);
    assert_eq!(quiet.stdout, tree.run(&["analyze", "--json"]).stdout);
    assert_eq!(text(&quiet.stderr), "");
    assert_eq!(
        tree.prints(&["explain", "-q", "FabDepotEntity"]),
        tree.prints(&["explain", "FabDepotEntity"])
    );
    let refused = refusal(&tree.run(&["explain", "-q", "Nope"]));
    assert!(refused.contains("Nope"), "errors are printed all the same: {refused}");
}

#[test]
fn verbose_lists_each_problem_with_its_place() {
    let tree = Tree::sample();
    let maps = tree.root().join("maps");
    let arguments = ["analyze", "--maps", maps.to_str().expect("a path in Unicode")];
    let silent = tree.prints(&arguments);
    let tracking = tree.tracking();
    let count =
        |severity: &str| list(&tracking["problems"]).iter().filter(|p| p["severity"] == severity).count();
    let counted = format!("{} warnings, {} notes (-v lists them)", count("warning"), count("note"));
    assert!(silent.contains(&counted), "{counted}: {silent}");
    let verbose = tree.prints(&[&arguments[..], &["--verbose"]].concat());
    for problem in list(&tracking["problems"]) {
        let (severity, code) = (string(problem, "severity"), string(problem, "code"));
        let line = format!("{severity}[{code}]: {}", string(problem, "message"));
        assert!(verbose.contains(&line) && !silent.contains(&line), "{line}");
        if let Some(file) = problem["file"].as_str() {
            let place = format!("--> {file}:{}:{}", problem["line"], problem["column"]);
            assert!(verbose.contains(&place), "{place}");
        }
    }
}

/// Colours are for terminals: no escape in a pipe, whatever the variables say, unless they are forced.
#[test]
fn what_is_no_terminal_gets_no_escapes() {
    let tree = Tree::sample();
    for arguments in [
        &["analyze", "--all", "--verbose"][..],
        &["explain", "CustCustomerV3Entity", "CustCustomerV3Entity.AddressCity", "--all"],
        &["impact", "LogisticsPostalAddress"],
        &["list", "policies"],
        &["list", "reasons"],
        &["graph"],
        &["writes", "--all", "--verbose"],
        &["explain", "Nope"],
    ] {
        let command = || {
            if arguments[0] == "list" {
                let mut command = dualtrack(tree.folder());
                command.args(arguments);
                return command;
            }
            tree.command(arguments)
        };
        let plain = command().output().expect("the binary runs");
        harmless(&text(&plain.stdout));
        harmless(&text(&plain.stderr));
        let usual =
            command().env_remove("NO_COLOR").env("TERM", "xterm-256color").output().expect("the binary runs");
        assert_eq!(usual.stdout, plain.stdout, "{arguments:?}");
        assert_eq!(usual.stderr, plain.stderr, "{arguments:?}");
    }
    let forced = tree
        .command(&["explain", "FabDepotEntity"])
        .env_remove("NO_COLOR")
        .env("CLICOLOR_FORCE", "1")
        .output();
    let forced = text(&forced.expect("the binary runs").stdout);
    assert!(forced.contains("\u{1b}["), "colours can be forced: {forced}");
    let asked = tree
        .command(&["analyze", "--format", "text=t.txt"])
        .env_remove("NO_COLOR")
        .env("CLICOLOR_FORCE", "1")
        .output();
    assert!(asked.expect("the binary runs").status.success());
    harmless(&fs::read_to_string(tree.folder().join("t.txt")).expect("the file"));
}

/// A choice is shown in the summary, and what it decides changes.
#[test]
fn policies_come_from_the_command_line_or_the_file() {
    let tree = Tree::sample();
    let summary = tree.prints(&["analyze", "--policy", "nested-entity=primary"]);
    assert!(summary.contains("nested-entity=primary"), "{summary}");
    let by_line = tree.tracking();
    assert_eq!(by_line["policy"]["nested-entity"], "primary");
    let source = |tracking: &Value| {
        find(find(tracking, "entities", "CustCustomerV3Entity"), "sources", "DirPartyBaseEntity")["status"]
            .clone()
    };
    assert_eq!(source(&by_line), "tracked");
    assert_eq!(source(&tree.analyze(&[])), "untracked");
    tree.beside("dualtrack.toml", "[policy]\nnested-entity = 'primary'\n");
    assert!(tree.analyze(&[]) == by_line, "the file says the same");
    let back = tree.analyze(&["--policy", "nested-entity=root-only"]);
    assert_eq!(source(&back), "untracked", "the command line goes before the file");
}
