//! What concerns the user, and what is left to others.

use crate::config::Config;
use crate::engine::{self, Judged};
use crate::finding::{Allowance, Finding, Group, Scope, Site};
use crate::source::FileId;
use crate::writes::Writes;
use rustc_hash::FxHashSet;

/// The user's models among all; with `all`, those of others concern the user as well.
pub(super) struct Own<'a> {
    pub(super) judged: &'a Judged<'a>,
    pub(super) config: &'a Config,
    pub(super) all: bool,
}

impl Own<'_> {
    /// The user can do something about it: it is about an element that the user defines or extends, or else it shows
    /// in a file of the user, a map for one. What is wrong with the files of others is theirs.
    pub(super) fn is_concerned(&self, finding: &Finding) -> bool {
        let Site::Metadata(place) = finding.site else {
            return self.all
                || matches!(finding.site, Site::Outside(_))
                || self.has_subject(finding) == Some(true);
        };
        let is_in_own_file = || self.judged.model.is_own_file(self.config, place.file);
        self.all || self.has_subject(finding).unwrap_or_else(is_in_own_file)
    }

    /// Whether the user defines or extends the element that it is about; `None` when it is about a file.
    fn has_subject(&self, finding: &Finding) -> Option<bool> {
        let model = self.judged.model;
        let id = model.catalog.find(&finding.subject.name)?;
        let is_subject = model.catalog.element(id).kind.word() == finding.subject.kind;
        (is_subject && finding.rule.group != Group::Model).then(|| model.is_own(self.config, id))
    }

    /// The writes in X++ of the user's files, and of the elements that the user extends.
    pub(super) fn writes(&self) -> Writes {
        let model = self.judged.model;
        if self.all {
            return engine::writes(self.judged, 0);
        }
        let own = model.catalog.elements().filter(|(id, _)| model.is_own(self.config, *id));
        let extended: FxHashSet<FileId> = own.flat_map(|(_, element)| element.files()).collect();
        engine::writes_in(self.judged, 0, &|file| {
            extended.contains(&file) || model.is_own_file(self.config, file)
        })
    }

    /// An element or a file of this name is somebody else's: nobody asked about it.
    pub(super) fn leaves_out(&self, name: &str) -> bool {
        let (model, config) = (self.judged.model, self.config);
        let is_other = |file: FileId| !model.is_own_file(config, file);
        let of_file = || model.files.class(name).or_else(|| model.file_at(name)).is_some_and(is_other);
        let is_there = || match model.catalog.find(name) {
            Some(id) => !model.is_own(config, id),
            None => of_file(),
        };
        // To look for what was left out is to ask for it.
        !self.all && (model.catalog.left_out().has(name) || is_there())
    }

    /// The allowance covers something of others only, or its pattern may do so.
    pub(super) fn leaves_open(&self, allowance: &Allowance) -> bool {
        match &allowance.scope {
            Scope::Lines { .. } => false,
            Scope::Elements(pattern) if pattern.contains('*') => {
                !self.all && self.judged.model.has_others(self.config)
            }
            Scope::Elements(pattern) => self.leaves_out(pattern.split(" > ").next().unwrap_or_default()),
        }
    }
}
