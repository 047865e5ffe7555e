//! `dualtrack cost`.

use super::args::CostArgs;
use super::context::Context;
use super::output::{Output, complain_with, outputs};
use super::{CliError, Common, subject};
use crate::cost::{KnownTables, Request, Volumes, cost};
use crate::engine::Judged;
use crate::report::cost::{self as report, View};
use crate::report::problems;

/// Counts the rows that changes raise; what is named must be there.
pub(super) fn run(common: &Common, args: &CostArgs) -> Result<(), CliError> {
    let outputs = outputs(common, &["text", "json", "csv"])?;
    let context = Context::new(common, &args.roots, None)?;
    let model = context.load()?;
    let judged = context.judge(&model);
    let known = KnownTables::new(&model.catalog, &judged.analysis);
    let tables: Result<Vec<_>, _> =
        args.table.iter().map(|name| subject::table(&model.catalog, &known, name)).collect();
    let entities: Result<Vec<_>, _> =
        args.entity.iter().map(|name| subject::entity(&model.catalog, name)).collect();
    let (tables, entities) = (tables?, entities?);
    let volumes = args.volumes.as_deref().map(|path| Volumes::read(path, &known)).transpose()?;
    let request = Request { tables: &tables, entities: &entities, volumes: volumes.as_ref() };
    let cost = cost(&model.catalog, judged.policy, &judged.analysis, &request);
    let view = View {
        judged: &judged,
        config: &context.config,
        request,
        cost: &cost,
        all: common.all,
        verbose: common.verbose,
    };
    for output in &outputs {
        write(output, common, &view)?;
    }
    if !common.quiet && outputs.iter().all(|o| o.format == "csv") {
        tell(&judged, volumes.as_ref());
    }
    Ok(())
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

/// CSV has no place for the problems of the volumes. When nobody can read them, nobody need be told.
fn tell(judged: &Judged, volumes: Option<&Volumes>) {
    if let Some(volumes) = volumes {
        complain_with(|out| problems::write(judged.model, &volumes.problems, out));
    }
}
