//! Reading facts back from disk, with a bound on how deep they may be nested: bytes are not to be trusted.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::cell::Cell;

/// Far deeper than any reader of X++ goes.
const LIMIT: u32 = 1_024;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Reads a part that may hold parts of its own kind.
pub(super) fn nested<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<T, D::Error> {
    let depth = DEPTH.get();
    if depth >= LIMIT {
        return Err(D::Error::custom("nested too deep"));
    }
    DEPTH.set(depth + 1);
    let result = T::deserialize(from);
    DEPTH.set(depth);
    result
}

#[cfg(test)]
mod tests {
    use crate::xpp::SkipCondition;

    #[test]
    fn depth_is_bounded() {
        let conditions = |depth: usize| {
            (0..depth).fold(SkipCondition::Unreadable, |inner, _| SkipCondition::Not(Box::new(inner)))
        };
        let round = |depth: usize| {
            let bytes = postcard::to_stdvec(&conditions(depth)).unwrap();
            postcard::from_bytes::<SkipCondition>(&bytes).ok()
        };
        assert_eq!(round(500), Some(conditions(500)));
        assert_eq!(round(5_000), None);
    }
}
