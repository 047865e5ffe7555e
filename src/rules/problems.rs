//! What earlier stages complained about, as findings.

use super::Input;
use crate::catalog::ElementId;
use crate::finding::{Finding, Outside, RuleInfo, Site, Subject};
use crate::problem::{Code, Problem};

/// The rule that speaks of a kind of problem; `None` for what a run says of itself and its arguments, which
/// nobody has to repair.
pub(super) fn told_by(code: Code) -> Option<&'static str> {
    Some(match code {
        Code::MalformedFile
        | Code::UnreadableFile
        | Code::WrongEncoding
        | Code::NestingLimit
        | Code::UnreadableDescriptor => "malformed-file",
        Code::MissingMapVersion | Code::UnknownMap => "unknown-map-version",
        Code::DuplicateElement
        | Code::DuplicatePart
        | Code::WrongExtensionKind
        | Code::MissingParent
        | Code::SourceOnQuery
        | Code::ModificationIgnored
        | Code::UnknownJoinMode
        | Code::UnresolvedReference
        | Code::CyclicDataSource
        | Code::UnknownDataSource
        | Code::UnknownField
        | Code::InheritanceCycle
        | Code::QueryCycle
        | Code::LineageLimit
        | Code::MethodWithoutNext
        | Code::UndecidableMappingMethod
        | Code::UnreadableMap
        | Code::DuplicateMapVersion
        | Code::UnknownSyncDirection
        | Code::UnmatchedMapEntity
        | Code::UnmatchedMapField => code.id(),
        Code::SkippedMapFile
        | Code::MapVersionIgnored
        | Code::UnknownLanguage
        | Code::LoopedFolder
        | Code::UnreadableVolume
        | Code::UnknownVolumeTable
        | Code::DuplicateVolume
        | Code::UnreadableDumpRow => return None,
    })
}

/// Facts of problems that are names, and tell two problems about one subject apart. The reasons of faults, the
/// places of other definitions and the like are not among them.
const KEYS: [&str; 9] =
    ["extension", "field", "source", "part", "property", "class", "target", "schema", "version"];

impl Input<'_> {
    /// The problems that a rule speaks of, each as a finding with subject, keys, place and message.
    pub(super) fn told<'r>(
        &'r self,
        info: &'static RuleInfo,
    ) -> impl Iterator<Item = (Finding, &'r Problem)> + 'r {
        let problems = self.judged.problems.iter().filter(|p| told_by(p.code) == Some(info.name));
        problems.map(move |problem| (self.finding_of(info, problem), problem))
    }

    /// The same, for what only matters where the entity counts.
    pub(super) fn told_in_scope<'r>(
        &'r self,
        info: &'static RuleInfo,
    ) -> impl Iterator<Item = (Finding, &'r Problem)> + 'r {
        let counts = |problem: &Problem| {
            let id = problem.fact("element").and_then(|name| self.catalog().find(name));
            let entity = id.and_then(|id| self.judged.analysis.entity(id));
            entity.is_some_and(|entity| entity.in_scope)
        };
        self.told(info).filter(move |(_, problem)| counts(problem))
    }

    fn finding_of(&self, info: &'static RuleInfo, problem: &Problem) -> Finding {
        let site = site_of(problem);
        let mut finding = Finding::new(info, self.subject_of(problem), site, message_of(problem));
        let map = problem.fact("map").filter(|map| *map != &*finding.subject.name);
        let names = KEYS.into_iter().map(|key| problem.fact(key)).chain([map]).flatten();
        for name in names.filter(|name| !name.is_empty()) {
            finding = finding.key(name);
        }
        finding
    }

    /// The element, else the table map, else the file.
    fn subject_of(&self, problem: &Problem) -> Subject {
        if let Some(name) = problem.fact("element") {
            if problem.code == Code::QueryCycle {
                return Subject::new("query", name);
            }
            return match self.element_of(name) {
                Some(id) => self.subject(id),
                None => Subject::new(kind_word(problem.fact("kind")), name),
            };
        }
        if let Some(map) = problem.fact("map") {
            return Subject::new("table map", map);
        }
        let path = problem.place.map(|place| self.judged.model.path(place.file));
        Subject::new("file", path.or(problem.fact("path")).unwrap_or_default())
    }

    fn element_of(&self, name: &str) -> Option<ElementId> {
        self.catalog().find(name)
    }
}

/// The message without the path, which a finding shows as its place.
fn message_of(problem: &Problem) -> String {
    let message = problem.message();
    let path = problem.fact("path").map(|path| format!("{path}: "));
    match path.and_then(|path| message.strip_prefix(&path).map(str::to_owned)) {
        Some(rest) => rest,
        None => message,
    }
}

fn site_of(problem: &Problem) -> Site {
    let number = |fact: &str| problem.fact(fact).and_then(|text| text.parse().ok());
    match (problem.place, problem.fact("path")) {
        (Some(place), _) => Site::Metadata(place),
        (None, Some(path)) => {
            let quoted = problem.fact("field").or(problem.fact("schema"));
            Site::Outside(match (number("line"), quoted) {
                (Some(line), _) => Outside::at(path, line, number("column")),
                (None, Some(text)) => Outside::file(path).quoting(text),
                (None, None) => Outside::file(path),
            })
        }
        (None, None) => Site::Nowhere,
    }
}

/// Elements that the catalog does not list.
fn kind_word(kind: Option<&str>) -> &'static str {
    match kind {
        Some("class") => "class",
        Some("query") => "query",
        _ => "element",
    }
}

#[cfg(test)]
mod tests {
    use super::told_by;
    use crate::problem::Code;
    use crate::rules;

    #[test]
    fn what_is_told_is_told_by_a_rule() {
        for code in Code::ALL {
            if let Some(rule) = told_by(*code) {
                assert!(rules::find(rule).is_some(), "{} is told by {rule}, which is no rule", code.id());
            }
        }
    }
}
