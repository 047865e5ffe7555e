//! `dualtrack check`, run as a user runs it.

mod support;

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Output;
use support::checks::harmless;
use support::sample::repository;
use support::{Tree, dualtrack, embedded, entity, mapped, method, refusal, root, table, text};

const SAMPLE: [&str; 4] = ["check", "metadata", "--maps", "metadata/maps"];
const OUTER: &str = "<JoinMode>OuterJoin</JoinMode>";
const EXCLUDED: &str = "<JoinMode>OuterJoin</JoinMode><IsReadOnly>Yes</IsReadOnly>";

fn run_in(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = dualtrack(folder);
    command.env_remove("CI").env_remove("TF_BUILD").args(arguments).output().expect("the binary runs")
}

fn sample(arguments: &[&str]) -> Output {
    run_in(repository(), &[&SAMPLE, arguments].concat())
}

/// That a data source is not tracked at all is a note of the health check, which is tested elsewhere.
const HEALTH: [&str; 2] = ["-A", "untracked-data-sources"];

fn check(tree: &Tree, arguments: &[&str]) -> Output {
    let mut command = tree.command(&[&["check"], &HEALTH[..], arguments].concat());
    command.env_remove("CI").env_remove("TF_BUILD").output().expect("the binary runs")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("valid JSON")
}

/// The last line, which counts.
fn summary(output: &Output) -> String {
    text(&output.stdout).lines().last().unwrap_or_default().to_owned()
}

/// One entity; its owner is joined as `join` says, so that the finding about it can come and go.
fn tree(join: &str) -> Tree {
    let tree = Tree::new();
    tree.table("Car", &["Plate"]).table("Owner", &["Title"]);
    tree.entity("CarEntity", &root("Car", "Car", &embedded("Owner", "Owner", join)), &fields());
    tree
}

fn fields() -> String {
    mapped("Plate", "Car", "Plate") + &mapped("Title", "Owner", "Title")
}

/// One rule for each thing that a finding can show: the list of rules grows, what is tested here does not.
const SOME: [&str; 16] = [
    "--only",
    "conditional-mapping-entry",
    "--only",
    "conflicting-mapping-entry",
    "--only",
    "disabled-mapping-entry-needed",
    "--only",
    "missing-mapping-entry",
    "--only",
    "skip-method-undecidable",
    "--only",
    "sql-only-dependency",
    "--only",
    "unmatched-map-field",
    "--only",
    "untracked-field",
];

