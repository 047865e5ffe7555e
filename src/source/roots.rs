//! From metadata roots to the list of files.

use super::error::SourceError;
use super::files::{FileSet, Model, Package, Root, SourceFile};
use super::kind::{Kind, ends_with_ignore_case};
use super::labels::label_texts;
use super::listing::RootSource;
use super::nearby::nearby;
use super::path::{absolute, folder_name, join, with_slashes};
use super::pool::in_pool;
use super::walk::{Child, Folder, FoundModel, FoundPackage, Scan, children, children_with_stamps, scan};
use crate::problem::{Code, Problem};
use crate::text::name_order;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// Finds the metadata files below `roots` (SPEC 10) with `threads` threads (0: the default).
///
/// A root is a `PackagesLocalDirectory`, a package (it holds `Descriptor`) or a model (it holds `Ax…` folders):
/// every folder up to two levels below it that has a child folder of a known kind is a model. A folder that is
/// reached twice, through links or through two roots, is read once, under the first root that reaches it, by
/// the path with the fewest links; the other path is noted in [`FileSet::problems`]. The result does not
/// depend on the number of threads or on the order in which the file system lists folders.
pub fn discover(roots: Vec<RootSource>, threads: usize) -> Result<FileSet, SourceError> {
    in_pool(threads, || find(roots, false))
}

/// The same with a stamp for each file.
pub fn discover_with_stamps(roots: Vec<RootSource>, threads: usize) -> Result<FileSet, SourceError> {
    in_pool(threads, || find(roots, true))
}

fn find(roots: Vec<RootSource>, stamps: bool) -> Result<FileSet, SourceError> {
    if roots.is_empty() {
        return Err(SourceError::NoRoot);
    }
    let mut notes = Notes::default();
    let mut set = FileSet::default();
    let mut seen: Vec<PathBuf> = Vec::new();
    let (mut found, mut listed) = (Vec::new(), Vec::new());
    for source in roots {
        let given = match source {
            RootSource::Folder(given) => given,
            RootSource::Listed { given, listing } => {
                listed.extend(set.enter(&given, listing));
                continue;
            }
        };
        let folder = root_folder(&given)?;
        let root = u32::try_from(set.roots.len()).unwrap_or(u32::MAX);
        set.roots.push(Root { given: given.clone(), absolute: folder.absolute.clone(), listed: false });
        if seen.contains(&folder.real) {
            notes.looped.insert((root, String::new()));
            continue;
        }
        seen.push(folder.real.clone());
        found.extend(models_of(&given, root, folder, &mut notes)?);
    }
    let found = claim(found, &mut notes);
    let mut files = number(&mut set, found, stamps, &mut notes);
    files.extend(listed);
    files.sort_by_key(|file| file.root);
    set.set_files(files);
    set.problems.extend(notes.into_problems(&set.roots));
    Ok(set)
}

pub(super) fn root_folder(given: &Path) -> Result<Folder, SourceError> {
    let root = given.to_path_buf();
    let unreadable = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => SourceError::NotFound { root: root.clone() },
        _ => SourceError::Unreadable { root: root.clone(), source },
    };
    // Some Windows drives (RAM disks, odd shares) cannot say what is behind their links.
    let real = std::fs::canonicalize(given)
        .or_else(|error| if given.is_dir() { Ok(absolute(given)) } else { Err(error) })
        .map_err(unreadable)?;
    if !real.is_dir() {
        return Err(SourceError::NotAFolder { root });
    }
    let name = folder_name(given, &real);
    Ok(Folder { name, absolute: absolute(given), real, path: String::new(), links: 0, via: None })
}

/// A model of a root.
type Found = (u32, FoundModel);

