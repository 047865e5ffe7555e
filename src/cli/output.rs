//! Files are written whole or not at all; standard output may be closed at any time.

use super::pipeline::{Defused, Disguise, Service};
use super::{CliError, Common};
use crate::platform::{write_hint, write_whole};
use crate::text::Shown;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice, StripStream};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// So many bytes are written to standard output at a time.
const PIECE: usize = 1 << 16;

/// An error as the user sees it. Names of files and what the operating system says may hold anything.
pub(super) fn error_text(error: &CliError) -> String {
    let lines: Vec<String> = error.to_string().split('\n').map(|line| Shown(line).to_string()).collect();
    let style = anstyle::AnsiColor::Red.on_default().bold();
    format!("{style}error:{style:#} {}", lines.join("\n"))
}

/// Writes a line to standard error, which pipelines read as well. When nobody can read it, nobody need be told.
pub(super) fn complain(text: &str) {
    complain_with(|out| writeln!(out, "{text}"));
}

/// The same for more than a line.
pub(super) fn complain_with(render: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
    let stderr = anstream::stderr().lock();
    let _ = match text_disguise() {
        Some(disguise) => {
            let mut defused = Defused::new(stderr, disguise, has_colours(&io::stderr()));
            render(&mut defused).and_then(|()| defused.flush())
        }
        None => render(&mut { stderr }),
    };
}

fn has_colours(stream: &impl RawStream) -> bool {
    AutoStream::choice(stream) != ColorChoice::Never
}

/// How text for people is disguised, in a pipeline.
fn text_disguise() -> Option<Disguise> {
    Service::here().map(|_| Disguise::Blank)
}

/// Renders text for people to standard output.
pub(super) fn print_text(render: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), CliError> {
    to_stdout(text_disguise(), render)
}

fn to_stdout(
    disguise: Option<Disguise>,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), CliError> {
    let coloured = has_colours(&io::stdout());
    let mut stdout: Box<dyn Write> = if coloured {
        Box::new(BufWriter::new(anstream::stdout().lock()))
    } else {
        // What strips colours writes word by word, and standard output by itself no later than at each line end.
        let buffer: Box<dyn Write> = Box::new(BufWriter::with_capacity(PIECE, io::stdout().lock()));
        Box::new(StripStream::new(buffer))
    };
    let Some(disguise) = disguise else {
        render(&mut stdout)?;
        return Ok(stdout.flush()?);
    };
    let mut defused = Defused::new(stdout, disguise, coloured);
    render(&mut defused)?;
    Ok(defused.flush()?)
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

/// What goes to each output, by its format.
pub(super) fn rendered(
    outputs: &[Output],
    render: impl Fn(&str, &mut dyn Write) -> io::Result<()>,
) -> Result<Vec<Vec<u8>>, CliError> {
    let one = |output: &Output| {
        let mut bytes = Vec::new();
        render(output.format, &mut bytes)?;
        Ok(bytes)
    };
    outputs.iter().map(one).collect()
}

/// Writes what was rendered.
pub(super) fn write_all(outputs: &[Output], rendered: &[Vec<u8>]) -> Result<(), CliError> {
    outputs.iter().zip(rendered).try_for_each(|(output, bytes)| output.write(|out| out.write_all(bytes)))
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
                let mut plain = StripStream::new(Vec::new());
                render(&mut plain)?;
                let plain = plain.into_inner();
                write_file(path, |w| w.write_all(&plain))
            }
            Some(path) => write_file(path, render),
            None => to_stdout(self.disguise(), render),
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
