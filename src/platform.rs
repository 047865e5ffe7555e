//! What is not the same on every system, each with its twin. No other file names a system's own interface.

#[cfg(test)]
pub(crate) mod for_tests;

use std::fs::File;
use std::io;

/// Makes a file readable for everybody, as an ordinary file is: temporary files are private.
#[cfg(unix)]
pub(crate) fn make_readable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

/// Temporary files have the rights of their folder here, as all files.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "its twin can fail")]
pub(crate) fn make_readable(_: &File) -> io::Result<()> {
    Ok(())
}
