//! The objects of a tree: which are needed, and their contents.

use super::error::{failed, not_started};
use super::{GitError, command};
use std::fs;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::path::{Component, Path};
use std::process::Stdio;

/// An object larger than this is no metadata.
const LARGEST: u64 = 256 << 20;

/// A file of a tree.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    hash: String,
    path: String,
}

impl Entry {
    /// Reads `mode type hash<tab>path`; links and submodules hold no metadata.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let (facts, path) = line.split_once('\t')?;
        let mut facts = facts.split(' ');
        let (mode, kind, hash) = (facts.next()?, facts.next()?, facts.next()?);
        let is_file = kind == "blob" && mode.starts_with("100");
        is_file.then(|| Self { hash: hash.to_owned(), path: path.to_owned() })
    }

    /// Metadata, label texts and table maps.
    pub(super) fn is_needed(&self) -> bool {
        let name = self.path.to_ascii_lowercase();
        let fits = [".xml", ".label.txt", ".json", ".zip", ".dtsnap"].iter().any(|end| name.ends_with(end));
        let inside = Path::new(&self.path).components().all(|part| matches!(part, Component::Normal(_)));
        fits && inside
    }
}

/// Writes the contents of all entries below a folder. One process serves them all.
pub(super) fn copy(top: &Path, entries: &[Entry], into: &Path) -> Result<(), GitError> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut child = command(top)
        .args(["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(not_started)?;
    let (Some(stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(failed(b"git has no input or output"));
    };
    let copied = std::thread::scope(|scope| {
        // Asked from another thread, so that neither side waits for the other with a full pipe.
        scope.spawn(move || ask(stdin, entries));
        let mut answers = BufReader::new(stdout);
        entries.iter().try_for_each(|entry| answer(&mut answers, entry, into))
    });
    let _ = child.kill();
    let _ = child.wait();
    copied
}

fn ask(stdin: impl Write, entries: &[Entry]) {
    let mut stdin = BufWriter::new(stdin);
    for entry in entries {
        // When git is gone, the missing answer tells.
        if writeln!(stdin, "{}", entry.hash).is_err() {
            return;
        }
    }
    let _ = stdin.flush();
}

/// Reads `hash type size`, the content, and a line end.
fn answer(answers: &mut impl BufRead, entry: &Entry, into: &Path) -> Result<(), GitError> {
    let broken = || GitError::Failed(format!("git does not give the content of {}", entry.path));
    let mut head = String::new();
    answers.read_line(&mut head).map_err(|_| broken())?;
    let size = head.trim_end().rsplit(' ').next().and_then(|size| size.parse::<u64>().ok());
    let size = size.filter(|size| *size <= LARGEST).ok_or_else(broken)?;
    let path = into.join(&entry.path);
    let write = |source: io::Error| GitError::Write { path: path.clone(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(write)?;
    }
    let mut file = BufWriter::new(fs::File::create(&path).map_err(write)?);
    let copied = io::copy(&mut answers.take(size), &mut file).map_err(write)?;
    file.flush().map_err(write)?;
    let mut end = [0];
    answers.read_exact(&mut end).map_err(|_| broken())?;
    if copied == size { Ok(()) } else { Err(broken()) }
}

#[cfg(test)]
mod tests {
    use super::Entry;

    #[test]
    fn only_files_of_the_right_names_are_needed() {
        let parse = |line: &str| Entry::parse(line).filter(Entry::is_needed).map(|entry| entry.path);
        assert_eq!(parse("100644 blob abc\tP/M/AxTable/A.xml").as_deref(), Some("P/M/AxTable/A.xml"));
        assert_eq!(parse("100755 blob abc\tmaps/a.JSON").as_deref(), Some("maps/a.JSON"));
        assert_eq!(parse("120000 blob abc\tP/M/AxTable/A.xml"), None);
        assert_eq!(parse("160000 commit abc\tsub.xml"), None);
        assert_eq!(parse("100644 blob abc\t../A.xml"), None);
        assert_eq!(parse("100644 blob abc\tREADME.md"), None);
        assert_eq!(parse("nothing"), None);
    }
}
