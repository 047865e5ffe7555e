//! The cache: facts of files that have not changed since they were read.
//!
//! One file for each set of roots, keyed by path, size and time of change, and by the very program that wrote it.

use super::codec::{checksum, pack, read_sealed, seal, unpack};
use super::packed::Packed;
use crate::aot::{FileFacts, Methods, Outline, Read};
use crate::platform::write_whole;
use crate::problem::Code;
use crate::source::{FileId, FileSet, SourceFile, Stamp};
use crate::text::name_order;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

const MAGIC: &[u8; 8] = b"DTCACHE\n";
const EXTENSION: &str = "dtcache";

/// Fewer files are read faster than a cache is worth.
const WORTH: usize = 500;
/// A larger cache is not written.
const LIMIT: usize = 1 << 30;
/// So many caches are kept in the folder of caches, the latest used first.
const KEPT: usize = 16;
/// A file that changed this shortly before it was read may change again within the same tick of its clock.
const TICK: Duration = Duration::from_secs(2);

/// Where the cache lies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CachePlace {
    /// There is none.
    #[default]
    Off,
    /// Where the platform keeps caches, when there are enough files.
    Usual,
    /// In this folder, always.
    Folder(PathBuf),
}

/// Facts of a file, and what the file looked like.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    root: u32,
    path: Box<str>,
    all_methods: bool,
    stamp: Stamp,
    /// Hash of the content, where the time of change may not tell.
    doubt: Option<u64>,
    outline: Outline,
    start: usize,
    length: usize,
    /// Of the packed facts.
    checksum: u32,
}

impl Entry {
    fn is_of(&self, file: &SourceFile) -> bool {
        self.root == file.root && self.path == file.path
    }

    fn is_before(&self, file: &SourceFile) -> bool {
        self.root.cmp(&file.root).then_with(|| name_order(&self.path, &file.path)).is_lt()
    }
}

#[derive(Default, Serialize, Deserialize)]
struct Head {
    roots: Vec<PathBuf>,
    entries: Vec<Entry>,
    /// Bytes of all packed facts, which follow.
    packed: usize,
}

/// New facts, packed.
struct Fresh {
    stamp: Stamp,
    doubt: Option<u64>,
    outline: Outline,
    packed: Vec<u8>,
}

/// A cache that is open.
pub struct Cache {
    path: PathBuf,
    /// For fewer files it is not worth its while.
    worth: usize,
    program: u64,
    roots: Vec<PathBuf>,
    /// The packed facts; `None` where there is no cache yet.
    packed: Option<Packed>,
    entries: Vec<Entry>,
    /// Entries of each file: without and with all methods.
    of_file: Vec<[Option<u32>; 2]>,
    fresh: Mutex<BTreeMap<(FileId, bool), Fresh>>,
}

impl Cache {
    /// Opens the cache for these roots, made absolute. A cache that is missing, damaged, or written by another program
    /// is empty.
    pub fn open(place: &CachePlace, roots: Vec<PathBuf>) -> Option<Self> {
        let (folder, worth) = match place {
            CachePlace::Off => return None,
            CachePlace::Usual => (crate::platform::cache_folder()?, WORTH),
            CachePlace::Folder(folder) => (folder.clone(), 0),
        };
        let mut hasher = DefaultHasher::new();
        roots.hash(&mut hasher);
        let path = folder.join(format!("{:016x}.{EXTENSION}", hasher.finish()));
        let mut cache = Self {
            path,
            worth,
            program: program()?,
            roots,
            packed: None,
            entries: Vec::new(),
            of_file: Vec::new(),
            fresh: Mutex::default(),
        };
        cache.read();
        Some(cache)
    }

    /// The cache for these files; `None` where they are too few.
    pub fn of(mut self, files: &FileSet) -> Option<Self> {
        self.of_file = self.align(files);
        (files.files.len() >= self.worth).then_some(self)
    }

    fn read(&mut self) {
        if let Some((entries, packed)) = open(&self.path, self.program, &self.roots) {
            (self.entries, self.packed) = (entries, Some(packed));
        }
    }

