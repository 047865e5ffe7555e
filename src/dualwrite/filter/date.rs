//! Dates and times in filters, checked against the calendar.

use super::fault::Reason;

/// The first and the last year of an X++ date.
const XPP_YEARS: (u16, u16) = (1900, 2154);

/// A day of the calendar; the earlier one is the lesser.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Four digits.
    pub year: u16,
    /// From 1.
    pub month: u8,
    /// From 1.
    pub day: u8,
}

/// A day and a time of it, in UTC.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// The day.
    pub date: Date,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
}

impl Date {
    /// The day that X++ stores when there is no date.
    pub const EMPTY: Self = Self { day: 1, month: 1, year: 1900 };

    /// A day that exists.
    pub fn new(day: u32, month: u32, year: u32) -> Result<Self, Reason> {
        if !(1..=12).contains(&month) {
            return Err(Reason::NoSuchMonth(month));
        }
        if !(1..=days(month, year)).contains(&day) {
            return Err(Reason::NoSuchDay { day, month, year });
        }
        let parts = (u8::try_from(day), u8::try_from(month), u16::try_from(year));
        let (Ok(day), Ok(month), Ok(year)) = parts else { return Err(Reason::NoSuchYear(year)) };
        Ok(Self { year, month, day })
    }

    /// A day that an X++ date can hold.
    pub fn of_xpp(day: u32, month: u32, year: u32) -> Result<Self, Reason> {
        let date = Self::new(day, month, year)?;
        let (first, last) = XPP_YEARS;
        if (first..=last).contains(&date.year) { Ok(date) } else { Err(Reason::NoSuchYear(year)) }
    }
}

impl DateTime {
    /// The moment that X++ stores when there is no time.
    pub const EMPTY: Self = Self { date: Date::EMPTY, hour: 0, minute: 0, second: 0 };

    /// A time that exists.
    pub fn new(date: Date, hour: u32, minute: u32, second: u32) -> Result<Self, Reason> {
        let part = |value: u32, limit: u32| u8::try_from(value).ok().filter(|_| value < limit);
        match (part(hour, 24), part(minute, 60), part(second, 60)) {
            (Some(hour), Some(minute), Some(second)) => Ok(Self { date, hour, minute, second }),
            _ => Err(Reason::NoSuchTime { hour, minute, second }),
        }
    }
}

fn days(month: u32, year: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{Date, DateTime};
    use crate::dualwrite::filter::Reason;

    #[test]
    fn only_days_that_exist() {
        assert!(Date::new(29, 2, 2000).is_ok() && Date::new(29, 2, 2024).is_ok());
        assert_eq!(Date::new(29, 2, 1900), Err(Reason::NoSuchDay { day: 29, month: 2, year: 1900 }));
        assert_eq!(Date::new(31, 4, 2021), Err(Reason::NoSuchDay { day: 31, month: 4, year: 2021 }));
        assert_eq!(Date::new(0, 4, 2021), Err(Reason::NoSuchDay { day: 0, month: 4, year: 2021 }));
        assert_eq!(Date::new(1, 13, 2021), Err(Reason::NoSuchMonth(13)));
        assert_eq!(Date::of_xpp(1, 1, 1900), Ok(Date::EMPTY));
        assert_eq!(Date::of_xpp(31, 12, 1899), Err(Reason::NoSuchYear(1899)));
        assert_eq!(Date::of_xpp(1, 1, 2155), Err(Reason::NoSuchYear(2155)));
    }

    #[test]
    fn only_times_that_exist() {
        assert_eq!(DateTime::new(Date::EMPTY, 0, 0, 0), Ok(DateTime::EMPTY));
        assert!(DateTime::new(Date::EMPTY, 23, 59, 59).is_ok());
        for (hour, minute, second) in [(24, 0, 0), (0, 60, 0), (0, 0, 60), (1000, 0, 0)] {
            let reason = Reason::NoSuchTime { hour, minute, second };
            assert_eq!(DateTime::new(Date::EMPTY, hour, minute, second), Err(reason));
        }
    }
}
