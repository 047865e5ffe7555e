//! `dualtrack list`.

use super::args::ListArgs;
use super::output::outputs;
use super::values::ListSubject;
use super::{CliError, Common};
use crate::report::{lists, rules};
use crate::rules::infos;

/// Lists what the tool knows.
pub(super) fn run(common: &Common, args: &ListArgs) -> Result<(), CliError> {
    for output in outputs(common, &["text", "json"])? {
        output.write(|w| match (args.what, output.format) {
            (ListSubject::Policies, "json") => lists::policies_json(w),
            (ListSubject::Policies, _) => lists::policies(w),
            (ListSubject::Reasons, "json") => lists::reasons_json(w),
            (ListSubject::Reasons, _) => lists::reasons(w),
            (ListSubject::Rules, "json") => rules::json::write(infos(), w),
            (ListSubject::Rules, _) => rules::list(w),
        })?;
    }
    Ok(())
}
