//! The sample and the results that are committed beside it.

mod support;

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::sync::OnceLock;
use support::sample::{entries, files, list, repository, string};
use support::{Tree, dualtrack, find, text};

/// The arguments that the README shows; they write into `out`.
const ARGUMENTS: [&str; 4] = ["analyze", "metadata", "--maps", "metadata/maps"];

#[test]
fn the_committed_results_are_those_of_the_documented_command() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut command = dualtrack(repository());
    let output = command.args(ARGUMENTS).arg("--out").arg(folder.path()).output().expect("the binary runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    for name in ["tracking.json", "definitions.csv", "graph.dot"] {
        let new = fs::read(folder.path().join(name)).expect("a result");
        let committed = fs::read(repository().join("out").join(name)).unwrap_or_default();
        assert!(
            new == committed,
            "out/{name} is not what the tool writes now. If the change is meant, refresh it with\n  \
             cargo run -- {}\nand look at the difference before you commit it.",
            ARGUMENTS.join(" ")
        );
    }
}

#[test]
fn the_readme_shows_the_command_of_the_committed_results() {
    let readme = fs::read_to_string(repository().join("README.md")).expect("README.md");
    assert!(readme.contains(&format!("dualtrack {}", ARGUMENTS.join(" "))));
}

/// The verdicts of both runs, and those under each answer to an open question.
fn runs() -> &'static [Value] {
    static RUNS: OnceLock<Vec<Value>> = OnceLock::new();
    RUNS.get_or_init(all_runs)
}

fn all_runs() -> Vec<Value> {
    let tree = Tree::sample();
    let maps = tree.root().join("maps").to_str().expect("a path in Unicode").to_owned();
    let mut runs = vec![tree.analyze(&[]), tree.analyze(&["--maps", &maps])];
    let policies: Value =
        serde_json::from_str(&tree.prints(&["list", "policies", "--json"])).expect("valid JSON");
    for policy in list(&policies) {
        for value in list(&policy["values"]).iter().skip(1) {
            let choice = format!("{}={}", string(policy, "key"), string(value, "value"));
            for scope in [&["--maps", &*maps][..], &[]] {
                let tracking = tree.analyze(&[&["--policy", &choice], scope].concat());
                assert_eq!(tracking["policy"][string(policy, "key")], value["value"]);
                runs.push(tracking);
            }
        }
    }
    runs
}

/// All texts under `key` in all that `values` hold.
fn all_texts<'a>(values: impl IntoIterator<Item = &'a Value>, key: &str) -> BTreeSet<&'a str> {
    let texts = values.into_iter().filter_map(|value| value[key].as_str());
    texts.collect()
}

#[test]
fn every_verdict_occurs_in_the_sample() {
    let runs = runs();
    let entities = || runs[..2].iter().flat_map(|run| list(&run["entities"]));
    let entries = || entities().flat_map(entries);
    let verdicts = ["conflicting", "duplicate", "invalid", "mismatched", "needed", "redundant", "unused"];
    assert_eq!(all_texts(entries(), "verdict"), BTreeSet::from(verdicts));
    assert_eq!(
        all_texts(entries(), "match"),
        BTreeSet::from(["by_column", "exact", "join_column", "unverified"])
    );
    assert!(entries().any(|entry| entry["conditional"] == true));

    let statuses = BTreeSet::from(["tracked", "undecidable", "unresolved", "untracked"]);
    let sources = || entities().flat_map(|entity| list(&entity["sources"]));
    let fields = || entities().flat_map(|entity| list(&entity["fields"]));
    let leaves = || fields().flat_map(|field| list(&field["leaves"]));
    assert_eq!(all_texts(sources(), "status"), statuses);
    assert_eq!(all_texts(leaves(), "status"), statuses);
    assert_eq!(all_texts(leaves(), "via"), BTreeSet::from(["data_source", "mapping_method"]));
    assert_eq!(all_texts(leaves(), "kind"), BTreeSet::from(["aggregate", "computed", "mapped", "sql"]));
    assert_eq!(all_texts(sources(), "kind"), BTreeSet::from(["derived", "embedded", "root"]));
    assert_eq!(all_texts(sources(), "join"), BTreeSet::from(["exists", "inner", "outer"]));
    assert_eq!(
        all_texts(sources(), "target_kind"),
        BTreeSet::from(["entity", "table", "unresolved", "view"])
    );
    let needed = runs[..2].iter().flat_map(|run| list(&run["needed"]));
    assert_eq!(all_texts(needed, "remedy"), BTreeSet::from(["add_source", "entry", "expose_rec_id"]));
}

