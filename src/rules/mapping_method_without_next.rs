//! Wrappers that drop what they wrap.

use super::pages::WRAPPING;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "mapping-method-without-next",
    group: Group::Mapping,
    severity: Severity::Error,
    confidence: Evidence::Inferred,
    number: None,
    summary: "an extension of the mapping method does not call next, and drops what was registered before",
    finds: "Extension classes with getEntityDataSourceToFieldMapping that never call next, where the entity \
        or another class has the method too. Legal X++ only where the wrapped method is marked \
        Replaceable.",
    why: "All entries of the wrapped method are lost: changes of their tables are silently no longer sent.",
    example: "```xpp\n\
        [ExtensionOf(tableStr(CustCustomerV3Entity))]\n\
        final class CustCustomerV3Entity_MyModel_Extension\n\
        {\n\
        \x20   public static container getEntityDataSourceToFieldMapping(container mapping)\n\
        \x20   {\n\
        \x20       mapping += [[identifierStr(MyParty), tableNum(DirPartyTable), fieldStr(CustCustomerV3Entity, PartyRecordId)]];\n\
        \x20       return mapping;\n\
        \x20   }\n\
        }\n\
        ```",
    remedy: "Begin with `mapping = next getEntityDataSourceToFieldMapping(mapping);`.",
    source: "Chain of Command: a wrapper calls next, except around a replaceable method. That static methods \
        of entities are wrapped like this is concluded from it.",
    url: Some(WRAPPING),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |(finding, _): (Finding, _)| {
        let code = "mapping = next getEntityDataSourceToFieldMapping(mapping);";
        finding.labelled("no next in this method").remedy_code("Call the wrapped method first:", code)
    };
    input.told_in_scope(&INFO).map(finding).collect()
}
