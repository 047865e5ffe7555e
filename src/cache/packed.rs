//! The packed facts in a file, read as far as they are asked for.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// A part of a file.
pub(super) struct Packed {
    source: Source,
    length: usize,
}

enum Source {
    /// Each piece is read when it is asked for.
    File { file: Mutex<File>, start: u64 },
    /// All of it was read.
    Memory(Vec<u8>),
}

impl Packed {
    /// The rest of a file of this length.
    pub(super) fn behind(mut file: File, length: usize) -> Option<Self> {
        let start = file.stream_position().ok()?;
        let rest = file.metadata().ok()?.len().checked_sub(start)?;
        let is_whole = usize::try_from(rest) == Ok(length);
        is_whole.then(|| Self { source: Source::File { file: Mutex::new(file), start }, length })
    }

    /// Reads all of it, where most of it will be asked for, and closes the file.
    pub(super) fn read_ahead(&mut self) {
        if let Some(bytes) = self.part(0..self.length).map(Cow::into_owned) {
            self.source = Source::Memory(bytes);
        }
    }

    /// The bytes at these positions.
    pub(super) fn part(&self, range: Range<usize>) -> Option<Cow<'_, [u8]>> {
        let inside = range.start <= range.end && range.end <= self.length;
        match &self.source {
            Source::Memory(bytes) => bytes.get(range).map(Cow::Borrowed),
            Source::File { file, start } if inside => {
                let mut bytes = vec![0; range.len()];
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(start + u64::try_from(range.start).ok()?)).ok()?;
                file.read_exact(&mut bytes).ok()?;
                Some(Cow::Owned(bytes))
            }
            Source::File { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Packed;
    use std::fs::File;
    use std::io::Read;

    #[test]
    fn pieces_are_the_same_before_and_after_all_is_read() {
        let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        std::fs::write(&path, b"headabcdef").unwrap();
        let mut file = File::open(&path).unwrap();
        file.read_exact(&mut [0; 4]).unwrap();
        let mut packed = Packed::behind(file, 6).unwrap();
        for _ in 0..2 {
            assert_eq!(packed.part(1..3).as_deref(), Some(&b"bc"[..]));
            assert_eq!(packed.part(5..7), None);
            packed.read_ahead();
        }
    }

    #[test]
    fn a_file_that_was_cut_is_none() {
        let path = tempfile::NamedTempFile::new().unwrap().into_temp_path();
        std::fs::write(&path, b"abc").unwrap();
        assert!(Packed::behind(File::open(&path).unwrap(), 4).is_none());
    }
}
