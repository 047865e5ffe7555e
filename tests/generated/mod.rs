//! Metadata that nobody wrote: tables, views and three levels of entities in two models, with mapping methods in
//! every state, in the encodings and line ends that occur.

#![allow(unreachable_pub, reason = "shared by tests")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// A small generator of numbers; the same seed gives the same tree.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n as u64).unwrap()
    }

    /// True in so many of a hundred cases.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

/// A view or entity in the making.
struct Element {
    name: String,
    is_entity: bool,
    model: &'static str,
    /// (name, target, join; `RO` at its end: read-only).
    sources: Vec<(String, String, &'static str)>,
    fields: Vec<(String, String, String)>,
    union: bool,
    aggregate: bool,
}

/// A generated metadata root.
pub struct Forest {
    random: Random,
    elements: Vec<Element>,
    files: Vec<(String, String)>,
}

const TABLES: usize = 6;
const COLUMNS: [&str; 4] = ["Name", "Ref0", "Ref1", "Ref2"];

impl Forest {
    pub fn new(seed: u64) -> Self {
        let mut forest = Self { random: Random(seed), elements: Vec::new(), files: Vec::new() };
        for table in 0..TABLES {
            forest.table(table);
        }
        for (level, count) in [(0, 2), (1, 3), (2, 3), (3, 2)] {
            for n in 0..count {
                forest.element(level, n);
            }
        }
        for at in 0..forest.elements.len() {
            forest.finish(at);
        }
        forest
    }

    fn table(&mut self, n: usize) {
        let mut text = format!("<Name>T{n}</Name>\n");
        if n == TABLES - 1 {
            let _ = writeln!(text, "<Extends>T{}</Extends>", n - 1);
        }
        text.push_str("<Fields>\n");
        if n < TABLES - 1 {
            for column in COLUMNS {
                let _ = writeln!(
                    text,
                    "<AxTableField i:type=\"AxTableFieldString\">\n<Name>{column}</Name>\n</AxTableField>"
                );
            }
        }
        text.push_str("</Fields>\n");
        self.file("Theirs", "AxTable", &format!("T{n}"), "AxTable", &text);
    }

    /// Level 0 are views, the others entities over what is below.
    fn element(&mut self, level: usize, n: usize) {
        let is_entity = level > 0;
        let name = format!("{}{level}{n}", if is_entity { "E" } else { "V" });
        let model = if self.random.chance(50) { "Mine" } else { "Theirs" };
        let union = !is_entity && self.random.chance(20);
        let aggregate = !is_entity && !union && self.random.chance(20);
        let mut sources = Vec::new();
        for s in 0..=self.random.below(4) {
            let target = self.target(level);
            let join =
                *self.random.pick(&["InnerJoin", "OuterJoin", "OuterJoin", "OuterJoinRO", "ExistsJoin"]);
            let source = if self.random.chance(50) { format!("S{s}") } else { format!("{target}{s}") };
            sources.push((source, target, join));
        }
        let mut fields = Vec::new();
        for (position, (source, target, _)) in sources.iter().enumerate() {
            for (k, column) in self.columns(target).into_iter().enumerate() {
                let chance = if column == "RecId" { 25 } else { 60 };
                if self.random.chance(chance) {
                    let clash = self.random.chance(3);
                    let name = if clash {
                        format!("T{}RecId", self.random.below(TABLES))
                    } else {
                        format!("F{position}{k}")
                    };
                    if !fields.iter().any(|(known, _, _)| *known == name) {
                        fields.push((name, source.clone(), column));
                    }
                }
            }
        }
        self.elements.push(Element { name, is_entity, model, sources, fields, union, aggregate });
    }

    fn target(&mut self, level: usize) -> String {
        let below: Vec<String> = self
            .elements
            .iter()
            .filter(|e| if level == 0 { false } else { !e.is_entity || e.name < format!("E{level}") })
            .map(|e| e.name.clone())
            .collect();
        if below.is_empty() || self.random.chance(35) {
            return format!("T{}", self.random.below(TABLES));
        }
        self.random.pick(&below).clone()
    }

    fn columns(&self, target: &str) -> Vec<String> {
        match self.elements.iter().find(|e| e.name == target) {
            Some(element) => element.fields.iter().map(|(name, _, _)| name.clone()).collect(),
            None => COLUMNS.into_iter().chain(["RecId"]).map(str::to_owned).collect(),
        }
    }

