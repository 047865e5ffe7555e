//! Short texts about maps. Every name from a file is safe to print.

use crate::dualwrite::MatchedBy;
use crate::maps::{Counts, KeyOrigin, KeyView, LegView, Way};
use crate::words::shown;

/// So many names are listed of each kind where lists are not shown whole.
const NAMES: usize = 8;

/// How an entity was found.
pub(super) fn found_by(by: MatchedBy) -> &'static str {
    match by {
        MatchedBy::Alias => "by alias of the configuration",
        MatchedBy::Name => "by name",
        MatchedBy::PublicEntityName => "by PublicEntityName",
        MatchedBy::PublicCollectionName => "by PublicCollectionName",
        MatchedBy::Label => "by label",
        MatchedBy::LabelText => "by label text",
    }
}

/// The same in machine output.
pub(super) fn found_by_id(by: MatchedBy) -> &'static str {
    match by {
        MatchedBy::Alias => "alias",
        MatchedBy::Name => "name",
        MatchedBy::PublicEntityName => "public_entity_name",
        MatchedBy::PublicCollectionName => "public_collection_name",
        MatchedBy::Label => "label",
        MatchedBy::LabelText => "label_text",
    }
}

/// The name by which a leg looked for its entity.
pub(super) fn schema(leg: &LegView) -> String {
    match &*leg.leg.source_schema {
        "" => "(the leg names none)".to_owned(),
        name => shown(name),
    }
}

/// Safe names in a line, the first ones where the list is not shown whole.
pub(super) fn listed(names: &[String], whole: bool) -> String {
    let keep = if whole { names.len() } else { names.len().min(NAMES) };
    let text = names[..keep].join(", ");
    match names.len() - keep {
        0 => text,
        more => format!("{text} and {more} more"),
    }
}

/// `: 80 both ways, 5 only to Dataverse`; nothing where there is no row.
pub(super) fn ways(counts: &Counts) -> String {
    let Counts { both, to_dataverse, from_dataverse, unknown_way, .. } = *counts;
    let parts = [
        (both, "both ways"),
        (to_dataverse, "only to Dataverse"),
        (from_dataverse, "only from Dataverse"),
        (unknown_way, "without a known direction"),
    ];
    let parts = parts.into_iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts.map(|(number, what)| format!("{number} {what}")).collect();
    if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
}

/// `integration key EntityKey: CustomerAccount both ways, DataAreaId as the company`.
pub(super) fn key(key: &KeyView) -> String {
    let whose = match key.origin {
        KeyOrigin::Source => "integration key",
        KeyOrigin::Destination => "integration key of Dataverse",
        KeyOrigin::Entity => "entity key",
    };
    let name = if key.name.is_empty() { String::new() } else { format!(" {}", shown(key.name)) };
    let fields = key.fields.iter().map(|field| format!("{} {}", shown(field.name), way(field.way)));
    let fields = fields.collect::<Vec<_>>().join(", ");
    format!("{whose}{name}: {}", if fields.is_empty() { "no field" } else { &fields })
}

fn way(way: Way) -> &'static str {
    match way {
        Way::Both => "both ways",
        Way::ToDataverse => "only to Dataverse",
        Way::FromDataverse => "only from Dataverse",
        Way::Unmapped => "not mapped",
        Way::Company => "as the company (needs no row)",
    }
}
