//! `definitions.csv`: the predicted rows of `BusinessEventsDefinition`, for Excel.

use crate::tracking::Definition;
use std::borrow::Cow;
use std::io::{self, Write};

/// Writes the rows with the column names of the system table, UTF-8 with a mark and CRLF, which Excel expects.
pub fn write(rows: &[Definition], out: &mut dyn Write) -> io::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    csv.write_record(["RefTableName", "RefEntityName", "DataSourceName", "RefTableRecIdField", "Origin"])?;
    for row in rows {
        let field = row.ref_table_rec_id_field.as_deref().unwrap_or_default();
        let cells =
            [&*row.ref_table_name, &*row.ref_entity_name, &*row.data_source_name, field, row.origin.id()];
        csv.write_record(cells.map(|cell| harmless(cell).into_owned()))?;
    }
    csv.flush()
}

/// A cell that a spreadsheet would take for a formula gets an apostrophe in front.
pub(super) fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::write;
    use crate::tracking::{Definition, Origin};

    #[test]
    fn formulas_and_separators_are_escaped() {
        let row = Definition {
            ref_table_name: "=cmd|' /C calc'!A0".into(),
            ref_entity_name: "a,\"b\"".into(),
            data_source_name: "x\ny".into(),
            ref_table_rec_id_field: None,
            origin: Origin::DataSource,
        };
        let mut out = Vec::new();
        write(&[row], &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "\u{feff}RefTableName,RefEntityName,DataSourceName,RefTableRecIdField,Origin\r\n\
             '=cmd|' /C calc'!A0,\"a,\"\"b\"\"\",\"x\ny\",,data_source\r\n"
        );
    }
}
