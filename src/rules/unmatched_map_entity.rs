//! Table maps of entities that are not loaded.

use super::pages::CUSTOM_MAPS;
use super::{Input, Rule};
use crate::finding::{Finding, Group, RuleInfo, Severity};
use crate::problem::Problem;
use crate::tracking::Evidence;

const INFO: RuleInfo = RuleInfo {
    name: "unmatched-map-entity",
    group: Group::Map,
    severity: Severity::Warning,
    confidence: Evidence::Seen,
    number: None,
    summary: "a table map is about an entity that is not loaded under this name",
    finds: "Table maps whose F&O entity is neither the name, the public name, the public collection name nor the \
        label of a loaded entity. Only a note where no loaded entity has a name like it: it is probably in a \
        model that is not loaded.",
    why: "The map does not count: nothing is said about its fields.",
    example: "```json\n\
        { \"legs\": [ { \"sourceSchema\": \"Costumers V3\" } ] }\n\
        ```",
    remedy: "Load the model of the entity, or name the entity in the configuration: \
        `'Customers V3' = 'CustCustomerV3Entity'` under `[alias]`.",
    source: "Maps name entities by their label, which may be in another language: the form of table maps, as \
        public maps show it.",
    url: Some(CUSTOM_MAPS),
};

pub(super) const RULE: Rule = Rule { info: &INFO, check };

fn check(input: &Input) -> Vec<Finding> {
    let finding = |(finding, problem): (Finding, &Problem)| {
        let is_near = problem.fact("nearest").is_some_and(|near| !near.is_empty());
        let schema = problem.fact("schema").unwrap_or_default();
        let line = format!("[alias]\n{} = 'NameOfTheEntity'", toml::Value::from(schema));
        finding
            .level(if is_near { Severity::Warning } else { Severity::Note })
            .remedy_code("Load the model of the entity, or name the entity in dualtrack.toml:", line)
    };
    input.told(&INFO).map(finding).collect()
}
