//! Searching bytes for any of several words, in any case, at little more than the cost of reading them.
//!
//! Only samples are looked at: where every word has at least eight bytes, a group of four bytes at each fifth place
//! lies within any word that occurs. A group that no word has says that none is there. As the places of the samples
//! do not depend on what was found, the processor looks at many of them at once.

/// The most bytes of a group.
const GROUP: usize = 4;
/// Groups that are looked at before the search decides whether one of them is known.
const AT_ONCE: usize = 4;
/// Hashes of groups that are told apart, as a power of two.
const HASH_BITS: u32 = 14;
/// Groups that X++ is full of: where a word is long enough, the part of it without them is looked for.
const COMMON: [&[u8; GROUP]; 5] = [b"tabl", b"able", b"date", b"reco", b"cord"];

/// A list of words, prepared for the search. A word is ASCII and has at least two bytes.
#[derive(Clone, Debug)]
pub struct Words {
    list: Vec<Box<[u8]>>,
    /// Bytes of a group that count.
    mask: u32,
    /// From sample to sample: the longest step that leaves a group within each word.
    stride: usize,
    /// By hash: 1 where some word has a group with this hash.
    known: Box<[u8; 1 << HASH_BITS]>,
    /// Where the words have which group, by hash.
    places: Vec<Place>,
    /// By hash: the first of its `places`.
    first: Box<[u32]>,
}

/// A group within a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    hash: usize,
    group: u32,
    word: usize,
    offset: usize,
}

impl Words {
    /// Prepares a search. Words that are too short or not ASCII are left out.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let fits = |word: &&str| word.len() > 1 && word.is_ascii();
        let list: Vec<Box<[u8]>> =
            words.into_iter().filter(fits).map(|word| word.as_bytes().into()).collect();
        let shortest = list.iter().map(|word| word.len()).min().unwrap_or(GROUP);
        let group = shortest.div_ceil(2).min(GROUP);
        let mut prepared = Self {
            mask: u32::MAX >> (8 * (GROUP - group)),
            stride: shortest - group + 1,
            known: Box::new([0; 1 << HASH_BITS]),
            places: Vec::new(),
            first: vec![u32::MAX; 1 << HASH_BITS].into(),
            list,
        };
        prepared.fill(shortest);
        prepared
    }

    fn fill(&mut self, shortest: usize) {
        for (word, bytes) in self.list.iter().enumerate() {
            let start = rarest_part(bytes, shortest);
            for offset in start..start + self.stride {
                let group = group_of(&bytes[offset..], self.mask);
                let hash = hash(group);
                self.known[hash] = 1;
                self.places.push(Place { hash, group, word, offset });
            }
        }
        self.places.sort_unstable();
        for (index, place) in (0..).zip(&self.places) {
            let first = &mut self.first[place.hash];
            *first = index.min(*first);
        }
    }

    /// No word was given: nothing is found.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether any of the words occurs in the bytes, in any case, also inside a longer one.
    pub fn occur_in(&self, bytes: &[u8]) -> bool {
        if self.list.is_empty() {
            return false;
        }
        let step = self.stride * AT_ONCE;
        let mut at = 0;
        while let Some(part) = bytes.get(at..at + step + GROUP) {
            if self.any_known(part) && self.any_word(bytes, at, at + step) {
                return true;
            }
            at += step;
        }
        self.any_word(bytes, at, bytes.len())
    }

    /// Whether any of the first [`AT_ONCE`] samples is the group of a word, or has the hash of one.
    fn any_known(&self, part: &[u8]) -> bool {
        let mut known = 0;
        let mut at = 0;
        for _ in 0..AT_ONCE {
            known |= self.known[hash(group_of(&part[at..at + GROUP], self.mask))];
            at += self.stride;
        }
        known != 0
    }

    /// Whether a word covers one of the samples from `at` to `end`.
    fn any_word(&self, bytes: &[u8], at: usize, end: usize) -> bool {
        (at..end).step_by(self.stride).any(|at| self.is_word(bytes, at))
    }

    fn is_word(&self, bytes: &[u8], at: usize) -> bool {
        let group = group_of(&bytes[at..], self.mask);
        let hash = hash(group);
        if self.known[hash] == 0 {
            return false;
        }
        let places = self.places.iter().skip(self.first[hash] as usize);
        places.take_while(|place| place.hash == hash).filter(|place| place.group == group).any(|place| {
            let word = &self.list[place.word];
            let text = at.checked_sub(place.offset).and_then(|start| bytes.get(start..start + word.len()));
            text.is_some_and(|text| text.eq_ignore_ascii_case(word))
        })
    }
}

/// Where in the word a part of so many bytes begins that has the fewest common groups.
fn rarest_part(word: &[u8], length: usize) -> usize {
    let is_common = |group: &&[u8]| COMMON.iter().any(|common| common.eq_ignore_ascii_case(group));
    let common = |start: &usize| word[*start..start + length].windows(GROUP).filter(is_common).count();
    (0..=word.len() - length).min_by_key(common).unwrap_or(0)
}

/// The group of bytes at the start, the same in any case; what is not there is as zero.
fn group_of(bytes: &[u8], mask: u32) -> u32 {
    let group = match bytes.first_chunk::<GROUP>() {
        Some(group) => *group,
        None => {
            let mut group = [0; GROUP];
            group[..bytes.len()].copy_from_slice(bytes);
            group
        }
    };
    // 0x20 is all that upper and lower case differ in; other bytes that it makes equal are told apart afterwards.
    (u32::from_le_bytes(group) | 0x2020_2020) & mask
}

fn hash(group: u32) -> usize {
    (group.wrapping_mul(0x9E37_79B1) >> (u32::BITS - HASH_BITS)) as usize
}

#[cfg(test)]
mod tests {
    use super::Words;
    use proptest::prelude::*;

    #[test]
    fn words_are_found_in_any_case_and_place() {
        let words = Words::new(["doInsert", "delete_from", "ttsbegin"]);
        for text in ["doInsert", "x.DOINSERT()", "Delete_From", "  ttsBegin", "doInserdoInsert", "_doinsert_"]
        {
            assert!(words.occur_in(text.as_bytes()), "{text}");
        }
        for text in ["", "d", "doInser", "do Insert", "deletefrom", "delete\u{1f}from", "ttsbegi"] {
            assert!(!words.occur_in(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_is_no_word_is_left_out() {
        assert!(Words::new([]).is_empty());
        assert!(Words::new(["", "a", "ä"]).is_empty());
        assert!(!Words::new([]).occur_in(b"anything"));
        let short = Words::new(["ab", "a much longer one"]);
        assert!(short.occur_in(b"xxAB") && !short.occur_in(b"xxA"));
    }

    proptest! {
        #[test]
        fn it_finds_what_a_plain_search_finds(
            words in prop::collection::vec("[a-c_]{2,5}", 0..6),
            text in "[a-dA-D_\u{7f} @`]{0,60}",
        ) {
            let lower = text.to_ascii_lowercase();
            let expected = words.iter().any(|word| lower.contains(word.as_str()));
            let found = Words::new(words.iter().map(String::as_str)).occur_in(text.as_bytes());
            prop_assert_eq!(found, expected);
        }

        #[test]
        fn any_bytes_are_searched(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            Words::new(["doInsert", "ttsbegin"]).occur_in(&bytes);
        }
    }
}
