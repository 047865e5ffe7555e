//! Facts on disk, in one codec: a snapshot stands for a whole root, a cache saves reading files again.
//!
//! Nothing on disk is trusted: lengths and checksums are checked before anything is read, and what is read is
//! bounded in size and depth. A damaged snapshot is an error that says so; a damaged cache is no cache.

mod chunks;
mod codec;
mod packed;
mod snapshot;
mod store;

pub use snapshot::{EXTENSION, Extra, Snapshot, SnapshotError, is_snapshot, snapshot};
pub use store::{Cache, CachePlace};