    /// Writes an element with its method, and what extends it.
    fn finish(&mut self, at: usize) {
        let (name, is_entity, model) = {
            let e = &self.elements[at];
            (e.name.clone(), e.is_entity, e.model)
        };
        let method = is_entity && self.random.chance(60);
        let method = if method { self.method(at, false) } else { String::new() };
        let mut text = format!("<Name>{name}</Name>\n");
        if is_entity {
            let _ = write!(
                text,
                "<SourceCode>\n<Methods>{method}\n</Methods>\n</SourceCode>\n<IsPublic>Yes</IsPublic>\n"
            );
        }
        text.push_str(&self.fields_xml(at));
        text.push_str(&self.sources_xml(at));
        let (kind, root) =
            if is_entity { ("AxDataEntityView", "AxDataEntityView") } else { ("AxView", "AxView") };
        self.file(model, kind, &name, root, &text);
        if is_entity && self.random.chance(25) {
            self.extension(&name);
        }
        if is_entity && self.random.chance(25) {
            let (model, next) = (*self.random.pick(&["Mine", "Theirs"]), self.random.chance(85));
            self.class(at, model, next);
        }
    }

    fn fields_xml(&mut self, at: usize) -> String {
        let element = &self.elements[at];
        let (tag, kind) = if element.is_entity {
            ("AxDataEntityViewField", "AxDataEntityViewMappedField")
        } else {
            ("AxViewField", "AxViewFieldBound")
        };
        let mut text = "<Fields>\n".to_owned();
        for (n, (name, source, field)) in element.fields.iter().enumerate() {
            let access = if element.is_entity && field.ends_with("RecId") {
                "<AccessModifier>Internal</AccessModifier>\n"
            } else {
                ""
            };
            let sum = if element.aggregate && n == 0 { "<Aggregation>Max</Aggregation>\n" } else { "" };
            let _ = write!(
                text,
                "<{tag} xmlns=\"\"\ni:type=\"{kind}\">\n<Name>{name}</Name>\n{access}{sum}<DataField>{field}</DataField>\n<DataSource>{source}</DataSource>\n</{tag}>\n"
            );
        }
        text + "</Fields>\n"
    }

    fn sources_xml(&mut self, at: usize) -> String {
        let sources = self.elements[at].sources.clone();
        let union = self.elements[at].union;
        let kind = if union { "<QueryType>Union</QueryType>\n" } else { "" };
        let mut text = format!("<ViewMetadata>\n{kind}<DataSources>\n");
        let mut inner = String::new();
        let first = self.columns(&sources[0].1);
        for (name, target, join) in &sources[1..] {
            if union {
                let _ = write!(
                    inner,
                    "<AxQuerySimpleRootDataSource>\n<Name>{name}</Name>\n<Table>{target}</Table>\n</AxQuerySimpleRootDataSource>\n"
                );
                continue;
            }
            let (mode, read_only) = match join.strip_suffix("RO") {
                Some(mode) => (mode, "<IsReadOnly>Yes</IsReadOnly>\n"),
                None => (*join, ""),
            };
            let related = self.columns(target);
            let mut relation = String::new();
            if !first.is_empty() && !related.is_empty() {
                let field = self.random.pick(&first).clone();
                let related = self.random.pick(&related).clone();
                relation = format!(
                    "<Relations>\n<AxQuerySimpleDataSourceRelation>\n<Name>R</Name>\n<Field>{field}</Field>\n<JoinDataSource>{}</JoinDataSource>\n<RelatedField>{related}</RelatedField>\n</AxQuerySimpleDataSourceRelation>\n</Relations>\n",
                    sources[0].0
                );
            }
            let _ = write!(
                inner,
                "<AxQuerySimpleEmbeddedDataSource>\n<Name>{name}</Name>\n<Table>{target}</Table>\n{read_only}<JoinMode>{mode}</JoinMode>\n{relation}</AxQuerySimpleEmbeddedDataSource>\n"
            );
        }
        let (name, target, _) = &sources[0];
        let (embedded, after) = if union { (String::new(), inner) } else { (inner, String::new()) };
        let _ = write!(
            text,
            "<AxQuerySimpleRootDataSource>\n<Name>{name}</Name>\n<Table>{target}</Table>\n<DataSources>\n{embedded}</DataSources>\n</AxQuerySimpleRootDataSource>\n{after}"
        );
        text + "</DataSources>\n</ViewMetadata>\n"
    }

    /// An entry of a mapping method, right or wrong.
    fn entry(&mut self, at: usize) -> String {
        let element = &self.elements[at];
        let names: Vec<String> = element.fields.iter().map(|(n, _, _)| n.clone()).collect();
        let (entity, label) = (element.name.clone(), element.sources[0].0.clone());
        let field = if names.is_empty() { "Missing".to_owned() } else { self.random.pick(&names).clone() };
        let table =
            if self.random.chance(6) { "V00".to_owned() } else { format!("T{}", self.random.below(TABLES)) };
        let label = if self.random.chance(50) { label } else { format!("L{}", self.random.below(3)) };
        if self.random.chance(5) {
            return format!("['{label}', tableNum({table})]");
        }
        format!("[identifierStr({label}), tableNum({table}), fieldStr({entity}, {field})]")
    }

