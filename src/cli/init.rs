//! `dualtrack init`.

use super::args::InitArgs;
use super::context::Context;
use super::output::write_file;
use super::{CliError, Common};
use crate::check::check;
use crate::config::{Config, FILE_NAME, starter};
use crate::finding::Baseline;
use crate::text::{Shown, count};
use std::io::Write;
use std::path::Path;

/// The baseline that a new configuration names.
const BASELINE: &str = "dualtrack-baseline.json";

/// Writes a configuration and a baseline with which `check` passes today.
pub(super) fn run(common: &Common, args: &InitArgs) -> Result<(), CliError> {
    let here = std::env::current_dir()?;
    for name in [FILE_NAME, BASELINE] {
        if here.join(name).exists() {
            return Err(CliError::Exists { path: name.into() });
        }
    }
    // A file further up does not count here: the new one stands before it.
    let mut context = Context::fresh(common, &args.roots)?;
    let text = starter(&context.config.metadata, &context.config.maps, BASELINE);
    let cache = context.config.cache.clone();
    context.config = Config::from_text(&text, &here.join(FILE_NAME))?;
    context.config.cache = cache;
    let model = context.load()?;
    let judged = context.judge(&model);
    let mut checked = check(&judged, &context.config, None, false);
    let known = Baseline::default().changed(&[], checked.report.accept());
    write_file(Path::new(BASELINE), |out| known.write(out))?;
    write_file(Path::new(FILE_NAME), |out| out.write_all(text.as_bytes()))?;
    if common.quiet {
        return Ok(());
    }
    let mut out = anstream::stdout().lock();
    let counts = checked.report.counts();
    writeln!(out, "{FILE_NAME}: metadata {}", shown(&context.config.metadata))?;
    if context.config.maps.is_empty() {
        writeln!(
            out,
            "{FILE_NAME}: no table maps; name them there, or public fields are assumed to be mapped"
        )?;
    } else {
        writeln!(out, "{FILE_NAME}: table maps {}", shown(&context.config.maps))?;
    }
    writeln!(out, "{BASELINE}: {} known from now on", count(counts.baselined, "finding"))?;
    writeln!(out, "next: dualtrack check")?;
    Ok(())
}

fn shown(paths: &[std::path::PathBuf]) -> String {
    let all: Vec<String> = paths.iter().map(|path| Shown(&path.display().to_string()).to_string()).collect();
    all.join(", ")
}
