//! What differs between Windows and other systems, in one place.

mod write;

pub(crate) use write::{create_new, replace, write_hint, write_whole};
