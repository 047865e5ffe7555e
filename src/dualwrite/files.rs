//! Which files are read as table maps, in which order.

use super::archive::{self, is_archive};
use super::json::parse_maps;
use super::map::{MapFile, TableMap};
use super::solution::can_hold_maps;
use crate::problem::{Code, Problem};
use crate::text::name_order;
use rayon::prelude::*;
use std::collections::{HashSet, VecDeque};
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Deeper folders are not read.
const MAX_DEPTH: usize = 64;

/// The table maps of files and folders, in the order of (path, position), and every complaint in the order of
/// paths. Versions are not chosen yet.
///
/// Of a folder all `*.json` and `*.zip` below it are read, and the files of unpacked solutions that can hold maps.
/// A zip file is an exported solution, or else a folder of `*.json`.
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
    match open(&file.location) {
        Ok(Content::Archive(opened)) => parse_archive(BufReader::new(opened), file),
        Ok(Content::Text(bytes)) => parse_maps(&bytes, file),
        Err(error) => (Vec::new(), vec![cannot_read(&file.path, &error)]),
    }
}

enum Content {
    Archive(File),
    Text(Vec<u8>),
}

/// The first bytes tell a zip file; all else is read on, since a pipe can be read once only.
fn open(path: &Path) -> io::Result<Content> {
    let (mut file, mut bytes) = (File::open(path)?, Vec::new());
    file.by_ref().take(4).read_to_end(&mut bytes)?;
    if is_archive(&bytes) {
        file.rewind()?;
        return Ok(Content::Archive(file));
    }
    file.read_to_end(&mut bytes)?;
    Ok(Content::Text(bytes))
}

/// The maps of a zip file, an exported solution or a folder of `*.json`, and every complaint; each of its parts goes
/// by its path behind that of the zip file. How much is unpacked is limited.
pub fn parse_archive(archive: impl Read + Seek, file: &MapFile) -> (Vec<TableMap>, Vec<Problem>) {
    let (mut maps, mut problems) = (Vec::new(), Vec::new());
    let read = archive::parts(archive, |name, bytes| {
        let path = format!("{}/{name}", file.path).into();
        let part = Arc::new(MapFile { path, root: file.root, location: file.location.clone() });
        let (own, complaints) = parse_maps(bytes, &part);
        maps.extend(own);
        problems.extend(complaints);
    });
    let whole = |code| Problem::new(code, None).with("path", &file.path);
    match read {
        Err(error) => problems.push(whole(Code::UnreadableMap).with("reason", error.to_string())),
        Ok(()) if maps.is_empty() && problems.is_empty() => problems.push(whole(Code::SkippedMapFile)),
        Ok(()) => {}
    }
    (maps, problems)
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

/// Where the files lie that [`load_maps`] reads.
pub fn map_locations(paths: &[PathBuf]) -> Vec<PathBuf> {
    map_files(paths).0.iter().map(|file| file.location.clone()).collect()
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

    /// Whether it is read where a folder was named; a file that was named itself is always read.
    fn can_hold_maps(&self) -> bool {
        let extension = Path::new(&self.shown).extension();
        let is = |wanted: &str| extension.is_some_and(|extension| extension.eq_ignore_ascii_case(wanted));
        is("json") || is("zip") || can_hold_maps(&self.shown)
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
                Ok(_) if link.can_hold_maps() => self.file(link),
                Err(error) if link.can_hold_maps() => self.problems.push(cannot_read(&link.shown, &error)),
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
            } else if child.can_hold_maps() {
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
    use crate::platform::for_tests::{can_link, link};

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
    fn solutions_are_read_packed_and_unpacked() {
        let rows = |name: &str| {
            let row = format!("<msdyn_dualwriteentitymap><msdyn_name>{name}</msdyn_name>");
            format!("<x>{row}<msdyn_mapping>{MAP}</msdyn_mapping></msdyn_dualwriteentitymap></x>")
        };
        let folder = folder(&["maps/m.json"]);
        let put = |path: &str, bytes: &[u8]| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        let zip = |part: &str, text: &str| {
            let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
            writer.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
            io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
            writer.finish().unwrap().into_inner()
        };
        put("unpacked/Other/Customizations.xml", rows("U").as_bytes());
        put("unpacked/msdyn_dualwriteentitymaps/{1}/record.xml", rows("R").as_bytes());
        put("unpacked/Entities/Account/Entity.xml", b"<not>read");
        put("export.ZIP", &zip("customizations.xml", &rows("Z")));
        put("maps.zip", &zip("../j.json", MAP));
        put("photos.zip", &zip("p.jpg", ""));
        put("torn.zip", b"PK\x03\x04torn");
        let (maps, problems) = load_maps(&[folder.path().to_owned()]);
        let found: Vec<_> = maps.iter().map(|map| (&*map.file.path, map.name.as_deref())).collect();
        assert_eq!(
            found,
            [
                ("export.ZIP/customizations.xml", Some("Z")),
                ("maps.zip/../j.json", None),
                ("maps/m.json", None),
                ("unpacked/msdyn_dualwriteentitymaps/{1}/record.xml", Some("R")),
                ("unpacked/Other/Customizations.xml", Some("U")),
            ]
        );
        let messages: Vec<_> = problems.iter().map(Problem::message).collect();
        assert_eq!(messages[0], "photos.zip holds no table map; skipped");
        assert!(messages[1].starts_with("torn.zip: not a readable zip file: "), "{messages:?}");
        assert_eq!(messages.len(), 2);
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
        let link = |to: &Path, name: &str| link(to, inside.path().join(name));
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
