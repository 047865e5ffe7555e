//! Which version of a table map counts.

use super::map::TableMap;
use crate::problem::{Code, Problem};
use crate::text::{did_you_mean, name_key, nearest};
use std::collections::BTreeMap;

/// A version that compares part by part: numbers as numbers, whatever their length, texts after all numbers.
///
/// Missing parts are zero, so `1.0` and `1.0.0.0` are the same version.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// How many digits, and the digits without leading zeros: compares like the number.
    Number(usize, Box<str>),
    /// In lower case.
    Text(Box<str>),
}

impl Part {
    fn of(text: &str) -> Self {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Self::Text(text.to_ascii_lowercase().into());
        }
        let digits = text.trim_start_matches('0');
        Self::Number(digits.len(), digits.into())
    }
}

impl Version {
    /// Reads any text; nothing is refused.
    pub fn of(text: &str) -> Self {
        let mut parts: Vec<_> = text.trim().split('.').map(|part| Part::of(part.trim())).collect();
        while matches!(parts.last(), Some(Part::Number(0, _))) {
            parts.pop();
        }
        Self(parts)
    }
}

/// What is left after versions are chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// The maps that count, in their order.
    pub maps: Vec<TableMap>,
    /// The other versions, in their order.
    pub others: Vec<OtherVersion>,
    /// A complaint for each other version, and for each name or version that is wanted and not there.
    pub problems: Vec<Problem>,
}

/// A version of a table map that does not count.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherVersion {
    /// The map.
    pub map: TableMap,
    /// The one that counts, as an index in [`Counted::maps`].
    pub counted: usize,
    /// It has the same version as the one that counts.
    pub same: bool,
}

/// Chooses the maps that count.
///
/// `maps` stand in the order of (path, position). Per `msdyn_name` one map counts: the one with the version that
/// `wanted` (name → version) asks for, else with the highest; of several equal ones the first. Maps without
/// `msdyn_name` all count.
pub fn counted_maps(maps: Vec<TableMap>, wanted: &BTreeMap<String, String>) -> Counted {
    let wanted: BTreeMap<_, _> =
        wanted.iter().map(|(name, version)| (name_key(name), (name, version))).collect();
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, map) in maps.iter().enumerate() {
        if let Some(name) = &map.name {
            groups.entry(name_key(name)).or_default().push(index);
        }
    }
    let mut problems = unknown_names(&maps, &groups, &wanted);
    let mut chosen_for = vec![None; maps.len()];
    let mut complaints = vec![None; maps.len()];
    for (key, group) in &groups {
        let wanted = wanted.get(key).map(|(_, version)| version.as_str());
        let chosen = choose(&maps, group, wanted, &mut problems);
        for index in group.iter().filter(|index| **index != chosen) {
            chosen_for[*index] = Some(chosen);
            complaints[*index] = Some(complaint(&maps[*index], &maps[chosen]));
        }
    }
    problems.extend(complaints.into_iter().flatten());
    let (maps, others) = part(maps, &chosen_for);
    Counted { maps, others, problems }
}

/// Parts the maps for which another one counts from the rest.
fn part(maps: Vec<TableMap>, chosen_for: &[Option<usize>]) -> (Vec<TableMap>, Vec<OtherVersion>) {
    // Behind so many that count stands each of them.
    let place = |chosen: usize| chosen_for[..chosen].iter().filter(|other| other.is_none()).count();
    let (mut counted, mut others) = (Vec::new(), Vec::new());
    for (map, chosen) in maps.into_iter().zip(chosen_for) {
        match chosen {
            None => counted.push(map),
            Some(chosen) => others.push(OtherVersion { map, counted: place(*chosen), same: false }),
        }
    }
    for other in &mut others {
        other.same = version(&other.map) == version(&counted[other.counted]);
    }
    (counted, others)
}

/// No version is below every version.
fn version(map: &TableMap) -> Option<Version> {
    map.version.as_deref().map(Version::of)
}

fn choose(maps: &[TableMap], group: &[usize], wanted: Option<&str>, problems: &mut Vec<Problem>) -> usize {
    let highest = group.iter().map(|index| version(&maps[*index])).max().flatten();
    let first =
        |version_of: &Option<Version>| group.iter().copied().find(|i| version(&maps[*i]) == *version_of);
    let counted = first(&highest).unwrap_or(group[0]);
    let Some(wanted) = wanted else { return counted };
    first(&Some(Version::of(wanted))).unwrap_or_else(|| {
        let map = &maps[counted];
        let problem = Problem::new(Code::MissingMapVersion, None)
            .with("map", map.display_name())
            .with("version", wanted)
            .with("counted", version_text(map));
        problems.push(problem);
        counted
    })
}

fn version_text(map: &TableMap) -> &str {
    map.version.as_deref().unwrap_or("(none)")
}

