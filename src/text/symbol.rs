//! Texts that are kept once: names of elements, fields and data sources, which metadata repeats without end.
//!
//! A process sees as many of them as its metadata has, so they are never freed, and reading one takes no lock.
//! Numbers are given in the order in which threads happen to come: nothing may be printed in their order.

use hashbrown::HashTable;
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::fmt;
use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::sync::{Mutex, OnceLock, PoisonError};

/// A text that is kept once: as small as a number, and as quick to compare.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Symbol(NonZeroU32);

/// A name without its ASCII case: two names are the same when their ids are. Their order serves for searching; it
/// differs from run to run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(NonZeroU32);

/// A name without its ASCII case as a number that is the same in every run. Few names share one, so it serves where
/// one name too many does no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NameKey(u32);

struct Entry {
    text: &'static str,
    /// The first text that differed from this one in its ASCII case only, or this one.
    name: Symbol,
}

/// The first chunk holds so many entries, each further one twice as many as the one before.
const FIRST_CHUNK: u32 = 1 << 10;
const CHUNKS: usize = 22;

type Chunk = Box<[OnceLock<Entry>]>;

static ENTRIES: [OnceLock<Chunk>; CHUNKS] = [const { OnceLock::new() }; CHUNKS];
/// The first number stands for the empty text and has no entry.
static COUNT: AtomicU32 = AtomicU32::new(2);

/// Writers rarely meet in one of so many tables.
const SHARDS: usize = 64;

static SHARD: [Mutex<Shard>; SHARDS] = [const { Mutex::new(Shard::new()) }; SHARDS];

/// The texts whose hashes fall here.
struct Shard {
    symbols: HashTable<Symbol>,
    /// Room for further texts.
    room: &'static mut [u8],
}

/// Texts are cut off from pieces of this size; a longer one has its own.
const ROOM: usize = 1 << 12;

/// Each thread remembers what it saw last: most names come again soon, and then no lock is taken.
const RECENT: usize = 1 << 12;

thread_local! {
    static SEEN: [Cell<Option<NonZeroU32>>; RECENT] = const { [const { Cell::new(None) }; RECENT] };
}

impl Symbol {
    /// The symbol of the empty text.
    pub const EMPTY: Self = Self(NonZeroU32::MIN);

    /// The symbol of a text.
    pub fn new(text: &str) -> Self {
        if text.is_empty() {
            return Self::EMPTY;
        }
        let hash = hash_of(text);
        SEEN.with(|seen| {
            let slot = &seen[low_bits(hash >> 20, RECENT)];
            match slot.get().map(Symbol).filter(|symbol| symbol.text() == text) {
                Some(symbol) => symbol,
                None => {
                    let symbol = shard(hash).lock().unwrap_or_else(PoisonError::into_inner).enter(text, hash);
                    slot.set(Some(symbol.0));
                    symbol
                }
            }
        })
    }

    /// The text.
    pub fn text(&self) -> &'static str {
        self.entry().map_or("", |entry| entry.text)
    }

    /// The name that the text spells.
    pub fn name(&self) -> NameId {
        NameId(self.entry().map_or(self.0, |entry| entry.name.0))
    }

    fn entry(&self) -> Option<&'static Entry> {
        let (chunk, position) = self.position();
        ENTRIES.get(chunk)?.get()?.get(position)?.get()
    }

    /// The chunk that holds the entry, and its position there.
    fn position(&self) -> (usize, usize) {
        let shifted = self.0.get().saturating_add(FIRST_CHUNK - 1);
        let chunk = shifted.ilog2() - FIRST_CHUNK.ilog2();
        (chunk as usize, (shifted - (FIRST_CHUNK << chunk)) as usize)
    }
}

impl NameId {
    /// The name of this text, if anything has spelled it yet.
    pub fn find(text: &str) -> Option<Self> {
        if text.is_empty() {
            return Some(Symbol::EMPTY.name());
        }
        let hash = hash_of(text);
        let shard = shard(hash).lock().unwrap_or_else(PoisonError::into_inner);
        let same = |symbol: &Symbol| symbol.text().eq_ignore_ascii_case(text);
        shard.symbols.find(hash, same).map(Symbol::name)
    }

    /// One of its spellings: which one differs from run to run.
    pub(crate) fn text(self) -> &'static str {
        Symbol(self.0).text()
    }

    /// The name in lower case: how it was spelled first may differ from run to run.
    pub fn folded(self) -> String {
        Symbol(self.0).to_ascii_lowercase()
    }
}

impl NameKey {
    /// The key of a name.
    pub fn of(name: &str) -> Self {
        let hash = hash_of(name);
        Self(u32::try_from(hash >> 32).unwrap_or(0))
    }
}

impl Shard {
    const fn new() -> Self {
        Self { symbols: HashTable::new(), room: &mut [] }
    }

    fn enter(&mut self, text: &str, hash: u64) -> Symbol {
        let mut name = None;
        for symbol in self.symbols.iter_hash(hash) {
            let known = symbol.text();
            if known == text {
                return symbol.clone();
            }
            if known.eq_ignore_ascii_case(text) {
                name = Some(Symbol(symbol.name().0));
            }
        }
        let Some(symbol) = next() else { return Symbol(NonZeroU32::MAX) };
        let (chunk, position) = symbol.position();
        let size = (FIRST_CHUNK as usize) << chunk;
        let entry = Entry { text: self.keep(text), name: name.unwrap_or_else(|| symbol.clone()) };
        let chunk = ENTRIES[chunk].get_or_init(|| std::iter::repeat_with(OnceLock::new).take(size).collect());
        if chunk[position].set(entry).is_err() {
            return Symbol(NonZeroU32::MAX);
        }
        self.symbols.insert_unique(hash, symbol.clone(), |symbol| hash_of(symbol.text()));
        symbol
    }

