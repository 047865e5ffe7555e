//! The rules of a comparison: one for each kind of effect.

use super::EffectKind;
use crate::finding::{Group, RuleInfo, Severity};
use crate::tracking::Evidence;

macro_rules! changes {
    ($($kind:ident $name:literal $severity:ident $summary:literal $why:literal $example:literal $remedy:literal;)*) => {
        /// The rules that only a comparison has, the worst first.
        pub const CHANGE_RULES: &[RuleInfo] = &[$(RuleInfo {
            name: $name,
            group: Group::Change,
            severity: Severity::$severity,
            confidence: Evidence::Inferred,
            number: None,
            summary: $summary,
            finds: concat!("Compared with the state before: ", $summary, "."),
            why: $why,
            example: $example,
            remedy: $remedy,
            source: "The verdicts of both states; each names the rule that it rests on.",
            url: None,
        }),*];

        impl EffectKind {
            /// Every kind, in the order of the list.
            pub const ALL: &'static [EffectKind] = &[$(EffectKind::$kind),*];

            /// The rule that speaks of it.
            pub fn rule(self) -> &'static RuleInfo {
                &CHANGE_RULES[self as usize]
            }
        }
    };
}

changes! {
    TrackingLost "tracking-lost" Error
        "a field that is sent was tracked, and its changes are not seen any more"
        "From the next start of the map on, changes of the column are silently never sent."
        "JoinMode of a data source changes to OuterJoin while it is read-only."
        "Undo the edit that is named, or register the record in getEntityDataSourceToFieldMapping: `dualtrack suggest` prints the entry.";
    TrackingOpen "tracking-unknown" Warning
        "a field that is sent was tracked, and it cannot be said any more whether it is"
        "Something that the verdict needs is not there any more, or can no longer be read."
        "A data source names a table that is not loaded."
        "Load what is missing, or undo the edit that is named.";
    NewUntracked "new-untracked-field" Error
        "a field is sent now, and its changes are not seen"
        "Dataverse gets the value once and never hears of its changes."
        "A mapped field is added that comes from a nested entity."
        "Add the entry that `dualtrack suggest` prints, or do not map the field.";
    EntryInvalid "entry-became-invalid" Error
        "an entry of the mapping method is invalid"
        "What the entry registered is not registered any more."
        "The field that an entry names was renamed."
        "Correct the entry.";
    EntryNeeded "entry-became-needed" Warning
        "an entry of the mapping method is missing now"
        "Changes of the record are not seen without it."
        "A data source becomes read-only under an outer join."
        "Add the entry: `dualtrack suggest --apply`.";
    NoLongerSent "no-longer-sent" Warning
        "fields that were sent are not sent any more"
        "Dataverse keeps the last value that it got."
        "A row is taken out of a table map, or a field is removed from the entity."
        "Nothing, when that is intended.";
    NoLongerTriggers "no-longer-triggers" Warning
        "a table triggered an entity, and does not any more"
        "Changes of the table are not sent through this entity."
        "The last field that came from the table was unmapped."
        "Nothing, when that is intended.";
    EntryRemovable "entry-became-removable" Note
        "an entry of the mapping method can go now"
        "Each entry costs work in every transaction on its table."
        "The fields that an entry served are not mapped any more."
        "Remove the entry: `dualtrack suggest --apply`.";
    RowAdded "row-added" Note
        "BusinessEventsDefinition gets one more row"
        "Each row costs work in every transaction on its table."
        "A data source gets its first mapped field."
        "Nothing, when that is intended.";
    NewlyTriggers "newly-triggers" Note
        "a table triggers an entity that it did not trigger"
        "Changes of the table now send records of this entity."
        "An entry is added to the mapping method."
        "Nothing, when that is intended.";
    RowRemoved "row-removed" Note
        "BusinessEventsDefinition has one row less"
        "The work that the row cost is saved; what it registered is not registered any more."
        "A mapping entry is removed."
        "Nothing, when that is intended.";
    TrackingGained "tracking-gained" Note
        "a field whose changes were not seen is tracked now"
        "Changes of the column reach Dataverse now."
        "An entry is added to the mapping method."
        "Stop and start the map: only a start writes the rows.";
    ElementRemoved "element-removed" Note
        "a table, view or entity is gone"
        "Whatever refers to it is unresolved."
        "A file is deleted."
        "Nothing, when that is intended.";
    ElementAdded "element-added" Note
        "a table, view or entity is new"
        "It may bring fields that are sent, and rows."
        "A file is added."
        "Nothing.";
}

#[cfg(test)]
mod tests {
    use super::CHANGE_RULES;
    use crate::diff::EffectKind;

    #[test]
    fn kinds_and_rules_are_in_one_order() {
        assert_eq!(EffectKind::ALL.len(), CHANGE_RULES.len());
        for (index, kind) in EffectKind::ALL.iter().enumerate() {
            assert_eq!(*kind as usize, index);
        }
        assert_eq!(EffectKind::TrackingLost.rule().name, "tracking-lost");
        assert_eq!(EffectKind::ElementAdded.rule().name, "element-added");
    }
}
