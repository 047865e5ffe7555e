//! `dualtrack explain`.

use super::args::ExplainArgs;
use super::context::Context;
use super::output::{outputs, rendered, write_all};
use super::{CliError, Common, subject};
use crate::engine::{self, About, Model};
use crate::report::{explain, problems};

/// Explains each subject that is named; all of them must be there.
pub(super) fn run(common: &Common, args: &ExplainArgs) -> Result<(), CliError> {
    let outputs = outputs(common, &["text", "json"])?;
    let context = Context::new(common, &[], None)?;
    let about = About { elements: subject::names(&args.subjects), ..About::default() };
    let explain = |model: &'static Model| {
        let subjects: Result<Vec<_>, _> =
            args.subjects.iter().map(|text| subject::explained(&model.catalog, text)).collect();
        let subjects = subjects?;
        let judged = context.judge(model);
        let writes = engine::writes(&judged, context.threads);
        let rendered = rendered(&outputs, |format, out| match format {
            "json" => explain::json::write(&judged, &context.config, &writes, &subjects, out),
            _ => {
                explain::write(&judged, &context.config, &writes, &subjects, common.all, out)?;
                problems::write_if(common.verbose, &judged, out)
            }
        })?;
        let tables = explain::tables(&judged, &context.config, &writes, &subjects);
        Ok((rendered, About { tables, ..About::default() }))
    };
    write_all(&outputs, &context.answer(common, Some(about), explain)?)
}
