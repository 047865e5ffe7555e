use super::for_tests::{Cell, archive, workbook};
use super::*;
use proptest::prelude::*;

fn read_bytes(bytes: &[u8]) -> Result<Dump, DumpError> {
    Dump::from_bytes(bytes, Path::new("d.csv"), &Channels::default())
}

fn read(text: &str) -> Dump {
    read_bytes(text.as_bytes()).unwrap()
}

/// Entity, table, data source and place of each row.
fn rows(dump: &Dump) -> Vec<String> {
    let row = |r: &DumpRow| format!("{} {} {} {}", r.entity, r.table, r.source, dump.inside(r.place));
    dump.rows.iter().map(row).collect()
}

fn messages(dump: &Dump) -> Vec<String> {
    dump.problems.iter().map(Problem::message).collect()
}

fn refused(text: impl AsRef<[u8]>) -> String {
    read_bytes(text.as_ref()).unwrap_err().to_string()
}

const PLAIN: &str = "RefTableName,RefEntityName,DataSourceName\nT,E,S\nT2,E,S2\n";

#[test]
fn separated_text_in_every_writing() {
    let expected = ["E T S line 2", "E T2 S2 line 3"];
    assert_eq!(rows(&read(PLAIN)), expected);
    for separator in [";", "\t", "|"] {
        assert_eq!(rows(&read(&PLAIN.replace(',', separator))), expected);
    }
    let utf16 = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{feff}".encode_utf16().chain(PLAIN.encode_utf16()).flat_map(bytes).collect()
    };
    for bytes in [
        format!("\u{feff}{PLAIN}").into_bytes(),
        PLAIN.replace('\n', "\r\n").into_bytes(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ] {
        assert_eq!(rows(&read_bytes(&bytes).unwrap()), expected);
    }
    let declared = format!("sep=^\n{}", PLAIN.replace(',', "^"));
    assert_eq!(rows(&read(&declared)), ["E T S line 3", "E T2 S2 line 4"]);
}

#[test]
fn columns_stand_in_any_order_below_a_title() {
    let text = "Business events, of May\n\nID;DATASOURCENAME;x;REFENTITYNAME;REFTABLENAME;ENABLED\n1;\"S;1\";\"a\nb\";E;T;0\n2;S2;;E;T;\n";
    let dump = read(text);
    assert_eq!(rows(&dump), ["E T S;1 line 4", "E T S2 line 6"]);
    assert_eq!(dump.rows[0].get(Column::Enabled), Some("0"));
    assert_eq!(dump.rows[1].get(Column::Enabled), None);
    assert_eq!(dump.rows[1].more, []);
}

/// The lines that `sqlcmd -s"," -W` adds.
#[test]
fn the_output_of_a_query_program() {
    let text = "RefTableName,RefEntityName,DataSourceName,Channel\n------------,-------------,--------------,---\nT,E,S,NULL\n\n(1 rows affected)\n";
    let dump = read(text);
    assert_eq!(rows(&dump), ["E T S line 3"]);
    assert_eq!((dump.read, dump.problems.len()), (1, 0));
    assert_eq!(&*dump.channels[0].name, "");
}

#[test]
fn rows_with_one_key_count_once() {
    let dump = read(
        "reftablename,refentityname,datasourcename\nT,E,S\nt,E,s\nT,E,\nREFTABLENAME,REFENTITYNAME,DATASOURCENAME\nT,e,S \n",
    );
    assert_eq!(rows(&dump), ["E T S line 2", "E T  line 4"]);
    assert_eq!(dump.rows[0].repeats, [3, 6].map(|line| DumpPlace { line, column: 1 }));
    assert_eq!((dump.read, dump.repeated()), (4, 2));
}

