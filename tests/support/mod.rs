//! A folder of metadata made for one test, and the binary run on it.

#![allow(dead_code, unreachable_pub, reason = "each test file uses its part")]

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

    pub fn out(&self) -> PathBuf {
        self.folder.path().join("out")
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

    /// Runs `analyze` on the root and returns `tracking.json`.
    pub fn analyze(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[&["analyze", "--quiet"], arguments].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
        self.tracking()
    }

    pub fn tracking(&self) -> Value {
        let bytes = fs::read(self.out().join("tracking.json")).expect("tracking.json");
        serde_json::from_slice(&bytes).expect("valid JSON")
    }

    /// Runs a command on the root; `analyze` writes below [`Tree::out`].
    pub fn run(&self, arguments: &[&str]) -> Output {
        let mut command = dualtrack(self.folder.path());
        command.args(arguments).arg("--metadata").arg(self.root());
        if arguments.first() == Some(&"analyze") {
            command.arg("--out").arg(self.out());
        }
        command.output().expect("the binary runs")
    }
}

/// The binary with a clean environment.
pub fn dualtrack(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dualtrack"));
    command.current_dir(folder).env_remove("DUALTRACK_METADATA").env("NO_COLOR", "1");
    command
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
