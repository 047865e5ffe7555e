//! Listing folders: three levels below a root, links followed once.

use super::files::Stamp;
use super::kind::{Kind, is_descriptor_folder, is_skipped};
use super::path::join;
use rayon::prelude::*;
use std::io;
use std::path::{Path, PathBuf};

/// Model folders lie at most this deep below a root: root, package, model.
pub(super) const MODEL_DEPTH: usize = 2;

/// An entry of a folder.
#[derive(Debug)]
pub(super) struct Child {
    /// Name; what is not Unicode in it is replaced.
    pub(super) name: String,
    pub(super) absolute: PathBuf,
    pub(super) is_folder: bool,
    pub(super) is_link: bool,
    /// Of a file, when stamps are taken.
    pub(super) stamp: Option<Stamp>,
}

/// The entries of a folder. Links are followed to see what they are; one that leads nowhere counts as a file.
pub(super) fn children(folder: &Path) -> io::Result<Vec<Child>> {
    let entries = std::fs::read_dir(folder)?;
    Ok(entries.filter_map(|entry| child(&entry.ok()?)).collect())
}

/// The same with stamps: while a folder is listed they cost least, on some systems nothing.
pub(super) fn children_with_stamps(folder: &Path) -> io::Result<Vec<Child>> {
    let entries = std::fs::read_dir(folder)?;
    let with_stamp = |entry: std::fs::DirEntry| {
        let child = child(&entry)?;
        let metadata = if child.is_link { std::fs::metadata(&child.absolute) } else { entry.metadata() };
        let stamp = metadata.ok().as_ref().and_then(Stamp::of);
        Some(Child { stamp, ..child })
    };
    Ok(entries.filter_map(|entry| with_stamp(entry.ok()?)).collect())
}

fn child(entry: &std::fs::DirEntry) -> Option<Child> {
    let kind = entry.file_type().ok()?;
    let absolute = entry.path();
    let is_link = kind.is_symlink();
    let is_folder = if is_link { absolute.is_dir() } else { kind.is_dir() };
    let name = entry.file_name().into_string().unwrap_or_else(|name| name.to_string_lossy().into_owned());
    Some(Child { name, absolute, is_folder, is_link, stamp: None })
}

/// A folder on the way from a root to its files.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// Name on disk.
    pub(super) name: String,
    /// Where to list it.
    pub(super) absolute: PathBuf,
    /// What it is when all links are resolved.
    pub(super) real: PathBuf,
    /// Path relative to the root, with `/`.
    pub(super) path: String,
    /// Links on the way from the root.
    pub(super) links: usize,
    /// Path of the first link on the way from the root.
    pub(super) via: Option<String>,
}

impl Folder {
    fn below(&self, child: Child) -> io::Result<Folder> {
        let path = join(&self.path, &child.name);
        let real = match child.absolute.file_name() {
            Some(name) if !child.is_link => self.real.join(name),
            _ => std::fs::canonicalize(&child.absolute)?,
        };
        let via = self.via.clone().or_else(|| child.is_link.then(|| path.clone()));
        let links = self.links + usize::from(child.is_link);
        Ok(Folder { name: child.name, absolute: child.absolute, real, path, links, via })
    }
}

/// A model folder and where it was found.
#[derive(Debug)]
pub(super) struct FoundModel {
    pub(super) folder: Folder,
    pub(super) kinds: Vec<(Kind, Folder)>,
    /// The folder above and its descriptor folder; `None` for the root itself.
    pub(super) package: Option<FoundPackage>,
}

/// The folder above a model.
#[derive(Clone, Debug)]
pub(super) struct FoundPackage {
    pub(super) name: String,
    pub(super) path: String,
    pub(super) descriptor: Option<PathBuf>,
}

/// What a root holds.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub(super) models: Vec<FoundModel>,
    /// Paths of links that lead back to a folder above them.
    pub(super) loops: Vec<String>,
    /// Folders that cannot be listed.
    pub(super) failures: Vec<(PathBuf, io::Error)>,
}

/// Finds the model folders at depth 0, 1 and 2 below a root. Fails only when the root itself cannot be listed.
pub(super) fn scan(root: Folder) -> io::Result<Scan> {
    let mut scan = Scan::default();
    let mut level = vec![(root, None)];
    for depth in 0..=MODEL_DEPTH {
        let listed: Vec<_> =
            level.into_par_iter().map(|(folder, package)| (list(&folder), folder, package)).collect();
        let mut next = Vec::new();
        for (listing, folder, package) in listed {
            match listing {
                Ok(listing) => sort_in(&mut scan, &mut next, listing, folder, package),
                Err(error) if depth == 0 => return Err(error),
                Err(error) => scan.failures.push((folder.absolute, error)),
            }
        }
        level = next;
    }
    Ok(scan)
}

type Level = Vec<(Folder, Option<FoundPackage>)>;

fn sort_in(
    scan: &mut Scan,
    next: &mut Level,
    listing: Listing,
    folder: Folder,
    package: Option<FoundPackage>,
) {
    scan.loops.extend(listing.loops);
    scan.failures.extend(listing.failures);
    let here =
        FoundPackage { name: folder.name.clone(), path: folder.path.clone(), descriptor: listing.descriptor };
    next.extend(listing.others.into_iter().map(|other| (other, Some(here.clone()))));
    if !listing.kinds.is_empty() {
        scan.models.push(FoundModel { folder, kinds: listing.kinds, package });
    }
}

/// The folders in a folder, sorted by what they are to us.
#[derive(Debug, Default)]
struct Listing {
    kinds: Vec<(Kind, Folder)>,
    descriptor: Option<PathBuf>,
    others: Vec<Folder>,
    loops: Vec<String>,
    failures: Vec<(PathBuf, io::Error)>,
}

fn list(folder: &Folder) -> io::Result<Listing> {
    let mut listing = Listing::default();
    for child in children(&folder.absolute)? {
        if !child.is_folder {
            listing.failures.extend(broken_link(child));
            continue;
        }
        let kind = Kind::of_folder(&child.name);
        if is_descriptor_folder(&child.name) {
            listing.descriptor = listing.descriptor.take().max(Some(child.absolute));
            continue;
        }
        if kind.is_none() && is_skipped(&child.name) {
            continue;
        }
        let absolute = child.absolute.clone();
        match (folder.below(child), kind) {
            (Err(error), _) => listing.failures.push((absolute, error)),
            (Ok(below), _) if folder.real.starts_with(&below.real) => listing.loops.push(below.path),
            (Ok(below), Some(kind)) => listing.kinds.push((kind, below)),
            (Ok(below), None) => listing.others.push(below),
        }
    }
    Ok(listing)
}

/// A link that leads nowhere, and why: a package that a developer linked in is missing.
fn broken_link(child: Child) -> Option<(PathBuf, io::Error)> {
    let error = if child.is_link { std::fs::metadata(&child.absolute).err() } else { None };
    error.map(|error| (child.absolute, error))
}
