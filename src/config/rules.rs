//! `[rules]` and `[[allow]]`: what rules are set to, and which findings are accepted.

use super::error::ConfigErrorKind;
use super::keys::KeyInfo;
use super::read::{Item, Reader, items};
use crate::finding::{Allowance, Level, Outside, RuleInfo, Scope, Site};
use crate::rules;
use crate::text::nearest;
use std::ops::Range;
use toml::Spanned;
use toml::de::DeValue;

/// The keys of an allowance.
const PARTS: [&str; 3] = ["rule", "element", "reason"];

/// The rule that was probably meant.
pub(crate) fn nearest_rule(name: &str) -> Option<&'static str> {
    nearest(name, rules::names(), 1).first().copied()
}

impl Reader<'_> {
    pub(super) fn levels(&mut self, info: &'static KeyInfo, item: &Item<'_>) {
        for entry in self.table(info, item.value) {
            if KeyInfo::of(entry.key).is_some() && rules::find(entry.key).is_none() {
                let kind = ConfigErrorKind::Misplaced { key: entry.key.to_owned(), table: "[rules]" };
                self.error(kind, entry.at);
                continue;
            }
            let Some(rule) = self.rule(entry.key, entry.at.clone()) else { continue };
            let key = format!("{}.{}", info.key, entry.key);
            let Some((text, at)) = self.text(&key, "a text", entry.value) else { continue };
            match Level::from_id(text) {
                Some(level) => {
                    self.config.levels.set(rule.name, level);
                    self.note(&key, &entry.at);
                }
                None => {
                    let own = Level::At(rule.severity).id();
                    let (rule, level) = (entry.key.to_owned(), text.to_owned());
                    self.error(ConfigErrorKind::UnknownLevel { rule, level, own }, at);
                }
            }
        }
    }

    fn rule(&mut self, name: &str, at: Range<usize>) -> Option<&'static RuleInfo> {
        let known = rules::find(name).map(|rule| rule.info);
        if known.is_none() {
            let kind = ConfigErrorKind::UnknownRule { rule: name.to_owned(), nearest: nearest_rule(name) };
            self.error(kind, at);
        }
        known
    }

    pub(super) fn allowances(&mut self, info: &'static KeyInfo, item: &Item<'_>) {
        let Some(list) = item.value.get_ref().as_array() else {
            self.wrong_type(info.key, info.kind.expected(), item.value);
            return;
        };
        for value in list {
            if let Some(allowance) = self.allowance(info, value) {
                self.config.allow.push(allowance);
            }
        }
    }

    fn allowance(&mut self, info: &'static KeyInfo, value: &Spanned<DeValue<'_>>) -> Option<Allowance> {
        let Some(table) = value.get_ref().as_table() else {
            self.wrong_type(info.key, info.kind.expected(), value);
            return None;
        };
        let mut parts: [Option<(String, Range<usize>)>; 3] = [const { None }; 3];
        let mut is_whole = true;
        for entry in items(table) {
            match PARTS.iter().position(|part| *part == entry.key) {
                Some(index) => {
                    let key = format!("allow.{}", entry.key);
                    let text = self.text(&key, "a text", entry.value);
                    is_whole &= text.is_some();
                    parts[index] = text.map(|(text, at)| (text.trim().to_owned(), at));
                }
                None => {
                    self.error(ConfigErrorKind::UnknownPart { key: entry.key.to_owned() }, entry.at);
                }
            }
        }
        for (key, part) in PARTS.into_iter().zip(&parts) {
            if part.is_none() && is_whole {
                self.error(ConfigErrorKind::MissingPart { key }, value.span());
            }
        }
        let [Some((rule, at)), Some((element, _)), Some((reason, _))] = parts else { return None };
        let rule = self.rule(&rule, at.clone())?;
        let place = self.place(&at);
        let path = self.path.file_name().unwrap_or(self.path.as_os_str()).to_string_lossy();
        let site = Outside { path: path.into(), line: Some(place.line), column: Some(place.column) };
        Some(Allowance {
            rule: rule.name.into(),
            reason: reason.into(),
            scope: Scope::Elements(element.into()),
            site: Site::Outside(site),
        })
    }
}
