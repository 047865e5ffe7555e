//! What could be read before, and cannot be read now: most likely somebody is about to write it.

use super::observed::{Change, ChangeKind};
use crate::engine::Judged;
use crate::problem::{Code, Problem};
use crate::source::{Lines, Position, decode};
use std::fmt;
use std::path::Path;

/// Without what these are about, verdicts would speak of something that nobody wrote.
const BLIND: [Code; 5] = [
    Code::MalformedFile,
    Code::UnreadableFile,
    Code::WrongEncoding,
    Code::UnreadableMap,
    Code::UnreadableDescriptor,
];

/// Folders of elements that are opened only when somebody asks for them.
const UNOPENED: [&str; 3] = ["AxClass", "AxForm", "AxEnum"];

/// A file that cannot be read now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Path, line and column, where there is a place; the message names the file where there is none.
    pub place: Option<(String, u32, u32)>,
    /// Why.
    pub message: String,
    /// It may be readable again though nothing changes: another program has it locked.
    pub locked: bool,
}

impl Lost {
    /// A file that held something, and is empty now.
    pub fn empty(name: &str) -> Self {
        Self { place: None, message: format!("{name} is empty"), locked: false }
    }
}

impl fmt::Display for Lost {
    /// As it is: not yet safe to print.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some((path, line, column)) => write!(f, "{path}:{line}:{column}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

/// What was read before and cannot be read now. `changes` are those of files between the two, named by `name`.
pub fn lost(
    before: &Judged,
    after: &Judged,
    changes: &[Change],
    name: &dyn Fn(&Path) -> String,
) -> Vec<Lost> {
    let known: Vec<Subject> = before.problems.iter().filter_map(|p| Subject::of(before, p)).collect();
    let complaints =
        after.problems.iter().filter_map(|problem| Some((problem, Subject::of(after, problem)?)));
    let new = complaints.filter(|(_, subject)| !known.contains(subject) && subject.was_there(before));
    let lost = new.map(|(problem, subject)| Lost {
        place: problem.place.map(|place| (subject.path.to_owned(), place.line, place.column)),
        message: problem.message(),
        locked: problem.code == Code::UnreadableFile,
    });
    let changed = changes.iter().filter(|change| change.kind == ChangeKind::Changed);
    lost.chain(changed.filter_map(|change| torn(&change.path, name))).collect()
}

/// What a complaint is about: the root where it is a metadata file, and its path as output names it.
#[derive(PartialEq, Eq)]
struct Subject<'a> {
    root: Option<u32>,
    path: &'a str,
}

impl<'a> Subject<'a> {
    fn of(judged: &'a Judged, problem: &'a Problem) -> Option<Self> {
        if !BLIND.contains(&problem.code) {
            return None;
        }
        let file = problem.place.and_then(|place| judged.model.files.file(place.file));
        Some(match file {
            Some(file) => Self { root: Some(file.root), path: &file.path },
            None => Self { root: None, path: problem.fact("path").unwrap_or_default() },
        })
    }

    /// It was read, or a folder with what was read in it.
    fn was_there(&self, before: &Judged) -> bool {
        let is_part = |path: &str| {
            let rest = path.strip_prefix(self.path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.is_empty())
        };
        let files = &before.model.files;
        let is_of_root = |root| self.root.is_none_or(|wanted| wanted == root);
        let maps = before.maps.iter().flat_map(|maps| &maps.maps);
        files.files.iter().any(|file| is_of_root(file.root) && is_part(&file.path))
            || files.packages.iter().any(|package| is_descriptor_of(self.path, &package.path))
            || maps.into_iter().any(|map| is_part(&map.file.path))
    }
}

/// `package/Descriptor/Model.xml`.
fn is_descriptor_of(path: &str, package: &str) -> bool {
    let folder = path.rsplit_once('/').and_then(|(folder, _)| folder.rsplit_once('/'));
    folder.map_or("", |(package, _)| package) == package && path.contains('/')
}

/// A file that is there and ends too early, of those that are not opened with all others.
fn torn(path: &Path, name: &dyn Fn(&Path) -> String) -> Option<Lost> {
    let folder = path.parent()?.file_name()?.to_string_lossy();
    if !UNOPENED.into_iter().any(|unopened| unopened.eq_ignore_ascii_case(&folder)) {
        return None;
    }
    let bytes = std::fs::read(path).ok()?;
    let text = decode(&bytes).ok()?;
    let end = missing_end(&text)?;
    let Position { line, column } = Lines::new(text.as_bytes()).position(text.len());
    let place = Some((name(path), line, column));
    Some(Lost { place, message: format!("the file ends before {end}"), locked: false })
}

