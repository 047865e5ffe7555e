//! Which files are read as table maps, in which order.

use super::json::parse_maps;
use super::map::{MapFile, TableMap};
use crate::problem::{Code, Problem};
use crate::text::name_order;
use rayon::prelude::*;
use std::collections::{HashSet, VecDeque};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Deeper folders are not read.
const MAX_DEPTH: usize = 64;

/// The table maps of files and folders (all `*.json` below them), in the order of (path, position), and every
/// complaint in the order of paths. Versions are not chosen yet.
pub fn load_maps(paths: &[PathBuf]) -> (Vec<TableMap>, Vec<Problem>) {
    let (files, mut problems) = map_files(paths);
    let read: Vec<_> = files.par_iter().map(read_file).collect();
    let mut maps = Vec::new();
    for (own, complaints) in read {
        maps.extend(own);
        problems.extend(complaints);
    }
    (maps, problems)
}

fn read_file(file: &Arc<MapFile>) -> (Vec<TableMap>, Vec<Problem>) {
    match fs::read(&file.location) {
        Ok(bytes) => parse_maps(&bytes, file),
        Err(error) => (Vec::new(), vec![cannot_read(&file.path, &error)]),
    }
}

fn cannot_read(path: &str, error: &io::Error) -> Problem {
    Problem::new(Code::UnreadableMap, None)
        .with("path", path)
        .with("reason", format!("cannot be read: {error}"))
}

/// The files that [`load_maps`] reads, in its order. A file reached twice is listed once; links are followed.
fn map_files(paths: &[PathBuf]) -> (Vec<Arc<MapFile>>, Vec<Problem>) {
    let mut walk = Walk::default();
    for (root, path) in paths.iter().enumerate() {
        walk.root(root, path);
    }
    walk.files.sort_by(|a, b| name_order(&a.path, &b.path).then(a.root.cmp(&b.root)));
    walk.problems.sort_by(|a, b| name_order(a.fact("path").unwrap_or(""), b.fact("path").unwrap_or("")));
    (walk.files.into_iter().map(Arc::new).collect(), walk.problems)
}

#[derive(Default)]
struct Walk {
    root: usize,
    seen: HashSet<PathBuf>,
    folders: Vec<Entry>,
    links: VecDeque<Entry>,
    files: Vec<MapFile>,
    problems: Vec<Problem>,
}

/// A folder or link to look at.
struct Entry {
    location: PathBuf,
    shown: String,
    depth: usize,
}

impl Entry {
    fn child(&self, entry: &fs::DirEntry) -> Self {
        let name = entry.file_name().to_string_lossy().into_owned();
        let shown = if self.shown.is_empty() { name } else { format!("{}/{name}", self.shown) };
        Self { location: entry.path(), shown, depth: self.depth + 1 }
    }

    fn is_json(&self) -> bool {
        Path::new(&self.shown).extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
    }
}

impl Walk {
    fn root(&mut self, root: usize, path: &Path) {
        self.root = root;
        match fs::metadata(path) {
            Ok(kind) if kind.is_dir() => {
                self.folders.push(Entry { location: path.to_owned(), shown: String::new(), depth: 0 });
                self.run(path);
            }
            Ok(_) => {
                let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
                self.file(Entry { location: path.to_owned(), shown: name, depth: 0 });
            }
            Err(error) => self.problems.push(cannot_read(&path.to_string_lossy(), &error)),
        }
    }

    /// Real folders first, so that a link never gives its name to a folder that is there anyway.
    fn run(&mut self, root: &Path) {
        loop {
            while let Some(folder) = self.folders.pop() {
                if let Err(error) = self.folder(&folder) {
                    self.problems.push(cannot_read(shown(&folder, root), &error));
                }
            }
            let Some(link) = self.links.pop_front() else { return };
            match fs::metadata(&link.location) {
                Ok(kind) if kind.is_dir() => self.folders.push(link),
                Ok(_) if link.is_json() => self.file(link),
                Err(error) if link.is_json() => self.problems.push(cannot_read(&link.shown, &error)),
                _ => {}
            }
        }
    }

