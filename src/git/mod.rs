//! A folder as it was at a revision, read through the git command line, without a checkout: the files that an
//! analysis needs are written below a temporary folder.

mod error;
mod objects;

pub use error::GitError;

use error::{failed, not_started};
use objects::{Entry, copy};
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

/// A revision of a repository.
#[derive(Clone, Debug)]
pub struct Revision {
    /// The folder of the work tree.
    top: PathBuf,
    /// The commit.
    commit: String,
}

impl Revision {
    /// The revision `name` of the repository that holds `folder`.
    ///
    /// # Errors
    /// There is no git, no repository, or no such revision.
    pub fn find(folder: &Path, name: &str) -> Result<Self, GitError> {
        let start = existing(folder);
        let top = git(&start, ["rev-parse", "--show-toplevel"]).map_err(|error| GitError::NoRepository {
            folder: folder.to_owned(),
            reason: error.to_string(),
        })?;
        let top = PathBuf::from(top.trim_end_matches(['\n', '\r']));
        let wanted = format!("{name}^{{commit}}");
        let commit = git(&top, ["rev-parse", "--verify", "--end-of-options", &wanted])
            .map_err(|error| GitError::NoRevision { name: name.to_owned(), reason: error.to_string() })?;
        Ok(Self { top, commit: commit.trim().to_owned() })
    }

    /// Whether a path lies in the repository.
    pub fn holds(&self, path: &Path) -> bool {
        self.below(path).is_ok()
    }

    /// Writes the file `folder`, or the files below it (of the work tree), as they were to the same place below `into`, and
    /// returns that place. A folder that was not there yet becomes an empty one.
    ///
    /// # Errors
    /// The folder lies outside the repository; git fails; a file cannot be written.
    pub fn extract(&self, folder: &Path, into: &Path) -> Result<PathBuf, GitError> {
        let below = self.below(folder)?;
        let place = into.join(&below);
        let entries = self.list(&below)?;
        copy(&self.top, &entries, into)?;
        if !place.exists() {
            std::fs::create_dir_all(&place)
                .map_err(|source| GitError::Write { path: place.clone(), source })?;
        }
        Ok(place)
    }

    /// The folder relative to the repository, with links resolved as git does.
    fn below(&self, folder: &Path) -> Result<PathBuf, GitError> {
        let outside = || GitError::Outside { folder: folder.to_owned(), repository: self.top.clone() };
        let start = existing(folder);
        let rest = std::path::absolute(folder)
            .ok()
            .and_then(|path| Some(path.strip_prefix(std::path::absolute(&start).ok()?).ok()?.to_owned()));
        let real = |path: &Path| std::fs::canonicalize(path).map_err(|_| outside());
        let below = real(&start)?.strip_prefix(real(&self.top)?).map_err(|_| outside())?.to_owned();
        let below = below.join(rest.unwrap_or_default());
        let plain = below.components().all(|part| matches!(part, Component::Normal(_)));
        if plain { Ok(below) } else { Err(outside()) }
    }

    fn list(&self, below: &Path) -> Result<Vec<Entry>, GitError> {
        let prefix = below.to_string_lossy().replace('\\', "/");
        // Names are given to ls-tree literally; without one it lists the whole tree.
        let mut arguments = vec!["ls-tree", "-r", "-z", "--full-tree", &self.commit, "--"];
        arguments.extend(Some(&*prefix).filter(|prefix| !prefix.is_empty()));
        let listed = git(&self.top, arguments)?;
        Ok(listed.split('\0').filter_map(Entry::parse).filter(Entry::is_needed).collect())
    }
}

/// The folder itself, or the nearest one above it that is there.
fn existing(folder: &Path) -> PathBuf {
    let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let found = absolute.ancestors().find(|path| path.is_dir());
    found.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// What a git command prints.
fn git<S: AsRef<OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = S>) -> Result<String, GitError> {
    let output = command(folder).args(arguments).stdin(Stdio::null()).output().map_err(not_started)?;
    if !output.status.success() {
        return Err(failed(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    // No look at the index is worth a lock, and messages are passed on as they are.
    command.arg("-C").arg(folder).env("GIT_OPTIONAL_LOCKS", "0").env("LC_ALL", "C");
    command
}
