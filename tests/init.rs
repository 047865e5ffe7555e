//! The first day: `init`, a check that passes, a change that does not; schemas of all that is read and written.

mod support;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use support::text;

struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    /// The sample as a team's repository.
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata"), &folder.path().join("src"));
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Output {
        support::dualtrack(self.folder.path()).args(arguments).output().unwrap()
    }

    fn ok(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}\n{}{}", text(&output.stdout), text(&output.stderr));
        text(&output.stdout)
    }

    fn change(&self, path: &str, old: &str, new: &str) {
        let before = fs::read_to_string(self.path(path)).unwrap();
        assert!(before.contains(old), "{path}");
        fs::write(self.path(path), before.replacen(old, new, 1)).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        return;
    }
    for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()) {
        copy(&entry, &to.join(entry.file_name().unwrap()));
    }
}

#[test]
fn green_on_day_one_and_red_when_a_join_breaks() {
    let repository = Repository::new();
    let said = repository.ok(&["init", "src", "--maps", "src/maps"]);
    assert!(said.contains("next: dualtrack check"), "{said}");
    repository.ok(&["check"]);
    let entity = "src/FabrikamFleet/FabrikamFleet/AxDataEntityView/FabVehicleEntity.xml";
    let source = "<Name>FabVehicleType</Name>\n\t\t\t\t\t\t<DynamicFields>Yes</DynamicFields>\n\t\t\t\t\t\t<IsReadOnly>Yes</IsReadOnly>\n";
    repository.change(entity, source, &format!("{source}\t\t\t\t\t\t<JoinMode>OuterJoin</JoinMode>\n"));
    let output = repository.run(&["check"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    assert!(said.contains("FabVehicleType"), "{said}");
}

#[test]
fn nothing_is_overwritten() {
    let repository = Repository::new();
    fs::write(repository.path("dualtrack.toml"), "metadata = 'src'\n").unwrap();
    let said = support::refusal(&repository.run(&["init", "src"]));
    assert!(said.contains("dualtrack.toml is there already"), "{said}");
    assert_eq!(fs::read_to_string(repository.path("dualtrack.toml")).unwrap(), "metadata = 'src'\n");
    assert!(!repository.path("dualtrack-baseline.json").exists());
}

#[test]
fn settings_say_where_they_come_from() {
    let repository = Repository::new();
    let toml = "metadata = 'src'\n\n[policy]\nnested-entity = 'primary'\n";
    fs::write(repository.path("dualtrack.toml"), toml).unwrap();
    let said = repository.ok(&["check", "--show-config", "--policy", "nested-view=none"]);
    let line = |key: &str| said.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
    assert!(line("metadata").ends_with("dualtrack.toml:1"), "{said}");
    assert!(line("policy.nested-entity = \"primary\"").ends_with("dualtrack.toml:4"), "{said}");
    assert!(line("policy.nested-view = \"none\"").ends_with("# command line"), "{said}");
    assert!(line("policy.inheritance").ends_with("# default"), "{said}");
}

fn valid(schema: &str, value: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(value)
        .take(5)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn what_is_written_fits_its_schema() {
    let repository = Repository::new();
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    repository.ok(&["init", "src", "--maps", "src/maps"]);
    repository.ok(&["analyze", "--all", "--out", "out"]);
    let read = |name: &str| fs::read_to_string(repository.path(name)).unwrap();
    valid(&repository.ok(&["schema", "tracking"]), &json(&read("out/tracking.json")));
    valid(&repository.ok(&["schema", "baseline"]), &json(&read("dualtrack-baseline.json")));
    let findings = repository.ok(&["schema", "findings"]);
    valid(&findings, &json(&repository.ok(&["check", "--all", "--json"])));
    fs::remove_file(repository.path("dualtrack-baseline.json")).unwrap();
    fs::write(repository.path("dualtrack.toml"), "metadata = 'src'\nmaps = 'src/maps'\n").unwrap();
    valid(&findings, &json(&text(&repository.run(&["check", "--all", "--json"]).stdout)));
    let settings: toml::Table = "metadata = ['a', 'b']\nlanguage = 'de'\n[policy]\nnested-entity = 'none'\n[rules]\nuntracked-field = 'off'\n[[allow]]\nrule = 'untracked-field'\nelement = '*'\nreason = 'why'\n".parse().unwrap();
    valid(&repository.ok(&["schema", "configuration"]), &serde_json::to_value(settings).unwrap());
}

#[test]
fn a_schema_refuses_what_is_wrong() {
    let repository = Repository::new();
    let refuses = |subject: &str, value: Value| {
        let schema: Value = serde_json::from_str(&repository.ok(&["schema", subject])).unwrap();
        assert!(!jsonschema::validator_for(&schema).unwrap().is_valid(&value), "{subject} {value}");
    };
    refuses("configuration", serde_json::json!({ "metadta": "x" }));
    refuses("configuration", serde_json::json!({ "rules": { "untracked-field": "fatal" } }));
    refuses(
        "baseline",
        serde_json::json!({ "schema": "dualtrack/baseline/1", "findings": [{ "rule": "x" }] }),
    );
    refuses("tracking", serde_json::json!({ "schema": "dualtrack/tracking/1" }));
    refuses("findings", serde_json::json!({ "schema": "dualtrack/findings/2" }));
}
