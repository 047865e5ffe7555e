//! Numbers a day, exact to a thousandth, and how a file may write them.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Mul, Sub};
use thiserror::Error;

/// More changes than this a day are a mistake in the file.
const MOST: u128 = 1_000_000_000;

/// How often something happens in a day, in thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PerDay(u128);

/// Why a text is no number of changes.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NumberError {
    /// Nothing is written.
    #[error("the number of changes a day is missing")]
    Missing,
    /// Below zero.
    #[error("{0} is negative: write how often the table changes in a day")]
    Negative(String),
    /// No number, or digits in groups that are not groups of three.
    #[error("{0} is not a number of changes a day: write digits, as in 1250")]
    NotANumber(String),
    /// Thousands or decimals?
    #[error("{0} can be read in two ways, with thousands or with decimals: write {thousands} or {decimals}", thousands = .1, decimals = .2)]
    Ambiguous(String, String, String),
    /// Too many to be true.
    #[error("{0} is more than 1000000000 changes a day")]
    TooLarge(String),
}

impl PerDay {
    /// A whole number.
    pub fn whole(number: u64) -> Self {
        Self(u128::from(number) * 1_000)
    }

    /// The whole number, when it is one that fits.
    pub fn as_whole(self) -> Option<u64> {
        if self.0.is_multiple_of(1_000) { u64::try_from(self.0 / 1_000).ok() } else { None }
    }

    /// The share of `whole` in percent, as text: `12%`, `<1%`, `>99%`.
    pub fn share(self, whole: Self) -> String {
        share(self.0, whole.0)
    }

    /// Reads a number as a file writes it. Groups of three digits may be parted by blanks, apostrophes or
    /// underscores; by commas or dots only where these cannot mark decimals. More than three decimals are
    /// rounded.
    ///
    /// # Errors
    /// Anything that is no number, or that can be read in two ways.
    pub fn read(text: &str) -> Result<Self, NumberError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(NumberError::Missing);
        }
        let unsigned = text.strip_prefix(['-', '\u{2212}', '\u{2013}']);
        let digits = unsigned.unwrap_or(text.strip_prefix('+').unwrap_or(text)).trim_start();
        let (whole, decimals) = parts(digits, text)?;
        let number = assemble(&whole, decimals, text)?;
        if unsigned.is_some() { Err(NumberError::Negative(clip(text))) } else { Ok(number) }
    }
}

/// Digits before and behind the decimal mark.
fn parts<'a>(digits: &'a str, text: &str) -> Result<(String, &'a str), NumberError> {
    let wrong = || NumberError::NotANumber(clip(text));
    let at = decimal_mark(digits);
    let (whole, decimals) = match at {
        Some(at) => (&digits[..at], &digits[at + 1..]),
        None => (digits, ""),
    };
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !is_number(decimals) || (at.is_some() && decimals.is_empty()) {
        return Err(wrong());
    }
    if at.is_some() && is_number(whole) && is_group(whole, decimals) {
        let thousands = format!("{whole}{decimals}");
        return Err(NumberError::Ambiguous(clip(text), thousands, format!("{whole}.{decimals}0")));
    }
    let whole = ungrouped(whole).filter(|w| !w.is_empty() || at.is_some()).ok_or_else(wrong)?;
    Ok((whole, decimals))
}

/// Where the decimal mark stands. Commas and dots that occur twice part thousands; with both, the last decides.
fn decimal_mark(digits: &str) -> Option<usize> {
    let commas = digits.matches(',').count();
    let dots = digits.matches('.').count();
    match (commas, dots) {
        (0, 2..) | (2.., 0) => None,
        _ => digits.rfind([',', '.']),
    }
}

/// `1,234` may be a group of three digits as well as three decimals; `0,234` and `1234,567` may not.
fn is_group(whole: &str, decimals: &str) -> bool {
    (1..=3).contains(&whole.len()) && !whole.starts_with('0') && decimals.len() == 3
}