/// The tag that should close the first element, where there is none.
fn missing_end(text: &str) -> Option<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric();
    let root = text.split('<').skip(1).find(|rest| rest.starts_with(is_name))?;
    let end = format!("</{}>", root.split(|c| !is_name(c)).next()?);
    let closes_itself = || !text.contains("</") && text.trim_end().ends_with("/>");
    (!text.contains(&end) && !closes_itself()).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::{lost, missing_end};
    use crate::config::Config;
    use crate::engine::{Model, judge, load};
    use crate::watch::{Change, ChangeKind};
    use std::fs;
    use std::path::{Path, PathBuf};
    use tempfile::TempDir;

    const TABLE: &str = "<AxTable>\n<Name>A</Name>\n</AxTable>";
    const CLASS: &str = "<AxClass>\n<Name>C</Name>\n</AxClass>";
    const MAP: &str = r#"{"legs":[{"sourceSchema":"A"}]}"#;

    #[test]
    fn a_class_ends_with_its_tag() {
        for whole in
            [CLASS, "<?xml version=\"1.0\"?>\n<AxForm xmlns=\"\">x</AxForm> <!-- end -->\n", "<AxEnum />", ""]
        {
            assert_eq!(missing_end(whole), None, "{whole}");
        }
        for torn in
            ["<AxClass>\n<Name>", "<?xml?><AxClass", "<AxClass><A/>\n<B>x</B>", "<AxClass><Class></Class>"]
        {
            assert_eq!(missing_end(torn).as_deref(), Some("</AxClass>"), "{torn}");
        }
    }

    struct Folder(TempDir);

    impl Folder {
        fn new() -> Self {
            let folder = Self(tempfile::tempdir().expect("a folder"));
            folder.write("root/P/M/AxTable/A.xml", TABLE);
            folder.write("root/P/M/AxTable/Bad.xml", "<AxTable>");
            folder.write("root/P/M/AxClass/C.xml", CLASS);
            folder.write("root/P/Descriptor/M.xml", "<AxModelInfo><Name>M</Name></AxModelInfo>");
            folder.write("maps/m.json", MAP);
            folder
        }

        fn write(&self, path: &str, text: &str) -> PathBuf {
            let path = self.0.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(&path, text).expect("a file");
            path
        }

        fn config(&self) -> Config {
            let below = |path: &str| vec![self.0.path().join(path)];
            let mut config = Config::default();
            (config.metadata, config.maps) = (below("root"), below("maps"));
            config
        }

        fn model(&self) -> Model {
            load(&self.config(), 1).expect("a model")
        }

        /// What is lost when a file gets another text.
        fn lost(&self, path: &str, text: &str, kind: ChangeKind) -> Vec<String> {
            let old = self.model();
            let before = judge(&old, &self.config(), 1);
            let changes = [Change { path: self.write(path, text), kind }];
            let new = self.model();
            let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let lost = lost(&before, &judge(&new, &self.config(), 1), &changes, &name);
            lost.iter().map(ToString::to_string).collect()
        }
    }

    #[test]
    fn a_file_that_was_read_and_is_torn_is_lost() {
        for (path, text, expected) in [
            (
                "root/P/M/AxTable/A.xml",
                "<AxTable>\n<Name>A</Na",
                "P/M/AxTable/A.xml:2:8: cannot read this file: ",
            ),
            (
                "root/P/M/AxClass/C.xml",
                "<AxClass>\n<Name>C</Name>",
                "C.xml:2:15: the file ends before </AxClass>",
            ),
            ("root/P/Descriptor/M.xml", "<AxModelInfo>", "cannot read model descriptor P/Descriptor/M.xml: "),
            ("maps/m.json", r#"{"legs":["#, "m.json: "),
        ] {
            let lost = Folder::new().lost(path, text, ChangeKind::Changed);
            assert_eq!(lost.len(), 1, "{lost:?}");
            assert!(lost[0].starts_with(expected), "{lost:?}");
        }
    }

    #[test]
    fn what_never_could_be_read_is_not_lost() {
        let none: [String; 0] = [];
        let bad = "root/P/M/AxTable/Bad.xml";
        assert_eq!(Folder::new().lost(bad, "<AxTable><Name", ChangeKind::Changed), none);
        assert_eq!(Folder::new().lost("root/P/M/AxTable/New.xml", "<AxTable>", ChangeKind::New), none);
        assert_eq!(Folder::new().lost("maps/new.json", "{", ChangeKind::New), none);
        assert_eq!(Folder::new().lost("root/P/M/AxTable/A.xml", TABLE, ChangeKind::Changed), none);
    }
}
