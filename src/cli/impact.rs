//! `dualtrack impact`.

use super::args::ImpactArgs;
use super::context::Context;
use super::output::{outputs, rendered, write_all};
use super::{CliError, Common, subject};
use crate::engine::{self, About, Model};
use crate::report::{impact, problems};

/// Says what each change means; all of them must be there.
pub(super) fn run(common: &Common, args: &ImpactArgs) -> Result<(), CliError> {
    let outputs = outputs(common, &["text", "json"])?;
    let context = Context::new(common, &[], None)?;
    let about = About { tables: subject::names(&args.subjects), ..About::default() };
    let tell = |model: &'static Model| {
        let changes: Result<Vec<_>, _> =
            args.subjects.iter().map(|text| subject::changed(&model.catalog, text)).collect();
        let changes = changes?;
        let judged = context.judge(model);
        let writes = engine::writes(&judged, context.threads);
        let rendered = rendered(&outputs, |format, out| match format {
            "json" => impact::json::write(&judged, &context.config, &writes, &changes, out),
            _ => {
                impact::write(&judged, &context.config, &writes, &changes, common.all, out)?;
                problems::write_if(common.verbose, &judged, out)
            }
        })?;
        Ok((rendered, About::default()))
    };
    write_all(&outputs, &context.answer(common, Some(about), tell)?)
}
