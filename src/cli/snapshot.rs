//! `dualtrack snapshot`.

use super::args::SnapshotArgs;
use super::context::Context;
use super::output::write_file;
use super::{CliError, Common};
use crate::engine;
use crate::text::{Shown, count};
use std::io::Write;

/// Writes a snapshot of the roots.
pub(super) fn run(common: &Common, args: &SnapshotArgs) -> Result<(), CliError> {
    let context = Context::new(common, &args.roots, None)?;
    let made = engine::snapshot(&context.config, context.threads)?;
    write_file(&args.output, |out| out.write_all(&made.bytes))?;
    if common.quiet {
        return Ok(());
    }
    let mut out = anstream::stdout().lock();
    writeln!(
        out,
        "{}: {} of {} files ({})",
        Shown(&args.output.display().to_string()),
        size(made.bytes.len() as u64),
        made.files,
        size(made.source_bytes)
    )?;
    if made.problems > 0 {
        writeln!(out, "{} met: the snapshot keeps them", count(made.problems, "problem"))?;
    }
    Ok(())
}

/// `12.3 MB`.
fn size(bytes: u64) -> String {
    const KB: u64 = 1_000;
    const MB: u64 = 1_000_000;
    match bytes {
        0..KB => format!("{bytes} bytes"),
        KB..MB => format!("{} kB", bytes / KB),
        _ => format!("{}.{} MB", bytes / MB, bytes % MB / (MB / 10)),
    }
}
