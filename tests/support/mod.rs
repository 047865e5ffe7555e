//! A folder of metadata made for one test, and the binary run on it.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]

pub mod checks;
pub mod odd;
#[path = "../../src/platform/for_tests.rs"]
pub mod platform;
pub mod reasons;
pub mod sample;
pub mod snippets;

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A metadata root in a temporary folder; the package and model are both called `Test`.
pub struct Tree {
    folder: tempfile::TempDir,
}

impl Tree {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("metadata")
    }

    /// The folder that holds the root and everything else that the test writes; the binary runs in it.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// Writes a file beside the root and returns its path for a command line.
    pub fn beside(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(&path, content).expect("a file");
        path.to_str().expect("a path in Unicode").to_owned()
    }

    /// Writes an element file: `AxTable/X` becomes `Test/Test/AxTable/X.xml`.
    pub fn file(&self, kind_and_name: &str, content: impl AsRef<[u8]>) -> &Self {
        self.raw(&format!("Test/Test/{kind_and_name}.xml"), content)
    }

    /// Writes any file below the root.
    pub fn raw(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(path, content).expect("a file");
        self
    }

    pub fn table(&self, name: &str, fields: &[&str]) -> &Self {
        self.file(&format!("AxTable/{name}"), table(name, fields))
    }

    pub fn entity(&self, name: &str, sources: &str, fields: &str) -> &Self {
        self.file(&format!("AxDataEntityView/{name}"), entity(name, "", sources, fields))
    }

    /// Runs `analyze` on the root, without Graphviz (which takes longer than all the rest), and returns
    /// `tracking.json`.
    pub fn analyze(&self, arguments: &[&str]) -> Value {
        let mut command = self.command(&[&["analyze", "--quiet"], arguments].concat());
        let output = command.env("PATH", "").output().expect("the binary runs");
        assert!(output.status.success(), "{}", text(&output.stderr));
        self.tracking()
    }

    pub fn tracking(&self) -> Value {
        let bytes = fs::read(self.out().join("tracking.json")).expect("tracking.json");
        serde_json::from_slice(&bytes).expect("valid JSON")
    }

    /// Runs a command on the root; `analyze` writes below [`Tree::out`].
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the binary runs")
    }

    /// The command that [`Tree::run`] runs. The root stands right behind the command's name, so that the
    /// arguments may end in `--` and names.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let (name, rest) = arguments.split_first().expect("the name of a command");
        let mut command = dualtrack(self.folder.path());
        command.arg(name).arg("--metadata").arg(self.root());
        if *name == "analyze" {
            command.arg("--out").arg(self.out());
        }
        command.args(rest);
        command
    }

    /// What a command prints that ends well.
    pub fn prints(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    }
}

/// The binary with a clean environment.
pub fn dualtrack(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dualtrack"));
    command.current_dir(folder).env_remove("DUALTRACK_METADATA").env("NO_COLOR", "1");
    // Tests may run in a pipeline themselves.
    ["CI", "TF_BUILD", "GITHUB_ACTIONS"].iter().for_each(|name| {
        command.env_remove(name);
    });
    command
}

/// Copies a file, or a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().expect("a folder")).expect("folders");
        fs::copy(from, to).expect("a copy");
        return;
    }
    for entry in fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry").path()) {
        copy(&entry, &to.join(entry.file_name().expect("a name")));
    }
}

/// The error output of a command that refuses to work: exit code 2, nothing else printed, no panic.
pub fn refusal(output: &Output) -> String {
    let error = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}{}", text(&output.stdout));
    assert!(error.starts_with("error: ") && !error.contains("panicked"), "{error}");
    assert_eq!(text(&output.stdout), "", "nothing but the error");
    error
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn table(name: &str, fields: &[&str]) -> String {
    let field = |f| {
        format!(
            "<AxTableField i:type=\"AxTableFieldString\"><Name>{f}</Name></AxTableField>
"
        )
    };
    let fields = fields.iter().map(field).collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <AxTable xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\n<Name>{name}</Name>\n<Fields>\n{fields}</Fields>\n</AxTable>\n"
    )
}

/// A public entity; `methods`, `sources` and `fields` are XML.
pub fn entity(name: &str, methods: &str, sources: &str, fields: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <AxDataEntityView xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\n<Name>{name}</Name>\n\
         <SourceCode><Methods>{methods}</Methods></SourceCode>\n<IsPublic>Yes</IsPublic>\n\
         <Fields>\n{fields}</Fields>\n<ViewMetadata><DataSources>\n{sources}</DataSources></ViewMetadata>\n</AxDataEntityView>\n"
    )
}

pub fn method(name: &str, source: &str) -> String {
    format!("<Method><Name>{name}</Name><Source><![CDATA[{source}]]></Source></Method>\n")
}

/// A root data source with `inner` XML (nested sources).
pub fn root(name: &str, target: &str, inner: &str) -> String {
    format!(
        "<AxQuerySimpleRootDataSource>\n<Name>{name}</Name><Table>{target}</Table>\n\
         <DataSources>\n{inner}</DataSources></AxQuerySimpleRootDataSource>\n"
    )
}

/// An embedded data source with further `properties` XML (`JoinMode`, `IsReadOnly`, `Relations`).
pub fn embedded(name: &str, target: &str, properties: &str) -> String {
    format!(
        "<AxQuerySimpleEmbeddedDataSource>\n<Name>{name}</Name><Table>{target}</Table>{properties}\n\
         </AxQuerySimpleEmbeddedDataSource>\n"
    )
}

/// A join condition: `field` of the parent equals `related` of the data source itself.
pub fn join(field: &str, related: &str) -> String {
    format!(
        "<AxQuerySimpleDataSourceRelation><Name>{field}</Name><Field>{field}</Field>\
         <RelatedField>{related}</RelatedField></AxQuerySimpleDataSourceRelation>"
    )
}

pub fn relations(joins: &[String]) -> String {
    format!("<Relations>{}</Relations>", joins.concat())
}

pub fn mapped(name: &str, source: &str, field: &str) -> String {
    format!(
        "<AxDataEntityViewField i:type=\"AxDataEntityViewMappedField\"><Name>{name}</Name>\
         <DataField>{field}</DataField><DataSource>{source}</DataSource></AxDataEntityViewField>\n"
    )
}

/// The entity of this name.
pub fn find<'a>(tracking: &'a Value, list: &str, name: &str) -> &'a Value {
    let found = tracking[list].as_array().into_iter().flatten().find(|v| v["name"] == name);
    found.unwrap_or_else(|| panic!("no {name} in {list}"))
}
