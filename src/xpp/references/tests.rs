use super::*;
use crate::source::Position;
use proptest::prelude::*;

fn read(source: &str) -> References {
    read_references(&Code::read(source, Position { line: 1, column: 1 }))
}

fn show(reference: &Reference) -> String {
    let text = match &reference.kind {
        ReferenceKind::SourceField { source, field } => match source {
            SourceName::Identifier(name) => format!("{name}.{field}"),
            SourceName::Table(name) => format!("table {name}.{field}"),
            SourceName::EntitySource(name) => format!("entity {name}.{field}"),
            SourceName::Literal(name) => format!("'{name}'.{field}"),
        },
        ReferenceKind::Table(name) => format!("#{name}"),
        ReferenceKind::SqlTable(name) => format!("sql {name}"),
        ReferenceKind::Call { qualifier: Qualifier::None, method } => format!("{method}()"),
        ReferenceKind::Call { qualifier: Qualifier::This, method } => format!("this.{method}()"),
        ReferenceKind::Call { qualifier: Qualifier::Static(class), method } => format!("{class}::{method}()"),
    };
    format!("{}:{text}", reference.line)
}

/// The references of a body that starts on line 2, each with its line.
fn refs(body: &str) -> Vec<String> {
    let read = read(&format!("[Attr(tableStr(A), f())]\nprivate static str m(str _x = f()) {{ {body} }}"));
    assert!(!read.broken, "{body}");
    read.items.iter().map(show).collect()
}

fn names(body: &str) -> Vec<String> {
    refs(body).iter().map(|text| text.split_once(':').map_or("", |(_, text)| text).to_owned()).collect()
}

#[test]
fn the_documented_helpers_of_the_platform() {
    let body = "return SysComputedColumn::if(\n\
        SysComputedColumn::equalExpression(\n\
        SysComputedColumn::comparisonField(tableStr(MyEntity), identifierStr(CustTable), fieldStr(CustTable, Blocked)),\n\
        SysComputedColumn::comparisonLiteral(CustVendorBlocked::No)),\n\
        SysComputedColumn::returnField(tableStr(MyEntity), dataEntityDataSourceStr(MyEntity, Party), fieldStr(DirPartyTable, Name)),\n\
        SysComputedColumn::returnLiteral('x'));";
    assert_eq!(refs(body), ["4:CustTable.Blocked", "6:entity Party.Name"]);
}

#[test]
fn any_call_of_that_shape_names_a_field() {
    assert_eq!(names("Helper::wrap(0, 'Source', FIELDSTR(T, F));"), ["Helper::wrap()", "'Source'.F"]);
    assert_eq!(
        names("x.wrap(f(tableStr(X), 'FROM Y'), tableStr(D), fieldStr(T, F)) + g(tableNum(Z));"),
        ["table D.F", "g()", "#Z"]
    );
    assert_eq!(names("wrap(0, 'a FROM X', fieldStr(T, F));"), ["wrap()", "'a FROM X'.F", "sql X"]);
}

#[test]
fn calls_of_other_shapes_are_scanned() {
    assert_eq!(names("w(tableStr(A), identifierStr(D), fieldStr(T, F), 1);"), ["w()", "#A"]);
    assert_eq!(names("w(0, 1, tableStr(D), fieldStr(T, F));"), ["w()", "#D"]);
    assert_eq!(names("w(tableStr(D), fieldStr(T, F));"), ["w()", "#D"]);
    assert_eq!(names("w(0, variable, fieldStr(T, F));"), ["w()"]);
    assert_eq!(names("w(0, viewStr(V), fieldStr(T, F));"), ["w()"]);
    assert_eq!(names("if (a, 'D', fieldStr(T, F)) { }"), Vec::<String>::new());
}

#[test]
fn tables_outside_such_calls() {
    assert_eq!(
        names("new DictView(tableNum(A)).x(tableName2Id(TABLESTR(B)));"),
        ["#A", "tableName2Id()", "#B"]
    );
    assert_eq!(names("fieldStr(T, F); classStr(C); fieldNum(T, F);"), Vec::<String>::new());
}

#[test]
fn sql_in_strings() {
    let body = "str s = strFmt('SELECT TOP 1 X FROM %1 JOIN ' +\n@'[dbo].[B] b\nINNER JOIN C' + \"D\" + ' x', tableStr(A));";
    assert_eq!(refs(body), ["2:strFmt()", "3:sql B", "4:sql CD", "4:#A"]);
    assert_eq!(names("return 'FROM ' + x + 'CustTable';"), Vec::<String>::new());
    assert_eq!(names("return 'SELECT 1\\nFROM CustTable';"), ["sql CustTable"]);
    assert_eq!(names("// FROM CustTable\n/* 'FROM B' */ x;"), Vec::<String>::new());
}

#[test]
fn calls_that_may_be_followed() {
    assert_eq!(
        names("return a() + this.b(c()) + MyEntity::d() + next e() + My.Space.Cls::f();"),
        ["a()", "this.b()", "c()", "MyEntity::d()", "e()", "My.Space.Cls::f()"]
    );
}

#[test]
fn calls_that_are_not_followed() {
    let body = "if (x) { while (y) { for (;;) { } } } switch (z) { case (1): } catch (e) { } return (1);";
    assert_eq!(names(body), Vec::<String>::new());
    assert_eq!(
        names("obj.m(); this.obj.m(); X::make().m(); new X(tableNum(T)); super(); #M(1);"),
        ["X::make()", "#T"]
    );
}

#[test]
fn calls_into_the_platform_are_dropped_but_their_arguments_count() {
    assert_eq!(
        names(
            "SYSQuery::value(a()); DictTable::x(b()); global::y(); DateTimeUtil::z(); System.Math::Abs(1);"
        ),
        ["a()", "b()"]
    );
    assert_eq!(names("GlobalHelper::x();"), ["GlobalHelper::x()"]);
}

#[test]
fn local_functions_are_neither_declared_nor_called() {
    assert_eq!(
        names("str inner(int i) { return tableStr(A) + other(); } return inner(1);"),
        ["#A", "other()"]
    );
    assert_eq!(names("while select t where cond(t) { x(); }"), ["cond()", "x()"]);
}

#[test]
fn a_broken_body_says_nothing() {
    for body in ["return 'x;\n tableStr(A)", "return f(;", "return f(];", "/* tableStr(A)"] {
        let read = read(&format!("str m() {{ tableStr(A); {body} }}"));
        assert_eq!(read, References { broken: true, ..References::default() }, "{body}");
    }
    assert_eq!(read("abstract str m();"), References::default());
}

#[test]
fn absurd_bodies_take_linear_time() {
    let nested = format!("{}1{}", "f(x, ".repeat(50_000), ", 'a', fieldStr(T, F))".repeat(50_000));
    assert_eq!(refs(&format!("{nested};")).len(), 50_000);
}

proptest! {
    #[test]
    fn any_soup_is_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "f", "(", ")", ",", "'FROM X '", "'a'", "+", "tableStr", "tableStr(A)", "identifierStr(D)", "fieldStr(T, F)", "this",
        ".", "::", "new", "{", "}", ";", "if", "return", "\"", "/*", "*/", "@'JOIN\n[B]'", "#m", "Sys",
    ]), 0..50)) {
        let body = pieces.join(" ");
        read(&body);
        let read = read(&format!("str m() {{ {body} }}"));
        prop_assert!(!read.broken || read.items.is_empty());
    }
}