    fn keep(&mut self, text: &str) -> &'static str {
        if text.len() > self.room.len() {
            let size = ROOM.max(text.len());
            self.room = Box::leak(vec![0; size].into_boxed_slice());
        }
        let (place, room) = std::mem::take(&mut self.room).split_at_mut(text.len());
        self.room = room;
        place.copy_from_slice(text.as_bytes());
        std::str::from_utf8(place).unwrap_or_default()
    }
}

/// The next number; none when they have run out, long after memory has.
fn next() -> Option<Symbol> {
    let number = COUNT.fetch_add(1, Relaxed);
    let symbol = NonZeroU32::new(number).map(Symbol)?;
    if symbol.position().0 < CHUNKS { Some(symbol) } else { None }
}

fn shard(hash: u64) -> &'static Mutex<Shard> {
    &SHARD[low_bits(hash >> 40, SHARDS)]
}

fn low_bits(hash: u64, of: usize) -> usize {
    usize::try_from(hash % of as u64).unwrap_or(0)
}

/// A hash that does not see the ASCII case.
fn hash_of(text: &str) -> u64 {
    const LOWER: u64 = 0x2020_2020_2020_2020;
    const MIX: u64 = 0xF135_7AEA_2E62_A9C5;
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let mix = |hash: u64, word: [u8; 8]| {
        (hash.rotate_left(23) ^ (u64::from_le_bytes(word) | LOWER)).wrapping_mul(MIX)
    };
    let hash = words.iter().copied().fold(text.len() as u64, mix);
    let hash = mix(hash, last);
    hash ^ (hash >> 29)
}

impl Deref for Symbol {
    type Target = str;

    fn deref(&self) -> &'static str {
        self.text()
    }
}

impl AsRef<str> for Symbol {
    fn as_ref(&self) -> &str {
        self.text()
    }
}

impl Default for Symbol {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl From<&str> for Symbol {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Symbol {
    fn from(text: String) -> Self {
        Self::new(&text)
    }
}

impl From<Cow<'_, str>> for Symbol {
    fn from(text: Cow<'_, str>) -> Self {
        Self::new(&text)
    }
}

impl From<&Symbol> for Symbol {
    fn from(symbol: &Symbol) -> Self {
        symbol.clone()
    }
}

impl From<&Symbol> for Box<str> {
    fn from(symbol: &Symbol) -> Self {
        symbol.text().into()
    }
}

/// By text.
impl Ord for Symbol {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text().cmp(other.text())
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.text() == other
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.text().fmt(f)
    }
}

impl fmt::Debug for NameId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.folded().fmt(f)
    }
}

impl Serialize for Symbol {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl<'de> Deserialize<'de> for Symbol {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = Symbol;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Symbol, E> {
                Ok(Symbol::new(text))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

#[cfg(test)]
mod tests {
    use super::{NameId, ROOM, Symbol};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_symbol_is_its_text_and_a_name_has_no_case(texts in prop::collection::vec("[aAbBäÄ@`]{0,12}", 1..40)) {
            let symbols: Vec<Symbol> = texts.iter().map(|text| Symbol::new(text)).collect();
            for (a, text) in symbols.iter().zip(&texts) {
                prop_assert_eq!(a.text(), text);
                prop_assert_eq!(NameId::find(&text.to_ascii_uppercase()), Some(a.name()));
                for (b, other) in symbols.iter().zip(&texts) {
                    prop_assert_eq!(a == b, text == other);
                    prop_assert_eq!(a.name() == b.name(), text.eq_ignore_ascii_case(other));
                    prop_assert_eq!(a.cmp(b), text.cmp(other));
                }
            }
        }
    }

    #[test]
    fn threads_agree() {
        let texts: Vec<String> = (0..5000).map(|n| format!("thread{n}")).collect();
        let all: Vec<Vec<Symbol>> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| texts.iter().map(|text| Symbol::new(text)).collect::<Vec<_>>()))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(all.iter().all(|symbols| *symbols == all[0]));
        assert!(all[0].iter().zip(&texts).all(|(symbol, text)| symbol.text() == text));
    }

    #[test]
    fn long_texts_and_unknown_names() {
        let long = "Ä".repeat(ROOM);
        assert_eq!(Symbol::new(&long).text(), long);
        assert_eq!(Symbol::new("after").text(), "after");
        assert_eq!(NameId::find("nothing has this name"), None);
        assert_eq!(Symbol::default().text(), "");
    }

    #[test]
    fn a_symbol_is_written_as_its_text() {
        let written = serde_json::to_string(&Symbol::new("a\"b")).unwrap();
        assert_eq!(written, r#""a\"b""#);
        assert_eq!(serde_json::from_str::<Symbol>(&written).unwrap(), Symbol::new("a\"b"));
        assert!(serde_json::from_str::<Symbol>("1").is_err());
    }
}
