//! Who reads a row: `BusinessEventsDefinition` serves other readers than dual-write and data events.

use crate::text::name_key;

/// Channels of readers that have nothing to do with dual-write, by how they begin.
///
/// Source: a public index script for Synapse and Fabric link selects the rows of that link so.
const OTHERS: [&str; 1] = ["AthenaFinanceOperationsTableDa"];

/// Which channels count. Without a choice: all but those of known other readers, because the names that dual-write
/// and data events use are not public.
#[derive(Clone, Debug, Default)]
pub struct Channels(Vec<String>);

/// How many rows a channel has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelCount {
    /// As the first row writes it; may be empty.
    pub name: Box<str>,
    /// Its rows, repeated ones too.
    pub rows: usize,
    /// They are compared.
    pub counts: bool,
}

impl ChannelCount {
    /// The name, or a word for none.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { "(blank)" } else { &self.name }
    }
}

impl Channels {
    /// These and no others, in any case; `*` at the end stands for any end.
    pub fn only(names: &[String]) -> Self {
        Self(names.iter().map(|name| name_key(name)).collect())
    }

    /// The names that were chosen; none when nothing was.
    pub fn chosen(&self) -> &[String] {
        &self.0
    }

    /// Whether rows of this channel count.
    pub fn has(&self, channel: &str) -> bool {
        let channel = name_key(channel);
        if self.0.is_empty() {
            return !OTHERS.iter().any(|other| channel.starts_with(&other.to_ascii_lowercase()));
        }
        self.0.iter().any(|wanted| match wanted.strip_suffix('*') {
            Some(start) => channel.starts_with(start),
            None => channel == *wanted,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Channels;

    #[test]
    fn known_other_readers_do_not_count() {
        let all = Channels::default();
        assert!(all.has("") && all.has("DualWrite"));
        assert!(!all.has("ATHENAFinanceOperationsTableDataEvents"));
        let one = Channels::only(&["dw*".to_owned(), "X".to_owned()]);
        assert!(one.has("DWOne") && one.has(" x ") && !one.has("xy") && !one.has(""));
    }
}
