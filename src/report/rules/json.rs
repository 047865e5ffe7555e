//! Rules for tools.

use crate::finding::RuleInfo;
use crate::report::json::{extend, object, write_pretty};
use serde_json::{Value, json};
use std::io::{self, Write};

/// Everything that is known of some rules.
pub fn write<'a>(rules: impl IntoIterator<Item = &'a RuleInfo>, out: &mut dyn Write) -> io::Result<()> {
    let rules: Vec<Value> = rules.into_iter().map(whole).collect();
    write_pretty(&rules, out)
}

/// What is known of a rule, without its texts.
pub(in crate::report) fn brief(info: &RuleInfo) -> Value {
    object([
        ("name", json!(info.name)),
        ("group", json!(info.group.id())),
        ("severity", json!(info.severity)),
        ("confidence", json!(info.confidence.id())),
        ("number", json!(info.number)),
        ("summary", json!(info.summary)),
        ("url", json!(info.url)),
    ])
}

fn whole(info: &RuleInfo) -> Value {
    let mut value = brief(info);
    let texts = object([
        ("finds", json!(info.finds)),
        ("why", json!(info.why)),
        ("example", json!(info.example)),
        ("remedy", json!(info.remedy)),
        ("source", json!(info.source)),
    ]);
    extend(&mut value, texts);
    value
}