fn complaint(map: &TableMap, chosen: &TableMap) -> Problem {
    let twice = version(map) == version(chosen);
    let code = if twice { Code::DuplicateMapVersion } else { Code::MapVersionIgnored };
    Problem::new(code, None)
        .with("path", &map.file.path)
        .with("map", map.display_name())
        .with("version", version_text(map))
        .with("counted", version_text(chosen))
        .with("first", &chosen.file.path)
}

fn unknown_names(
    maps: &[TableMap],
    groups: &BTreeMap<String, Vec<usize>>,
    wanted: &BTreeMap<String, (&String, &String)>,
) -> Vec<Problem> {
    let known: Vec<_> = groups.values().map(|group| maps[group[0]].display_name()).collect();
    let unknown = wanted.iter().filter(|(key, _)| !groups.contains_key(*key));
    let problem = |name: &str| {
        let near = nearest(name, known.iter().copied(), 3);
        Problem::new(Code::UnknownMap, None).with("map", name).with("nearest", did_you_mean(&near))
    };
    unknown.map(|(_, (name, _))| problem(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dualwrite::MapFile;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn map(name: &str, version: &str, path: &str) -> TableMap {
        let filled = |text: &str| (!text.is_empty()).then(|| text.into());
        TableMap {
            name: filled(name),
            title: None,
            version: filled(version),
            file: Arc::new(MapFile { path: path.into(), root: 0, location: path.into() }),
            position: 0,
            legs: Vec::new(),
        }
    }

    fn run(maps: Vec<TableMap>, wanted: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        let wanted = wanted.iter().map(|(name, version)| ((*name).into(), (*version).into())).collect();
        let Counted { maps, others, problems } = counted_maps(maps, &wanted);
        for other in &others {
            assert_eq!(
                other.map.name.as_deref().map(name_key),
                maps[other.counted].name.as_deref().map(name_key)
            );
        }
        let kept = maps.iter().map(|map| map.file.path.to_string()).collect();
        (kept, problems.iter().map(Problem::message).collect())
    }

    #[test]
    fn versions_compare_as_numbers() {
        let mut texts = [
            "1.9.0.0",
            "1.10.0.0",
            "2",
            "1.0.0.beta",
            "1.0.0.99999999999999999999999",
            "1.0.0.100",
            "1.0.0.0",
            "x",
        ];
        texts.sort_by_key(|text| Version::of(text));
        assert_eq!(
            texts,
            [
                "1.0.0.0",
                "1.0.0.100",
                "1.0.0.99999999999999999999999",
                "1.0.0.beta",
                "1.9.0.0",
                "1.10.0.0",
                "2",
                "x"
            ]
        );
        assert_eq!(Version::of(" 1.0 "), Version::of("01.0.0.0"));
        assert!(Version::of("1.0.1") > Version::of("1"));
    }

    #[test]
    fn the_highest_counts_and_the_others_are_named() {
        let maps = vec![
            map("M", "1.9.0.0", "a.json"),
            map("m", "1.10.0.0", "b.json"),
            map("M", "1.10.0", "c.json"),
            map("M", "", "d.json"),
            map("", "", "e.json"),
            map("", "", "f.json"),
        ];
        let (kept, problems) = run(maps, &[]);
        assert_eq!(kept, ["b.json", "e.json", "f.json"]);
        insta::assert_snapshot!(problems.join("\n"), @r"
        version 1.9.0.0 of table map M in a.json does not count; version 1.10.0.0 does
        c.json: table map M has version 1.10.0 a second time; the one in b.json counts
        version (none) of table map M in d.json does not count; version 1.10.0.0 does
        ");
    }

    #[test]
    fn a_configured_version_goes_before_the_highest() {
        let maps = || vec![map("Customers", "1.0.0.1", "a.json"), map("Customers", "9.9.9.9", "b.json")];
        assert_eq!(run(maps(), &[("CUSTOMERS", "1.0.0.1")]).0, ["a.json"]);
        let (kept, problems) = run(maps(), &[("customers", "1.0.0.2"), ("Customer", "1")]);
        assert_eq!(kept, ["b.json"]);
        insta::assert_snapshot!(problems.join("\n"), @r"
        a version is configured for table map Customer, which is not loaded; did you mean Customers?
        table map Customers is configured with version 1.0.0.2, which is not loaded; version 9.9.9.9 counts
        version 1.0.0.1 of table map Customers in a.json does not count; version 9.9.9.9 does
        ");
    }

    proptest! {
        #[test]
        fn order_is_that_of_numbers(a in proptest::collection::vec(0_u32..30, 1..5), b in proptest::collection::vec(0_u32..30, 1..5)) {
            let text = |parts: &[u32]| parts.iter().map(u32::to_string).collect::<Vec<_>>().join(".");
            let padded = |parts: &[u32]| { let mut parts = parts.to_vec(); parts.resize(5, 0); parts };
            prop_assert_eq!(Version::of(&text(&a)).cmp(&Version::of(&text(&b))), padded(&a).cmp(&padded(&b)));
        }

        #[test]
        fn any_text_is_a_version(text: String) {
            prop_assert_eq!(Version::of(&text), Version::of(&text));
        }
    }
}
