//! Searching bytes for any of several words, in any case, at little more than the cost of reading them.
//!
//! Wu and Manber's way of skipping: the pair of bytes at the end of a window says how far the window can move before
//! any word could end there. Words of eight letters and more move it by seven bytes most of the time.

/// Pairs of bytes that are told apart; others share an entry, which only costs time.
const ENTRIES: usize = 1 << 12;

/// A list of words, prepared for the search. A word is ASCII and has at least two bytes.
#[derive(Clone, Debug)]
pub struct Words {
    list: Vec<Box<[u8]>>,
    /// Length of the shortest word: the window.
    window: usize,
    /// By pair: how far the window may move; 0 where a word may end its first `window` bytes.
    shift: Box<[u8]>,
    /// By pair: the first word whose window ends with it; each word names the next of its kind.
    first: Box<[u16]>,
    next: Vec<u16>,
}

/// No further word.
const NONE: u16 = u16::MAX;

impl Words {
    /// Prepares a search. Words that are too short, not ASCII, or beyond the 65,000th are left out.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let fits = |word: &&str| word.len() > 1 && word.is_ascii();
        let words: Vec<Box<[u8]>> = words
            .into_iter()
            .filter(fits)
            .take(usize::from(NONE))
            .map(|word| word.to_ascii_lowercase().into_bytes().into())
            .collect();
        let window = words.iter().map(|word| word.len()).min().unwrap_or(2).min(usize::from(u8::MAX));
        let far = u8::try_from(window - 1).unwrap_or(u8::MAX);
        let mut prepared = Self {
            shift: vec![far; ENTRIES].into(),
            first: vec![NONE; ENTRIES].into(),
            next: vec![NONE; words.len()],
            window,
            list: words,
        };
        prepared.fill();
        prepared
    }

    fn fill(&mut self) {
        for (index, word) in (0_u16..).zip(&self.list) {
            for end in 1..self.window {
                let entry = entry(word[end - 1], word[end]);
                let shift = u8::try_from(self.window - 1 - end).unwrap_or(u8::MAX);
                self.shift[entry] = self.shift[entry].min(shift);
                if shift == 0 {
                    self.next[usize::from(index)] = self.first[entry];
                    self.first[entry] = index;
                }
            }
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
        let mut end = self.window - 1;
        while let (Some(&last), Some(&before)) = (bytes.get(end), bytes.get(end - 1)) {
            let entry = entry(before, last);
            match self.shift[entry] {
                0 if self.starts_at(&bytes[end + 1 - self.window..], entry) => return true,
                0 => end += 1,
                far => end += usize::from(far),
            }
        }
        false
    }

    fn starts_at(&self, bytes: &[u8], entry: usize) -> bool {
        let mut index = self.first[entry];
        while let Some(word) = self.list.get(usize::from(index)) {
            if bytes.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word)) {
                return true;
            }
            index = self.next[usize::from(index)];
        }
        false
    }
}

/// The entry of a pair of bytes, the same in any case.
fn entry(a: u8, b: u8) -> usize {
    // 0x20 is all that upper and lower case differ in; other bytes that it makes equal are told apart afterwards.
    (usize::from(a | 0x20) << 5 ^ usize::from(b | 0x20)) % ENTRIES
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
