//! Every rule over every fixture: what each fixture lists at its end is found, and nothing else.
//!
//! A fixture is one text file below `tests/rules/<rule>/`: a line that says what it shows, files behind lines
//! `--- path` (`metadata/…` is the root, `maps/…` the table maps, `dualtrack.toml` the configuration), and behind
//! `=== findings` one line for each finding. `hit-…` must find something of its rule, `near-miss-…` must not.
//! `UPDATE_FIXTURES=1` writes the findings into the fixtures, for review.

use dualtrack::config::Config;
use dualtrack::engine::{self, Judged};
use dualtrack::finding::{Finding, Site};
use dualtrack::rules::{self, Input, RULES};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const END: &str = "=== findings\n";

struct Fixture {
    path: PathBuf,
    text: String,
}

impl Fixture {
    fn all() -> Vec<Fixture> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules");
        let mut files: Vec<PathBuf> =
            listed(&folder).iter().filter(|path| path.is_dir()).flat_map(|rule| listed(rule)).collect();
        files.sort();
        let read = |path: PathBuf| Fixture { text: fs::read_to_string(&path).expect("a text file"), path };
        files.into_iter().map(read).collect()
    }

    fn rule(&self) -> String {
        name(self.path.parent().expect("the folder of a rule"))
    }

    fn body(&self) -> &str {
        self.text.split_once(END).map_or(&self.text, |(body, _)| body)
    }

    fn expected(&self) -> &str {
        self.text.split_once(END).map_or("", |(_, expected)| expected)
    }

    /// Writes the files of the fixture below `folder`.
    fn unpack(&self, folder: &Path) {
        for part in self.body().split("\n--- ").skip(1) {
            let (path, content) = part.split_once('\n').expect("a path and a content");
            let path = folder.join(path.trim());
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(path, content).expect("a file");
        }
    }

    /// The findings, one line each.
    fn found(&self) -> String {
        let folder = tempfile::tempdir().expect("a temporary folder");
        self.unpack(folder.path());
        let mut config = Config::load(None, folder.path()).expect("a valid configuration");
        config.metadata = vec![folder.path().join("metadata")];
        let maps = folder.path().join("maps");
        config.maps = if maps.exists() { vec![maps] } else { Vec::new() };
        let model = engine::load(&config, 2).expect("metadata");
        let judged = engine::judge(&model, &config, 2);
        let findings = rules::run(&Input { judged: &judged, config: &config }, RULES);
        findings.iter().map(|finding| line(&judged, finding)).collect()
    }
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
}

fn name(path: &Path) -> String {
    path.file_name().expect("a name").to_string_lossy().into_owned()
}

/// `rule level evidence subject [keys] place: message`.
fn line(judged: &Judged, finding: &Finding) -> String {
    let place = match &finding.site {
        Site::Metadata(place) => format!("{}:{}", judged.model.path(place.file), place.line),
        Site::Outside(outside) => match outside.line {
            Some(line) => format!("{}:{line}", outside.path),
            None => outside.path.to_string(),
        },
        Site::Nowhere => "nowhere".to_owned(),
    };
    format!(
        "{} {:?} {} {} [{}] {place}: {}\n",
        finding.rule.name,
        finding.severity,
        finding.confidence.id(),
        finding.subject.name,
        finding.keys.join(" > "),
        finding.message
    )
}

#[test]
fn every_rule_finds_what_the_fixtures_say() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    let mut wrong = Vec::new();
    for fixture in Fixture::all() {
        let found = fixture.found();
        if update {
            fs::write(&fixture.path, format!("{}{END}{found}", fixture.body())).expect("the fixture");
        } else if found != fixture.expected() {
            wrong.push(format!(
                "{}\nexpected:\n{}found:\n{found}",
                fixture.path.display(),
                fixture.expected()
            ));
        }
        let hits = found.lines().any(|line| line.split(' ').next() == Some(&fixture.rule()));
        let file = name(&fixture.path);
        assert!(file.starts_with("hit-") || file.starts_with("near-miss-"), "{file}");
        if hits != file.starts_with("hit-") {
            wrong.push(format!("{} {}", fixture.path.display(), if hits { "hits" } else { "does not hit" }));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_rule_has_a_hit_and_a_near_miss() {
    let fixtures = Fixture::all();
    let with = |prefix: &str| -> BTreeSet<String> {
        fixtures.iter().filter(|f| name(&f.path).starts_with(prefix)).map(Fixture::rule).collect()
    };
    let rules: BTreeSet<String> = RULES.iter().map(|rule| rule.info.name.to_owned()).collect();
    assert_eq!(with("hit-"), rules);
    assert_eq!(with("near-miss-"), rules);
}