    /// Finds the entries of each file; both lists are in the same order.
    fn align(&self, files: &FileSet) -> Vec<[Option<u32>; 2]> {
        let mut entries = (0..).zip(&self.entries).peekable();
        let of = |(_, file): (FileId, &SourceFile)| {
            let mut found = [None, None];
            // Whether it is the same file is told sooner than which comes first.
            while entries.next_if(|(_, entry)| !entry.is_of(file) && entry.is_before(file)).is_some() {}
            while let Some((index, entry)) = entries.next_if(|(_, entry)| entry.is_of(file)) {
                found[usize::from(entry.all_methods)] = Some(index);
            }
            found
        };
        files.ids().map(of).collect()
    }

    fn entry(&self, id: FileId, all_methods: bool) -> Option<&Entry> {
        let index = self.of_file.get(id.0 as usize)?[usize::from(all_methods)]?;
        self.entries.get(index as usize)
    }

    /// The packed facts of an entry, if they are whole.
    fn packed(&self, entry: &Entry) -> Option<Cow<'_, [u8]>> {
        let packed = self.packed.as_ref()?.part(entry.start..entry.start.checked_add(entry.length)?)?;
        (checksum(&packed) == entry.checksum).then_some(packed)
    }

    /// Most of the facts will be asked for: they are read in one go.
    pub fn read_ahead(&mut self) {
        if let Some(packed) = &mut self.packed {
            packed.read_ahead();
        }
    }

    /// The outline of a file, if it has surely not changed.
    pub fn outline(&self, id: FileId, wanted: Methods, stamp: Stamp) -> Option<&Outline> {
        let entry = self.entry(id, wanted == Methods::All)?;
        (entry.stamp == stamp && entry.doubt.is_none()).then_some(&entry.outline)
    }

    /// The last outline of a file.
    pub fn knew(&self, id: FileId) -> Option<&Outline> {
        self.entry(id, false).map(|entry| &entry.outline)
    }

    /// Some file of which all methods were read is no longer there.
    pub fn lost_helpers(&self) -> bool {
        self.entries.iter().filter(|entry| entry.all_methods).count() > self.with_methods().count()
    }

    /// Files of which all methods were read.
    pub fn with_methods(&self) -> impl Iterator<Item = FileId> {
        (0..).map(FileId).zip(&self.of_file).filter(|(_, [_, all])| all.is_some()).map(|(id, _)| id)
    }

    /// The facts of a file, if it has not changed.
    pub fn recall(&self, id: FileId, file: &SourceFile, wanted: Methods, stamp: Stamp) -> Option<FileFacts> {
        let entry = self.entry(id, wanted == Methods::All).filter(|entry| entry.stamp == stamp)?;
        let packed = self.packed(entry)?;
        if let Some(hash) = entry.doubt {
            let bytes = std::fs::read(&file.absolute).ok()?;
            if hash_of(&bytes) != hash {
                return None;
            }
            let (doubt, outline) = (doubt(stamp, &bytes), entry.outline.clone());
            self.enter(id, wanted, Fresh { stamp, doubt, outline, packed: packed.to_vec() });
        }
        unpack(&packed)
    }

    /// Takes up the facts of a file that was read.
    pub fn keep(&self, id: FileId, file: &SourceFile, wanted: Methods, read: Read<'_>) {
        let Read { stamp, bytes, facts } = read;
        let grew = u64::try_from(bytes.len()) != Ok(stamp.size);
        if grew || facts.problems.iter().any(|problem| problem.code == Code::UnreadableFile) {
            return;
        }
        let (doubt, outline) = (doubt(stamp, bytes), Outline::of(file, wanted, facts));
        self.enter(id, wanted, Fresh { stamp, doubt, outline, packed: pack(facts) });
    }

    fn enter(&self, id: FileId, wanted: Methods, fresh: Fresh) {
        let mut all = self.fresh.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        all.insert((id, wanted == Methods::All), fresh);
    }

    /// Writes the cache, if anything has changed. A cache that cannot be written is none: the next run reads the
    /// files again.
    pub fn save(self, files: &FileSet) {
        let fresh = self.fresh.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let known = self.of_file.iter().flatten().flatten().count();
        if fresh.is_empty() && known == self.entries.len() {
            return;
        }
        let (mut kept, mut packed) = (Vec::new(), Vec::new());
        for (id, file) in files.ids() {
            for all_methods in [false, true] {
                let old = || {
                    self.still(id, all_methods, &fresh).and_then(|entry| Some((entry, self.packed(entry)?)))
                };
                let (stamp, doubt, outline, facts) = match fresh.get(&(id, all_methods)) {
                    Some(fresh) => {
                        (fresh.stamp, fresh.doubt, &fresh.outline, Cow::Borrowed(fresh.packed.as_slice()))
                    }
                    None => match old() {
                        Some((entry, facts)) => (entry.stamp, entry.doubt, &entry.outline, facts),
                        None => continue,
                    },
                };
                kept.push(Entry {
                    root: file.root,
                    path: file.path.clone(),
                    all_methods,
                    stamp,
                    doubt,
                    outline: outline.clone(),
                    start: packed.len(),
                    length: facts.len(),
                    checksum: checksum(&facts),
                });
                packed.extend_from_slice(&facts);
            }
        }
        let head = pack(&Head { roots: self.roots.clone(), entries: kept, packed: packed.len() });
        if head.len() + packed.len() > LIMIT {
            return;
        }
        let mut out = MAGIC.to_vec();
        out.extend_from_slice(&self.program.to_le_bytes());
        seal(&mut out, &head);
        out.append(&mut packed);
        if write_whole(&self.path, |writer| writer.write_all(&out)).is_ok() {
            tidy(&self.path);
        }
    }

    /// The old entry, unless the file has changed since.
    fn still(
        &self,
        id: FileId,
        all_methods: bool,
        fresh: &BTreeMap<(FileId, bool), Fresh>,
    ) -> Option<&Entry> {
        let entry = self.entry(id, all_methods)?;
        let changed =
            [false, true].into_iter().filter_map(|all| fresh.get(&(id, all))).any(|f| f.stamp != entry.stamp);
        (!changed).then_some(entry)
    }
}

