//! What comes from the running system: dual-write table maps (reading them, choosing versions, finding their entities
//! and fields) and dumps of `BusinessEventsDefinition`.
//!
//! Source of the format: the Dataverse column `msdyn_mapping` as read by public tools; specification, section 8.

mod archive;
mod dump;
mod fields;
mod files;
pub mod filter;
mod json;
mod keys;
mod labels;
mod map;
mod resolve;
mod solution;
mod transform;
mod versions;

pub use crate::aot::EntityNames;
pub use dump::{ChannelCount, Channels, Column, Dump, DumpError, DumpForm, DumpPlace, DumpRow};
pub use fields::{
    EntityFields, Mapped, MappedEntity, MappedField, MappedLeg, RowId, UnmatchedLeg, UnmatchedRow,
    mapped_fields,
};
pub use files::{load_maps, map_locations, parse_archive};
pub use json::parse_maps;
pub use labels::{ENGLISH, Label, LabelTexts};
pub use map::{Direction, FieldMapping, Leg, MapFile, MapKey, TableMap};
pub use resolve::{MatchedBy, Resolver};
pub use transform::Transform;
pub use versions::{Counted, OtherVersion, Version, counted_maps};