#[test]
fn the_sample() {
    let output = sample(&SOME);
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!("sample", text(&output.stdout));
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn notes_are_whole_with_verbose_only() {
    let output = text(&sample(&[&SOME[..], &["-v"]].concat()).stdout);
    let notes: Vec<&str> = output.split("\n\n").filter(|block| block.starts_with("note[")).collect();
    insta::assert_snapshot!("sample_notes", notes.join("\n\n"));
}

#[test]
fn the_sample_for_tools() {
    let document = json(&sample(&[&SOME[..], &["--json"]].concat()));
    insta::assert_snapshot!("sample_json", serde_json::to_string_pretty(&document).expect("JSON"));
}

#[test]
fn the_level_that_fails_can_be_chosen() {
    let clean = tree(OUTER);
    assert_eq!(check(&clean, &["--fail-on", "note"]).status.code(), Some(0));
    assert_eq!(summary(&check(&clean, &[])), "no findings");
    let broken = tree(EXCLUDED);
    assert_eq!(check(&broken, &[]).status.code(), Some(1));
    for (level, on_error, on_warning, on_note) in
        [("-D", 1, 1, 1), ("-W", 0, 1, 1), ("-A", 0, 0, 0), ("--deny", 1, 1, 1)]
    {
        for (fail_on, code) in [("error", on_error), ("warning", on_warning), ("note", on_note)] {
            let output = check(&broken, &[level, "untracked-field", "--fail-on", fail_on]);
            assert_eq!(output.status.code(), Some(code), "{level} {fail_on}");
        }
    }
    tree_config(&broken, "[rules]\nuntracked-field = 'note'\n");
    assert_eq!(summary(&check(&broken, &[])), "1 note");
    assert_eq!(summary(&check(&broken, &["-D", "untracked-field"])), "1 error");
}

fn tree_config(tree: &Tree, text: &str) {
    tree.beside("dualtrack.toml", text);
}

#[test]
fn a_rule_can_be_asked_alone() {
    let output = sample(&["--only", "disabled-mapping-entry-needed", "--only", "virtual-field-mapped"]);
    assert_eq!((output.status.code(), summary(&output)), (Some(1), "1 error, 2 warnings".to_owned()));
    assert_eq!(sample(&["--only", "nothing"]).status.code(), Some(2));
}

#[test]
fn wrong_usage_is_refused() {
    let tree = tree(EXCLUDED);
    insta::assert_snapshot!(refusal(&check(&tree, &["-D", "untracked"])), @"error: no rule is called untracked; did you mean untracked-field?");
    insta::assert_snapshot!(refusal(&check(&tree, &["-D", "untracked-field", "-W", "untracked-field"])), @"error: rule untracked-field is set to two levels; name it with one of -D, -W and -A");
    insta::assert_snapshot!(refusal(&check(&tree, &["--update-baseline"])), @"error: no baseline is named: --baseline FILE, or baseline = 'FILE' in dualtrack.toml");
    insta::assert_snapshot!(refusal(&check(&tree, &["--baseline", "known.json"])), @"error: there is no baseline known.json; --update-baseline --accept-new writes it");
    insta::assert_snapshot!(refusal(&check(&tree, &["--format", "xml"])), @"error: this command has no format xml; it has text, json, sarif, github, azure, junit, markdown");
    assert_eq!(check(&tree, &["--baseline", "b.json", "--accept-new"]).status.code(), Some(2));
}

#[test]
fn a_baseline_is_made_kept_and_cleaned() {
    let tree = tree(EXCLUDED);
    let with = ["--baseline", "known.json"];
    let made = check(&tree, &[&with[..], &["--update-baseline", "--accept-new"]].concat());
    assert_eq!(made.status.code(), Some(0));
    assert_eq!(summary(&made), "no findings; 1 in the baseline");
    assert_eq!(text(&made.stderr), "known.json: 0 findings removed, 1 finding added\n");
    let path = tree.folder().join("known.json");
    let first = fs::read_to_string(&path).expect("the baseline");
    insta::assert_snapshot!(first, @r#"
    {
    "schema": "dualtrack/baseline/1",
    "findings": [
    {"rule":"untracked-field","kind":"entity","subject":"CarEntity","keys":["Owner","Owner"]}
    ]
    }
    "#);

    let known = check(&tree, &with);
    assert_eq!(
        (known.status.code(), summary(&known)),
        (Some(0), "no findings; 1 in the baseline".to_owned())
    );

    // Reformatted, moved to another file and renamed in another case, it is the same finding.
    let moved =
        entity("CARENTITY", "", &root("Car", "Car", &embedded("OWNER", "owner", EXCLUDED)), &fields());
    fs::remove_file(tree.root().join("Test/Test/AxDataEntityView/CarEntity.xml")).expect("the file");
    tree.file("AxDataEntityView/Moved", moved.replace("><", ">\n\n<"));
    assert_eq!(summary(&check(&tree, &with)), "no findings; 1 in the baseline");

    // Another one is new, and only asking for it makes it known.
    let second = fields() + &mapped("Colour", "Paint", "Colour");
    let sources = embedded("Owner", "Owner", EXCLUDED) + &embedded("Paint", "Paint", EXCLUDED);
    tree.table("Paint", &["Colour"]);
    tree.file("AxDataEntityView/Moved", entity("CarEntity", "", &root("Car", "Car", &sources), &second));
    let updated = check(&tree, &[&with[..], &["--update-baseline"]].concat());
    assert_eq!(updated.status.code(), Some(1));
    assert_eq!(summary(&updated), "1 error; 1 in the baseline");
    assert_eq!(fs::read_to_string(&path).expect("the baseline"), first);

    // Repaired, its line is reported, and removed only when asked for.
    tree.file(
        "AxDataEntityView/Moved",
        entity("CarEntity", "", &root("Car", "Car", ""), &mapped("Plate", "Car", "Plate")),
    );
    let gone = check(&tree, &with);
    assert_eq!(gone.status.code(), Some(0));
    insta::assert_snapshot!(text(&gone.stdout), @r"
    1 finding of known.json does not occur any more (--update-baseline removes what is gone):
      untracked-field CarEntity > Owner > Owner

    no findings
    ");
    assert_eq!(fs::read_to_string(&path).expect("the baseline"), first);
    let cleaned = check(&tree, &[&with[..], &["--update-baseline"]].concat());
    assert_eq!(text(&cleaned.stderr), "known.json: 1 finding removed, 0 findings added\n");
    insta::assert_snapshot!(fs::read_to_string(&path).expect("the baseline"), @r#"
    {
    "schema": "dualtrack/baseline/1",
    "findings": [
    ]
    }
    "#);
}

#[test]
fn a_baseline_is_never_written_in_ci() {
    let tree = tree(EXCLUDED);
    for (name, value) in [("CI", "true"), ("CI", "1"), ("TF_BUILD", "True")] {
        let mut command =
            tree.command(&["check", "--baseline", "b.json", "--update-baseline", "--accept-new"]);
        let command = command.env_remove("CI").env_remove("TF_BUILD").env(name, value);
        let output = command.output().expect("the binary runs");
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(text(&output.stderr).starts_with("note: b.json is not changed"), "{}", text(&output.stderr));
        assert!(!tree.folder().join("b.json").exists());
    }
}

#[test]
fn a_broken_baseline_is_refused_with_its_place() {
    let tree = tree(EXCLUDED);
    let refused = |content: &str| {
        tree.beside("b.json", content);
        refusal(&check(&tree, &["--baseline", "b.json"]))
    };
    insta::assert_snapshot!(refused("{\n\"schema\": \"dualtrack/baseline/1\",\n\"findings\": [\n{\"rule\": 3}\n]}"), @"error: b.json:4:10: not a baseline: invalid type: integer `3`, expected a string");
    insta::assert_snapshot!(refused("{\"schema\": \"dualtrack/baseline/9\", \"lines\": []}"), @"error: the baseline b.json has the format dualtrack/baseline/9; this version reads dualtrack/baseline/1");
    insta::assert_snapshot!(refused("[]"), @"error: b.json:1:2: not a baseline: invalid length 0, expected a baseline: an object with schema and findings");
    insta::assert_snapshot!(refused("<<<<<<< HEAD"), @"error: b.json:1:1: not a baseline: expected value");
    let known = "{\"schema\":\"dualtrack/baseline/1\",\"findings\":[{\"rule\":\"untracked-field\",\"kind\":\"entity\",\"subject\":\"carentity\",\"keys\":[\"owner\",\"OWNER\"]}]}";
    tree.beside("b.json", known);
    assert_eq!(summary(&check(&tree, &["--baseline", "b.json"])), "no findings; 1 in the baseline");
    tree_config(&tree, "baseline = 'b.json'\n");
    assert_eq!(summary(&check(&tree, &[])), "no findings; 1 in the baseline");
}

#[test]
fn what_is_allowed_is_counted_and_has_its_reason() {
    let tree = tree(EXCLUDED);
    tree_config(
        &tree,
        "[[allow]]\nrule = 'untracked-field'\nelement = 'Car* > owner > *'\nreason = 'a job sends it'\n\n\
         [[allow]]\nrule = 'untracked-field'\nelement = 'Van*'\nreason = 'never there'\n",
    );
    let output = check(&tree, &[]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(text(&output.stdout), @r"
    warning[unused-allowance]: this allows no finding of untracked-field; elements like Van* have none
     --> dualtrack.toml:7:8
      |
    6 | [[allow]]
    7 | rule = 'untracked-field'
      |        ^^^^^^^^^^^^^^^^^ covers nothing
    8 | element = 'Van*'
      |
      = note: Its reason: never there
      = help: Remove it, or correct the rule or the pattern.

    1 warning; 1 allowed
    ");
    let document = json(&check(&tree, &["--json"]));
    assert_eq!(document["findings"][1]["state"], "allowed");
    assert_eq!(document["findings"][1]["allowed"]["reason"], "a job sends it");
    assert_eq!(document["findings"][1]["allowed"]["place"]["line"], 2);
}

/// The remark covers what follows it, whatever stands between.
#[test]
fn remarks_in_x_plus_plus_allow_too() {
    let tree = Tree::new();
    tree.table("Car", &["Plate"]).table("Owner", &["Title"]);
    let body = "public static container getEntityDataSourceToFieldMapping(container m)\n{\n    \
        // dualtrack: allow(invalid-mapping-entry) a view, on purpose\n\n    // more\n    m += [\n        \
        [identifierStr(A), tableNum(CarEntity), fieldStr(CarEntity, Plate)]];\n    return m;\n}";
    let methods = method("getEntityDataSourceToFieldMapping", body);
    let declaration = "<SourceCode><Declaration><![CDATA[\n// dualtrack: allow(untracked-field) a job sends it\npublic class CarEntity extends common\n{\n}\n]]></Declaration>";
    let sources = root("Car", "Car", &embedded("Owner", "Owner", EXCLUDED));
    let content = entity("CarEntity", &methods, &sources, &fields()).replace("<SourceCode>", declaration);
    tree.file("AxDataEntityView/CarEntity", content);
    let output = check(&tree, &[]);
    assert_eq!(summary(&output), "no findings; 2 allowed", "{}", text(&output.stdout));
}

#[test]
fn what_others_define_is_not_checked() {
    let tree = tree(EXCLUDED);
    let own = tree.folder().join("own");
    fs::create_dir_all(own.join("P/M/AxTable")).expect("folders");
    fs::write(own.join("P/M/AxTable/Mine.xml"), table("Mine", &["A"])).expect("a file");
    let with = |more: &[&str]| {
        let arguments = [&["check", "own", "metadata"], &HEALTH[..], more].concat();
        run_in(tree.folder(), &arguments)
    };
    let output = with(&[]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(summary(&output), "no findings; other models are not checked (--all checks them)");
    assert_eq!(with(&["--all"]).status.code(), Some(1));
    assert_eq!(json(&with(&["--json"]))["findings"].as_array().map(Vec::len), Some(0));
    tree_config(&tree, "own-models = ['Test']\n");
    assert_eq!(summary(&with(&[])), "1 error; other models are not checked (--all checks them)");
    // An extension of the user's makes the entity one of the user's.
    tree_config(&tree, "");
    let extension = "<AxDataEntityViewExtension xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><Name>CarEntity.M</Name><Fields>\n".to_owned()
        + &mapped("Plate2", "Car", "Plate")
        + "</Fields></AxDataEntityViewExtension>";
    fs::create_dir_all(own.join("P/M/AxDataEntityViewExtension")).expect("folders");
    fs::write(own.join("P/M/AxDataEntityViewExtension/CarEntity.M.xml"), extension).expect("a file");
    assert_eq!(summary(&with(&[])), "1 error; other models are not checked (--all checks them)");
}

#[test]
fn missing_metadata_is_said_first() {
    let tree = Tree::new();
    tree.table("Car", &["Plate"]);
    let inner = embedded("Owner", "CustTable", OUTER) + &embedded("Dim", "DimensionSetEntity", OUTER);
    tree.entity(
        "CarEntity",
        &root("Car", "Car", &inner),
        &(fields() + &mapped("Dims", "Dim", "DisplayValue")),
    );
    let output = check(&tree, &[]);
    assert_eq!(output.status.code(), Some(0));
    insta::assert_snapshot!(text(&output.stdout), @r"
    incomplete 2 elements not loaded: CustTable, DimensionSetEntity; open: 2 mapped fields, 2 data
               sources. Name the metadata root that has them, or a snapshot of it.

    note[unresolved-reference]: CustTable is not loaded: 1 reference to it
    --> Test/Test/AxDataEntityView/CarEntity.xml:15:1

    note[unresolved-reference]: DimensionSetEntity is not loaded: 1 reference to it
    --> Test/Test/AxDataEntityView/CarEntity.xml:18:1

    2 notes
    ");
    let strict = check(&tree, &["--require-complete"]);
    assert_eq!(strict.status.code(), Some(2));
    insta::assert_snapshot!(text(&strict.stderr), @"error: the metadata is not complete (--require-complete): 2 of its elements are not loaded");
    assert!(text(&strict.stdout).starts_with("incomplete 2 elements"));
    assert_eq!(check(&self::tree(OUTER), &["--require-complete"]).status.code(), Some(0));
}

#[test]
fn nothing_loaded_is_no_clean_check() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(run_in(folder.path(), &["check"]).status.code(), Some(2));
    assert_eq!(run_in(folder.path(), &["check", "nowhere"]).status.code(), Some(2));
}

#[test]
fn formats_go_to_files_too() {
    let tree = tree(EXCLUDED);
    let output = check(&tree, &["--format", "json=out/findings.json", "--format", "text=out/findings.txt"]);
    assert_eq!((output.status.code(), text(&output.stdout)), (Some(1), String::new()));
    let written = |name: &str| fs::read_to_string(tree.out().join(name)).expect("the file");
    assert!(written("findings.json").starts_with("{\n\"schema\": \"dualtrack/findings/1\","));
    assert!(written("findings.txt").starts_with("error[untracked-field]: "));
    harmless(&written("findings.txt"));
}

#[test]
fn threads_do_not_matter() {
    for format in ["text", "json"] {
        let with =
            |threads: &str| text(&sample(&["--threads", threads, "--format", format, "-v", "--all"]).stdout);
        assert_eq!(with("1"), with("8"));
    }
}

/// Names, texts of source lines, remarks and reasons reach the terminal with their control characters escaped.
#[test]
fn nothing_hostile_reaches_the_terminal() {
    let tree = Tree::new();
    let bad = "T&#x1b;[2J&#xa;x\u{202e}";
    tree.table(bad, &["A"]);
    let body = "public static container getEntityDataSourceToFieldMapping(container m)\n{\n    // dualtrack: allow(\u{1b}[31m) \u{202e}r\n    m += [['L\u{1b}[1m\t', tableNum(No), 'F\u{202e}'], \u{1b}[2J]; for (;;) { m += 1; }\n    return m;\n}";
    let methods = method("getEntityDataSourceToFieldMapping", body);
    let sources = root("S", bad, &embedded("D\u{2028}", bad, EXCLUDED));
    let fields = mapped("A", "S", "A") + &mapped("B\u{9b}", "D\u{2028}", "A");
    tree.file("AxDataEntityView/E", entity("E&#x1b;[31m", &methods, &sources, &fields));
    tree.beside("maps/m\u{202e}.json", "{\"legs\":[{\"sourceSchema\":\"\\u001b[2J\"}]}");
    for more in [&["-v"][..], &["-v", "--json"], &["-v", "--maps", "maps"], &["--maps", "maps", "--json"]] {
        let output = check(&tree, more);
        let all = format!("{}{}", text(&output.stdout), text(&output.stderr));
        assert!(output.status.code() != Some(101) && all.len() > 100, "{all}");
        harmless(&all);
    }
}

/// Lines of any length and depth: what is shown is bounded.
#[test]
fn windows_are_bounded() {
    let tree = Tree::new();
    tree.table("Car", &["Plate"]).table("Owner", &["Title"]);
    let names = "<Other>x</Other>".repeat(5_000);
    let long = format!("<Label>{}</Label>{EXCLUDED}", "\t\u{e4}".repeat(200_000));
    let inner = embedded("Owner", "Owner", &(long + &names.replace('>', ">\n")));
    let one_line = entity("CarEntity", "", &root("Car", "Car", &inner), &fields());
    tree.file("AxDataEntityView/CarEntity", one_line);
    let shown = text(&check(&tree, &[]).stdout);
    assert!(shown.contains("error[untracked-field]") && shown.len() < 10_000, "{}", shown.len());
    tree.file(
        "AxDataEntityView/CarEntity",
        entity("CarEntity", "", &root("Car", "Car", &inner), &fields()).replace('\n', ""),
    );
    let shown = text(&check(&tree, &[]).stdout);
    assert!(shown.contains("error[untracked-field]") && shown.len() < 10_000, "{}", shown.len());
}