/// The digits of a number whose groups of three may be parted, all by the same character.
fn ungrouped(text: &str) -> Option<String> {
    let separator = text.chars().find(|c| !c.is_ascii_digit());
    let Some(separator) = separator else { return Some(text.to_owned()) };
    if !matches!(separator, ',' | '.' | '\'' | '\u{2019}' | '_') && !separator.is_whitespace() {
        return None;
    }
    let groups: Vec<&str> = text.split(separator).collect();
    let first = (1..=3).contains(&groups[0].len());
    let fits = first && groups[1..].iter().all(|g| g.len() == 3);
    let digits = groups.concat();
    (fits && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

fn assemble(whole: &str, decimals: &str, text: &str) -> Result<PerDay, NumberError> {
    let whole = whole.trim_start_matches('0');
    let whole: u128 = match whole.len() {
        0 => 0,
        1..=10 => whole.parse().map_err(|_| NumberError::NotANumber(clip(text)))?,
        _ => MOST + 1,
    };
    if whole > MOST {
        return Err(NumberError::TooLarge(clip(text)));
    }
    let digit = |at: usize| decimals.as_bytes().get(at).map_or(0, |b| u128::from(b - b'0'));
    let rounded = u128::from(digit(3) >= 5);
    Ok(PerDay(whole * 1_000 + digit(0) * 100 + digit(1) * 10 + digit(2) + rounded))
}

/// A cell in a message: not longer than a line.
pub(super) fn clip(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// A share in percent, never 0% or 100% where it is not.
pub(super) fn share(part: u128, whole: u128) -> String {
    if part == 0 || whole == 0 {
        return "0%".to_owned();
    }
    match (part * 200 + whole) / (whole * 2) {
        0 => "<1%".to_owned(),
        100.. if part < whole => ">99%".to_owned(),
        percent => format!("{percent}%"),
    }
}

impl Add for PerDay {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for PerDay {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Mul<usize> for PerDay {
    type Output = Self;

    fn mul(self, times: usize) -> Self {
        Self(self.0.saturating_mul(times as u128))
    }
}

impl Sum for PerDay {
    fn sum<I: Iterator<Item = Self>>(numbers: I) -> Self {
        numbers.fold(Self::default(), Add::add)
    }
}

impl fmt::Display for PerDay {
    /// Plain digits with a dot: `1234567.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 / 1_000)?;
        match self.0 % 1_000 {
            0 => Ok(()),
            rest => write!(f, ".{}", format!("{rest:03}").trim_end_matches('0')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        match PerDay::read(text) {
            Ok(number) => number.to_string(),
            Err(error) => format!("{error:?}").split('(').next().unwrap_or_default().to_owned(),
        }
    }

    #[test]
    fn numbers_are_read_where_they_mean_one_thing() {
        for (text, number) in [
            ("1250", "1250"),
            (" 0012 ", "12"),
            ("+7", "7"),
            ("12.5", "12.5"),
            ("12,50", "12.5"),
            (".5", "0.5"),
            ("0,125", "0.125"),
            ("1234.567", "1234.567"),
            ("12.500000", "12.5"),
            ("0.99996", "1"),
            ("1 234 567", "1234567"),
            ("1\u{a0}234", "1234"),
            ("1'234", "1234"),
            ("1_234_567", "1234567"),
            ("1.234.567", "1234567"),
            ("1,234.5", "1234.5"),
            ("1.234,567", "1234.567"),
            ("1 234,567", "1234.567"),
            ("1000000000", "1000000000"),
        ] {
            assert_eq!(shown(text), number, "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, error) in [
            ("", "Missing"),
            ("  ", "Missing"),
            ("-5", "Negative"),
            ("\u{2212}1.5", "Negative"),
            ("-x", "NotANumber"),
            ("1,234", "Ambiguous"),
            ("12.500", "Ambiguous"),
            ("many", "NotANumber"),
            ("1e5", "NotANumber"),
            ("1,23,456", "NotANumber"),
            ("1 23", "NotANumber"),
            ("1.2,3.4", "NotANumber"),
            ("1,234'567", "NotANumber"),
            ("5.", "NotANumber"),
            (".", "NotANumber"),
            ("0x10", "NotANumber"),
            ("NaN", "NotANumber"),
            ("\u{663}", "NotANumber"),
            ("1000000001", "TooLarge"),
            ("99999999999999999999999999999999999999999999", "TooLarge"),
        ] {
            assert_eq!(shown(text), error, "{text}");
        }
    }

    #[test]
    fn a_message_says_what_to_write() {
        let text = PerDay::read("1,234").unwrap_err().to_string();
        assert_eq!(
            text,
            "1,234 can be read in two ways, with thousands or with decimals: write 1234 or 1.2340"
        );
        assert_eq!(PerDay::read("1.2340").unwrap().to_string(), "1.234");
    }

    #[test]
    fn shares_are_never_rounded_to_nothing_or_all() {
        assert_eq!(
            ["0%", "<1%", "50%", ">99%", "100%"],
            [share(0, 5), share(1, 1_000), share(1, 2), share(999, 1_000), share(7, 7)]
        );
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "\\PC*") {
            let _ = PerDay::read(&text);
        }

        #[test]
        fn what_is_written_reads_back(number in 0_u64..1_000_000_000, thousandths in 0_u128..1_000) {
            let number = PerDay(u128::from(number) * 1_000 + thousandths);
            let text = number.to_string();
            match PerDay::read(&text) {
                Ok(read) => prop_assert_eq!(read, number),
                Err(error) => prop_assert!(matches!(error, NumberError::Ambiguous(..)), "{}", error),
            }
        }
    }
}
