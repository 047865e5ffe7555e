//! New files, made like their neighbours.

use super::encoding::Document;
use super::layout::{DEFAULT_NEWLINE, majority_newline};
use super::method::section;
use super::xml::{INSTANCE, check_characters, escape};
use super::{DocumentError, NewFile, NewKind};
use std::fs;
use std::path::{Path, PathBuf};

/// The lists of an extension, in the order that the AOT writes.
const LISTS: [&str; 8] = [
    "DataSources",
    "FieldGroupExtensions",
    "FieldGroups",
    "FieldModifications",
    "Fields",
    "Mappings",
    "PropertyModifications",
    "Relations",
];

/// So many neighbours are looked at.
const NEIGHBOURS: usize = 64;

/// The new file, without fields and methods yet.
pub(super) fn document(file: &NewFile) -> Result<Document, DocumentError> {
    let Style { newline, mark } = Style::near(&file.path);
    check_characters(&file.name, || "the name of the new element".to_owned())?;
    let element = file.kind.element();
    let mut lines = vec![
        r#"<?xml version="1.0" encoding="utf-8"?>"#.to_owned(),
        format!("<{element} xmlns:i=\"{INSTANCE}\">"),
        format!("\t<Name>{}</Name>", escape(&file.name)),
    ];
    match &file.kind {
        NewKind::EntityExtension | NewKind::ViewExtension => {
            lines.extend(LISTS.map(|list| format!("\t<{list} />")));
        }
        NewKind::Class { declaration } => {
            check_characters(declaration, || "the declaration of the class".to_owned())?;
            lines.push("\t<SourceCode>".to_owned());
            lines.push(format!("\t\t<Declaration>{}</Declaration>", section(declaration, false, newline)));
            lines.push("\t\t<Methods />".to_owned());
            lines.push("\t</SourceCode>".to_owned());
        }
    }
    // The AOT ends its files without a line end.
    lines.push(format!("</{element}>"));
    Ok(Document::new(lines.join(newline), mark))
}

/// Line ends and byte order mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Style {
    newline: &'static str,
    mark: bool,
}

impl Style {
    /// The style of most files in the same folder, else in the other folders of the model, else of the
    /// descriptors of the package.
    fn near(path: &Path) -> Self {
        let folder = path.parent();
        let model = folder.and_then(Path::parent);
        let package = model.and_then(Path::parent);
        let descriptors = package.map(|package| package.join("Descriptor"));
        Self::of(&xml_files(folder))
            .or_else(|| Self::of(&files_below(model)))
            .or_else(|| Self::of(&xml_files(descriptors.as_deref())))
            .unwrap_or(Self { newline: DEFAULT_NEWLINE, mark: false })
    }

    /// The style of most of these files; `None` when none of them has a line end.
    fn of(files: &[PathBuf]) -> Option<Self> {
        let (mut windows, mut unix, mut marks, mut read) = (0, 0, 0, 0);
        for bytes in files.iter().take(NEIGHBOURS).filter_map(|file| fs::read(file).ok()) {
            let Ok(text) = std::str::from_utf8(&bytes) else { continue };
            read += 1;
            marks += usize::from(text.starts_with('\u{FEFF}'));
            match majority_newline(text) {
                Some("\r\n") => windows += 1,
                Some(_) => unix += 1,
                None => {}
            }
        }
        let newline = if windows > unix { "\r\n" } else { "\n" };
        (windows + unix > 0).then_some(Self { newline, mark: 2 * marks > read })
    }
}

/// The XML files of a folder, in the order of their names.
fn xml_files(folder: Option<&Path>) -> Vec<PathBuf> {
    let is_xml = |path: &PathBuf| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xml"));
    entries(folder).into_iter().filter(is_xml).collect()
}

/// The XML files of the `Ax…` folders of a model.
fn files_below(model: Option<&Path>) -> Vec<PathBuf> {
    let is_kind = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(b"Ax"))
    };
    let mut files = Vec::new();
    for folder in entries(model).into_iter().filter(is_kind) {
        if files.len() >= NEIGHBOURS {
            break;
        }
        files.extend(xml_files(Some(&folder)));
    }
    files
}

fn entries(folder: Option<&Path>) -> Vec<PathBuf> {
    let entries = folder.and_then(|folder| fs::read_dir(folder).ok());
    let mut paths: Vec<_> = entries.into_iter().flatten().filter_map(Result::ok).map(|e| e.path()).collect();
    paths.sort();
    paths
}