#[test]
fn other_channels_are_counted_and_left_out() {
    let text = "RefTableName,RefEntityName,DataSourceName,Channel\nT,E,S,DW\nT,E,S,AthenaFinanceOperationsTableDataEvents\n,,x,athenaFinanceOperationsTableData\nT,E,S2,\n";
    let dump = read(text);
    assert_eq!(rows(&dump), ["E T S line 2", "E T S2 line 5"]);
    let channels: Vec<_> = dump.channels.iter().map(|c| (&*c.name, c.rows, c.counts)).collect();
    assert_eq!(
        channels,
        [
            ("", 1, true),
            ("athenaFinanceOperationsTableData", 1, false),
            ("AthenaFinanceOperationsTableDataEvents", 1, false),
            ("DW", 1, true)
        ]
    );
    assert_eq!((dump.read, dump.of_other_channels(), dump.problems.len()), (4, 2, 0));
    let only = |name: &str, text: &str| {
        let channels = Channels::only(&[name.to_owned()]);
        Dump::from_bytes(text.as_bytes(), Path::new("d.csv"), &channels)
    };
    assert_eq!(rows(&only("dw", text).unwrap()), ["E T S line 2"]);
    insta::assert_snapshot!(only("X*", text).unwrap_err(), @"no row of the dump d.csv has channel x*; it has (blank), athenaFinanceOperationsTableData, AthenaFinanceOperationsTableDataEvents, DW");
    insta::assert_snapshot!(only("X", PLAIN).unwrap_err(), @"no row of the dump d.csv has channel x; it has no column Channel");
}

#[test]
fn bad_rows_have_places_and_the_rest_counts() {
    let text = format!(
        "RefTableName,RefEntityName,DataSourceName\nT,,S\n,E,S\nT,E,S,x\nT,\"E,S\nT,{},S\nT,E\nT,E,S\n",
        "E".repeat(256)
    );
    let dump = read(&text);
    assert_eq!(
        messages(&dump),
        [
            "d.csv:2:3: RefEntityName is blank; this row is not compared",
            "d.csv:3:1: RefTableName is blank; this row is not compared",
            "d.csv:4:7: the row has more cells than the heading has columns (3): a separator inside a cell needs quotes; this row is not compared",
            "d.csv:5:3: RefEntityName: the quote that starts here is never closed; this row is not compared",
            "d.csv:6:3: RefEntityName has 256 characters; it is no name; this row is not compared",
        ]
    );
    assert_eq!(rows(&dump), ["E T  line 7", "E T S line 8"]);
    assert_eq!(dump.read, 7);
}

#[test]
fn json_in_every_wrapper() {
    let row = r#"{"REFTABLENAME":"T","refEntityName":"E","ref_data":1,"DataSourceName":"S","Channel":null,"Enabled":1}"#;
    for text in [
        format!("[{row}]"),
        row.to_owned(),
        format!(r#"{{"@odata.context":"x","value":[{row}]}}"#),
        format!(r#"{{"a":[],"b":{{"c":[1,"x",{{"y":2}}]}},"d":[{row}]}}"#),
        format!("{row}\r\n{row}"),
    ] {
        let dump = read(&text);
        assert_eq!((dump.rows.len(), dump.form), (1, DumpForm::Json), "{text}");
        assert_eq!(dump.rows[0].get(Column::Enabled), Some("1"));
    }
    let tracking = r#"{"definitions": [
{"ref_table_name":"T","ref_entity_name":"E","data_source_name":"S","ref_table_rec_id_field":"F"}]}"#;
    assert_eq!(rows(&read(tracking)), ["E T S line 2"]);
    for empty in ["[]", r#"{"value":[]}"#, "PLACE"] {
        let empty = if empty == "PLACE" { "RefTableName,RefEntityName,DataSourceName\n" } else { empty };
        assert_eq!(read(empty).read, 0);
    }
}

