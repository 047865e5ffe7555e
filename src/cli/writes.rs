//! `dualtrack writes`.

use super::args::WritesArgs;
use super::context::Context;
use super::output::outputs;
use super::{CliError, Common, subject};
use crate::engine;
use crate::report::problems;
use crate::report::writes::{self as report, Chosen, Request, View};
use crate::tracking::Change;

/// Lists the writes that raise no event; what is named must be there.
pub(super) fn run(common: &Common, args: &WritesArgs) -> Result<(), CliError> {
    let outputs = outputs(common, &["text", "json", "csv"])?;
    let context = Context::new(common, &args.roots, None)?;
    let model = context.load()?;
    let tables: Result<Vec<Change>, _> =
        args.table.iter().map(|name| subject::whole_table(&model.catalog, name)).collect();
    let entities: Result<Vec<_>, _> =
        args.entity.iter().map(|name| subject::entity(&model.catalog, name)).collect();
    let (tables, entities) = (tables?, entities?);
    let judged = context.judge(&model);
    let tables: Vec<Chosen> = tables.iter().map(|change| Chosen::new(&judged, change)).collect();
    let writes = engine::writes(&judged, context.threads);
    let view = View {
        judged: &judged,
        config: &context.config,
        writes: &writes,
        request: Request { tables: &tables, entities: &entities },
        all: common.all,
        verbose: common.verbose,
    };
    for output in &outputs {
        output.write(|out| match output.format {
            "json" => report::json::write(&view, out),
            "csv" => report::csv::write(&view, out),
            _ => {
                report::write(&view, out)?;
                problems::write_if(common.verbose, &judged, out)
            }
        })?;
    }
    Ok(())
}
