//! Findings to where they are wanted: the formats that were asked for, and what a pipeline reads by itself.

use super::output::{Output, outputs, write_file};
use super::pipeline::Service;
use super::watch::To;
use super::{CliError, Common};
use crate::report::findings::{FORMATS, View, markdown};
use crate::text::Shown;
use std::fs::File;
use std::io::{self, Write};

/// What will be written.
pub(super) struct Outputs<'a> {
    outputs: Vec<Output<'a>>,
    /// No format was asked for, and this is a pipeline of the service.
    service: Option<Service>,
}

impl<'a> Outputs<'a> {
    /// The formats that are asked for; in a pipeline, unless some are, also the one that it reads.
    pub(super) fn new(common: &'a Common) -> Result<Self, CliError> {
        let formats: Vec<&str> = FORMATS.iter().map(|(name, _)| *name).collect();
        let mut outputs = outputs(common, &formats)?;
        let service = Service::here().filter(|_| common.format.is_empty() && !common.json);
        outputs.extend(service.map(|service| Output { format: service.format(), file: None }));
        Ok(Self { outputs, service })
    }

    /// What will be written, in order.
    pub(super) fn all(&self) -> &[Output<'a>] {
        &self.outputs
    }

    /// Writes those that are wanted, and the summary page of the service.
    pub(super) fn write(&self, view: &View, to: To) -> Result<(), CliError> {
        for output in self.outputs.iter().filter(|output| to.takes(output)) {
            let format = FORMATS.iter().find(|(name, _)| *name == output.format);
            if let Some((_, write)) = format {
                output.write(|out| write(view, out))?;
            }
        }
        self.service.map_or(Ok(()), |service| summary(service, view))
    }
}

/// Gives the service its summary page.
fn summary(service: Service, view: &View) -> Result<(), CliError> {
    let Some(path) = service.summary() else { return Ok(()) };
    match service {
        Service::GitHub => {
            let append = || -> io::Result<()> {
                let mut file = File::options().create(true).append(true).open(&path)?;
                let mut text = Vec::new();
                markdown::write(view, &mut text)?;
                file.write_all(&text)
            };
            append().map_err(|error| CliError::Write { path: path.clone(), hint: "", error })
        }
        Service::Azure => {
            write_file(&path, |out| markdown::write(view, out))?;
            let shown = path.display().to_string();
            writeln!(io::stdout(), "##vso[task.uploadsummary]{}", Shown(&shown))?;
            Ok(())
        }
    }
}
