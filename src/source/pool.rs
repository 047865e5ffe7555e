//! The thread pool of a run.

use rayon::{ThreadPool, ThreadPoolBuilder};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Threads for reading when none are asked for. More than the cores of a small machine on purpose: a cold
/// metadata tree waits for the disk, and eight threads halve that time even on two cores.
pub const DEFAULT_THREADS: usize = 8;

/// Stack of a worker; the parser's recursion is bounded (512 levels) and fits many times over.
const STACK: usize = 8 << 20;

/// The pools that were made, by their number of threads: each stage of a run asks for its pool.
static POOLS: Mutex<BTreeMap<usize, Arc<ThreadPool>>> = Mutex::new(BTreeMap::new());

/// Runs `work` in a pool of `threads` threads (0: [`DEFAULT_THREADS`]). Where no pool can be made, it runs in
/// the process-wide one: slower, but with the same result.
pub fn in_pool<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    match pool(if threads == 0 { DEFAULT_THREADS } else { threads }) {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

fn pool(threads: usize) -> Option<Arc<ThreadPool>> {
    let mut pools = POOLS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pool) = pools.get(&threads) {
        return Some(pool.clone());
    }
    let pool = Arc::new(ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build().ok()?);
    pools.insert(threads, pool.clone());
    Some(pool)
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_THREADS, in_pool};

    #[test]
    fn zero_means_the_default() {
        assert_eq!(in_pool(0, rayon::current_num_threads), DEFAULT_THREADS);
        assert_eq!(in_pool(2, rayon::current_num_threads), 2);
    }
}
