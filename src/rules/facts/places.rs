//! Lines in map files: where a leg and its rows stand. Maps are read without places; a finding looks its own up.

use super::EntityLeg;
use crate::dualwrite::FieldMapping;
use crate::finding::{Outside, Site};
use crate::text::decode;
use memchr::memmem::find_iter;
use std::cell::RefCell;
use std::ops::Range;
use std::path::PathBuf;

/// Larger files are not read again for a line.
const LARGEST: usize = 64 << 20;

/// Looks lines up; the file that was read last is kept, because findings come map by map.
#[derive(Default)]
pub(crate) struct MapPlaces {
    last: RefCell<Option<(PathBuf, Option<String>)>>,
}

impl MapPlaces {
    /// Where a leg names its Dataverse table.
    pub(crate) fn leg(&self, of: &EntityLeg) -> Site {
        self.site(of, |text| leg(text, &of.leg.destination_schema).map(|found| found.start))
    }

    /// Where a row names its column; the leg where that is not clear.
    pub(crate) fn row(&self, of: &EntityLeg, row: &FieldMapping) -> Site {
        self.site(of, |text| {
            let leg = leg(text, &of.leg.destination_schema)?;
            let column = only(values(text, "destinationField", leg.clone()), &row.destination_field);
            Some(column.unwrap_or(leg.start))
        })
    }

    fn site(&self, of: &EntityLeg, find: impl FnOnce(&str) -> Option<usize>) -> Site {
        let file = &of.map.file;
        let mut last = self.last.borrow_mut();
        if last.as_ref().is_none_or(|(known, _)| *known != file.location) {
            let bytes = std::fs::read(&file.location).ok().filter(|bytes| bytes.len() <= LARGEST);
            let text = bytes.and_then(|bytes| Some(decode(&bytes).ok()?.into_owned()));
            *last = Some((file.location.clone(), text));
        }
        let text = last.as_ref().and_then(|(_, text)| text.as_deref());
        let line = text.and_then(|text| Some(line_at(text, find(text)?)));
        Site::Outside(Outside { line, ..Outside::file(file.path.clone()) })
    }
}

/// The part of a file that belongs to the leg to this Dataverse table: from where it is named to where the next
/// one is. None where it is named twice or in another spelling.
fn leg(text: &str, table: &str) -> Option<Range<usize>> {
    let tables = values(text, "destinationSchema", 0..text.len());
    let start = only(tables.iter().cloned(), table)?;
    let next = tables.iter().map(|(at, _)| *at).find(|at| *at > start);
    Some(start..next.unwrap_or(text.len()))
}

/// Texts that stand as values of a key, each with its offset.
fn values(text: &str, key: &str, range: Range<usize>) -> Vec<(usize, String)> {
    let part = text.get(range.clone()).unwrap_or_default();
    let quoted = format!("\"{key}\"");
    let after_key = find_iter(part.as_bytes(), quoted.as_bytes()).map(|at| at + quoted.len());
    let value = |from: usize| {
        let rest = part[from..].trim_start().strip_prefix(':')?.trim_start();
        let at = range.start + part.len() - rest.len();
        let mut values = serde_json::Deserializer::from_str(rest).into_iter::<String>();
        Some((at, values.next()?.ok()?))
    };
    after_key.filter_map(value).collect()
}

/// The offset of the only value of this name.
fn only(values: impl IntoIterator<Item = (usize, String)>, name: &str) -> Option<usize> {
    let mut found = values.into_iter().filter(|(_, value)| value.trim().eq_ignore_ascii_case(name));
    let (at, _) = found.next()?;
    found.next().is_none().then_some(at)
}

fn line_at(text: &str, at: usize) -> u32 {
    let lines = memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count();
    u32::try_from(lines + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{leg, line_at, only, values};

    const TEXT: &str = r#"{
  "destinationSchema": "cars",
  "fieldMappings": [ { "destinationField": "plate" },
    { "destinationField" : "col\u006fr" } ] },
{ "destinationSchema":
  "owners", "fieldMappings": [ { "destinationField": "plate" } ],
  "destinationSchema": 3, "x": "destinationSchema" }"#;

    #[test]
    fn a_leg_ends_where_the_next_one_begins() {
        let cars = leg(TEXT, "CARS").expect("once");
        let owners = leg(TEXT, "owners").expect("once");
        assert_eq!((line_at(TEXT, cars.start), line_at(TEXT, owners.start)), (2, 6));
        assert_eq!(cars.end, owners.start);
        assert_eq!(leg(TEXT, "houses"), None);
        assert_eq!(leg(&TEXT.replace("owners", "cars"), "cars"), None);
    }

    #[test]
    fn a_row_is_found_in_its_leg() {
        let row = |table: &str, column: &str| {
            let at = only(values(TEXT, "destinationField", leg(TEXT, table)?), column)?;
            Some(line_at(TEXT, at))
        };
        assert_eq!(row("cars", "plate"), Some(3));
        assert_eq!(row("cars", "color"), Some(4));
        assert_eq!(row("owners", "plate"), Some(6));
        assert_eq!(row("owners", "color"), None);
    }

    #[test]
    fn what_is_cut_off_is_no_value() {
        for end in 0..TEXT.len() {
            values(&TEXT[..end], "destinationField", 0..end);
            leg(&TEXT[..end], "cars");
        }
    }
}
