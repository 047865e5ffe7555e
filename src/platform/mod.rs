//! What is not the same on every system, each with its twin; no file elsewhere names a system's own interface.
//! And the writing of files, which fails in different ways on each.

mod write;

pub(crate) use write::{create_new, replace, write_hint, write_whole};

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

/// Without a twin: the programs that tests write are scripts for a Unix shell.
#[cfg(all(test, unix))]
pub(crate) use for_tests::make_executable;
#[cfg(test)]
pub(crate) use for_tests::{can_link, file_name, link};

#[cfg(all(test, unix))]
mod for_tests {
    use std::ffi::{OsStr, OsString};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    /// Links can be made.
    pub(crate) fn can_link() -> bool {
        true
    }

    /// Makes a link to a file, a folder or nothing.
    pub(crate) fn link(target: &Path, link: &Path) {
        std::os::unix::fs::symlink(target, link).unwrap();
    }

    /// Makes a script a program.
    pub(crate) fn make_executable(script: &Path) {
        std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// A file name of any bytes, where the system has such names.
    #[allow(clippy::unnecessary_wraps, reason = "its twin has none")]
    pub(crate) fn file_name(bytes: &[u8]) -> Option<OsString> {
        Some(OsStr::from_bytes(bytes).to_owned())
    }
}

#[cfg(all(test, not(unix)))]
mod for_tests {
    use std::ffi::OsString;
    use std::io;
    use std::path::Path;

    /// Links can be made: Windows asks for the developer mode or an administrator.
    pub(crate) fn can_link() -> bool {
        let folder = tempfile::tempdir().unwrap();
        try_link(folder.path(), &folder.path().join("link")).is_ok()
    }

    /// Makes a link to a file, a folder or nothing.
    pub(crate) fn link(target: &Path, link: &Path) {
        try_link(target, link).unwrap();
    }

    #[cfg(windows)]
    fn try_link(target: &Path, link: &Path) -> io::Result<()> {
        use std::os::windows::fs::{symlink_dir, symlink_file};
        // A link does not understand `/` in its target.
        let target = std::path::absolute(target)?;
        if target.is_dir() { symlink_dir(target, link) } else { symlink_file(target, link) }
    }

    #[cfg(not(windows))]
    fn try_link(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// File names are Unicode here, near enough.
    pub(crate) fn file_name(_: &[u8]) -> Option<OsString> {
        None
    }
}
