//! `dualtrack rule`.

use super::args::RuleArgs;
use super::output::{outputs, write_file};
use super::{CliError, Common};
use crate::finding::RuleInfo;
use crate::report::rules::{self, json, markdown};
use crate::rules::{info, infos};
use crate::text::{did_you_mean, nearest};

/// Explains rules, or writes the pages of all.
pub(super) fn run(common: &Common, args: &RuleArgs) -> Result<(), CliError> {
    if let Some(folder) = &args.pages {
        for (name, page) in markdown::pages() {
            write_file(&folder.join(name), |out| out.write_all(page.as_bytes()))?;
        }
        return Ok(());
    }
    let asked: Vec<&RuleInfo> = args.names.iter().map(|name| known(name)).collect::<Result<_, _>>()?;
    for output in outputs(common, &["text", "json", "markdown"])? {
        output.write(|out| match output.format {
            "json" => json::write(asked.iter().copied(), out),
            "markdown" => {
                asked.iter().try_for_each(|rule| writeln!(out, "{}", markdown::page(rule).trim_end()))
            }
            _ => asked.iter().enumerate().try_for_each(|(position, rule)| {
                if position > 0 {
                    writeln!(out)?;
                }
                rules::page(rule, out)
            }),
        })?;
    }
    Ok(())
}

/// The rule of this name.
pub(super) fn known(name: &str) -> Result<&'static RuleInfo, CliError> {
    info(name).ok_or_else(|| {
        let hint = match nearest(name, infos().map(|info| info.name), 3).as_slice() {
            [] => "; dualtrack list rules shows them".to_owned(),
            near => did_you_mean(near),
        };
        CliError::NotFound { kind: "rule", name: crate::text::Shown(name).to_string(), hint }
    })
}