/// Under some answer to the open questions, every reason but the limits and what a broken method gives.
#[test]
fn every_reason_is_shown_by_the_sample() {
    let tree = Tree::sample();
    let known: Value =
        serde_json::from_str(&tree.prints(&["list", "reasons", "--json"])).expect("valid JSON");
    let runs = runs();
    let entities = || runs.iter().flat_map(|run| list(&run["entities"]));
    let sources = entities().flat_map(|entity| list(&entity["sources"]));
    let fields = entities().flat_map(|entity| list(&entity["fields"]));
    let leaves = fields.flat_map(|field| list(&field["leaves"]));
    let shown = all_texts(sources.chain(leaves), "reason");
    let known = all_texts(list(&known), "reason");
    assert_eq!(shown.difference(&known).collect::<Vec<_>>(), [&""; 0], "reasons that `list` does not know");
    let missing: Vec<_> = known.difference(&shown).copied().collect();
    assert_eq!(missing, ["limit", "unknown_method"]);
}

/// What `needed` asks for and what is missing fit together, under every policy.
#[test]
fn what_is_untracked_is_needed_or_has_a_reason_not_to_be() {
    let off = ["temporary_table", "unknown_method", "exists_join", "skip_method"];
    let insert_only = ["DimensionAttributeValueSet"];
    for run in runs() {
        for entity in list(&run["entities"]).iter().filter(|entity| entity["in_scope"] == true) {
            let groups: Vec<&Value> =
                list(&run["needed"]).iter().filter(|group| group["entity"] == entity["name"]).collect();
            for field in list(&entity["fields"]).iter().filter(|field| field["counted"] == true) {
                for leaf in list(&field["leaves"]) {
                    let is_missing = leaf["status"] == "untracked"
                        && !off.iter().any(|reason| leaf["reason"] == *reason)
                        && !insert_only.iter().any(|table| leaf["table"] == *table);
                    let is_needed = groups.iter().any(|group| {
                        group["path"] == leaf["path"]
                            && group["table"] == leaf["table"]
                            && list(&group["fields"]).contains(&field["name"])
                    });
                    assert_eq!(is_missing, is_needed, "{} {leaf}", field["name"]);
                }
            }
        }
    }
}

/// The sample says on its own what it is made of, so that a lost file does not go unnoticed.
#[test]
fn the_sample_is_complete() {
    let files = files();
    let of_kind = |kind: &str| files.iter().filter(|path| path.iter().any(|part| part == kind)).count();
    let kinds = [
        "AxTable",
        "AxView",
        "AxDataEntityView",
        "AxQuery",
        "AxMap",
        "AxClass",
        "AxForm",
        "Descriptor",
        "maps",
    ];
    assert_eq!(kinds.map(of_kind), [33, 3, 15, 3, 1, 15, 1, 5, 6]);
    let tree = Tree::sample();
    let tracking = tree.analyze(&[]);
    assert_eq!(list(&tracking["entities"]).len(), 15);
    assert!(list(&tracking["entities"]).iter().all(|entity| entity["partial"] == false));
    assert_eq!(find(&tracking, "entities", "FabVehicleEntity")["model"], "FabrikamFleet");
}
