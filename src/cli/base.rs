//! The state before a change: another folder, or a revision, in place of the first root.

use super::CliError;
use crate::config::Config;
use crate::git::Revision;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A state of the first root, with the table maps that belong to it.
pub(super) struct State {
    pub(super) config: Config,
    /// Holds what was read from the repository, for as long as it is needed.
    _files: Option<TempDir>,
}

impl State {
    /// The state that the configuration names.
    pub(super) fn as_is(config: &Config) -> Self {
        Self { config: config.clone(), _files: None }
    }
}

/// The configuration with `folder` in place of the first root; maps below that root move along.
pub(super) fn in_folder(config: &Config, folder: &Path) -> State {
    let first = config.metadata.first().cloned().unwrap_or_default();
    let mut config = with_first(config, folder.to_owned());
    for maps in &mut config.maps {
        if let Some(below) = below(maps, &first) {
            let moved = folder.join(below);
            if moved.exists() {
                *maps = moved;
            }
        }
    }
    State { config, _files: None }
}

/// The configuration with the first root as it was at a revision, and with it the maps of the same repository.
pub(super) fn at_revision(config: &Config, name: &str) -> Result<State, CliError> {
    let first = config.metadata.first().cloned().unwrap_or_default();
    let revision = Revision::find(&first, name)?;
    let files = tempfile::tempdir()?;
    let root = revision.extract(&first, files.path())?;
    let mut config = with_first(config, root);
    let mut kept = Vec::new();
    for maps in std::mem::take(&mut config.maps) {
        // Maps of another repository, or of none, have no revision of that name: they are common to both states.
        let place = if revision.holds(&maps) { revision.extract(&maps, files.path())? } else { maps };
        if place.exists() {
            kept.push(place);
        }
    }
    config.maps = kept;
    Ok(State { config, _files: Some(files) })
}

fn with_first(config: &Config, root: PathBuf) -> Config {
    let mut config = config.clone();
    match config.metadata.first_mut() {
        Some(first) => *first = root,
        None => config.metadata.push(root),
    }
    config
}

/// The rest of `path` below `folder`.
fn below(path: &Path, folder: &Path) -> Option<PathBuf> {
    let absolute = |path: &Path| std::path::absolute(path).ok();
    Some(absolute(path)?.strip_prefix(absolute(folder)?).ok()?.to_owned())
}
