//! `dualtrack maps`.

use super::args::MapsArgs;
use super::context::Context;
use super::output::{Output, outputs};
use super::{CliError, Common, subject};
use crate::check::check;
use crate::maps::{MapView, overview};
use crate::report::maps::{self as report, View};
use crate::report::problems;

/// Shows the table maps; what is named must be there.
pub(super) fn run(common: &Common, args: &MapsArgs) -> Result<(), CliError> {
    let outputs = outputs(common, &["text", "json", "csv"])?;
    let context = Context::new(common, &args.roots, None)?;
    if context.config.maps.is_empty() {
        return Err(CliError::NoMapsNamed);
    }
    let model = context.load()?;
    let entities: Result<Vec<_>, _> =
        args.entity.iter().map(|name| subject::entity(&model.catalog, name)).collect();
    let entities = entities?;
    let judged = context.judge(&model);
    let mut maps = overview(&judged);
    for name in &args.map {
        subject::table_maps(maps.iter().map(|map| map.map), name)?;
    }
    let chosen = !args.map.is_empty() || !entities.is_empty();
    if chosen {
        let is_named = |map: &MapView| args.map.iter().any(|name| map.map.is_named(name));
        let has = |map: &MapView| {
            map.legs.iter().filter_map(|leg| leg.entity.as_ref()).any(|entity| entities.contains(&entity.id))
        };
        maps.retain(|map| is_named(map) || has(map));
    }
    let checked = check(&judged, &context.config, None, true);
    let view = View {
        judged: &judged,
        config: &context.config,
        report: &checked.report,
        maps: &maps,
        chosen,
        all: common.all,
        verbose: common.verbose,
    };
    for output in &outputs {
        write(output, common, &view)?;
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
