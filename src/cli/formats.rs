//! `--format` and `--json`: which formats a command writes, and where to.

use super::output::write_file;
use super::{CliError, Common};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// One format that was asked for.
pub(super) struct Wanted<'a> {
    /// Its name, one of those that the command has.
    pub(super) format: &'a str,
    /// `None` is standard output.
    file: Option<&'a Path>,
}

/// The formats that were asked for; the first of `known` when none was.
///
/// # Errors
/// A format that the command does not have.
pub(super) fn wanted<'a>(common: &'a Common, known: &'a [&'a str]) -> Result<Vec<Wanted<'a>>, CliError> {
    let mut wanted = Vec::new();
    for arg in &common.format {
        if !known.contains(&arg.format.as_str()) {
            return Err(CliError::UnknownFormat { format: arg.format.clone(), known: known.join(", ") });
        }
        wanted.push(Wanted { format: &arg.format, file: arg.file.as_deref() });
    }
    if common.json {
        wanted.push(Wanted { format: "json", file: None });
    }
    if wanted.is_empty() {
        wanted.push(Wanted { format: known[0], file: None });
    }
    Ok(wanted)
}

impl Wanted<'_> {
    /// Writes to the file, or to standard output, where colours are kept only for a terminal that wants them.
    ///
    /// # Errors
    /// What the operating system says.
    pub(super) fn write(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
        match self.file {
            Some(path) => {
                let mut plain = anstream::StripStream::new(Vec::new());
                write(&mut plain)?;
                write_file(path, |out| out.write_all(&plain.into_inner()))
            }
            None => {
                let mut out = BufWriter::new(anstream::stdout().lock());
                write(&mut out)?;
                out.flush()?;
                Ok(())
            }
        }
    }
}
