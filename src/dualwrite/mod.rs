//! Dual-write table maps: reading them, choosing versions.
//!
//! Source of the format: the Dataverse column `msdyn_mapping` as read by public tools; specification, section 8.

mod files;
mod json;
mod labels;
mod map;
mod versions;

pub use files::{load_maps, map_files};
pub use json::parse_maps;
pub use labels::LabelTexts;
pub use map::{Direction, FieldMapping, Leg, MapFile, TableMap};
pub use versions::{Version, counted_maps};
