//! Enums, read when the meaning of one of their values is asked for.

use super::cursor::Cursor;
use super::fault::{Fault, Read, Reason};
use crate::problem::LocalProblem;
use crate::text::Symbol;

/// What the file of an enum says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enumeration {
    /// Its name; empty where the file has none.
    pub name: Symbol,
    /// `IsExtensible`: the numbers of its values are given out when it is installed.
    pub extensible: bool,
    /// Its values in order: name, and the number when one is written.
    pub values: Vec<(Symbol, Option<i64>)>,
}

/// The number of an enum value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnumNumber {
    /// This one.
    Is(i64),
    /// The enum is extensible, so that its file does not tell.
    NotFixed,
    /// There is no such value in its file.
    NoSuchValue,
}

impl Enumeration {
    /// The number of a value, its name in any case. Numbers that are all absent follow the order; of those that
    /// are written in part, the absent ones are 0, which is the default.
    pub fn number(&self, value: &str) -> EnumNumber {
        let position = self.values.iter().position(|(name, _)| name.eq_ignore_ascii_case(value));
        let Some(position) = position else { return EnumNumber::NoSuchValue };
        if self.extensible {
            return EnumNumber::NotFixed;
        }
        let numbered = self.values.iter().any(|(_, number)| number.is_some());
        EnumNumber::Is(if numbered {
            self.values[position].1.unwrap_or(0)
        } else {
            i64::try_from(position).unwrap_or(i64::MAX)
        })
    }
}

/// Reads the text of an enum file (without byte order mark).
///
/// # Errors
/// The file is not well-formed, or its root is no `AxEnum`.
pub fn read_enumeration(text: &str) -> Result<Enumeration, LocalProblem> {
    let mut cursor = Cursor::new(text.trim_start_matches('\u{FEFF}'));
    enumeration(&mut cursor).map_err(|fault| {
        let position = cursor.position(fault.at);
        fault.problem(position)
    })
}

fn enumeration(cursor: &mut Cursor<'_>) -> Read<Enumeration> {
    let root = cursor.root()?;
    if root.name != "AxEnum" {
        return Err(Fault::new(root.at, Reason::NotMetadata(root.name.to_owned())));
    }
    let mut found = Enumeration::default();
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => found.name = cursor.value()?,
            "IsExtensible" => found.extensible = is_true(&cursor.value()?),
            "EnumValues" => cursor.children(|cursor, _| {
                found.values.extend(value(cursor)?);
                Ok(())
            })?,
            _ => {}
        }
        Ok(())
    })?;
    cursor.finish()?;
    Ok(found)
}

/// This property is `true`, where others are `Yes`; both are read.
fn is_true(text: &str) -> bool {
    text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("yes")
}

fn value(cursor: &mut Cursor<'_>) -> Read<Option<(Symbol, Option<i64>)>> {
    let (mut name, mut number) = (None, None);
    cursor.children(|cursor, tag| {
        match tag.name {
            "Name" => name = cursor.some_value()?,
            "Value" => number = cursor.value()?.parse().ok(),
            _ => {}
        }
        Ok(())
    })?;
    Ok(name.map(|name| (name, number)))
}

#[cfg(test)]
mod tests {
    use super::{EnumNumber, read_enumeration};

    fn number(properties: &str, value: &str) -> EnumNumber {
        let text = format!("<AxEnum xmlns:i=\"x\"><Name>Status</Name>{properties}</AxEnum>");
        read_enumeration(&text).expect("an enum").number(value)
    }

    const PLAIN: &str = "<EnumValues><AxEnumValue><Name>None</Name><Label>@X:None</Label></AxEnumValue>\
        <AxEnumValue><Name>Open</Name></AxEnumValue></EnumValues>";

    #[test]
    fn values_without_numbers_follow_their_order() {
        assert_eq!(number(PLAIN, "none"), EnumNumber::Is(0));
        assert_eq!(number(PLAIN, "Open"), EnumNumber::Is(1));
        assert_eq!(number(PLAIN, "Closed"), EnumNumber::NoSuchValue);
    }

    #[test]
    fn written_numbers_count_and_zero_is_left_out() {
        let values = "<UseEnumValue>Yes</UseEnumValue><EnumValues>\
            <AxEnumValue><Name>Open</Name><Value>10</Value></AxEnumValue>\
            <AxEnumValue><Name>None</Name></AxEnumValue></EnumValues>";
        assert_eq!(number(values, "Open"), EnumNumber::Is(10));
        assert_eq!(number(values, "None"), EnumNumber::Is(0));
    }

    #[test]
    fn extensible_enums_have_no_fixed_numbers() {
        let extensible = format!("{PLAIN}<IsExtensible>true</IsExtensible>");
        assert_eq!(number(&extensible, "None"), EnumNumber::NotFixed);
        assert_eq!(number(&extensible, "Other"), EnumNumber::NoSuchValue);
        assert_eq!(number(&format!("{PLAIN}<IsExtensible>false</IsExtensible>"), "None"), EnumNumber::Is(0));
    }

    #[test]
    fn other_files_are_refused() {
        assert!(read_enumeration("<AxTable/>").is_err());
        assert!(read_enumeration("<AxEnum>").is_err());
        assert!(read_enumeration("").is_err());
    }
}
