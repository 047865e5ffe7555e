//! Comments that accept findings.

use super::Allowance;
use super::analyze::method_name;
use super::units::{Loaded, Site};
use crate::source::{FileId, Position};
use crate::xpp::effects::Allow;
use rustc_hash::FxHashMap;

/// All allow comments of the X++ that was read.
pub(super) struct Allowances {
    list: Vec<Allowance>,
    /// By the place of the comment and its rule.
    index: FxHashMap<(FileId, Position, Box<str>), usize>,
}

impl Allowances {
    pub(super) fn of(units: &[Loaded]) -> Self {
        let mut list = Vec::new();
        for unit in units {
            for allow in &unit.unit.stray_allows {
                list.push(allowance(unit.file, allow, None));
            }
            for (index, method) in unit.unit.methods.iter().enumerate() {
                let site = Site { file: unit.file, unit: unit.unit.clone(), method: index };
                for allow in &method.allows {
                    list.push(allowance(unit.file, allow, Some(method_name(&site, method))));
                }
            }
        }
        list.sort_by(|a: &Allowance, b| a.place.cmp(&b.place).then_with(|| a.rule.cmp(&b.rule)));
        let key = |allowance: &Allowance| {
            let position = Position { line: allowance.place.line, column: allowance.place.column };
            (allowance.place.file, position, allowance.rule.clone())
        };
        let index = list.iter().enumerate().map(|(index, allowance)| (key(allowance), index)).collect();
        Self { list, index }
    }

    /// The comment that accepts a finding of a rule in the lines of a statement: one about the line goes before one
    /// about the method. A comment without a reason accepts nothing.
    pub(super) fn accept(&mut self, site: &Site, rule: &str, first: u32, last: u32) -> Option<usize> {
        let fits = |allow: &&Allow| allow.rule.eq_ignore_ascii_case(rule) && allow.reason.is_some();
        let allows = &site.method()?.allows;
        let near = allows
            .iter()
            .filter(fits)
            .find(|allow| allow.line.is_some_and(|line| (first..=last).contains(&line)));
        let allow = near.or_else(|| allows.iter().filter(fits).find(|allow| allow.line.is_none()))?;
        let by = *self.index.get(&(site.file, allow.position, allow.rule.clone()))?;
        self.list[by].used += 1;
        Some(by)
    }

    pub(super) fn into_list(self) -> Vec<Allowance> {
        self.list
    }
}

fn allowance(file: FileId, allow: &Allow, method: Option<super::MethodName>) -> Allowance {
    Allowance {
        place: allow.position.in_file(file),
        rule: allow.rule.clone(),
        reason: allow.reason.clone(),
        whole_method: method.is_some() && allow.line.is_none(),
        method,
        used: 0,
    }
}
