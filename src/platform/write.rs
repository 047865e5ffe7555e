//! Files are written whole or not at all: into a temporary file beside the target, which then takes its name.

use super::make_readable;
use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use tempfile::NamedTempFile;

/// Writes a file, its folders included. A file that has these bytes already is left alone. Devices and
/// pipes are written to: a temporary file that took their name would put an end to them.
pub(crate) fn write_whole(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    if is_device(path) {
        let mut device = BufWriter::new(File::options().write(true).open(path)?);
        write(&mut device)?;
        return device.flush();
    }
    let temporary = temporary_beside(path, write)?;
    if same_bytes(temporary.path(), path) {
        return Ok(());
    }
    make_readable(temporary.as_file())?;
    temporary.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// Gives an existing file new bytes; it keeps its permissions.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let permissions = fs::metadata(path)?.permissions();
    let temporary = temporary_beside(path, |writer| writer.write_all(bytes))?;
    temporary.as_file().set_permissions(permissions)?;
    temporary.persist(path).map_err(|e| e.error)?;
    Ok(())
}

/// Writes a file that must not exist yet; its folder is made when it is missing.
pub(crate) fn create_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let temporary = temporary_beside(path, |writer| writer.write_all(bytes))?;
    make_readable(temporary.as_file())?;
    temporary.persist_noclobber(path).map_err(|e| e.error)?;
    Ok(())
}

/// What the user can do about a file that cannot be written; begins with `; `, or is empty.
pub(crate) fn write_hint(error: &io::Error) -> &'static str {
    hint(error.kind(), error.raw_os_error(), cfg!(windows))
}

fn hint(kind: io::ErrorKind, code: Option<i32>, windows: bool) -> &'static str {
    /// Sharing violation, lock violation, and "a user-mapped section is open".
    const IN_USE: [i32; 3] = [32, 33, 1224];
    let in_use = windows && code.is_some_and(|code| IN_USE.contains(&code));
    match kind {
        _ if in_use => "; is it open in another program, or read-only?",
        io::ErrorKind::PermissionDenied => "; is it open in another program, or read-only?",
        io::ErrorKind::StorageFull => "; the disk is full",
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
            "; a file stands where the folder should be"
        }
        _ => "",
    }
}

fn temporary_beside(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut temporary = tempfile::Builder::new().prefix(".dualtrack-").tempfile_in(folder)?;
    let mut buffer = BufWriter::new(temporary.as_file_mut());
    write(&mut buffer)?;
    buffer.flush()?;
    drop(buffer);
    Ok(temporary)
}

fn is_device(path: &Path) -> bool {
    path.starts_with("/dev") || fs::metadata(path).is_ok_and(|is| !is.is_file() && !is.is_dir())
}

fn same_bytes(new: &Path, old: &Path) -> bool {
    let length = |path: &Path| fs::metadata(path).map(|m| m.len()).ok();
    length(new) == length(old) && differ_nowhere(new, old).unwrap_or(false)
}

/// Compares files of one length piece by piece: results may be large.
fn differ_nowhere(one: &Path, other: &Path) -> io::Result<bool> {
    /// Bytes.
    const PIECE: usize = 1 << 16;
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut here, mut there) = (vec![0; PIECE], vec![0; PIECE]);
    loop {
        let length = one.read(&mut here)?;
        if length == 0 {
            return Ok(true);
        }
        other.read_exact(&mut there[..length])?;
        if here[..length] != there[..length] {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name());
        entries.map(|name| name.to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "old").unwrap();
        let failed = write_whole(&path, |w| {
            w.write_all(b"half")?;
            Err(io::Error::other("stop"))
        });
        assert!(failed.is_err());
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["a.txt"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_is_replaced_only_when_it_differs() {
        use std::os::unix::fs::MetadataExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        let write = |bytes: &[u8]| {
            write_whole(&path, |w| w.write_all(bytes)).unwrap();
            assert_eq!(fs::read(&path).unwrap(), bytes);
            fs::metadata(&path).unwrap().ino()
        };
        let mut bytes = vec![7; 200_000];
        let first = write(&bytes);
        assert_eq!(write(&bytes), first);
        bytes[199_999] = 8;
        let second = write(&bytes);
        assert_ne!(second, first);
        assert_eq!(write(&bytes), second);
        assert_ne!(write(&bytes[..9]), second);
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_written_to_and_stays_one() {
        use std::os::unix::fs::FileTypeExt;
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read(pipe).unwrap()
        });
        write_whole(&pipe, |w| w.write_all(b"all of it")).unwrap();
        assert_eq!(reader.join().unwrap(), b"all of it");
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(names(folder.path()), ["pipe"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_stays_one() {
        use std::os::unix::fs::FileTypeExt;
        write_whole(Path::new("/dev/null"), |w| w.write_all(b"gone")).unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
    }

    #[test]
    fn a_new_file_never_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/er/a.txt");
        create_new(&path, b"one").unwrap();
        assert_eq!(create_new(&path, b"two").unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(names(path.parent().unwrap()), ["a.txt"]);
    }

    #[test]
    fn a_file_in_use_is_explained() {
        let open = "; is it open in another program, or read-only?";
        assert_eq!(hint(ErrorKind::PermissionDenied, Some(13), false), open);
        assert_eq!(hint(ErrorKind::PermissionDenied, Some(5), true), open);
        assert_eq!(hint(ErrorKind::Other, Some(32), true), open);
        assert_eq!(hint(ErrorKind::Other, Some(32), false), "");
        assert_eq!(hint(ErrorKind::StorageFull, Some(28), false), "; the disk is full");
    }
}