fn models_of(given: &Path, root: u32, folder: Folder, notes: &mut Notes) -> Result<Vec<Found>, SourceError> {
    let Scan { models, loops, failures } =
        scan(folder).map_err(|source| SourceError::Unreadable { root: given.to_path_buf(), source })?;
    if models.is_empty() {
        let (nearby, more) = nearby(given);
        return Err(SourceError::NoMetadata { root: given.to_path_buf(), nearby, more });
    }
    notes.looped.extend(loops.into_iter().map(|path| (root, path)));
    notes.failures.extend(failures);
    Ok(models.into_iter().map(|model| (root, model)).collect())
}

/// Leaves every folder of files with one owner: the first root, the fewest links, the lowest path.
fn claim(mut found: Vec<Found>, notes: &mut Notes) -> Vec<Found> {
    found.sort_by(|(root_a, a), (root_b, b)| {
        let order = (root_a, a.folder.links).cmp(&(root_b, b.folder.links));
        order.then_with(|| name_order(&a.folder.path, &b.folder.path))
    });
    let mut owned = BTreeSet::new();
    for (root, model) in &mut found {
        model
            .kinds
            .sort_by(|(_, a), (_, b)| a.links.cmp(&b.links).then_with(|| name_order(&a.path, &b.path)));
        let folder = &model.folder;
        model.kinds.retain(|(_, kind)| {
            let new = owned.insert(kind.real.clone());
            if !new {
                let path = kind.via.clone().unwrap_or_else(|| folder.path.clone());
                notes.looped.insert((*root, path));
            }
            new
        });
    }
    found.retain(|(_, model)| !model.kinds.is_empty());
    found.sort_by(|(root_a, a), (root_b, b)| {
        root_a.cmp(root_b).then_with(|| name_order(&a.folder.path, &b.folder.path))
    });
    found
}

/// Numbers packages and models, and lists the files.
fn number(set: &mut FileSet, found: Vec<Found>, stamps: bool, notes: &mut Notes) -> Vec<SourceFile> {
    let real: BTreeSet<PathBuf> =
        found.iter().flat_map(|(_, model)| model.kinds.iter().map(|(_, kind)| kind.real.clone())).collect();
    let mut folders = Vec::new();
    for (root, model) in found {
        let index = u32::try_from(set.models.len()).unwrap_or(u32::MAX);
        let package = model.package.map(|package| package_index(&mut set.packages, root, package));
        set.models.push(Model {
            root,
            package,
            folder_name: model.folder.name.into(),
            path: model.folder.path.into(),
            labels: Vec::new(),
        });
        folders.extend(model.kinds.into_iter().map(|(kind, folder)| KindFolder {
            root,
            model: index,
            kind,
            folder,
        }));
    }
    let (labels, folders): (Vec<_>, Vec<_>) = folders.into_iter().partition(|f| f.kind == Kind::LabelFile);
    let labels: Vec<_> = labels.into_par_iter().map(|f| (f.model, label_texts(&f.folder))).collect();
    for (model, texts) in labels {
        set.models[model as usize].labels.extend(texts);
    }
    set.packages.par_iter_mut().for_each(list_descriptors);
    let listed: Vec<_> = folders.par_iter().map(|folder| files_of(folder, stamps)).collect();
    collect(listed, &real, notes)
}

struct KindFolder {
    root: u32,
    model: u32,
    kind: Kind,
    folder: Folder,
}

/// A file, and what it is behind a link.
struct Listed {
    file: SourceFile,
    link_to: Option<PathBuf>,
}

type ListedFolder = Result<Vec<Listed>, (PathBuf, io::Error)>;

fn files_of(folder: &KindFolder, stamps: bool) -> ListedFolder {
    let absolute = &folder.folder.absolute;
    let all = if stamps { children_with_stamps(absolute) } else { children(absolute) };
    let all = all.map_err(|error| (absolute.clone(), error))?;
    let is_file = |child: &Child| !child.is_folder && ends_with_ignore_case(&child.name, ".xml");
    let mut files: Vec<Child> = all.into_iter().filter(is_file).collect();
    // All of them are sorted by their paths in the end: what is in order by then costs little.
    files.sort_by(|a, b| name_order(&a.name, &b.name));
    Ok(files.into_iter().map(|child| listed(folder, child)).collect())
}

