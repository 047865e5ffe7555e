//! Loading the part of the files on which a question depends.

use super::descriptor::ModelInfo;
use super::load::{Loaded, Memory, models};
use super::looks::Looks;
use crate::source::{FileSet, in_pool};

/// Loads the files that `choose` picks by what files mention, and says what else it says. `None` when too little is
/// known of the files to tell, or it chooses not to.
pub fn load_part<T: Send>(
    files: &FileSet,
    threads: usize,
    memory: &dyn Memory,
    choose: impl FnOnce(&mut Looks<'_>, &[ModelInfo]) -> Option<(Vec<bool>, T)> + Send,
) -> Option<(Loaded, T)> {
    in_pool(threads, || {
        let loaded = models(files, memory);
        let mut looks = Looks::take(files, memory)?;
        let (wanted, more) = choose(&mut looks, &loaded.models)?;
        let without_writes =
            (0..files.files.len()).map(|look| looks.outline(look).mentions_writes == Some(false));
        let without_writes = without_writes.collect();
        Some((Loaded { facts: looks.into_facts(&wanted), without_writes, ..loaded }, more))
    })
}
