//! Findings in the formats that pipelines read.

mod support;

use serde_json::Value;
use std::process::Output;
use support::{Tree, embedded, entity, join, relations, root, text};

/// A car whose owner and dealer are not tracked, and a virtual field. One finding is allowed, one in a baseline.
fn cars() -> Tree {
    cars_called("FleetOwner")
}

fn cars_called(owner: &str) -> Tree {
    let tree = Tree::new();
    tree.table("FleetCar", &["PlateId", "Owner", "Dealer"]);
    tree.file("AxTable/Owner", support::table(owner, &["OwnerName"]));
    tree.table("FleetDealer", &["DealerName"]);
    let excluded = "<IsReadOnly>Yes</IsReadOnly><JoinMode>OuterJoin</JoinMode>";
    let inner = [("Owner", owner), ("FleetDealer", "FleetDealer")].map(|(name, target)| {
        embedded(name, target, &format!("{excluded}{}", relations(&[join(name, "RecId")])))
    });
    let mapped = |name: &str, source: &str| {
        format!(
            "<AxDataEntityViewField i:type=\"AxDataEntityViewMappedField\"><Name>{name}</Name><DataField>{name}</DataField><DataSource>{source}</DataSource></AxDataEntityViewField>\n"
        )
    };
    let unmapped = "<AxDataEntityViewField i:type=\"AxDataEntityViewUnmappedFieldString\"><Name>Rating</Name><IsComputedField>No</IsComputedField></AxDataEntityViewField>\n";
    let fields = mapped("PlateId", "FleetCar")
        + &mapped("OwnerName", "Owner")
        + &mapped("DealerName", "FleetDealer")
        + unmapped;
    tree.file(
        "AxDataEntityView/FleetCarEntity",
        entity("FleetCarEntity", "", &root("FleetCar", "FleetCar", &inner.concat()), &fields),
    );
    tree.beside(
        "dualtrack.toml",
        "metadata = 'metadata'\n\n[[allow]]\nrule = 'untracked-field'\nelement = 'FleetCarEntity > FleetDealer*'\nreason = 'dealers never change'\n",
    );
    tree
}

fn check(tree: &Tree, arguments: &[&str]) -> Output {
    tree.command(&[&["check"], arguments].concat()).output().unwrap()
}

fn printed(tree: &Tree, format: &str) -> String {
    text(&check(tree, &["--format", format]).stdout)
}

#[test]
fn golden_text() {
    insta::assert_snapshot!(printed(&cars(), "text"));
}

#[test]
fn golden_json() {
    insta::assert_snapshot!(printed(&cars(), "json"));
}

#[test]
fn golden_github() {
    insta::assert_snapshot!(printed(&cars(), "github"));
}

#[test]
fn golden_azure() {
    insta::assert_snapshot!(printed(&cars(), "azure"));
}

#[test]
fn golden_junit() {
    insta::assert_snapshot!(printed(&cars(), "junit"));
}

#[test]
fn golden_markdown() {
    insta::assert_snapshot!(printed(&cars(), "markdown"));
}

#[test]
fn golden_sarif() {
    insta::assert_snapshot!(printed(&cars(), "sarif"));
}

/// What the schema says against it, and what we ask beyond the schema.
fn valid_sarif(document: &str) -> Value {
    let schema = include_str!("schemas/sarif-2.1.0.json");
    // A published pattern has a bracket too many, which strict readers of patterns refuse.
    let schema = schema.replace("-[a-zA-Z]{2}]?$", "-[a-zA-Z]{2}$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let value: Value = serde_json::from_str(document).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    let run = &value["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        assert!(place.is_string(), "{result}");
        assert_eq!(
            rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()]["id"],
            result["ruleId"]
        );
        assert!(result["partialFingerprints"]["dualtrack/v1"].is_string());
    }
    assert!(rules.iter().all(|rule| rule["help"]["text"].as_str().is_some_and(|help| !help.is_empty())));
    value
}

