//! Links, rights and odd file names, for the tests beside the code and, through `tests/support`, for the others.

#![allow(
    dead_code,
    unused_imports,
    reason = "each test uses its part, and some only where there is a Unix shell"
)]

pub(crate) use twin::{can_link, file_name, link, set_mode};

#[cfg(unix)]
mod twin {
    use std::ffi::{OsStr, OsString};
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};
    use std::path::Path;

    /// Links can be made.
    pub(crate) fn can_link() -> bool {
        true
    }

    /// Makes a link to a file, a folder or nothing; a relative target is seen from the folder of the link.
    pub(crate) fn link(target: impl AsRef<Path>, link: impl AsRef<Path>) {
        symlink(target, link).expect("a link");
    }

    /// Sets the rights of a file or folder.
    pub(crate) fn set_mode(path: impl AsRef<Path>, mode: u32) {
        set_permissions(path, Permissions::from_mode(mode)).expect("a mode");
    }

    /// A file name of any bytes, where the system has such names.
    #[allow(clippy::unnecessary_wraps, reason = "its twin has none")]
    pub(crate) fn file_name(bytes: &[u8]) -> Option<OsString> {
        Some(OsStr::from_bytes(bytes).to_owned())
    }
}

#[cfg(not(unix))]
mod twin {
    use std::ffi::OsString;
    use std::io;
    use std::path::Path;

    /// Links can be made: Windows asks for the developer mode or an administrator.
    pub(crate) fn can_link() -> bool {
        let folder = tempfile::tempdir().expect("a temporary folder");
        try_link(folder.path(), &folder.path().join("link")).is_ok()
    }

    /// Makes a link to a file, a folder or nothing; a relative target is seen from the folder of the link.
    pub(crate) fn link(target: impl AsRef<Path>, link: impl AsRef<Path>) {
        try_link(target.as_ref(), link.as_ref()).expect("a link");
    }

    #[cfg(windows)]
    fn try_link(target: &Path, link: &Path) -> io::Result<()> {
        use std::os::windows::fs::{symlink_dir, symlink_file};
        // A link does not understand `/` in its target.
        let target: std::path::PathBuf = target.components().collect();
        let is_folder = link.parent().is_some_and(|folder| folder.join(&target).is_dir());
        if is_folder { symlink_dir(target, link) } else { symlink_file(target, link) }
    }

    #[cfg(not(windows))]
    fn try_link(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// There are no such rights here: everything stays open.
    pub(crate) fn set_mode(_: impl AsRef<Path>, _: u32) {}

    /// File names are Unicode here, near enough.
    pub(crate) fn file_name(_: &[u8]) -> Option<OsString> {
        None
    }
}
