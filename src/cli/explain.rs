//! `dualtrack explain`.

use super::args::ExplainArgs;
use super::context::Context;
use super::output::outputs;
use super::{CliError, Common, subject};
use crate::engine;
use crate::report::{explain, problems};

/// Explains each subject that is named; all of them must be there.
pub(super) fn run(common: &Common, args: &ExplainArgs) -> Result<(), CliError> {
    let outputs = outputs(common, &["text", "json"])?;
    let context = Context::new(common, &[], None)?;
    let model = context.load()?;
    let subjects: Result<Vec<_>, _> =
        args.subjects.iter().map(|text| subject::explained(&model.catalog, text)).collect();
    let subjects = subjects?;
    let judged = context.judge(&model);
    let writes = engine::writes(&judged, context.threads);
    for output in outputs {
        output.write(|out| match output.format {
            "json" => explain::json::write(&judged, &context.config, &writes, &subjects, out),
            _ => {
                explain::write(&judged, &context.config, &writes, &subjects, common.all, out)?;
                problems::write_if(common.verbose, &judged, out)
            }
        })?;
    }
    Ok(())
}
