//! JSON Schemas of what the tool reads and writes.

use crate::config::{KEYS, KeyInfo, KeyKind};
use crate::finding::Level;
use crate::rules;
use crate::tracking::POLICIES;
use serde_json::{Map, Value, json};

/// What has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Subject {
    /// `dualtrack.toml`; for editors that check TOML by JSON Schema.
    Configuration,
    /// tracking.json of `analyze`.
    Tracking,
    /// What `check` and `diff` write with `--format json`.
    Findings,
    /// The baseline of `check`.
    Baseline,
}

/// The schema as text.
pub fn schema(subject: Subject) -> String {
    match subject {
        Subject::Configuration => format!("{:#}\n", configuration()),
        Subject::Tracking => include_str!("tracking.json").to_owned(),
        Subject::Findings => include_str!("findings.json").to_owned(),
        Subject::Baseline => include_str!("baseline.json").to_owned(),
    }
}

/// Made of the lists of keys, policies and rules, so that it can't fall behind them.
fn configuration() -> Value {
    let keys: Map<String, Value> = KEYS.iter().map(|info| (info.key.to_owned(), key(info))).collect();
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "dualtrack.toml",
        "type": "object",
        "properties": keys,
        "additionalProperties": false,
    })
}

fn key(info: &KeyInfo) -> Value {
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    let mut schema = match info.kind {
        KeyKind::Paths => json!({ "oneOf": [{ "type": "string" }, texts] }),
        KeyKind::Path | KeyKind::Text => json!({ "type": "string" }),
        KeyKind::Names => texts,
        KeyKind::Policy => policies(),
        KeyKind::Pairs => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
        KeyKind::Rules => levels(),
        KeyKind::Allow => allowances(),
    };
    if let Value::Object(schema) = &mut schema {
        schema.insert("description".to_owned(), json!(info.meaning));
    }
    schema
}

fn policies() -> Value {
    let one = |policy: &crate::tracking::PolicyInfo| {
        let values: Vec<&str> = policy.values.iter().map(|value| value.id).collect();
        let schema =
            json!({ "enum": values, "default": policy.default_value(), "description": policy.question });
        (policy.key.to_owned(), schema)
    };
    let all: Map<String, Value> = POLICIES.iter().map(one).collect();
    json!({ "type": "object", "properties": all, "additionalProperties": false })
}

fn levels() -> Value {
    let values = Level::ALL.map(|(id, _)| id);
    let all: Map<String, Value> =
        rules::names().map(|name| (name.to_owned(), json!({ "enum": values }))).collect();
    json!({ "type": "object", "properties": all, "additionalProperties": false })
}

fn allowances() -> Value {
    let names: Vec<&str> = rules::names().collect();
    let one = json!({
        "type": "object",
        "properties": {
            "rule": { "enum": names },
            "element": { "type": "string", "description": "a name, or a pattern with *" },
            "reason": { "type": "string", "minLength": 1 },
        },
        "required": ["rule", "element", "reason"],
        "additionalProperties": false,
    });
    json!({ "type": "array", "items": one })
}
