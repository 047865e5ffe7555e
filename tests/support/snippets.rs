//! X++ in a compact form, turned into the files that hold it: see `tests/writes/README.md`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A snippet: a name, and its lines.
pub struct Snippet {
    pub name: String,
    pub text: String,
}

/// Where a line of a generated file comes from: index of the snippet, line in it.
pub type Origin = Option<(usize, usize)>;

/// Generated files by path below the root, each line with its origin.
pub type Files = BTreeMap<String, Vec<(String, Origin)>>;

/// All snippets of a folder, by name.
pub fn read(folder: &Path) -> Vec<Snippet> {
    let entries = fs::read_dir(folder).expect("a folder of snippets");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let snippet = |path: &PathBuf| Snippet {
        name: path.file_stem().and_then(|s| s.to_str()).expect("a name").to_owned(),
        text: fs::read_to_string(path).expect("a snippet"),
    };
    paths.iter().map(snippet).collect()
}

/// An element of a snippet.
#[derive(Default)]
struct Element {
    kind: String,
    name: String,
    declaration: Body,
    parts: Vec<Part>,
}

/// The methods of an element, or of a data source or control of a form.
#[derive(Default)]
struct Part {
    kind: String,
    name: String,
    table: String,
    methods: Vec<(String, Body)>,
}

type Body = Vec<(String, Origin)>;

/// The files of all snippets; methods of tables, entities, views and maps go into the files of `shared`, which are
/// given by path below the root.
pub fn files(snippets: &[Snippet], shared: &BTreeMap<String, String>) -> Files {
    let mut files = Files::new();
    let mut injected: BTreeMap<String, Vec<Part>> = BTreeMap::new();
    for (index, snippet) in snippets.iter().enumerate() {
        for element in elements(index, snippet) {
            let folder = match &*element.kind {
                "class" => {
                    add(&mut files, &format!("AxClass/{}", element.name), class(&element));
                    continue;
                }
                "form" => {
                    add(&mut files, &format!("AxForm/{}", element.name), form(&element));
                    continue;
                }
                "table" => "AxTable",
                "entity" => "AxDataEntityView",
                "view" => "AxView",
                "map" => "AxMap",
                other => panic!("{}: no kind of element is called {other}", snippet.name),
            };
            let path = format!("Rental/Rental/{folder}/{}.xml", element.name);
            assert!(shared.contains_key(&path), "{}: there is no {path}", snippet.name);
            injected.entry(path).or_default().extend(element.parts);
        }
    }
    for (path, text) in shared {
        let more = injected.remove(path).unwrap_or_default();
        files.insert(path.clone(), with_methods(text, &more));
    }
    files
}

fn add(files: &mut Files, element: &str, lines: Vec<(String, Origin)>) {
    let path = format!("Snippets/Snippets/{element}.xml");
    assert!(files.insert(path, lines).is_none(), "{element} is there twice");
}

fn elements(index: usize, snippet: &Snippet) -> Vec<Element> {
    let mut elements: Vec<Element> = Vec::new();
    for (number, line) in snippet.text.lines().enumerate() {
        let Some(rest) = line.strip_prefix("//- ") else {
            let element = elements.last_mut().unwrap_or_else(|| panic!("{}: no element", snippet.name));
            body(element).push((line.to_owned(), Some((index, number + 1))));
            continue;
        };
        let mut words = rest.split_whitespace();
        let (kind, name) = (words.next().expect("a kind"), words.next().expect("a name").to_owned());
        let table = words.next().unwrap_or(&name).to_owned();
        match kind {
            "method" => {
                let element = elements.last_mut().expect("an element");
                if element.parts.is_empty() {
                    element.parts.push(Part::default());
                }
                let part = element.parts.last_mut().expect("a part");
                part.methods.push((name, Body::new()));
            }
            "datasource" | "control" => {
                let part = Part { kind: kind.to_owned(), name, table, methods: Vec::new() };
                elements.last_mut().expect("a form").parts.push(part);
            }
            kind => elements.push(Element { kind: kind.to_owned(), name, ..Element::default() }),
        }
    }
    elements
}

