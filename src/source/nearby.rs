//! "Did you mean": places that look like metadata roots near one that is none.

use super::kind::{Kind, is_descriptor_folder, is_skipped};
use super::path::with_slashes;
use super::walk::{Child, children};
use crate::text::name_order;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How deep the search goes, how many folders it lists, and how many places are shown.
const DEPTH: usize = 10;
const FOLDERS: usize = 20_000;
const SHOWN: usize = 10;

/// Places below `root` (or the folder above it) that look like metadata roots, spelled below `root` as given,
/// and how many more there are.
pub(super) fn nearby(root: &Path) -> (Vec<PathBuf>, usize) {
    let places = if is_kind_folder(root) { above(root) } else { below(root) };
    let mut places: Vec<_> = places.into_iter().collect();
    places.sort_by(|a, b| name_order(&with_slashes(a), &with_slashes(b)));
    let more = places.len().saturating_sub(SHOWN);
    places.truncate(SHOWN);
    (places, more)
}

/// The root is the `AxTable` folder itself: its model is meant.
fn above(root: &Path) -> BTreeSet<PathBuf> {
    root.parent().filter(|parent| parent.file_name().is_some()).map(Path::to_path_buf).into_iter().collect()
}

fn is_kind_folder(folder: &Path) -> bool {
    folder.file_name().is_some_and(|name| Kind::of_folder(&name.to_string_lossy()).is_some())
}

/// A folder to look into, and the folder that is a root if this one is a model of a package.
struct Candidate {
    path: PathBuf,
    root_of_package: Option<PathBuf>,
}

fn below(root: &Path) -> BTreeSet<PathBuf> {
    let mut places = BTreeSet::new();
    let mut level = vec![Candidate { path: root.to_path_buf(), root_of_package: None }];
    let mut listed = 0;
    for _ in 0..=DEPTH {
        let mut next = Vec::new();
        for candidate in level {
            listed += 1;
            if listed <= FOLDERS {
                look_into(candidate, &mut places, &mut next);
            }
        }
        level = next;
    }
    places
}

fn look_into(candidate: Candidate, places: &mut BTreeSet<PathBuf>, next: &mut Vec<Candidate>) {
    let mut folders: Vec<Child> = children(&candidate.path).unwrap_or_default();
    folders.retain(|child| child.is_folder && !child.is_link);
    if folders.iter().any(|child| Kind::of_folder(&child.name).is_some()) {
        places.insert(candidate.root_of_package.unwrap_or(candidate.path));
        return;
    }
    let is_package = folders.iter().any(|child| is_descriptor_folder(&child.name));
    let root_of_package = if is_package { candidate.path.parent().map(Path::to_path_buf) } else { None };
    folders.retain(|child| !is_skipped(&child.name) && child.name != "node_modules");
    folders.sort_by(|a, b| name_order(&a.name, &b.name));
    next.extend(
        folders
            .into_iter()
            .map(|child| Candidate { path: child.absolute, root_of_package: root_of_package.clone() }),
    );
}
