//! Facts on disk. A snapshot or cache that is damaged is never trusted; one that is forged, with its checksums right,
//! may say what it likes but does no harm.

#![no_main]

use dualtrack::cache::{CachePlace, Snapshot};
use dualtrack::config::Config;
use dualtrack::engine::{About, Model, judge, load, load_about, snapshot};
use dualtrack::report::tracking_json;
use dualtrack::text::NameKey;
use libfuzzer_sys::{arbitrary, arbitrary::Arbitrary, fuzz_target};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    file: Kept,
    /// Makes the checksums right again.
    forged: bool,
    changes: Vec<Change<'a>>,
}

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Kept {
    Snapshot,
    Cache,
}

/// Replaces `length` bytes of a section (all sections of a file in turn) by others.
#[derive(Arbitrary, Debug)]
struct Change<'a> {
    section: u8,
    at: u16,
    length: u8,
    with: &'a [u8],
}

/// A snapshot, and a cache, of a small root.
struct Files {
    folder: PathBuf,
    config: Config,
    snapshot: Vec<u8>,
    cache: PathBuf,
    cached: Vec<u8>,
    tracking: Vec<u8>,
    /// The part of it that a question asks for.
    part: Vec<u8>,
}

static FILES: LazyLock<Files> = LazyLock::new(Files::new);

fuzz_target!(|input: Input<'_>| {
    let files = &*FILES;
    match input.file {
        Kept::Snapshot => files.check_snapshot(&input),
        Kept::Cache => files.check_cache(&input),
    }
});

impl Files {
    fn new() -> Self {
        let folder = std::env::temp_dir().join(format!("dualtrack-fuzz-stored-{}", std::process::id()));
        let model = folder.join("metadata/Jobs/Jobs");
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../metadata/FabrikamFleet/FabrikamFleet");
        for kind in ["AxDataEntityView", "AxTable"] {
            copy(&sample.join(kind), &model.join(kind));
        }
        let caches = folder.join("cache");
        let mut config = Config::default();
        config.metadata = vec![folder.join("metadata")];
        config.cache = CachePlace::Folder(caches.clone());
        let snapshot = snapshot(&config, 1).expect("a root").bytes;
        let tracking = tracking(&config, None);
        let part = self::tracking(&config, Some(&about()));
        assert_ne!(tracking, part, "the cache tells nothing apart");
        let cache =
            fs::read_dir(caches).expect("a folder").next().expect("a cache").expect("an entry").path();
        Self { cached: fs::read(&cache).expect("a cache"), folder, config, snapshot, cache, tracking, part }
    }

    fn check_snapshot(&self, input: &Input<'_>) {
        let bytes = changed(&self.snapshot, SNAPSHOT_HEAD, input);
        match Snapshot::from_bytes(&bytes, &self.folder) {
            Err(error) => {
                assert_ne!(bytes, self.snapshot, "{error}");
                assert!(error.to_string().len() < 1_024);
            }
            Ok(mut snapshot) => {
                assert!(input.forged || bytes == self.snapshot, "damage that nobody sees");
                let listing = snapshot.take_listing();
                for file in 0..listing.files.len().min(64) {
                    let _ = (snapshot.facts(file), snapshot.methods(file));
                }
                for model in 0..=listing.models.len() {
                    let _ = snapshot.model(model);
                }
            }
        }
    }

    /// Whatever was done to the cache, the answer is that of the files.
    fn check_cache(&self, input: &Input<'_>) {
        let bytes = changed(&self.cached, CACHE_HEAD, input);
        fs::write(&self.cache, &bytes).expect("a cache");
        // Whatever is loaded whole puts the cache right again.
        let answer = tracking(&self.config, Some(&about()));
        assert!(
            input.forged || answer == self.part || answer == self.tracking,
            "a damaged cache was believed"
        );
        let tracking = tracking(&self.config, None);
        assert!(input.forged || tracking == self.tracking, "a damaged cache was believed");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    let Ok(entries) = fs::read_dir(from) else { return };
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let copy = to.join(path.file_name().expect("a name"));
        fs::copy(&path, &copy).expect("a copy");
        // What changed just now may change again: only old files are known by their stamps.
        let old = SystemTime::now() - Duration::from_secs(3_600);
        fs::File::options().write(true).open(copy).and_then(|file| file.set_modified(old)).expect("a time");
    }
}

fn about() -> About {
    About { elements: vec![NameKey::of("FabDepotEntity")], ..About::default() }
}

fn tracking(config: &Config, about: Option<&About>) -> Vec<u8> {
    let model: Model = match about {
        Some(about) => load_about(config, 1, Some(about)),
        None => load(config, 1),
    }
    .expect("a root");
    let mut out = Vec::new();
    tracking_json::write(&judge(&model, config, 1), &mut out).expect("written");
    out
}

/// What stands before the sections: mark and format, or mark and program.
const SNAPSHOT_HEAD: usize = 8;
const CACHE_HEAD: usize = 16;

/// Length, as eight bytes, and checksum, as four.
const SECTION_HEAD: usize = 12;

fn changed(file: &[u8], head: usize, input: &Input<'_>) -> Vec<u8> {
    if !input.forged {
        let mut whole = vec![file.to_vec()];
        change(&mut whole, &input.changes);
        return whole.concat();
    }
    let (head, mut rest) = file.split_at(head);
    let mut sections = Vec::new();
    // Behind its first section, a cache has checksums of its own for each file.
    let sealed = if matches!(input.file, Kept::Cache) { 1 } else { usize::MAX };
    while sections.len() < sealed
        && let Some((length, behind)) = rest.split_first_chunk::<8>()
    {
        let length = usize::try_from(u64::from_le_bytes(*length)).expect("a length");
        let (section, behind) = behind[SECTION_HEAD - 8..].split_at(length);
        sections.push(section.to_vec());
        rest = behind;
    }
    change(&mut sections, &input.changes);
    let mut forged = head.to_vec();
    for section in sections {
        forged.extend(u64::try_from(section.len()).expect("a length").to_le_bytes());
        forged.extend(crc32fast::hash(&section).to_le_bytes());
        forged.extend(section);
    }
    forged.extend_from_slice(rest);
    forged
}

fn change(sections: &mut [Vec<u8>], changes: &[Change<'_>]) {
    for change in changes {
        let number = usize::from(change.section) % sections.len();
        let section = &mut sections[number];
        let start = usize::from(change.at).min(section.len());
        let end = (start + usize::from(change.length)).min(section.len());
        section.splice(start..end, change.with.iter().copied());
    }
}
