//! Suggestions for a tree with an entity that nobody has seen: they are made, the files are read again, nothing that
//! was tracked is lost, and there comes an end.

#![no_main]

use dualtrack::aot::{Methods, read_file};
use dualtrack::catalog::ElementId;
use dualtrack::config::Config;
use dualtrack::edit::{FileChange, apply, plan};
use dualtrack::engine::{Judged, judge, load};
use dualtrack::report::tracking_json;
use dualtrack::suggest::all_changes;
use dualtrack::text::decode;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// As often as the program makes suggestions one after the other.
const ROUNDS: usize = 8;

/// Tables and entities that the unknown entity may build on.
const KNOWN: [(&str, &str); 4] = [
    (
        "AxTable/Address.xml",
        "<AxTable><Name>Address</Name><Fields><AxTableField><Name>Street</Name></AxTableField></Fields></AxTable>",
    ),
    (
        "AxTable/Cust.xml",
        "<AxTable><Name>Cust</Name><Fields><AxTableField><Name>Name</Name></AxTableField><AxTableField><Name>Address</Name></AxTableField></Fields></AxTable>",
    ),
    (
        "AxDataEntityView/AddressEntity.xml",
        "<AxDataEntityView xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\n\t<Name>AddressEntity</Name>\n\t<IsPublic>Yes</IsPublic>\n\t<Fields>\n\t\t<AxDataEntityViewField xmlns=\"\" i:type=\"AxDataEntityViewMappedField\">\n\t\t\t<Name>Street</Name>\n\t\t\t<DataField>Street</DataField>\n\t\t\t<DataSource>Address</DataSource>\n\t\t</AxDataEntityViewField>\n\t</Fields>\n\t<ViewMetadata><DataSources><AxQuerySimpleRootDataSource><Name>Address</Name><Table>Address</Table></AxQuerySimpleRootDataSource></DataSources></ViewMetadata>\n</AxDataEntityView>\n",
    ),
    (
        "AxClass/Cust_Extension.xml",
        "<AxClass><Name>Unknown_Extension</Name><SourceCode><Declaration><![CDATA[[ExtensionOf(tableStr(Unknown))]\nfinal class Unknown_Extension\n{\n}\n]]></Declaration><Methods /></SourceCode></AxClass>",
    ),
];

struct Tree {
    folder: PathBuf,
    config: Config,
}

static TREE: LazyLock<Tree> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("dualtrack-fuzz-suggest-{}", std::process::id()));
    let mut config = Config::default();
    config.metadata = vec![folder.clone()];
    Tree { folder, config }
});

fuzz_target!(|bytes: &[u8]| {
    let tree = &*TREE;
    tree.write(bytes);
    let mut tracked = None;
    for _ in 0..ROUNDS {
        let (now, files) = tree.round();
        let before = tracked.get_or_insert_with(|| now.clone());
        assert!(
            before.is_subset(&now),
            "no longer tracked: {:?}",
            before.difference(&now).collect::<Vec<_>>()
        );
        if files.is_empty() {
            return;
        }
        files.iter().for_each(check_change);
        let own = {
            let model = load(&tree.config, 1).expect("a root");
            model.own_folders(&tree.config)
        };
        apply(&files, &own).expect("the files are applied");
    }
    let (_, files) = tree.round();
    assert!(files.is_empty(), "suggestions without end: {files:?}");
});

/// (entity, field, path, table and column) of the leaves that are tracked.
type Tracked = BTreeSet<[String; 4]>;

impl Tree {
    fn write(&self, unknown: &[u8]) {
        let model = self.folder.join("Own/Own");
        let _ = fs::remove_dir_all(&model);
        for (path, text) in KNOWN {
            put(&model.join(path), text.as_bytes());
        }
        put(&model.join("AxDataEntityView/Unknown.xml"), unknown);
    }

    /// What is tracked, and the files that suggestions would change.
    fn round(&self) -> (Tracked, Vec<FileChange>) {
        let model = load(&self.config, 1).expect("a root");
        let judged = judge(&model, &self.config, 1);
        let entities: Vec<ElementId> = judged.analysis.entities.iter().map(|entity| entity.id).collect();
        let plans = judged.plans(&self.config, &entities);
        for entity in &plans {
            assert!(entity.inconsistencies.is_empty(), "{:?}", entity.inconsistencies);
        }
        (tracked(&judged), plan(&all_changes(&plans)).unwrap_or_default())
    }
}

fn put(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
    fs::write(path, bytes).expect("a file");
}

fn tracked(judged: &Judged<'_>) -> Tracked {
    let mut bytes = Vec::new();
    tracking_json::write(judged, &mut bytes).expect("written");
    let tracking: Value = serde_json::from_slice(&bytes).expect("JSON");
    let mut tracked = Tracked::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for entity in list(&tracking["entities"]) {
        for field in list(&entity["fields"]).iter().filter(|field| field["counted"] == true) {
            for leaf in list(&field["leaves"]).iter().filter(|leaf| leaf["status"] == "tracked") {
                let column = format!("{}.{}", leaf["table"], leaf["column"]);
                tracked.insert([
                    entity["name"].to_string(),
                    field["name"].to_string(),
                    leaf["path"].to_string(),
                    column,
                ]);
            }
        }
    }
    tracked
}

/// A file that was read without complaints is read without complaints afterwards.
fn check_change(change: &FileChange) {
    let problems = |bytes: &[u8]| read_file(&decode(bytes).expect("text"), "x", Methods::All).problems;
    let before = change.before.as_deref().map(problems).unwrap_or_default();
    let after = problems(&change.after);
    assert!(!before.is_empty() || after.is_empty(), "{after:?}");
}
