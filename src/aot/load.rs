//! Reading all files of a run, in parallel and each file once.

use super::code::mentions_writes;
use super::descriptor::{Descriptor, ModelInfo, read_descriptor};
use super::outline::Outline;
use super::{FileFacts, Methods, mentions_extension, read_file};
use crate::problem::{Code, LocalProblem, Problem};
use crate::source::{FileId, FileSet, Kind, Model, Package, Position, SourceFile, Stamp, decode, in_pool};
use crate::text::is_utf16;
use rayon::prelude::*;
use std::path::Path;

/// What the files of a run say.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Facts of the files that were loaded, by [`FileId`]. Problems of a file are in its facts.
    pub facts: Vec<(FileId, FileFacts)>,
    /// Files in which no X++ writes, indexed by [`FileId`].
    pub without_writes: Vec<bool>,
    /// The models, indexed like [`FileSet::models`].
    pub models: Vec<ModelInfo>,
    /// Problems that belong to no metadata file: folders of the walk, and descriptors.
    pub problems: Vec<Problem>,
}

/// A file that was read.
#[derive(Clone, Copy, Debug)]
pub struct Read<'a> {
    /// What it looked like when it was found.
    pub stamp: Stamp,
    /// What it holds.
    pub bytes: &'a [u8],
    /// What that says.
    pub facts: &'a FileFacts,
}

/// What is known of files before they are opened.
pub trait Memory: Sync {
    /// What is read now is known the next time.
    fn remembers(&self) -> bool;
    /// What the file looks like, if that can be remembered.
    fn stamp(&self, file: &SourceFile) -> Option<Stamp>;
    /// The facts of a file.
    fn recall(
        &self,
        id: FileId,
        file: &SourceFile,
        wanted: Methods,
        stamp: Option<Stamp>,
    ) -> Option<FileFacts>;
    /// Takes up the facts of a file that was read.
    fn keep(&self, id: FileId, file: &SourceFile, wanted: Methods, read: Read<'_>);
    /// The outline of a file that looks as it did when it was taken.
    fn outline(&self, id: FileId, wanted: Methods, stamp: Stamp) -> Option<&Outline>;
    /// The last outline of a file, whatever it looks like now.
    fn knew(&self, id: FileId) -> Option<&Outline>;
    /// Files of which all methods were read.
    fn with_methods(&self) -> Vec<FileId>;
    /// Some file of which all methods were read is no longer there.
    fn lost_helpers(&self) -> bool;
    /// A model.
    fn model(&self, model: usize) -> Option<ModelInfo>;
}

/// Nothing is known.
pub struct NoMemory;

impl Memory for NoMemory {
    fn remembers(&self) -> bool {
        false
    }

    fn stamp(&self, _: &SourceFile) -> Option<Stamp> {
        None
    }

    fn recall(&self, _: FileId, _: &SourceFile, _: Methods, _: Option<Stamp>) -> Option<FileFacts> {
        None
    }