#[test]
fn json_rows_have_places() {
    let text = r#"[
  {"RefTableName":"T","RefEntityName":"E"},
  {"RefTableName":"T","RefEntityName":"E","DataSourceName":{}},
  7, null,
  {"RefTableName":"ä", "RefEntityName":null,"DataSourceName":"\u0041"},
  {"RefTableName":"T","RefEntityName":"E","DataSourceName":"\u0041\u001b"}
]"#;
    let dump = read(text);
    assert_eq!(rows(&dump), ["E T  line 2", "E T A\u{1b} line 6"]);
    assert_eq!(
        messages(&dump),
        [
            "d.csv:3:60: DataSourceName: a list or object where a name belongs; this row is not compared",
            "d.csv:4:3: a row must be an object; this row is not compared",
            "d.csv:5:40: RefEntityName is blank; this row is not compared",
        ]
    );
}

#[test]
fn a_workbook_with_two_sheets() {
    use Cell::{Date, Error, Inline, Nothing, Number, Shared};
    let heading = vec![
        Nothing,
        Shared("DATASOURCENAME"),
        Inline("RefEntityName"),
        Number(1.0),
        Shared("Ref table name"),
        Shared("CreatedDateTime"),
        Shared("RefTableRecIdField"),
    ];
    let sheets = [
        ("Notes", vec![vec![Shared("RefTableName & more")], vec![Number(3.0)]]),
        (
            "Sheet \"2\"",
            vec![
                vec![Shared("Business events")],
                heading,
                vec![Nothing, Shared(" S "), Inline("E"), Nothing, Shared("T"), Date(45_351.5), Number(7.0)],
                vec![],
                vec![Nothing, Nothing, Inline("E"), Number(1.5), Number(12.0)],
                vec![Nothing, Shared("S"), Error("#N/A"), Nothing, Shared("T")],
                vec![Nothing, Shared("S"), Nothing, Nothing, Shared("T")],
                vec![Nothing, Shared("s"), Shared("e"), Nothing, Shared("t")],
            ],
        ),
    ];
    let dump = read_bytes(&workbook(&sheets)).unwrap();
    assert_eq!(rows(&dump), ["E T S cell B3", "E 12  cell B5"]);
    assert_eq!(dump.rows[0].get(Column::CreatedDateTime), Some("2024-02-29T12:00:00"));
    assert_eq!(dump.rows[0].get(Column::RefTableRecIdField), Some("7"));
    assert_eq!(dump.rows[0].repeats, [DumpPlace { line: 8, column: 2 }]);
    assert_eq!((dump.form, dump.sheet.as_deref()), (DumpForm::Xlsx, Some("Sheet \"2\"")));
    assert_eq!(
        messages(&dump),
        [
            "d.csv, sheet Sheet \"2\", cell C6: RefEntityName: the cell holds an error of Excel; this row is not compared",
            "d.csv, sheet Sheet \"2\", cell C7: RefEntityName is blank; this row is not compared",
        ]
    );
}

