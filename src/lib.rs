//! dualtrack: which table changes reach a data entity, which never will, and why.
//!
//! A pipeline; each stage takes immutable input and returns an owned result, and knows only what is to its left:
//!
//! ```text
//!  AOT files ─► source ─► aot ─► catalog ─► graph ─► lineage ─► tracking ─► suggest
//!  (bytes)      files,    facts   merged,    who      columns    verdicts    entries
//!               places            by name    uses     behind a   and rows    that are
//!                                            whom     field                  missing
//!  X++ in CDATA ────────► xpp ─────────────────────────────────► │       rules ─► report
//!  maps, dumps ─────────► dualwrite ───────────────────────────► ┘       findings
//! ```
//!
//! [`engine`] runs it: [`engine::load`] up to lineage, [`engine::judge`] from there; for a question about some elements,
//! or about those of the user, [`engine::load_about`] loads the part that it depends on. [`report`] renders, one format per file; [`edit`] writes
//! what [`suggest`] decides; [`cost`] counts rows; [`reconcile`] compares them with those of a running system; [`diff`]
//! compares two states, [`watch`] notices that there is a new one; [`cli`] parses arguments and chooses renderers.
//! [`rules`] look at verdicts and make [`finding`]s, [`check`] sorts them; [`filters`] asks what is wrong with the
//! filters of maps. [`cache`] keeps facts on disk, [`git`] reads a revision. [`config`] is `dualtrack.toml`, [`problem`]
//! what any stage complains about, [`text`] what knows nothing of the domain.

pub mod aot;
pub mod cache;
pub mod catalog;
pub mod check;
pub mod cli;
pub mod config;
pub mod cost;
pub mod diff;
pub mod dualwrite;
pub mod edit;
pub mod engine;
pub mod filters;
pub mod finding;
pub mod git;
pub mod graph;
pub mod health;
pub mod lineage;
pub mod maps;
mod platform;
pub mod problem;
pub mod reconcile;
pub mod report;
pub mod rules;
pub mod schema;
pub mod source;
pub mod suggest;
pub mod text;
pub mod tracking;
pub mod watch;
mod words;
pub mod writes;
pub mod xpp;

#[cfg(test)]
mod testing;