    fn keep(&self, _: FileId, _: &SourceFile, _: Methods, _: Read<'_>) {}

    fn outline(&self, _: FileId, _: Methods, _: Stamp) -> Option<&Outline> {
        None
    }

    fn knew(&self, _: FileId) -> Option<&Outline> {
        None
    }

    fn with_methods(&self) -> Vec<FileId> {
        Vec::new()
    }

    fn lost_helpers(&self) -> bool {
        false
    }

    fn model(&self, _: usize) -> Option<ModelInfo> {
        None
    }
}

/// Reads the files of a run with `threads` threads (0: the default). A file that cannot be opened or read is a
/// problem, and the rest goes on. The result does not depend on the number of threads, nor on what `memory` knows.
pub fn load(files: &FileSet, threads: usize, memory: &dyn Memory) -> Loaded {
    in_pool(threads, || {
        let ids: Vec<(FileId, &SourceFile)> = files.ids().collect();
        let facts: Vec<FileFacts> =
            ids.par_iter().map(|(id, file)| read(*id, file, Methods::None, memory)).collect();
        let without_writes = facts.iter().map(|facts| facts.mentions_writes == Some(false)).collect();
        let facts = (0..).map(FileId).zip(facts).collect();
        Loaded { facts, without_writes, ..models(files, memory) }
    })
}

/// The models of a run, and what went wrong apart from files.
pub(super) fn models(files: &FileSet, memory: &dyn Memory) -> Loaded {
    let packages: Vec<_> = files.packages.par_iter().map(descriptors).collect();
    let known = |(index, model)| memory.model(index).unwrap_or_else(|| model_info(model, &packages));
    let models = files.models.iter().enumerate().map(known).collect();
    let problems = packages.into_iter().flat_map(|package| package.problems);
    let problems = files.problems.iter().cloned().chain(problems).collect();
    Loaded { models, problems, ..Loaded::default() }
}

/// Reads one file with all its methods: a class or table that a computed column calls into.
pub fn read_on_demand(files: &FileSet, id: FileId, memory: &dyn Memory) -> FileFacts {
    files.file(id).map(|file| read(id, file, Methods::All, memory)).unwrap_or_default()
}

pub(super) fn read(id: FileId, file: &SourceFile, wanted: Methods, memory: &dyn Memory) -> FileFacts {
    let stamp = memory.stamp(file);
    if let Some(facts) = memory.recall(id, file, wanted, stamp) {
        return facts;
    }
    // A form is read for its X++ alone: by the commands that want it, unless what is found now will be remembered.
    if file.kind == Kind::Form && stamp.is_none() {
        return FileFacts::default();
    }
    let bytes = match std::fs::read(&file.absolute) {
        Ok(bytes) => bytes,
        Err(error) => return only(unreadable(&file.path, &error)),
    };
    let facts = facts_of(file, wanted, &bytes);
    if let Some(stamp) = stamp {
        memory.keep(id, file, wanted, Read { stamp, bytes: &bytes, facts: &facts });
    }
    facts
}

fn facts_of(file: &SourceFile, wanted: Methods, bytes: &[u8]) -> FileFacts {
    let mentions_writes = (file.kind.has_code() && wanted == Methods::None).then(|| mentions_writes(bytes));
    let says_more = match file.kind {
        Kind::Form => false,
        Kind::Class => wanted == Methods::All || !extends_nothing(bytes),
        _ => true,
    };
    let facts = match says_more.then(|| decode(bytes)) {
        Some(Ok(text)) => read_file(&text, file.stem(), wanted),
        Some(Err(problem)) => only(problem),
        None => FileFacts::default(),
    };
    FileFacts { mentions_writes, ..facts }
}

/// Most classes extend nothing; they are not even parsed. UTF-16 is, since nothing can be searched for in it.
fn extends_nothing(bytes: &[u8]) -> bool {
    !is_utf16(bytes) && !mentions_extension(bytes)
}

fn only(problem: LocalProblem) -> FileFacts {
    FileFacts { problems: vec![problem], ..FileFacts::default() }
}

pub(super) fn unreadable(path: &str, error: &std::io::Error) -> LocalProblem {
    let problem = LocalProblem::new(Code::UnreadableFile, Position { line: 1, column: 1 });
    problem.with("path", path).with("reason", error.to_string())
}

/// The descriptors of a package, with the stems of their files.
struct Descriptors {
    read: Vec<(String, Descriptor)>,
    problems: Vec<Problem>,
}

fn descriptors(package: &Package) -> Descriptors {
    let mut result = Descriptors { read: Vec::new(), problems: Vec::new() };
    for path in &package.descriptors {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        match descriptor(path) {
            Ok(Some(descriptor)) => result.read.push((stem, descriptor)),
            Ok(None) => {}
            Err(reason) => {
                let problem = Problem::new(Code::UnreadableDescriptor, None);
                let problem = problem.with("path", below(package, path));
                result.problems.push(problem.with("reason", reason));
            }
        }
    }
    result
}

/// A file of a package, relative to the root of the package.
fn below(package: &Package, descriptor: &Path) -> String {
    let parts = descriptor.components().rev().take(2).map(|part| part.as_os_str().to_string_lossy());
    let mut parts: Vec<_> = parts.collect();
    parts.reverse();
    let path = parts.join("/");
    if package.path.is_empty() { path } else { format!("{}/{path}", package.path) }
}

fn descriptor(path: &Path) -> Result<Option<Descriptor>, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    decode(&bytes).and_then(|text| read_descriptor(&text)).map_err(|problem| {
        let reason = problem.facts.iter().map(|(_, fact)| &**fact).collect::<Vec<_>>().join(" ");
        format!("line {}, column {}: {reason}", problem.position.line, problem.position.column)
    })
}

/// The descriptor of a model folder is the one whose file has the folder's name; failing that, the one whose
/// `Name` is the folder's name.
fn model_info(model: &Model, packages: &[Descriptors]) -> ModelInfo {
    let read = model.package.and_then(|package| packages.get(package as usize)).map(|package| &package.read);
    let folder = &*model.folder_name;
    let by =
        |test: &dyn Fn(&(String, Descriptor)) -> bool| read.and_then(|read| read.iter().find(|d| test(d)));
    let descriptor = by(&|(stem, _)| stem.eq_ignore_ascii_case(folder))
        .or_else(|| by(&|(_, descriptor)| descriptor.name.eq_ignore_ascii_case(folder)))
        .map(|(_, descriptor)| descriptor.clone());
    let name = descriptor.as_ref().map(|descriptor| descriptor.name.clone()).filter(|name| !name.is_empty());
    ModelInfo { name: name.unwrap_or_else(|| folder.into()), descriptor }
}

#[cfg(test)]
mod tests {
    use super::{NoMemory, load, read_on_demand};
    use crate::aot::{Definition, FileFacts, Loaded};
    use crate::problem::Code;
    use crate::source::{FileId, FileSet, RootSource, discover};
    use std::path::Path;
    use tempfile::TempDir;

