//! A root in one file: what the analysis needs of it, without bodies and texts.
//!
//! Made once for each update of the platform, where the packages are; used where they are not. A snapshot and
//! the root that it was made of give the same results, byte for byte.

use super::chunks::{Chunks, pack_all};
use super::codec::{deflate, inflate, pack, seal, unpack, unseal};
use crate::aot::{FileFacts, Loaded, ModelInfo};
use crate::source::Listing;
use crate::xpp::Method;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// The extension of a snapshot's name.
pub const EXTENSION: &str = "dtsnap";

const MAGIC: &[u8; 7] = b"DTSNAP\n";

/// Raised with every change of what a snapshot holds.
const FORMAT: u8 = 1;

/// The head is small; this is far more than a whole installation needs.
const HEAD_LIMIT: u64 = 1 << 30;

/// Why a snapshot cannot be used.
#[derive(Debug, Error)]
pub enum SnapshotError {
    /// It cannot be read.
    #[error("cannot read snapshot {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: std::io::Error,
    },
    /// Another version of the tool made it.
    #[error(
        "snapshot {} has format {found}, this version reads format {FORMAT}; make it again with this version",
        path.display()
    )]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u8,
    },
    /// It is cut off, or some of it has changed.
    #[error("snapshot {} is damaged ({part}); copy or make it again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What of it.
        part: &'static str,
    },
}

/// What a snapshot says of files, models and labels as a whole.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Head {
    listing: Listing,
    models: Vec<ModelInfo>,
    /// Labels of entities with their texts: table maps name entities by them.
    labels: BTreeMap<Box<str>, Box<str>>,
    /// The files whose methods are kept, in order.
    helpers: Vec<u32>,
}

/// An open snapshot.
#[derive(Debug, Default)]
pub struct Snapshot {
    head: Head,
    facts: Chunks,
    helpers: Chunks,
}

/// What to keep, beyond what loading gives.
pub struct Extra<'a> {
    /// The files.
    pub listing: Listing,
    /// Methods of classes and tables that computed columns of other models may call, by file.
    pub helpers: Vec<(u32, Vec<Method>)>,
    /// Labels of entities with their texts.
    pub labels: BTreeMap<Box<str>, Box<str>>,
    /// Facts and models.
    pub loaded: &'a Loaded,
}

/// The bytes of a snapshot.
pub fn snapshot(extra: Extra<'_>) -> Vec<u8> {
    let (helpers, methods): (Vec<u32>, Vec<Vec<Method>>) = extra.helpers.into_iter().unzip();
    let models = extra.loaded.models.clone();
    let head = pack(&Head { listing: extra.listing, models, labels: extra.labels, helpers });
    let mut out = MAGIC.to_vec();
    out.push(FORMAT);
    let mut section = (head.len() as u64).to_le_bytes().to_vec();
    section.extend(deflate(&head));
    seal(&mut out, &section);
    let facts: Vec<&FileFacts> = extra.loaded.facts.iter().map(|(_, facts)| facts).collect();
    seal(&mut out, &pack_all(&facts));
    seal(&mut out, &pack_all(&methods));
    out
}

/// Whether a path is a file that begins as a snapshot does.
pub fn is_snapshot(path: &Path) -> bool {
    let mut start = [0; MAGIC.len()];
    path.is_file()
        && File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok())
        && start == *MAGIC
}

impl Snapshot {
    /// Opens a snapshot.
    ///
    /// # Errors
    /// It cannot be read, another version made it, or it is damaged.
    pub fn open(path: &Path) -> Result<Self, SnapshotError> {
        let bytes = std::fs::read(path)
            .map_err(|source| SnapshotError::Unreadable { path: path.to_owned(), source })?;
        Self::from_bytes(&bytes, path)
    }

    /// Opens the bytes of a snapshot; `path` is what errors call it.
    ///
    /// # Errors
    /// As [`Snapshot::open`].
    pub fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, SnapshotError> {
        let damaged = |part| SnapshotError::Damaged { path: path.to_owned(), part };
        let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| damaged("its first bytes"))?;
        let (format, mut rest) = rest.split_first().ok_or_else(|| damaged("its first bytes"))?;
        if *format != FORMAT {
            return Err(SnapshotError::OtherFormat { path: path.to_owned(), found: *format });
        }
        let head = unseal(&mut rest).and_then(read_head).ok_or_else(|| damaged("the list of files"))?;
        let facts = unseal(&mut rest).and_then(Chunks::open).ok_or_else(|| damaged("the facts"))?;
        let helpers = unseal(&mut rest).and_then(Chunks::open).ok_or_else(|| damaged("the methods"))?;
        let fits = facts.len() == head.listing.files.len()
            && helpers.len() == head.helpers.len()
            && head.models.len() == head.listing.models.len()
            && head.listing.is_sound()
            && rest.is_empty();
        if fits { Ok(Self { head, facts, helpers }) } else { Err(damaged("its parts do not fit")) }
    }

    /// Takes out the list of files.
    pub fn take_listing(&mut self) -> Listing {
        std::mem::take(&mut self.head.listing)
    }

    /// The facts of a file, by its position in the listing.
    pub fn facts(&self, file: usize) -> Option<FileFacts> {
        self.facts.get(file)
    }

    /// The methods of a class or table.
    pub fn methods(&self, file: usize) -> Option<Vec<Method>> {
        let file = u32::try_from(file).ok()?;
        self.helpers.get(self.head.helpers.binary_search(&file).ok()?)
    }

    /// A model, by its position in the listing.
    pub fn model(&self, model: usize) -> Option<&ModelInfo> {
        self.head.models.get(model)
    }

    /// The text of a label of an entity.
    pub fn label(&self, id: &str) -> Option<&str> {
        self.head.labels.get(id).map(|text| &**text)
    }
}

fn read_head(section: &[u8]) -> Option<Head> {
    let (length, packed) = section.split_first_chunk::<8>()?;
    let length = Some(u64::from_le_bytes(*length)).filter(|length| *length <= HEAD_LIMIT)?;
    unpack(&inflate(packed, usize::try_from(length).ok()?)?)
}
