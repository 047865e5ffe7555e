//! Values as bytes: compact, compressed where they are kept for long, sealed with a checksum.

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{Read, Write};

/// The value as bytes. Plain data cannot fail to be written.
pub(super) fn pack<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).unwrap_or_default()
}

/// The value, if these bytes are one and nothing else.
pub(super) fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    match postcard::take_from_bytes(bytes) {
        Ok((value, [])) => Some(value),
        _ => None,
    }
}

/// Compresses; the same bytes always give the same bytes.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.unwrap_or_default()
}

/// Decompresses to exactly `length` bytes.
pub(super) fn inflate(bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let limit = u64::try_from(length).ok()?.checked_add(1)?;
    DeflateDecoder::new(bytes).take(limit).read_to_end(&mut out).ok()?;
    (out.len() == length).then_some(out)
}

/// Tells whether bytes are still what they were.
pub(super) fn checksum(bytes: &[u8]) -> u32 {
    crc32fast::hash(bytes)
}

/// Appends a section: length, checksum, bytes.
pub(super) fn seal(out: &mut Vec<u8>, section: &[u8]) {
    out.extend_from_slice(&(section.len() as u64).to_le_bytes());
    out.extend_from_slice(&checksum(section).to_le_bytes());
    out.extend_from_slice(section);
}

/// Takes the next section off `bytes`, if it is whole.
pub(super) fn unseal<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (expected, rest) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (section, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    (checksum(section) == u32::from_le_bytes(*expected)).then_some(section)
}

/// The same where the section is read from a file that is at most `limit` bytes long.
pub(super) fn read_sealed(file: &mut impl Read, limit: usize) -> Option<Vec<u8>> {
    let (mut length, mut expected) = ([0; 8], [0; 4]);
    file.read_exact(&mut length).ok()?;
    file.read_exact(&mut expected).ok()?;
    let length = usize::try_from(u64::from_le_bytes(length)).ok().filter(|length| *length <= limit)?;
    let mut section = vec![0; length];
    file.read_exact(&mut section).ok()?;
    (checksum(&section) == u32::from_le_bytes(expected)).then_some(section)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_sealed_is_read_back_and_damage_is_seen(
            parts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..4),
            at in any::<prop::sample::Index>(),
            bit in 0..8,
        ) {
            let mut file = Vec::new();
            parts.iter().for_each(|part| seal(&mut file, part));
            let mut rest = &*file;
            for part in &parts {
                prop_assert_eq!(unseal(&mut rest), Some(&**part));
            }
            prop_assert!(rest.is_empty());
            let at = at.index(file.len());
            prop_assert!((0..parts.len()).scan(&file[..at], |rest, _| Some(unseal(rest))).any(|s| s.is_none()));
            file[at] ^= 1u8 << bit;
            prop_assert!((0..parts.len()).scan(&file[..], |rest, _| Some(unseal(rest))).any(|s| s.is_none()));
        }

        #[test]
        fn any_bytes_are_safe(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = unpack::<crate::aot::FileFacts>(&bytes);
            let _ = inflate(&bytes, 100);
            let _ = unseal(&mut &*bytes);
        }

        #[test]
        fn compressed_bytes_come_back(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let packed = deflate(&bytes);
            prop_assert_eq!(inflate(&packed, bytes.len() + 1), None);
            prop_assert_eq!(inflate(&packed, bytes.len()), Some(bytes));
        }
    }
}