    const DESCRIPTOR: &str = "<AxModelInfo><Name>Named Model</Name><Layer>14</Layer></AxModelInfo>";
    const PLAIN: &str = "<AxClass><Name>Helper</Name><SourceCode><Declaration>class Helper {}</Declaration><Methods><Method><Name>m</Name><Source>void m() {}</Source></Method></Methods></SourceCode></AxClass>";

    fn write(root: &Path, path: &str, bytes: &[u8]) {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    fn packages() -> TempDir {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "Pkg/Descriptor/Model.xml", DESCRIPTOR.as_bytes());
        write(root.path(), "Pkg/Descriptor/Broken.xml", b"<AxModelInfo>");
        write(root.path(), "Pkg/Model/AxTable/A.xml", "\u{FEFF}<AxTable/>".as_bytes());
        write(root.path(), "Pkg/Model/AxTable/B.xml", b"<AxTable>\n\xFF</AxTable>");
        write(root.path(), "Pkg/Model/AxClass/Helper.xml", PLAIN.as_bytes());
        write(root.path(), "Pkg/named model/AxTable/C.xml", b"<AxTable/>");
        write(root.path(), "Pkg/Third/AxTable/D.xml", b"<AxTable");
        root
    }

    fn loaded(root: &Path) -> (FileSet, Loaded) {
        let set = discover(vec![RootSource::Folder(root.to_path_buf())], 2).unwrap();
        let (one, eight) = (load(&set, 1, &NoMemory), load(&set, 8, &NoMemory));
        assert_eq!((&one.facts, &one.models, &one.problems), (&eight.facts, &eight.models, &eight.problems));
        (set, eight)
    }

    fn facts(loaded: &Loaded, id: u32) -> Option<&FileFacts> {
        loaded.facts.iter().find(|(file, _)| file.0 == id).map(|(_, facts)| facts)
    }

    fn name(facts: &FileFacts) -> Option<&str> {
        match &facts.definition {
            Some(Definition::Table(table)) => Some(&table.named.name),
            _ => None,
        }
    }

    #[test]
    fn every_file_is_read_and_a_bad_one_stops_nothing() {
        let root = packages();
        let (set, loaded) = loaded(root.path());
        assert_eq!(set.files.len(), 5);
        let names: Vec<_> = (0..5).map(|id| facts(&loaded, id).and_then(name)).collect();
        assert_eq!(names, [None, Some("A"), None, Some("C"), None]);
        assert_eq!(
            facts(&loaded, 0),
            Some(&FileFacts { mentions_writes: Some(false), ..FileFacts::default() })
        );
        assert_eq!(facts(&loaded, 2).unwrap().problems[0].code, Code::WrongEncoding);
        assert_eq!(facts(&loaded, 4).unwrap().problems[0].code, Code::MalformedFile);
    }

    #[test]
    fn models_are_called_what_their_descriptor_says() {
        let root = packages();
        let (_, loaded) = loaded(root.path());
        let names: Vec<_> = loaded.models.iter().map(|m| (&*m.name, m.descriptor.is_some())).collect();
        assert_eq!(names, [("Named Model", true), ("Named Model", true), ("Third", false)]);
        assert_eq!(loaded.problems.len(), 1);
        assert_eq!(loaded.problems[0].code, Code::UnreadableDescriptor);
        assert!(
            loaded.problems[0].message().contains("line 1, column 14: the file ends before <AxModelInfo>")
        );
    }

    #[test]
    fn a_file_that_vanishes_is_a_problem_and_a_helper_is_read_on_demand() {
        let root = packages();
        let (set, _) = loaded(root.path());
        let helper = set.class("HELPER").unwrap();
        let Some(Definition::Class(class)) = read_on_demand(&set, helper, &NoMemory).definition else {
            panic!("a class")
        };
        assert_eq!(class.methods.len(), 1);
        std::fs::remove_file(root.path().join("Pkg/Model/AxTable/A.xml")).unwrap();
        let loaded = load(&set, 2, &NoMemory);
        let facts = facts(&loaded, 1).unwrap();
        assert_eq!(facts.problems[0].code, Code::UnreadableFile);
        assert_eq!(facts.definition, None);
        assert_eq!(read_on_demand(&set, FileId(99), &NoMemory), FileFacts::default());
    }
}
