//! What the fuzz targets ask of results: nothing points outside the text, nothing grows beyond its input.

use dualtrack::dualwrite::{MapKey, TableMap};
use serde::Serialize;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;

/// The lines of a text, to check places against.
pub struct Lines<'a> {
    lines: Vec<&'a str>,
    /// Line ends that character references and the like put into a value without being one in the file.
    hidden: u64,
    /// 0:0 stands for a place that nobody asks for.
    unplaced: bool,
}

impl<'a> Lines<'a> {
    /// Places are places of this text.
    pub fn of(text: &'a str) -> Self {
        Self { lines: text.split('\n').collect(), hidden: 0, unplaced: false }
    }

    /// Places of an XML file: X++ counts its lines in the text that the XML stands for, in which `&#10;` ends one.
    pub fn of_xml(text: &'a str) -> Self {
        let hidden = u64::try_from(text.matches("&#").count()).expect("a number");
        Self { hidden, ..Self::of(text) }
    }

    /// As [`Lines::of`], for results in which some values stand nowhere.
    pub fn of_some(text: &'a str) -> Self {
        Self { unplaced: true, ..Self::of(text) }
    }

    fn last(&self) -> u64 {
        u64::try_from(self.lines.len()).expect("a number") + self.hidden
    }

    fn check_line(&self, line: u64, what: &Value) {
        assert!((1..=self.last()).contains(&line), "line {line} of {}: {what}", self.last());
    }

    fn check_column(&self, line: u64, column: u64, what: &Value) {
        let index = usize::try_from(line - 1).expect("an index");
        if self.hidden > 0 || index >= self.lines.len() {
            return;
        }
        let longest = u64::try_from(self.lines[index].chars().count() + 1).expect("a number");
        assert!((1..=longest).contains(&column), "column {column} of {longest}: {what}");
    }

    /// Every `line` and `column` in a value is a place of the text. A name that is missing has no line.
    pub fn check(&self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.check(item)),
            Value::Object(members) => {
                let number = |key: &str| members.get(key).and_then(Value::as_u64);
                let is_absent = members.get("name").is_some_and(|name| name == "");
                match (number("line"), number("column")) {
                    (Some(0), None) if is_absent => {}
                    (Some(0), Some(0)) if self.unplaced => {}
                    (Some(line), None) => self.check_line(line, value),
                    (Some(line), Some(column)) => {
                        self.check_line(line, value);
                        self.check_column(line, column, value);
                    }
                    (None, _) => {}
                }
                members.values().for_each(|member| self.check(member));
            }
            _ => {}
        }
    }
}

/// A result as plain data.
pub fn plain(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("plain data")
}

/// How much a result holds: the texts, numbers and lists of it, not how they are written.
pub fn weight(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
        Value::String(text) => 1 + text.len(),
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(weight).sum::<usize>(),
    }
}

/// How much table maps hold; keys that legs share count once.
pub fn map_weight(maps: &[TableMap]) -> usize {
    let mut shared = HashSet::new();
    let mut keys = |keys: &Arc<[MapKey]>| -> usize {
        let one =
            |key: &MapKey| 8 + key.name.len() + key.fields.iter().map(|field| 1 + field.len()).sum::<usize>();
        if shared.insert(Arc::as_ptr(keys).cast::<()>()) { keys.iter().map(one).sum() } else { 0 }
    };
    let legs = maps.iter().flat_map(|map| &map.legs);
    let keys: usize = legs.map(|leg| keys(&leg.source_keys) + keys(&leg.destination_keys)).sum();
    let fields = |leg: &dualtrack::dualwrite::Leg| -> usize {
        leg.fields
            .iter()
            .map(|row| {
                let transforms: usize = row.transforms.iter().map(weight).sum();
                8 + row.source_field.len()
                    + row.destination_field.len()
                    + row.lookup_entity.len()
                    + transforms
            })
            .sum()
    };
    let leg = |leg: &dualtrack::dualwrite::Leg| {
        let own = leg.source_schema.len() + leg.destination_schema.len();
        16 + own + leg.source_filter.len() + leg.reversed_source_filter.len() + fields(leg)
    };
    keys + maps.iter().map(|map| 16 + map.legs.iter().map(leg).sum::<usize>()).sum::<usize>()
}
