//! Many small values, compressed together by the hundred: any of them can be read without reading all.

use super::codec::{deflate, inflate, pack, unpack};
use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// Values in a chunk: enough for compression to find repetitions, few enough to read one of them.
const CHUNK: usize = 128;

/// No chunk is larger than this when it is decompressed.
const LIMIT: u32 = 1 << 30;

#[derive(Serialize, Deserialize)]
struct Table {
    values: u32,
    /// Compressed and plain length of each chunk.
    chunks: Vec<(u32, u32)>,
}

/// Values, compressed; each chunk is decompressed when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Chunks {
    values: usize,
    chunks: Vec<Chunk>,
}

#[derive(Debug)]
struct Chunk {
    packed: Box<[u8]>,
    length: usize,
    plain: OnceLock<Option<Plain>>,
}

#[derive(Debug)]
struct Plain {
    bytes: Vec<u8>,
    /// Where each value ends.
    ends: Vec<usize>,
}

/// Packs values in their order.
pub(super) fn pack_all<T: Serialize + Sync>(values: &[T]) -> Vec<u8> {
    let packed: Vec<(Vec<u8>, usize)> = values.par_chunks(CHUNK).map(pack_chunk).collect();
    let short = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    let chunks = packed.iter().map(|(bytes, length)| (short(bytes.len()), short(*length))).collect();
    let mut out = pack(&Table { values: short(values.len()), chunks });
    let mut file = short(out.len()).to_le_bytes().to_vec();
    file.append(&mut out);
    packed.iter().for_each(|(bytes, _)| file.extend_from_slice(bytes));
    file
}

fn pack_chunk<T: Serialize>(values: &[T]) -> (Vec<u8>, usize) {
    let values: Vec<Vec<u8>> = values.iter().map(pack).collect();
    let lengths: Vec<usize> = values.iter().map(Vec::len).collect();
    let mut plain = pack(&lengths);
    values.iter().for_each(|value| plain.extend_from_slice(value));
    (deflate(&plain), plain.len())
}

impl Chunks {
    /// The values in these bytes, none of them read yet.
    pub(super) fn open(bytes: &[u8]) -> Option<Self> {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let (table, mut rest) = rest.split_at_checked(length)?;
        let table: Table = unpack(table)?;
        let mut chunks = Vec::new();
        for (packed, length) in table.chunks {
            let (chunk, behind) = rest.split_at_checked(usize::try_from(packed).ok()?)?;
            rest = behind;
            let length = usize::try_from(length).ok().filter(|_| length <= LIMIT)?;
            chunks.push(Chunk { packed: chunk.into(), length, plain: OnceLock::new() });
        }
        let values = usize::try_from(table.values).ok()?;
        (rest.is_empty() && chunks.len() == values.div_ceil(CHUNK)).then_some(Self { values, chunks })
    }

    /// Number of values.
    pub(super) fn len(&self) -> usize {
        self.values
    }

    /// The value at a position.
    pub(super) fn get<T: DeserializeOwned>(&self, position: usize) -> Option<T> {
        let chunk = self.chunks.get(position / CHUNK)?;
        let plain = chunk.plain.get_or_init(|| Plain::read(&chunk.packed, chunk.length)).as_ref()?;
        let at = position % CHUNK;
        let start = if at == 0 { 0 } else { *plain.ends.get(at - 1)? };
        unpack(plain.bytes.get(start..*plain.ends.get(at)?)?)
    }
}

impl Plain {
    fn read(packed: &[u8], length: usize) -> Option<Self> {
        let plain = inflate(packed, length)?;
        let (lengths, rest) = postcard::take_from_bytes::<Vec<usize>>(&plain).ok()?;
        let mut end = 0usize;
        let mut ends = Vec::with_capacity(lengths.len());
        for length in lengths {
            end = end.checked_add(length)?;
            ends.push(end);
        }
        let bytes = rest.to_vec();
        (end == bytes.len()).then_some(Self { bytes, ends })
    }
}

#[cfg(test)]
mod tests {
    use super::{CHUNK, Chunks, pack_all};

    #[test]
    fn every_value_can_be_read_alone() {
        let count = u32::try_from(2 * CHUNK + 3).unwrap();
        let values: Vec<String> = (0..count).map(|i| "x".repeat(i as usize % 7) + &i.to_string()).collect();
        let bytes = pack_all(&values);
        let chunks = Chunks::open(&bytes).unwrap();
        assert_eq!(chunks.len(), values.len());
        for (i, value) in values.iter().enumerate().rev() {
            assert_eq!(chunks.get::<String>(i).as_ref(), Some(value));
        }
        assert_eq!(chunks.get::<String>(values.len()), None);
        assert!(Chunks::open(&bytes[..bytes.len() - 1]).is_none());
        assert_eq!(Chunks::open(&pack_all::<String>(&[])).unwrap().len(), 0);
    }
}
