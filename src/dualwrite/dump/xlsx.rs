//! Dumps as Excel workbooks: the first sheet that has the columns.

use super::collect::{Collector, RawCell, RawRow};
use super::columns::{Column, Columns};
use super::error::Nearly;
use super::separated::HEADING_WITHIN;
use super::workbook::{CellKind, SheetCell, Workbook, WorkbookError};
use super::{DumpError, DumpForm, DumpPlace};
use std::borrow::Cow;
use std::path::Path;

/// What is unpacked of a workbook at most: a kilobyte can hold gigabytes.
const UNPACKED: u64 = 128 << 20;

pub(super) fn read(bytes: &[u8], path: &Path, collector: &mut Collector) -> Result<(), DumpError> {
    let refused = |error: WorkbookError, sheet: Option<&str>| match error {
        WorkbookError::TooLong => DumpError::TooLong {
            path: path.to_owned(),
            megabytes: UNPACKED >> 20,
            packed: " when it is unpacked",
        },
        WorkbookError::Damaged(reason) => {
            let sheet = sheet.map(|name| format!("sheet {name}: ")).unwrap_or_default();
            DumpError::Workbook { path: path.to_owned(), reason: format!("{sheet}{reason}") }
        }
    };
    let mut workbook = Workbook::open(bytes, UNPACKED).map_err(|error| refused(error, None))?;
    let mut nearly = Nearly::default();
    let mut missing = Columns::default().missing();
    for (position, name) in workbook.sheet_names().into_iter().enumerate() {
        let mut sheet = Sheet {
            name: &name,
            from_1904: workbook.from_1904,
            heading: None,
            looked_at: 0,
            nearly: &mut nearly,
            missing: &mut missing,
        };
        let read = workbook.rows(position, |number, cells| sheet.row(number, cells, collector));
        let found = sheet.heading.is_some();
        read.map_err(|error| refused(error, Some(&name)))?;
        if found {
            return Ok(());
        }
    }
    Err(DumpError::MissingColumns { path: path.to_owned(), missing, found: nearly.found() })
}

/// A sheet while it is read.
struct Sheet<'a> {
    name: &'a str,
    from_1904: bool,
    /// Columns and where they stand, once the heading was found.
    heading: Option<Vec<(Column, u32)>>,
    looked_at: usize,
    nearly: &'a mut Nearly,
    missing: &'a mut Vec<&'static str>,
}

impl Sheet<'_> {
    /// Takes a row; false when the sheet has no heading where one should stand.
    fn row(&mut self, number: u32, cells: &[SheetCell], collector: &mut Collector) -> bool {
        let Some(heading) = &self.heading else {
            self.look(number, cells);
            if self.heading.is_some() {
                collector.form(DumpForm::Xlsx, Some(self.name.to_owned()));
            }
            self.looked_at += 1;
            return self.heading.is_some() || self.looked_at < HEADING_WITHIN;
        };
        let place = |column: u32| DumpPlace { line: number, column };
        let first = heading.iter().map(|(_, at)| *at).min().unwrap_or(1);
        let mut row = RawRow::at(place(first));
        for (column, at) in heading {
            let found = cells.iter().find(|cell| cell.column == *at);
            let text = found.map_or(Cow::Borrowed(""), |cell| self.text(*column, cell));
            let is_error = found.is_some_and(|cell| cell.kind == CellKind::Error);
            let fault = is_error.then_some("the cell holds an error of Excel");
            row.set(*column, RawCell { text, place: place(*at), fault });
        }
        collector.row(row, heading.iter().any(|(column, _)| *column == Column::Channel));
        true
    }

    /// Looks whether a row is the heading.
    fn look(&mut self, number: u32, cells: &[SheetCell]) {
        let headings: Vec<&str> = cells.iter().map(|cell| &*cell.text).collect();
        let columns = Columns::of(&headings);
        let missing = columns.missing();
        if missing.is_empty() {
            let at = |column| Some((column, cells.get(columns.get(column)?)?.column));
            self.heading = Some(Column::ALL.into_iter().filter_map(at).collect());
            return;
        }
        self.nearly.look(missing.len(), &format!("row {number} of sheet {}", self.name), &headings);
        if missing.len() < self.missing.len() {
            *self.missing = missing;
        }
    }

    /// The text of a cell; dates are numbers, and only the column says which.
    fn text<'c>(&self, column: Column, cell: &'c SheetCell) -> Cow<'c, str> {
        let is_date = matches!(column, Column::CreatedDateTime | Column::ModifiedDateTime);
        let date = (is_date && cell.kind == CellKind::Number).then(|| cell.text.trim().parse().ok());
        match date.flatten().and_then(|days| date_text(days, self.from_1904)) {
            Some(date) => Cow::Owned(date),
            None => Cow::Borrowed(&cell.text),
        }
    }
}

/// The date of a number of days: `2024-02-29T13:05:00`. Excel counts from the last day of 1899 and takes 1900 for a
/// leap year, so that days up to February 1900 would be one off; none of them stands in this table.
fn date_text(days: f64, from_1904: bool) -> Option<String> {
    /// The last day that Excel knows.
    const LAST: f64 = 2_958_466.0;
    let days = if from_1904 { days + 1_462.0 } else { days };
    if !(61.0..LAST).contains(&days) {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, reason = "the range was checked")]
    let seconds = (days * 86_400.0).round() as i64;
    let (day, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(day + 693_899);
    Some(format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", time / 3_600, time / 60 % 60, time % 60))
}

/// Year, month and day of a day that counts from 1 March of the year 0.
fn civil(days: i64) -> (i64, i64, i64) {
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::date_text;

    #[test]
    fn dates_of_excel() {
        let date = |days| date_text(days, false).unwrap_or_default();
        assert_eq!(date(61.0), "1900-03-01T00:00:00");
        assert_eq!(date(45_351.5), "2024-02-29T12:00:00");
        assert_eq!(date(45_657.999_988_425_93), "2024-12-31T23:59:59");
        assert_eq!(date(2_958_465.0), "9999-12-31T00:00:00");
        assert_eq!(date_text(43_889.0, true).as_deref(), Some("2024-02-29T00:00:00"));
        assert_eq!([0.0, -1.0, 1e300, f64::NAN].map(date), ["", "", "", ""]);
    }
}