/// The entries of a cache file, and the packed facts behind them.
fn open(path: &Path, program: u64, roots: &[PathBuf]) -> Option<(Vec<Entry>, Packed)> {
    let mut file = File::open(path).ok()?;
    let length = usize::try_from(file.metadata().ok()?.len()).ok()?;
    let mut start = [0; MAGIC.len() + 8];
    file.read_exact(&mut start).ok()?;
    start.strip_prefix(MAGIC)?.strip_prefix(&program.to_le_bytes())?;
    let head: Head = unpack(&read_sealed(&mut file, length)?)?;
    let packed = Packed::behind(file, head.packed)?;
    (head.roots == roots).then_some((head.entries, packed))
}

/// The hash of a content whose stamp may stay the same when it changes once more.
fn doubt(stamp: Stamp, bytes: &[u8]) -> Option<u64> {
    let settled = SystemTime::now().duration_since(stamp.modified).is_ok_and(|age| age > TICK);
    (!settled).then(|| hash_of(bytes))
}

fn hash_of(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

/// Which program this is: facts may differ from build to build.
fn program() -> Option<u64> {
    let file = std::fs::metadata(std::env::current_exe().ok()?).ok()?;
    let mut hasher = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), file.len(), file.modified().ok()?).hash(&mut hasher);
    Some(hasher.finish())
}

/// Removes the caches that were not used for longest.
fn tidy(written: &Path) {
    let Some(entries) = written.parent().and_then(|folder| std::fs::read_dir(folder).ok()) else { return };
    let is_cache = |path: &PathBuf| path.extension().is_some_and(|extension| extension == EXTENSION);
    let mut caches: Vec<(SystemTime, PathBuf)> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(is_cache)
        .filter_map(|path| Some((std::fs::metadata(&path).ok()?.modified().ok()?, path)))
        .collect();
    caches.sort();
    let too_many = caches.len().saturating_sub(KEPT);
    for (_, path) in caches.into_iter().take(too_many).filter(|(_, path)| path != written) {
        let _ = std::fs::remove_file(path);
    }
}