    fn folder(&mut self, folder: &Entry) -> io::Result<()> {
        if folder.depth > MAX_DEPTH {
            return Err(io::Error::other(format!("folders are nested deeper than {MAX_DEPTH} levels")));
        }
        if !self.seen.insert(fs::canonicalize(&folder.location)?) {
            let note = Problem::new(Code::LoopedFolder, None);
            self.problems.push(note.with("path", shown(folder, &folder.location)));
            return Ok(());
        }
        let mut entries = fs::read_dir(&folder.location)?.collect::<io::Result<Vec<_>>>()?;
        entries.sort_by_cached_key(fs::DirEntry::file_name);
        for entry in entries {
            let kind = entry.file_type()?;
            let child = folder.child(&entry);
            if kind.is_symlink() {
                self.links.push_back(child);
            } else if kind.is_dir() {
                self.folders.push(child);
            } else if child.is_json() {
                self.file(child);
            }
        }
        Ok(())
    }

    fn file(&mut self, file: Entry) {
        let real = fs::canonicalize(&file.location).unwrap_or_else(|_| file.location.clone());
        if self.seen.insert(real) {
            self.files.push(MapFile { path: file.shown.into(), root: self.root, location: file.location });
        }
    }
}

/// The name of a folder in messages: below its root, or the root as it was named.
fn shown<'a>(folder: &'a Entry, root: &'a Path) -> &'a str {
    if folder.shown.is_empty() { root.to_str().unwrap_or("?") } else { &folder.shown }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::{can_link, link};

    const MAP: &str = r#"{"legs":[{"sourceSchema":"A"}]}"#;

    fn paths(files: &[Arc<MapFile>]) -> Vec<&str> {
        files.iter().map(|file| &*file.path).collect()
    }

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, MAP).unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_means_all_json_below_it_in_order() {
        let folder = folder(&["b.json", "A.JSON", "sub/deep/c.Json", "x.txt", "Sub2/a.json", "json"]);
        let (files, problems) = map_files(&[folder.path().to_owned()]);
        assert_eq!(paths(&files), ["A.JSON", "b.json", "sub/deep/c.Json", "Sub2/a.json"]);
        assert_eq!(problems, []);
        assert_eq!(load_maps(&[folder.path().to_owned()]).0.len(), 4);
    }

    #[test]
    fn a_file_named_twice_is_read_once_and_keeps_its_name() {
        let folder = folder(&["a.json", "other.txt"]);
        let (files, problems) = map_files(&[
            folder.path().join("other.txt"),
            folder.path().to_owned(),
            folder.path().join("a.json"),
        ]);
        assert_eq!(paths(&files), ["a.json", "other.txt"]);
        assert_eq!(problems, []);
    }

    #[test]
    fn a_missing_path_is_named() {
        let (maps, problems) = load_maps(&[PathBuf::from("no/such/folder")]);
        assert_eq!(maps, []);
        assert!(problems[0].message().starts_with("no/such/folder: cannot be read: "), "{problems:?}");
    }

    #[test]
    fn links_are_followed_once() {
        if !can_link() {
            return;
        }
        let (inside, outside) = (folder(&["r/a.json"]), folder(&["b.json"]));
        let link = |to: &Path, name: &str| link(to, &inside.path().join(name));
        link(inside.path(), "loop");
        link(outside.path(), "elsewhere");
        link(&outside.path().join("b.json"), "z.json");
        link(Path::new("nowhere"), "broken");
        let (files, problems) = map_files(&[inside.path().to_owned()]);
        assert_eq!(paths(&files), ["elsewhere/b.json", "r/a.json"]);
        let messages: Vec<_> = problems.iter().map(Problem::message).collect();
        assert_eq!(messages, ["loop leads to a folder that was read already; skipped"]);
    }
}
