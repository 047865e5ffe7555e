//! What a walk found, as plain data: a snapshot keeps it, and stands for the root that was walked.

use super::Kind;
use super::files::{FileSet, Model, Package, Root, SourceFile};
use super::path::absolute;
use crate::problem::{Code, Facts, Problem};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A metadata root as the user names it.
#[derive(Clone, Debug)]
pub enum RootSource {
    /// A folder, to be walked.
    Folder(PathBuf),
    /// A snapshot: walked long ago, elsewhere.
    Listed {
        /// The file.
        given: PathBuf,
        /// What the walk found.
        listing: Listing,
    },
}

/// The roots that [`FileSet::roots`] will have, made absolute.
pub fn absolute_roots(roots: &[RootSource]) -> Vec<PathBuf> {
    let absolute = |root: &RootSource| match root {
        RootSource::Folder(given) => vec![absolute(given)],
        RootSource::Listed { given, listing } => (0..listing.roots).map(|_| absolute(given)).collect(),
    };
    roots.iter().flat_map(absolute).collect()
}

/// Packages, models and files of one or several roots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// Number of roots.
    pub roots: u32,
    /// Packages: root, name, path.
    pub packages: Vec<(u32, Box<str>, Box<str>)>,
    /// Models by (root, path).
    pub models: Vec<ListedModel>,
    /// Files by (root, path).
    pub files: Vec<ListedFile>,
    /// What went wrong on the walk.
    pub problems: Vec<(Code, Facts)>,
}

/// A model of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedModel {
    /// Index of its root.
    pub root: u32,
    /// Index of its package.
    pub package: Option<u32>,
    /// Name of its folder.
    pub folder_name: Box<str>,
    /// Path below its root.
    pub path: Box<str>,
}

/// A file of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedFile {
    /// Index of its root.
    pub root: u32,
    /// Index of its model.
    pub model: u32,
    /// Kind of its folder.
    pub kind: Kind,
    /// Path below its root.
    pub path: Box<str>,
}

impl FileSet {
    /// Everything that was found, without the places where it can be opened.
    pub fn listing(&self) -> Listing {
        let file =
            |f: &SourceFile| ListedFile { root: f.root, model: f.model, kind: f.kind, path: f.path.clone() };
        let package = |p: &Package| (p.root, p.name.clone(), p.path.clone());
        let model = |m: &Model| ListedModel {
            root: m.root,
            package: m.package,
            folder_name: m.folder_name.clone(),
            path: m.path.clone(),
        };
        Listing {
            roots: index(self.roots.len()),
            packages: self.packages.iter().map(package).collect(),
            models: self.models.iter().map(model).collect(),
            files: self.files.iter().map(file).collect(),
            problems: self.problems.iter().map(|p| (p.code, p.facts.clone())).collect(),
        }
    }

    /// Enters packages, models and problems of a listing behind what is there; its files come back.
    pub(super) fn enter(&mut self, given: &Path, listing: Listing) -> Vec<SourceFile> {
        let (first_root, first_model) = (index(self.roots.len()), index(self.models.len()));
        let first_package = index(self.packages.len());
        for _ in 0..listing.roots {
            self.roots.push(Root { given: given.to_path_buf(), absolute: absolute(given), listed: true });
        }
        self.packages.extend(listing.packages.into_iter().map(|(root, name, path)| Package {
            root: first_root + root,
            name,
            path,
            descriptors: Vec::new(),
        }));
        self.models.extend(listing.models.into_iter().map(|model| Model {
            root: first_root + model.root,
            package: model.package.map(|package| first_package + package),
            folder_name: model.folder_name,
            path: model.path,
            labels: Vec::new(),
        }));
        let problems = listing.problems.into_iter();
        self.problems.extend(problems.map(|(code, facts)| Problem { code, place: None, facts }));
        let files = listing.files.into_iter().map(|file| SourceFile {
            root: first_root + file.root,
            model: first_model + file.model,
            kind: file.kind,
            absolute: given.join(&*file.path),
            path: file.path,
            stamp: None,
        });
        files.collect()
    }
}

fn index(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Listing {
    /// Every index leads to something.
    pub fn is_sound(&self) -> bool {
        let (packages, models) = (index(self.packages.len()), index(self.models.len()));
        self.packages.iter().all(|(root, ..)| *root < self.roots)
            && self.models.iter().all(|model| {
                model.root < self.roots && model.package.is_none_or(|package| package < packages)
            })
            && self.files.iter().all(|file| file.root < self.roots && file.model < models)
            && self.files.is_sorted_by_key(|file| file.root)
    }
}
