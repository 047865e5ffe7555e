//! `dualtrack health`.

use super::args::HealthArgs;
use super::context::Context;
use super::output::{Output, outputs};
use super::{CliError, Common, subject};
use crate::engine::Judged;
use crate::health::{Selection, health};
use crate::report::health::{self as report, View};
use crate::report::problems;

/// Answers every check; what is named must be there.
pub(super) fn run(common: &Common, args: &HealthArgs) -> Result<(), CliError> {
    let outputs = outputs(common, &["text", "json", "csv"])?;
    let context = Context::new(common, &args.roots, None)?;
    let model = context.load()?;
    let judged = context.judge(&model);
    let selection = selection(&judged, args)?;
    let view = View {
        judged: &judged,
        config: &context.config,
        health: &health(&judged, &context.config, &selection),
        chosen: selection.is_some(),
        all: common.all,
        verbose: common.verbose,
    };
    outputs.iter().try_for_each(|output| write(output, common, &view))
}

fn selection(judged: &Judged, args: &HealthArgs) -> Result<Selection, CliError> {
    let entities = args.entity.iter().map(|name| subject::entity(&judged.model.catalog, name));
    let entities = entities.collect::<Result<Vec<_>, _>>()?;
    let maps = judged.maps.as_ref().map(|maps| maps.maps.as_slice()).unwrap_or_default();
    let named = args.map.iter().map(|name| subject::table_maps(maps.iter(), name));
    let maps = named.collect::<Result<Vec<_>, _>>()?.concat();
    Ok(Selection { entities, maps })
}

fn write(output: &Output, common: &Common, view: &View) -> Result<(), CliError> {
    output.write(|out| match output.format {
        "json" => report::json::write(view, out),
        "csv" => report::csv::write(view, out),
        _ => {
            report::write(view, out)?;
            problems::write_if(common.verbose, view.judged, out)
        }
    })
}
