//! `check` looks at what the user's models define or extend, and at what that depends on: it says the same as if it
//! had read everything.

#[path = "forest/mod.rs"]
mod forest;
mod support;

use forest::{Forest, Size};
use std::fs;
use std::path::Path;
use support::{dualtrack, embedded, entity, mapped, method, root, table, text};
use tempfile::TempDir;

/// The user's root `own`, before that of others.
struct Installation(TempDir);

const EXCLUDED: &str = "<JoinMode>OuterJoin</JoinMode><IsReadOnly>Yes</IsReadOnly>";

impl Installation {
    /// Others have an entity that never sees a change of its second table.
    fn new() -> Self {
        let installation = Self(tempfile::tempdir().expect("a folder"));
        installation.others("AxTable/Car", table("Car", &["Plate"]));
        installation.others("AxTable/Owner", table("Owner", &["Title"]));
        let fields = mapped("Plate", "Car", "Plate") + &mapped("Title", "Owner", "Title");
        let sources = root("Car", "Car", &embedded("Owner", "Owner", EXCLUDED));
        installation.others("AxDataEntityView/CarEntity", entity("CarEntity", "", &sources, &fields));
        installation.own("AxTable/Mine", table("Mine", &["A"]));
        installation
    }

    fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, content).expect("a file");
    }

    fn own(&self, path: &str, content: impl AsRef<[u8]>) {
        self.write(&format!("own/Mine/Mine/{path}.xml"), content);
    }

    fn others(&self, path: &str, content: impl AsRef<[u8]>) {
        self.write(&format!("others/Suite/Suite/{path}.xml"), content);
    }

    /// What a check prints, and how it ends.
    fn check(&self, arguments: &[&str]) -> String {
        let arguments = [&["check", "own", "others", "-A", "untracked-data-sources"], arguments].concat();
        let mut command = dualtrack(self.0.path());
        let output =
            command.env_remove("CI").env_remove("TF_BUILD").args(arguments).output().expect("it runs");
        let code = output.status.code().expect("an end");
        format!("{code}: {}{}", text(&output.stdout), text(&output.stderr))
    }

    /// What it prints for tools, whatever it reads: a part or everything, with a cache or without.
    fn found(&self, arguments: &[&str]) -> String {
        let with = |more: &[&str]| self.check(&[&["--json"], arguments, more].concat());
        let part = with(&["--no-cache"]);
        assert_eq!(part, with(&["--no-cache", "--verbose"]), "everything was read");
        for _ in 0..2 {
            assert_eq!(part, with(&["--cache-dir", "cache"]), "with a cache");
        }
        part
    }
}

#[test]
fn what_others_define_is_left_alone() {
    let installation = Installation::new();
    assert_eq!(installation.check(&[]), "0: no findings; other models are not checked (--all checks them)\n");
    assert!(installation.check(&["--all"]).contains("1 error"));
    installation.others("AxTable/Broken", "<AxTable><Name>Broken");
    assert!(installation.found(&[]).starts_with("0: "));
    installation.own("AxTable/Torn", "<AxTable><Name>Torn");
    assert!(installation.found(&[]).contains("\"malformed-file\""));
}

/// Of findings about others nobody knows whether they are still there.
#[test]
fn what_is_allowed_or_known_of_others_stays() {
    let installation = Installation::new();
    let allow = |element: &str| {
        let text = format!("[[allow]]\nrule = 'untracked-field'\nelement = '{element}'\nreason = 'seen'\n");
        installation.write("dualtrack.toml", text);
        installation.found(&[]).contains("unused-allowance")
    };
    assert!(!allow("CarEntity"));
    assert!(!allow("CarEntity > Owner > Owner"));
    assert!(!allow("Car*"));
    assert!(allow("Mine"));
    assert!(allow("Nothing"));
    installation.write("dualtrack.toml", "");
    let baseline = ["--baseline", "known.json"];
    installation.check(&[&baseline[..], &["--all", "--update-baseline", "--accept-new"]].concat());
    let known = fs::read(installation.0.path().join("known.json")).expect("a baseline");
    assert!(text(&known).contains("CarEntity"));
    let found = installation.found(&baseline);
    assert!(found.contains("\"gone\":0}"), "{found}");
    installation.check(&[&baseline[..], &["--update-baseline"]].concat());
    assert_eq!(known, fs::read(installation.0.path().join("known.json")).expect("a baseline"));
    fs::remove_file(installation.0.path().join("others/Suite/Suite/AxDataEntityView/CarEntity.xml"))
        .expect("removed");
    assert!(installation.found(&baseline).contains("CarEntity"), "it is gone");
}