/// Where the next line of code belongs.
fn body(element: &mut Element) -> &mut Body {
    match element.parts.last_mut().and_then(|p| p.methods.last_mut()) {
        Some((_, body)) => body,
        None => &mut element.declaration,
    }
}

/// Lines of XML, with the code that stands in them.
#[derive(Default)]
struct Xml(Vec<(String, Origin)>);

impl Xml {
    fn new(root: &str) -> Self {
        let mut xml = Self::default();
        xml.lines("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        xml.lines(&format!("<{root} xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\">"));
        xml
    }

    fn lines(&mut self, text: &str) {
        self.0.extend(text.lines().map(|line| (line.to_owned(), None)));
    }

    fn code(&mut self, tag: &str, body: &Body) {
        self.lines(&format!("<{tag}><![CDATA["));
        self.0.extend(body.iter().cloned());
        self.lines(&format!("]]></{tag}>"));
    }

    fn methods(&mut self, methods: &[(String, Body)]) {
        for (name, body) in methods {
            self.lines(&format!("<Method>\n<Name>{name}</Name>"));
            self.code("Source", body);
            self.lines("</Method>");
        }
    }
}

fn class(element: &Element) -> Vec<(String, Origin)> {
    let mut xml = Xml::new("AxClass");
    xml.lines(&format!("<Name>{}</Name>\n<SourceCode>", element.name));
    xml.code("Declaration", &element.declaration);
    xml.lines("<Methods>");
    element.parts.iter().for_each(|part| xml.methods(&part.methods));
    xml.lines("</Methods>\n</SourceCode>\n</AxClass>");
    xml.0
}

fn form(element: &Element) -> Vec<(String, Origin)> {
    let mut xml = Xml::new("AxForm");
    xml.lines(&format!("<Name>{}</Name>\n<SourceCode>\n<Methods xmlns=\"\">", element.name));
    xml.methods(&[("classDeclaration".to_owned(), element.declaration.clone())]);
    let of = |kind: &'static str| element.parts.iter().filter(move |p| p.kind == kind);
    of("").for_each(|part| xml.methods(&part.methods));
    xml.lines("</Methods>\n<DataSources xmlns=\"\">");
    for part in of("datasource") {
        xml.lines(&format!("<DataSource>\n<Name>{}</Name>\n<Methods>", part.name));
        xml.methods(&part.methods);
        xml.lines("</Methods>\n<Fields />\n</DataSource>");
    }
    xml.lines("</DataSources>\n<DataControls xmlns=\"\">");
    for part in of("control") {
        xml.lines(&format!("<Control>\n<Name>{}</Name>\n<Type>Button</Type>\n<Methods>", part.name));
        xml.methods(&part.methods);
        xml.lines("</Methods>\n</Control>");
    }
    xml.lines("</DataControls>\n<Members xmlns=\"\" />\n</SourceCode>\n<DataSources>");
    for part in of("datasource") {
        let mut source = String::new();
        let _ = write!(
            source,
            "<AxFormDataSource xmlns=\"\">\n<Name>{}</Name>\n<Table>{}</Table>\n<Fields />\n</AxFormDataSource>",
            part.name, part.table
        );
        xml.lines(&source);
    }
    xml.lines("</DataSources>\n<Design />\n</AxForm>");
    xml.0
}

/// The text of a shared file with further methods behind its own.
fn with_methods(text: &str, parts: &[Part]) -> Vec<(String, Origin)> {
    let mut xml = Xml::default();
    let (mut before, mut done) = (false, false);
    for line in text.lines() {
        before |= line.contains("<Methods>");
        if before && !done && line.contains("</Methods>") {
            parts.iter().for_each(|part| xml.methods(&part.methods));
            done = true;
        }
        xml.lines(line);
    }
    assert!(done || parts.is_empty(), "no place for methods");
    xml.0
}
