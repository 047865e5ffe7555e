//! What is not the same on every system, each with its twin; no file elsewhere names a system's own interface.
//! And the writing of files, which fails in different ways on each.

mod write;

pub(crate) use write::{create_new, replace, write_hint, write_whole};

#[cfg(test)]
pub(crate) mod for_tests;

use std::fs::File;
use std::io;

/// Makes a file readable for everybody, as an ordinary file is: temporary files are private.
#[cfg(unix)]
fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

/// Temporary files have the rights of their folder here, as all files.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "its twin can fail")]
fn make_readable(_: &File) -> io::Result<()> {
    Ok(())
}

/// Where programs of this system keep what they can make again.
pub(crate) fn cache_folder() -> Option<std::path::PathBuf> {
    let set =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(std::path::PathBuf::from);
    let folder = if cfg!(windows) {
        set("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        set("HOME").map(|home| home.join("Library/Caches"))
    } else {
        set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")))
    };
    folder.map(|folder| folder.join("dualtrack"))
}