    fn method(&mut self, at: usize, next: bool) -> String {
        let name = "getEntityDataSourceToFieldMapping";
        let mut body = String::new();
        if next {
            let _ = writeln!(body, "        mapping = next {name}(mapping);\n");
        }
        for _ in 0..self.random.below(3) {
            body.push_str(&self.statement(at));
        }
        if self.random.chance(15) {
            body.push_str(
                "        if (Helper::early())\n        {\n            return mapping;\n        }\n\n",
            );
            body.push_str(&self.statement(at));
        }
        let last = self.entry(at);
        match self.random.below(10) {
            0 => {
                let _ = writeln!(body, "        return mapping + [{last}];");
            }
            1 => {
                let _ = writeln!(body, "        return conIns(mapping, 1, {last});");
            }
            _ => body.push_str("        return mapping;\n"),
        }
        format!(
            "\n<Method>\n<Name>{name}</Name>\n<Source><![CDATA[\n    public static container {name}(container mapping)\n    {{\n{body}    }}\n\n]]></Source>\n</Method>"
        )
    }

    fn statement(&mut self, at: usize) -> String {
        let entries: Vec<String> = (0..=self.random.below(4)).map(|_| self.entry(at)).collect();
        let one = &entries[0];
        match self.random.below(8) {
            0 => format!("        mapping += [{one}]; // {one}\n"),
            1 => {
                format!("        mapping = conIns(mapping, conLen(mapping) + 1, {});\n\n", entries.join(", "))
            }
            2 => format!(
                "        if (Helper::some())\n        {{\n            mapping += [{one}];\n        }}\n\n"
            ),
            3 => format!("        // mapping += [{one}];\n"),
            4 => format!("        mapping += [{}];\n\n", entries.join(", ")),
            _ => {
                let mut text = "        mapping += [\n".to_owned();
                for (n, entry) in entries.iter().enumerate() {
                    if self.random.chance(30) {
                        let _ = writeln!(text, "            // {},", self.entry(at));
                    }
                    if self.random.chance(30) {
                        text.push_str("            // A comment.\n");
                    }
                    let comma = if n + 1 < entries.len() { "," } else { "" };
                    let _ = writeln!(text, "            {entry}{comma}");
                }
                text + "        ];\n\n"
            }
        }
    }

    fn extension(&mut self, target: &str) {
        let table = self.random.below(TABLES);
        let text = format!(
            "<Name>{target}.Mine</Name>\n<DataSources>\n</DataSources>\n<Fields>\n<AxDataEntityViewField xmlns=\"\"\ni:type=\"AxDataEntityViewUnmappedFieldString\">\n<Name>T{table}RecId</Name>\n<IsComputedField>No</IsComputedField>\n</AxDataEntityViewField>\n</Fields>\n"
        );
        self.file(
            "Mine",
            "AxDataEntityViewExtension",
            &format!("{target}.Mine"),
            "AxDataEntityViewExtension",
            &text,
        );
    }

    fn class(&mut self, at: usize, model: &'static str, next: bool) {
        let target = self.elements[at].name.clone();
        let name = format!("{target}_{model}_Extension");
        let method = self.method(at, next);
        let text = format!(
            "<Name>{name}</Name>\n<SourceCode>\n<Declaration><![CDATA[\n[ExtensionOf(tableStr({target}))]\nfinal class {name}\n{{\n}}\n]]></Declaration>\n<Methods>{method}\n</Methods>\n</SourceCode>\n"
        );
        self.file(model, "AxClass", &name, "AxClass", &text);
    }

    fn file(&mut self, model: &str, kind: &str, name: &str, root: &str, inner: &str) {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<{root} xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">\n{inner}</{root}>\n"
        );
        let text = if self.random.chance(30) { text.replace('\n', "\r\n") } else { text };
        let text = if self.random.chance(30) { format!("\u{feff}{text}") } else { text };
        self.files.push((format!("{model}/{model}/{kind}/{name}.xml"), text));
    }

    /// Writes all files below a folder.
    pub fn write(&self, root: &Path) {
        for (path, text) in &self.files {
            let path = root.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        for model in ["Mine", "Theirs"] {
            let folder = root.join(model).join("Descriptor");
            fs::create_dir_all(&folder).unwrap();
            fs::create_dir_all(root.join(model).join(model).join("AxTable")).unwrap();
            fs::write(
                folder.join(format!("{model}.xml")),
                format!("<AxModelInfo><Name>{model}</Name></AxModelInfo>"),
            )
            .unwrap();
        }
    }
}