/// Who tracks a table shows in the entities of others.
#[test]
fn writes_of_the_user_meet_the_entities_of_others() {
    let installation = Installation::new();
    let class = |body: &str| {
        let source = format!("public void m() {{ Car car; {body} }}");
        let methods = method("m", &source);
        format!(
            "<AxClass><Name>Job</Name><SourceCode><Declaration>class Job {{}}</Declaration><Methods>{methods}</Methods></SourceCode></AxClass>"
        )
    };
    installation.own("AxClass/Job", class("car.Plate = 'x'; car.doUpdate();"));
    assert!(installation.found(&[]).contains("doUpdate() of Car raises no event: CarEntity is not told"));
    // The same X++ of somebody else concerns somebody else.
    installation.own("AxClass/Job", class(""));
    installation.others("AxClass/Other", class("car.Plate = 'x'; car.doUpdate();"));
    assert!(installation.found(&[]).starts_with("0: "));
}

/// What an extension adds to a query is a data source of every entity over that query.
#[test]
fn an_extension_of_a_query_concerns_the_entities_over_it() {
    let installation = Installation::new();
    let query = format!(
        "<AxQuery xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\" i:type=\"AxQuerySimple\"><Name>CarQuery</Name>\
         <DataSources>{}</DataSources></AxQuery>",
        root("Car", "Car", "")
    );
    installation.others("AxQuery/CarQuery", query);
    let over = entity("OverEntity", "", "", &mapped("Plate", "Car", "Plate"))
        .replace("<Name>OverEntity</Name>", "<Name>OverEntity</Name><Query>CarQuery</Query>");
    installation.others("AxDataEntityView/OverEntity", over);
    assert!(!installation.found(&[]).contains("OverEntity"));
    let extension = "<AxQuerySimpleExtension xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><Name>CarQuery.Mine</Name>\
         <DataSources><AxQueryExtensionEmbeddedDataSource><Name>Absent</Name><Parent>Car</Parent><DataSource>\
         <Name>Absent</Name><Table>Absent</Table></DataSource></AxQueryExtensionEmbeddedDataSource></DataSources>\
         </AxQuerySimpleExtension>";
    installation.own("AxQuerySimpleExtension/CarQuery.Mine", extension);
    assert!(installation.found(&[]).contains("OverEntity"));
}

/// A map is the user's, whoever made the entity.
#[test]
fn maps_concern_the_user() {
    let installation = Installation::new();
    let map = r#"{"msdyn_name":"Cars","legs":[{"sourceSchema":"CarEntity","destinationSchema":"cars","sourceFilter":"(Plate == ","fieldMappings":[{"sourceField":"PLATE","destinationField":"plate","syncDirection":3}]}]}"#;
    installation.write("maps/cars.json", map);
    let found = installation.found(&["--maps", "maps"]);
    assert!(found.contains("filter-syntax") && found.contains("CarEntity"), "{found}");
}

#[test]
fn every_package_of_a_generated_tree_is_told_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    Forest::new(7, Size::TINY).write(&folder.path().join("metadata")).expect("a tree");
    let packages = fs::read_dir(folder.path().join("metadata")).expect("packages");
    let mut findings = 0;
    for package in packages.map(|entry| entry.expect("a package").file_name()) {
        let settings = format!("metadata = ['metadata']\nown-models = [{package:?}]\n");
        fs::write(folder.path().join("dualtrack.toml"), settings).expect("a configuration");
        let check = |arguments: &[&str]| printed(folder.path(), &[&["check", "--json"], arguments].concat());
        let part = check(&["--no-cache"]);
        assert_eq!(part, check(&["--no-cache", "--verbose"]), "{package:?}");
        assert_eq!(part, check(&["--cache-dir", "cache"]), "{package:?}, with a cache");
        findings += part.matches("\"fingerprint\"").count();
    }
    assert!(findings > 20, "{findings}");
}

fn printed(folder: &Path, arguments: &[&str]) -> String {
    text(&dualtrack(folder).args(arguments).output().expect("it runs").stdout)
}
