//! Files are written whole or not at all; standard output may be closed at any time.

use super::pipeline::{Defused, Disguise, Service};
use super::{CliError, Common};
use crate::platform::{write_hint, write_whole};
use crate::text::Shown;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// An error as the user sees it. Names of files and what the operating system says may hold anything.
pub(super) fn error_text(error: &CliError) -> String {
    let lines: Vec<String> = error.to_string().split('\n').map(|line| Shown(line).to_string()).collect();
    let style = anstyle::AnsiColor::Red.on_default().bold();
    format!("{style}error:{style:#} {}", lines.join("\n"))
}

/// Writes a line to standard error. When nobody can read it, nobody need be told.
pub(super) fn complain(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// One thing to write: a format of the command, to a file or to standard output.
pub(super) struct Output<'a> {
    pub(super) format: &'a str,
    pub(super) file: Option<&'a Path>,
}

/// What `--format` and `--json` ask for; the first known format when they say nothing.
pub(super) fn outputs<'a>(common: &'a Common, known: &[&'a str]) -> Result<Vec<Output<'a>>, CliError> {
    let mut outputs = Vec::new();
    for arg in &common.format {
        let format = known.iter().copied().find(|k| *k == arg.format);
        let format = format
            .ok_or_else(|| CliError::UnknownFormat { format: arg.format.clone(), known: known.join(", ") })?;
        outputs.push(Output { format, file: arg.file.as_deref() });
    }
    if common.json {
        outputs.push(Output { format: "json", file: None });
    }
    if outputs.is_empty() {
        outputs.push(Output { format: known[0], file: None });
    }
    Ok(outputs)
}

impl Output<'_> {
    /// In a pipeline, what is no command must not look like one.
    fn disguise(&self) -> Option<Disguise> {
        let service = Service::here()?;
        match self.format {
            format if format == service.format() => None,
            "json" | "sarif" => Some(Disguise::Json),
            _ => Some(Disguise::Blank),
        }
    }

    /// Runs a renderer. Colours go to a terminal only.
    pub(super) fn write(
        &self,
        render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), CliError> {
        match self.file {
            Some(path) if self.format == "text" => {
                let mut plain = anstream::StripStream::new(Vec::new());
                render(&mut plain)?;
                let plain = plain.into_inner();
                write_file(path, |w| w.write_all(&plain))
            }
            Some(path) => write_file(path, render),
            None => {
                let mut stdout = BufWriter::new(anstream::stdout().lock());
                match self.disguise() {
                    Some(disguise) => {
                        let mut defused = Defused::new(stdout, disguise);
                        render(&mut defused)?;
                        Ok(defused.flush()?)
                    }
                    None => {
                        render(&mut stdout)?;
                        Ok(stdout.flush()?)
                    }
                }
            }
        }
    }
}

/// Prints a text as it is.
pub(super) fn print(text: &str) -> Result<(), CliError> {
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}

/// Writes a file by way of a temporary one beside it. A file that has these bytes already is left alone.
pub(super) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    write_whole(path, write).map_err(|error| CliError::Write {
        path: path.to_owned(),
        hint: write_hint(&error),
        error,
    })
}
