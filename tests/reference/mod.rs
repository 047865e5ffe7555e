//! A second, deliberately naive reading of the specification, and random metadata to try it on.
//!
//! Nothing here is shared with the product: no parser, no graph, no memory of earlier results.

pub mod compare;
pub mod computed;
pub mod document;
pub mod effective;
pub mod equality;
pub mod generate;
pub mod generate_changes;
pub mod generate_elements;
pub mod generate_extensions;
pub mod generate_hooks;
pub mod generate_mapping;
pub mod generate_rows;
pub mod generate_sources;
pub mod hooks;
pub mod lineage;
pub mod merging;
pub mod model;
pub mod model_xpp;
pub mod needed;
pub mod random;
pub mod render;
pub mod render_maps;
pub mod render_sources;
pub mod render_xpp;
pub mod scenario_world;
pub mod scenarios;
pub mod scope;
pub mod tracking;
pub mod verdicts;
pub mod writer;
