//! Makes the first inputs of every target from the sample metadata: `cargo run --example seed`, in `fuzz/`.

use dualtrack::config::{KEYS, starter};
use dualtrack::dualwrite::{MapFile, parse_maps};
use dualtrack::source::decode;
use roxmltree::{Document, Node};
use serde_json::json;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Longer files teach a fuzzer nothing that shorter ones do not.
const LONGEST: usize = 12_000;

fn main() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    list(&fuzz.join("../metadata"), &mut files);
    files.sort();
    let mut seeds = Seeds { corpus: fuzz.join("corpus"), written: 0 };
    for file in &files {
        let bytes = fs::read(file).expect("a readable file");
        match file.extension().and_then(OsStr::to_str) {
            Some("xml") => seeds.metadata(&bytes),
            Some("json") => seeds.maps(&bytes),
            Some("csv") => seeds.dump(&bytes),
            _ => {}
        }
    }
    seeds.config();
    println!("{} seeds in {}", seeds.written, seeds.corpus.display());
}

fn list(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { list(&path, files) } else { files.push(path) }
    }
}

struct Seeds {
    corpus: PathBuf,
    written: usize,
}

impl Seeds {
    fn put(&mut self, target: &str, bytes: &[u8]) {
        if bytes.len() > LONGEST {
            return;
        }
        let folder = self.corpus.join(target);
        fs::create_dir_all(&folder).expect("a folder for seeds");
        fs::write(folder.join(format!("seed-{:04}", self.written)), bytes).expect("a seed");
        self.written += 1;
    }

    /// A file of the AOT, and the X++ in it.
    fn metadata(&mut self, bytes: &[u8]) {
        self.put("aot_file", bytes);
        for change in 0..4 {
            self.put("edit", &[bytes, &[change, 0, 1, 128, 200, 2]].concat());
        }
        let text = decode(bytes).expect("text");
        let document = Document::parse(&text).expect("XML");
        if document.root_element().has_tag_name("AxDataEntityView") {
            self.put("suggest", bytes);
        }
        let declaration = document.descendants().find(|node| node.has_tag_name("Declaration"));
        let mut unit = format!("c{}", declaration.map(code).unwrap_or_default());
        for method in document.descendants().filter(|node| node.has_tag_name("Method")) {
            let part =
                |name| method.children().find(|node| node.has_tag_name(name)).map(code).unwrap_or_default();
            self.put("xpp_lexer", part("Source").as_bytes());
            self.put("xpp_method", part("Source").as_bytes());
            unit.push_str(&format!("\n---- {}\n{}", part("Name"), part("Source")));
        }
        if unit.contains("\n---- ") {
            self.put("xpp_effects", unit.as_bytes());
        }
    }

    /// A file of table maps, in the shapes in which it is passed around, and the filters in it.
    fn maps(&mut self, bytes: &[u8]) {
        let text = decode(bytes).expect("text");
        self.put("table_maps", bytes);
        self.put("table_maps", json!(text).to_string().as_bytes());
        let row = text.replace('&', "&amp;").replace('<', "&lt;");
        let row = format!(
            "<msdyn_dualwriteentitymap><msdyn_mapping>{row}</msdyn_mapping></msdyn_dualwriteentitymap>"
        );
        let solution = format!(
            "<ImportExportXml><msdyn_dualwriteentitymaps>{row}</msdyn_dualwriteentitymaps></ImportExportXml>"
        );
        self.put("table_maps", solution.as_bytes());
        self.put("solution", solution.as_bytes());
        let file = Arc::new(MapFile { path: "map.json".into(), root: 0, location: "map.json".into() });
        for leg in parse_maps(bytes, &file).0.iter().flat_map(|map| &map.legs) {
            self.put("filters", leg.source_filter.as_bytes());
            self.put("filters", leg.reversed_source_filter.as_bytes());
        }
    }

    /// A dump as CSV, and a few of its cells in the other forms.
    fn dump(&mut self, bytes: &[u8]) {
        self.put("dump", bytes);
        let rows = json!([{ "RefEntityName": "E", "RefTableName": "T", "DataSourceName": "D", "Channel": "DualWrite" }]);
        self.put("dump", rows.to_string().as_bytes());
        self.put("dump", json!({ "value": rows }).to_string().as_bytes());
        self.put("dump", &[b"X", WORKBOOK.join("\0").as_bytes()].concat());
    }

    /// The configuration that `init` writes, with all examples in force.
    fn config(&mut self) {
        let text = starter(&["metadata".into()], &["maps".into()], "baseline.json");
        self.put("config", text.as_bytes());
        for key in KEYS {
            self.put("config", key.example.as_bytes());
        }
    }
}

/// The whole text of an element.
fn code(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// Parts of a workbook, in the order of the target.
const WORKBOOK: [&str; 5] = [
    r#"<workbook xmlns:r="r"><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>"#,
    r#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    r"<sst><si><t>RefEntityName</t></si><si><r><t>RefTable</t></r><r><t>Name</t></r></si></sst>",
    r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#,
    r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><t>DataSourceName</t></is></c></row><row r="2"><c r="A2" t="str"><v>E</v></c><c r="B2" t="inlineStr"><is><t>T</t></is></c><c r="C2"><v>1</v></c></row></sheetData></worksheet>"#,
];
