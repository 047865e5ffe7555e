//! Which data sources are watched, which leaves a change of them reaches, and what the mapping method adds
//! (SPEC 5 to 7, 9). Knows no XML and prints nothing.

mod analysis;
mod definitions;
mod entries;
mod evidence;
mod impact;
mod leaves;
mod mapping;
mod missing;
mod outcome;
mod policy;
mod reason;
mod scope;
mod sources;
mod verdict;

#[cfg(test)]
mod tests;

pub use analysis::{Input, analyze, predict};
pub use definitions::writers;
pub use evidence::Evidence;
pub use impact::{Change, Counts, Effect, EntityImpact, Impact, JoinUse, Reading, concerns, impact};
pub use mapping::{EntityField, MappingAnalysis, MappingLink, ResolvedEntry, mapping_links};
pub use missing::{Missing, missing_of_leaf, missing_of_source};
pub use outcome::{Analysis, Definition, EntityAnalysis, FieldAnalysis, Origin, Writer};
pub use policy::{
    EntityReadOnly, Inheritance, InnerReadOnly, InternalFields, LookupOnly, NestedEntity, NestedView,
    POLICIES, Policy, PolicyError, PolicyInfo, PolicyValue, UnderUntracked,
};
pub use reason::{REASONS, Reason, ReasonInfo};
pub use scope::{MappedField, Scope};
pub use verdict::{EntryVerdict, LeafVerdict, Match, SourceVerdict, Status, Via};