#[test]
fn what_is_no_dump_is_refused() {
    insta::assert_snapshot!(refused(""), @r"
    the dump d.csv has no columns RefEntityName, RefTableName and DataSourceName: it holds no rows
    export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query
    ");
    insta::assert_snapshot!(refused("T,E,S\nT2,E,S2\n"), @r"
    the dump d.csv has no columns RefEntityName, RefTableName and DataSourceName: line 1 has T, E, S
    export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query
    ");
    insta::assert_snapshot!(refused("RefTableName;RefEntityName;a;b;c;d;e;f;g;h;i;j;k;l\nT;E"), @r"
    the dump d.csv has no column DataSourceName: line 1 has RefTableName, RefEntityName, a, b, c, d, e, f, g, h, i, j and 2 more
    export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query
    ");
    insta::assert_snapshot!(refused("{\"RefTableName\":\"T\"}"), @r"
    the dump d.csv has no columns RefEntityName and DataSourceName: the object in line 1 has RefTableName
    export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query
    ");
    insta::assert_snapshot!(refused("{\"error\":{\"code\":\"401\"}}"), @r"
    the dump d.csv has no columns RefEntityName, RefTableName and DataSourceName: the object in line 1 has code
    export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query
    ");
    insta::assert_snapshot!(refused("[1, \"x\"]"), @r"
    the dump d.csv has no columns RefEntityName, RefTableName and DataSourceName: it holds no rows
    export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query
    ");
    insta::assert_snapshot!(refused("[\n{\"RefTableName\":\"ä\", x}]"), @"the dump d.csv is no JSON in line 2, column 22: key must be a string");
    insta::assert_snapshot!(refused(b"Ref\xff"), @"the dump d.csv cannot be read: not UTF-8: invalid byte at offset 3; save it as CSV UTF-8");
    insta::assert_snapshot!(refused(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), @"the dump d.csv is no workbook that can be read: it is of the old kind (.xls), or protected by a password; save it as CSV UTF-8");
    insta::assert_snapshot!(refused(b"PK\x03\x04"), @"the dump d.csv is no workbook that can be read: invalid Zip archive: Could not find EOCD; save it as CSV UTF-8");
    insta::assert_snapshot!(refused(archive(&[("a.txt".to_owned(), "x".to_owned())])), @"the dump d.csv is no workbook that can be read: the archive holds no workbook; save it as CSV UTF-8");
    let sheet = ("A", vec![vec![Cell::Shared("RefTableName"), Cell::Shared("Entity")]]);
    insta::assert_snapshot!(refused(workbook(&[sheet])), @r"
    the dump d.csv has no column DataSourceName: row 1 of sheet A has RefTableName, Entity
    export the table with its headings (in SQL Server Management Studio: Copy with Headers); docs/dump-format.md has a query
    ");
}

#[test]
fn cells_are_named_as_in_excel() {
    let name = |column| DumpPlace { line: 7, column }.cell();
    assert_eq!([1, 26, 27, 702, 703].map(name), ["A7", "Z7", "AA7", "ZZ7", "AAA7"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn any_text_is_safe(text in "(RefTableName|RefEntityName|DataSourceName|Channel|[a\",;\t\r\n{}\\[\\]:0 ]|\\PC){0,40}") {
        let _ = read_bytes(text.as_bytes());
    }

    #[test]
    fn any_json_is_safe(text in "\\[?(\\{|\\}|\\[|\\]|,|:|\"RefTableName\":\"T\"|\"RefEntityName\":\"E\"|\"DataSourceName\":|\"x\"|1|null){0,20}") {
        let _ = read_bytes(text.as_bytes());
    }

    /// A workbook with damaged bytes is read or refused.
    #[test]
    fn any_workbook_is_safe(damage in proptest::collection::vec((0_usize..4000, any::<u8>()), 1..8)) {
        let row = vec![Cell::Shared("E"), Cell::Shared("T"), Cell::Date(3.0)];
        let heading = ["RefEntityName", "RefTableName", "DataSourceName"].map(Cell::Shared).to_vec();
        let mut bytes = workbook(&[("A", vec![heading, row])]);
        for (at, byte) in damage {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        let _ = read_bytes(&bytes);
    }

    /// Damage inside the XML, behind the packing.
    #[test]
    fn any_sheet_is_safe(inside in "(<row r=\"[0-9]{0,12}\">|</row>|<c r=\"[A-Z]{0,5}[0-9]{0,9}\"( t=\"[a-z]{0,9}\")?( s=\"[0-9]{1,9}\")?>|</c>|<v>[0-9.e-]{0,12}</v>|<is>|<t>|</t>|</is>|&[a-z]{0,3};|x){0,12}") {
        let sheet = format!("<worksheet><sheetData>{inside}</sheetData></worksheet>");
        let whole = workbook(&[("A", vec![vec![Cell::Shared("RefTableName")]])]);
        let mut archive_in = zip::ZipArchive::new(std::io::Cursor::new(whole)).unwrap();
        let parts: Vec<(String, String)> = (0..archive_in.len())
            .map(|n| {
                let mut file = archive_in.by_index(n).unwrap();
                let mut text = String::new();
                file.read_to_string(&mut text).unwrap();
                let name = file.name().unwrap().into_owned();
                if name.contains("sheet1") { (name, sheet.clone()) } else { (name, text) }
            })
            .collect();
        let _ = read_bytes(&archive(&parts));
    }
}