#[test]
fn sarif_is_valid_and_tells_what_is_allowed_or_known() {
    let tree = cars();
    let value = valid_sarif(&printed(&tree, "sarif"));
    let results = value["runs"][0]["results"].as_array().unwrap();
    let suppressed: Vec<&Value> =
        results.iter().filter(|result| result.get("suppressions").is_some()).collect();
    assert_eq!(suppressed.len(), 1);
    assert_eq!(suppressed[0]["suppressions"][0]["justification"], "dealers never change");
    assert!(results.iter().all(|result| result.get("baselineState").is_none()));

    let update = ["--baseline", "known.txt", "--update-baseline", "--accept-new"];
    assert!(check(&tree, &update).status.success());
    let output = check(&tree, &["--baseline", "known.txt", "--format", "sarif"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let value = valid_sarif(&text(&output.stdout));
    let results = value["runs"][0]["results"].as_array().unwrap();
    let known = results.iter().filter(|result| result["baselineState"] == "unchanged");
    assert!(known.count() >= 2);
    assert!(results.iter().all(|result| result.get("suppressions").is_some()));
}

#[test]
fn the_sample_is_valid_sarif_and_junit() {
    let sample = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("metadata");
    let (sample, maps) = (sample.to_str().unwrap(), sample.join("maps"));
    let arguments = ["-m", sample, "--maps", maps.to_str().unwrap(), "--all"];
    let here = tempfile::tempdir().unwrap();
    let run = |format| {
        let mut command = support::dualtrack(here.path());
        text(&command.arg("check").args(arguments).args(["--format", format]).output().unwrap().stdout)
    };
    let value = valid_sarif(&run("sarif"));
    assert!(value["runs"][0]["results"].as_array().unwrap().len() > 2);
    let junit = run("junit");
    let document = roxmltree::Document::parse(&junit).unwrap();
    let suites = document.root_element();
    assert_eq!(suites.tag_name().name(), "testsuites");
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    assert!(cases.clone().count() > 2);
    assert!(
        cases.clone().all(|case| case.attribute("name").is_some() && case.attribute("classname").is_some())
    );
    let failures = cases.filter(|case| case.children().any(|child| child.has_tag_name("failure"))).count();
    assert_eq!(suites.attribute("failures").unwrap(), failures.to_string());
}

#[test]
fn several_formats_at_once() {
    let tree = cars();
    let output =
        check(&tree, &["--format", "text", "--format", "sarif=a/b.sarif", "--format", "junit=c.xml"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stdout).contains("error[untracked-field]"));
    valid_sarif(&std::fs::read_to_string(tree.folder().join("a/b.sarif")).unwrap());
    assert!(std::fs::read_to_string(tree.folder().join("c.xml")).unwrap().contains("<testsuites"));
}

#[test]
fn pipelines_are_recognised() {
    let tree = cars();
    let summary = tree.beside("summary.md", "before\n");
    let run = |name: &str, more: &[(&str, &str)], arguments: &[&str]| {
        let mut command = tree.command(&[&["check"], arguments].concat());
        command.env(name, "true").envs(more.iter().copied());
        text(&command.output().unwrap().stdout)
    };
    let github = run("GITHUB_ACTIONS", &[("GITHUB_STEP_SUMMARY", &summary)], &[]);
    assert!(github.contains("\n::error file=metadata/Test/Test/AxDataEntityView/FleetCarEntity.xml,line="));
    let summary = std::fs::read_to_string(&summary).unwrap();
    assert!(summary.starts_with("before\n<!-- dualtrack -->\n### dualtrack: "), "{summary}");
    let folder = tree.folder().to_str().unwrap();
    let azure = run("TF_BUILD", &[("AGENT_TEMPDIRECTORY", folder)], &[]);
    assert!(azure.contains("\n##vso[task.logissue type=error;sourcepath=metadata/"), "{azure}");
    assert!(azure.contains("\n##vso[task.uploadsummary]"), "{azure}");
    // Whoever asks for a format gets that one and no other.
    assert!(!run("TF_BUILD", &[], &["--format", "text"]).contains("##vso["));
    assert!(!run("GITHUB_ACTIONS", &[], &["--json"]).contains("::error"));
}

/// Names that would be commands, markup or formulas somewhere.
const HOSTILE: [&str; 6] = [
    "##vso[task.setvariable variable=x]y",
    "x\n::error::owned",
    "</summary><script>alert(1)</script>",
    "x](javascript:alert(1))|`",
    "]]&gt;&amp;\"'",
    "\u{1b}[31mred\u{202e}",
];

#[test]
fn no_name_is_obeyed() {
    for name in HOSTILE {
        let xml = name.replace('&', "&amp;").replace('<', "&lt;").replace('\u{1b}', "&#xFFFD;");
        let tree = cars_called(&xml);
        for format in ["text", "json", "sarif", "github", "azure", "junit", "markdown"] {
            for service in ["", "GITHUB_ACTIONS", "TF_BUILD"] {
                let mut command = tree.command(&["check", "--format", format]);
                if !service.is_empty() {
                    command.env(service, "true");
                }
                let output = command.output().unwrap();
                let said = text(&output.stdout);
                assert!(
                    output.status.code().is_some_and(|code| code < 2),
                    "{name:?} {}",
                    text(&output.stderr)
                );
                assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}'), "{format} {name:?}");
                let commands = said.lines().filter(|line| line.trim_start().starts_with("::"));
                assert!(format == "github" || commands.count() == 0, "{format} {name:?}\n{said}");
                for line in said.lines().filter(|_| service == "TF_BUILD") {
                    let at = line.find("##vso[");
                    let own = format == "azure" && line.starts_with("##vso[task.logissue ");
                    assert!(at.is_none() || own, "{format} {line}");
                }
                if format == "markdown" {
                    let text: String = said.split("```").step_by(2).collect();
                    let text = text.replace("\\]", "");
                    assert!(!text.contains("<script>") && !text.contains("](javascript"), "{said}");
                }
                if format == "junit" {
                    roxmltree::Document::parse(&said).expect("well-formed XML");
                }
                if format == "sarif" {
                    valid_sarif(&said);
                }
            }
        }
    }
}
