//! Files that cannot be read.

use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::problem::Code;
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "malformed-file",
    group: Group::Model,
    severity: Severity::Error,
    confidence: Evidence::Seen,
    number: None,
    summary: "a metadata file cannot be read, or not to its end",
    finds: "Metadata files and folders that cannot be opened, are no well-formed XML, are in another encoding \
        than UTF-8 or UTF-16, or nest too deep. With a model descriptor it is a warning: the model goes by the \
        name of its folder.",
    why: "The element is missing from everything that is judged: fields behind it stay open, and an extension or \
        mapping method in it does not count.",
    example: "A conflict that was committed:\n\n\
        ```xml\n\
        <Fields>\n\
        <<<<<<< HEAD\n\
        ```",
    remedy: "Repair the file. Where it is in use or access is denied, close the program that holds it.",
    source: "The form of AOT files, as public metadata shows it: XML in UTF-8.",
    url: None,
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |(finding, problem): (Finding, &crate::problem::Problem)| {
        let (label, remedy) = match problem.code {
            Code::UnreadableFile => {
                ("", "Close the program that holds the file, or check its access rights.")
            }
            Code::WrongEncoding => ("this byte", "Save the file as UTF-8."),
            Code::NestingLimit => ("too deep", "Remove the needless levels."),
            Code::UnreadableDescriptor => ("", "Repair the descriptor."),
            _ => ("here", "Repair the file."),
        };
        finding.labelled(label).remedy(remedy).level(problem.code.severity())
    };
    input.told(&INFO).map(finding).collect()
}