fn listed(folder: &KindFolder, child: Child) -> Listed {
    let link_to = if child.is_link { std::fs::canonicalize(&child.absolute).ok() } else { None };
    let path = join(&folder.folder.path, &child.name).into();
    let file = SourceFile {
        root: folder.root,
        model: folder.model,
        kind: folder.kind,
        path,
        absolute: child.absolute,
        stamp: child.stamp,
    };
    Listed { file, link_to }
}

/// All files in their final order, those behind links once.
fn collect(listed: Vec<ListedFolder>, real: &BTreeSet<PathBuf>, notes: &mut Notes) -> Vec<SourceFile> {
    let mut all = Vec::new();
    for folder in listed {
        match folder {
            Ok(files) => all.extend(files),
            Err(failure) => notes.failures.push(failure),
        }
    }
    all.par_sort_by(|Listed { file: a, .. }, Listed { file: b, .. }| {
        // Names that are not Unicode may look alike; what is opened tells them apart.
        let order = a.root.cmp(&b.root).then_with(|| name_order(&a.path, &b.path));
        order.then_with(|| a.absolute.cmp(&b.absolute))
    });
    let mut targets = BTreeSet::new();
    all.retain(|listed| {
        let Some(target) = &listed.link_to else { return true };
        let listed_there = target.parent().is_some_and(|parent| real.contains(parent)) && is_xml(target);
        let new = !listed_there && targets.insert(target.clone());
        if !new {
            notes.looped.insert((listed.file.root, listed.file.path.to_string()));
        }
        new
    });
    all.into_iter().map(|listed| listed.file).collect()
}

fn is_xml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xml"))
}

fn package_index(packages: &mut Vec<Package>, root: u32, found: FoundPackage) -> u32 {
    let known = packages.iter().rposition(|p| p.root == root && *p.path == *found.path);
    let index = known.unwrap_or_else(|| {
        packages.push(Package {
            root,
            name: found.name.into(),
            path: found.path.into(),
            descriptors: found.descriptor.into_iter().collect(),
        });
        packages.len() - 1
    });
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Replaces the `Descriptor` folder of a package by the files in it.
fn list_descriptors(package: &mut Package) {
    let folders = std::mem::take(&mut package.descriptors);
    let mut files: Vec<_> = folders.iter().flat_map(|folder| children(folder).unwrap_or_default()).collect();
    files.retain(|child| !child.is_folder && ends_with_ignore_case(&child.name, ".xml"));
    files.sort_by(|a, b| name_order(&a.name, &b.name));
    package.descriptors = files.into_iter().map(|child| child.absolute).collect();
}

/// What is worth telling, without repetitions.
#[derive(Default)]
struct Notes {
    looped: BTreeSet<(u32, String)>,
    failures: Vec<(PathBuf, io::Error)>,
}

impl Notes {
    fn into_problems(mut self, roots: &[Root]) -> Vec<Problem> {
        self.failures.sort_by(|(a, _), (b, _)| a.cmp(b));
        let failures = self.failures.into_iter().map(|(path, error)| {
            let below = roots.iter().find_map(|root| path.strip_prefix(&root.absolute).ok());
            let path = with_slashes(below.unwrap_or(&path));
            let problem = Problem::new(Code::UnreadableFile, None).with("path", path);
            problem.with("reason", error.to_string())
        });
        let looped = self.looped.into_iter().map(|(root, path)| {
            let given = || roots.get(root as usize).map(|root| root.given.display().to_string());
            let path = if path.is_empty() { given().unwrap_or_default() } else { path };
            Problem::new(Code::LoopedFolder, None).with("path", path)
        });
        failures.chain(looped).collect()
    }
}
