//! What a command reads.

use super::observed::Observed;
use crate::dualwrite::map_locations;
use crate::source::{Mark, inputs, mark, with_slashes};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What a command reads, and what it writes, which may lie among it. All paths are absolute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Metadata roots: folders and snapshots.
    roots: Vec<PathBuf>,
    /// Files and folders of table maps.
    maps: Vec<PathBuf>,
    /// Other files, there or not.
    files: Vec<PathBuf>,
    /// Files that the command writes: that they change is no news.
    results: BTreeSet<PathBuf>,
}

impl Inputs {
    /// The inputs of metadata and maps.
    pub fn new(roots: &[PathBuf], maps: &[PathBuf]) -> Self {
        let all = |paths: &[PathBuf]| paths.iter().map(|path| absolute(path)).collect();
        Self { roots: all(roots), maps: all(maps), ..Self::default() }
    }

    /// Adds files that are read, there or not.
    #[must_use]
    pub fn with_files(mut self, files: impl IntoIterator<Item = PathBuf>) -> Self {
        self.files.extend(files.into_iter().map(|path| absolute(&path)));
        self
    }

    /// Leaves out files that are written.
    #[must_use]
    pub fn without(mut self, results: impl IntoIterator<Item = PathBuf>) -> Self {
        self.results.extend(results.into_iter().map(|path| absolute(&path)));
        self
    }

    /// What they look like now. Folders are listed; no metadata is opened.
    pub fn look(&self) -> Observed {
        let metadata = self.roots.iter().flat_map(|root| inputs(root));
        let maps = map_locations(&self.maps);
        let others = maps.into_iter().chain(self.files.iter().cloned());
        let others = others.filter_map(|path| Some((mark(&path)?, path)));
        let all = metadata.chain(others.map(|(mark, path): (Mark, PathBuf)| (path, mark)));
        all.filter(|(path, _)| !self.results.contains(path)).collect()
    }

    /// A file as other output names it: below its root or folder of maps, else below `folder`.
    pub fn name(&self, path: &Path, folder: &Path) -> String {
        let mut all = self.roots.iter().chain(&self.maps).map(PathBuf::as_path).chain([folder]);
        let below = |above: &Path| path.strip_prefix(above).ok().filter(|rest| !rest.as_os_str().is_empty());
        all.find_map(below).map_or_else(|| path.display().to_string(), with_slashes)
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::Inputs;
    use crate::watch::{ChangeKind, Observed};
    use std::fs;
    use std::path::{Path, PathBuf};
    use tempfile::TempDir;

    fn write(folder: &TempDir, path: &str, text: &str) -> PathBuf {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
        fs::write(&path, text).expect("a file");
        path
    }

    /// What a change of this file is seen as.
    fn seen(folder: &TempDir, inputs: &Inputs, path: &str) -> Vec<(ChangeKind, String)> {
        let before = inputs.look();
        write(folder, path, "another text");
        told(folder, inputs, &before)
    }

    fn told(folder: &TempDir, inputs: &Inputs, before: &Observed) -> Vec<(ChangeKind, String)> {
        let changes = inputs.look().changes_since(before);
        changes.iter().map(|change| (change.kind, inputs.name(&change.path, folder.path()))).collect()
    }

    #[test]
    fn everything_that_a_run_reads_is_seen_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let below = |path: &str| folder.path().join(path);
        let read = [
            ("root/P/M/AxTable/T.xml", "P/M/AxTable/T.xml"),
            ("root/P/M/AxForm/F.XML", "P/M/AxForm/F.XML"),
            ("root/P/M/AxEnum/E.xml", "P/M/AxEnum/E.xml"),
            ("root/P/Descriptor/M.xml", "P/Descriptor/M.xml"),
            (
                "root/P/M/AxLabelFile/LabelResources/de/L.de.label.txt",
                "P/M/AxLabelFile/LabelResources/de/L.de.label.txt",
            ),
            ("standard.dtsnap", "standard.dtsnap"),
            ("maps/deep/m.json", "deep/m.json"),
            ("dualtrack.toml", "dualtrack.toml"),
        ];
        let others = [
            "root/P/M/AxTable/T.xml.bak",
            "root/P/M/AxEdt/E.xml",
            "root/P/bin/P.dll",
            "root/README.md",
            "maps/notes.txt",
            "maps/out/tracking.json",
            "other.toml",
        ];
        for path in read.iter().map(|(path, _)| *path).chain(others) {
            write(&folder, path, "text");
        }
        let roots = [below("root"), below("standard.dtsnap"), below("missing")];
        let inputs = Inputs::new(&roots, &[below("maps")])
            .with_files([below("dualtrack.toml"), below("baseline.json")])
            .without([below("maps/out/tracking.json")]);
        assert_eq!(inputs.look().len(), read.len());
        for (path, name) in read {
            assert_eq!(seen(&folder, &inputs, path), [(ChangeKind::Changed, name.to_owned())], "{path}");
        }
        for path in others {
            assert_eq!(seen(&folder, &inputs, path), [], "{path}");
        }
        let new = seen(&folder, &inputs, "baseline.json");
        assert_eq!(new, [(ChangeKind::New, "baseline.json".to_owned())]);
    }

    #[test]
    fn folders_come_and_go() {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = write(&folder, "root/P/M/AxTable/T.xml", "text");
        let inputs = Inputs::new(&[folder.path().join("root")], &[]);
        let before = inputs.look();
        write(&folder, "root/Q/N/AxQuery/Q.xml", "text");
        assert_eq!(told(&folder, &inputs, &before), [(ChangeKind::New, "Q/N/AxQuery/Q.xml".to_owned())]);
        fs::remove_dir_all(folder.path().join("root")).expect("removed");
        assert_eq!(told(&folder, &inputs, &before), [(ChangeKind::Gone, "P/M/AxTable/T.xml".to_owned())]);
        assert!(inputs.look().is_empty());
        assert_eq!(inputs.name(&kept, Path::new("/elsewhere")), "P/M/AxTable/T.xml");
    }
}
