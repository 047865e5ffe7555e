//! Zip files: exported solutions, or folders of maps. Parts are read into memory one at a time; nothing is ever
//! written, so that the paths inside mean nothing but a name.

use super::solution::can_hold_maps;
use crate::text::name_order;
use std::io::{Read, Seek};
use thiserror::Error;
use zip::ZipArchive;
use zip::result::ZipError;

/// How much of one zip file is read.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Bytes of all its parts, unpacked.
    unpacked: u64,
    /// Number of parts that can hold maps.
    parts: usize,
}

const LIMITS: Limits = Limits { unpacked: 256 * MIB, parts: 10_000 };

const MIB: u64 = 1024 * 1024;

/// What every zip file begins with: a part, or the end of a list without parts.
const MARKS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];

/// Why a zip file, or a part of it, cannot be read.
#[derive(Debug, Error)]
pub(super) enum ArchiveError {
    /// Not even the list of its parts.
    #[error("not a readable zip file: {0}")]
    List(ZipError),
    /// A part.
    #[error("{part} cannot be unpacked: {error}")]
    Part {
        /// Its name.
        part: String,
        /// Encrypted, damaged, or packed in an unknown way.
        error: ZipError,
    },
    /// A zip bomb, or no solution that anybody exports.
    #[error("its files come to more than {} MiB when unpacked; unpack it and name the folder", LIMITS.unpacked / MIB)]
    TooLarge,
    /// As above.
    #[error("it holds more than {} files that can be table maps; unpack it and name the folder", LIMITS.parts)]
    TooMany,
}

/// Whether bytes are the start of a zip file.
pub(super) fn is_archive(start: &[u8]) -> bool {
    MARKS.iter().any(|mark| start.starts_with(mark))
}

/// Visits the parts that can hold table maps, by name: those of a solution or, where there are none, `*.json`.
pub(super) fn parts(file: impl Read + Seek, visit: impl FnMut(&str, &[u8])) -> Result<(), ArchiveError> {
    parts_within(LIMITS, file, visit)
}

fn parts_within<R: Read + Seek>(
    limits: Limits,
    file: R,
    mut visit: impl FnMut(&str, &[u8]),
) -> Result<(), ArchiveError> {
    let mut archive = ZipArchive::new(file).map_err(ArchiveError::List)?;
    let wanted = wanted(&archive);
    if wanted.len() > limits.parts {
        return Err(ArchiveError::TooMany);
    }
    let mut left = limits.unpacked;
    for (name, index) in wanted {
        let bytes = read(&mut archive, index, left)
            .map_err(|error| ArchiveError::Part { part: name.clone(), error })?;
        left = left.checked_sub(bytes.len() as u64).ok_or(ArchiveError::TooLarge)?;
        visit(&name, &bytes);
    }
    Ok(())
}

/// The wanted parts with their positions, by name.
fn wanted<R: Read + Seek>(archive: &ZipArchive<R>) -> Vec<(String, usize)> {
    let name = |index| archive.name_for_index(index)?.ok().map(|name| name.replace('\\', "/"));
    let all: Vec<(String, usize)> =
        (0..archive.len()).filter_map(|index| Some((name(index)?, index))).collect();
    let is_solution = all.iter().any(|(name, _)| can_hold_maps(name));
    let is_wanted = |name: &str| if is_solution { can_hold_maps(name) } else { is_json(name) };
    let mut wanted: Vec<_> = all.into_iter().filter(|(name, _)| is_wanted(name)).collect();
    wanted.sort_by(|(a, i), (b, j)| name_order(a, b).then(i.cmp(j)));
    wanted
}

fn is_json(name: &str) -> bool {
    name.len() > 5 && name.get(name.len() - 5..).is_some_and(|end| end.eq_ignore_ascii_case(".json"))
}

/// The bytes of a part; one more than `limit` if there are more, whatever size the zip file claims.
fn read<R: Read + Seek>(archive: &mut ZipArchive<R>, index: usize, limit: u64) -> Result<Vec<u8>, ZipError> {
    let mut bytes = Vec::new();
    archive.by_index(index)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
#[path = "archive_tests.rs"]
mod tests;
