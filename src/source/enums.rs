//! The files of enums, found when one is asked for: there are thousands of them, and hardly a run needs one.

use super::walk::children;
use super::{FileSet, Model};
use crate::text::name_order;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

/// The enum files of a run by name.
#[derive(Debug, Default)]
pub struct EnumFiles {
    by_name: FxHashMap<String, EnumFile>,
}

/// The file of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumFile {
    /// Path relative to its root, with `/`.
    pub path: Box<str>,
    /// Where to open it.
    pub absolute: PathBuf,
}

const FOLDER: &str = "AxEnum";

impl EnumFiles {
    /// Lists the `AxEnum` folder of each model. A folder that cannot be listed has no enums.
    pub fn list(files: &FileSet) -> Self {
        let mut by_name = FxHashMap::default();
        for model in &files.models {
            for (name, file) in of_model(files, model) {
                by_name.entry(name).or_insert(file);
            }
        }
        Self { by_name }
    }

    /// The file of the enum of this name, in any case: that of the first root, then of the lowest path.
    pub fn find(&self, name: &str) -> Option<&EnumFile> {
        self.by_name.get(&name.to_ascii_lowercase())
    }
}

fn of_model(files: &FileSet, model: &Model) -> Vec<(String, EnumFile)> {
    let Some(root) = files.roots.get(model.root as usize) else { return Vec::new() };
    let parts = model.path.split('/').filter(|part| !part.is_empty());
    let folder = parts.fold(root.absolute.clone(), |path, part| path.join(part));
    let mut found: Vec<(String, EnumFile)> = Vec::new();
    for (name, folder) in folders_of(&folder) {
        for (file, absolute) in listed(&folder) {
            let Some(stem) = stem(&file) else { continue };
            let slash = if model.path.is_empty() { "" } else { "/" };
            let path = format!("{}{slash}{name}/{file}", model.path).into();
            found.push((stem, EnumFile { path, absolute }));
        }
    }
    found.sort_by(|a, b| name_order(&a.1.path, &b.1.path));
    found
}

/// The folders of enums in a model folder, by name; where case counts there may be two.
pub(super) fn folders_of(model: &Path) -> Vec<(String, PathBuf)> {
    let mut folders: Vec<_> = listed(model).filter(|(name, _)| name.eq_ignore_ascii_case(FOLDER)).collect();
    folders.sort();
    folders
}

/// The name of the enum in lower case; none for what is no XML file.
fn stem(file: &str) -> Option<String> {
    let (stem, end) = file.rsplit_once('.')?;
    end.eq_ignore_ascii_case("xml").then(|| stem.to_ascii_lowercase())
}

fn listed(folder: &Path) -> impl Iterator<Item = (String, PathBuf)> + use<> {
    children(folder).unwrap_or_default().into_iter().map(|child| (child.name, child.absolute))
}

#[cfg(test)]
mod tests {
    use super::EnumFiles;
    use crate::source::{RootSource, discover};
    use std::fs;

    #[test]
    fn enums_are_found_in_any_case_and_the_first_one_counts() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in [
            "B/B/AxEnum/Status.xml",
            "A/A/axenum/STATUS.XML",
            "A/A/axenum/read.me",
            "A/A/AxTable/T.xml",
            "B/B/AxTable/U.xml",
        ] {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            fs::write(path, "<AxEnum/>").expect("a file");
        }
        let files = discover(vec![RootSource::Folder(folder.path().to_owned())], 1).expect("metadata");
        let enums = EnumFiles::list(&files);
        assert_eq!(enums.find("status").map(|f| &*f.path), Some("A/A/axenum/STATUS.XML"));
        assert_eq!(enums.find("read"), None);
        assert_eq!(enums.find("T"), None);
    }
}
