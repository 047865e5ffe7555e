//! Long lists, rendered by all threads while what is ready is written.

use rayon::prelude::*;
use std::io;

/// So many items are held as text at a time, twice: those being written and those being rendered…
const BATCH: usize = 512;
/// … and so many that follow each other are rendered by one thread.
const PART: usize = 32;

/// Renders parts of a list and writes them in order.
pub(super) fn write_parts<'a, T: Sync, P: Send>(
    items: &'a [T],
    render: impl Fn(&'a [T]) -> P + Sync,
    mut write: impl FnMut(P) -> io::Result<()>,
) -> io::Result<()> {
    let render = |batch: &'a [T]| batch.par_chunks(PART).map(&render).collect::<Vec<P>>();
    let mut batches = items.chunks(BATCH);
    let mut ready = batches.next().map(render);
    while let Some(parts) = ready.take() {
        rayon::in_place_scope(|scope| {
            if let Some(batch) = batches.next() {
                scope.spawn(|_| ready = Some(render(batch)));
            }
            parts.into_iter().try_for_each(&mut write)
        })?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{BATCH, write_parts};
    use std::io;

    #[test]
    fn every_item_is_written_once_and_in_order() {
        for length in [0, 1, BATCH - 1, BATCH, 3 * BATCH + 1] {
            let items: Vec<usize> = (0..length).collect();
            let mut written = Vec::new();
            let keep = |part: Vec<usize>| {
                written.extend(part);
                Ok(())
            };
            write_parts(&items, <[usize]>::to_vec, keep).unwrap();
            assert_eq!(written, items);
        }
    }

    #[test]
    fn nothing_is_written_after_an_error() {
        let items: Vec<usize> = (0..4 * BATCH).collect();
        let mut written = 0;
        let fail = |part: &[usize]| {
            written += part.len();
            if written > BATCH { Err(io::ErrorKind::StorageFull.into()) } else { Ok(()) }
        };
        let error = write_parts(&items, |part| part, fail).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull);
        assert!(written < 2 * BATCH);
    }
}
