use super::*;
use crate::source::Position;
use proptest::prelude::*;

fn read(source: &str) -> SkipMethod {
    read_skip(&Code::read(source, Position { line: 1, column: 1 }))
}

/// The published head around a body.
fn method(body: &str) -> Vec<SkipStatement> {
    let head = "public static boolean dualWriteShouldSkipDataSource(DictDataEntity _entity, str _name, \
                TableId _table = 0, Map _fields, boolean _mapped)";
    read(&format!("{head} {{ {body} }}")).statements
}

fn show(statements: &[SkipStatement]) -> String {
    let one = |statement: &SkipStatement| match statement {
        SkipStatement::If { condition, then, otherwise } => {
            format!("if {} [{}] [{}]", show_condition(condition), show(then), show(otherwise))
        }
        SkipStatement::Return(SkipAnswer::Skip) => "skip".to_owned(),
        SkipStatement::Return(SkipAnswer::Keep) => "keep".to_owned(),
        SkipStatement::Return(SkipAnswer::UnlessMapped) => "unless-mapped".to_owned(),
        SkipStatement::Unreadable => "?".to_owned(),
    };
    statements.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn show_condition(condition: &SkipCondition) -> String {
    match condition {
        SkipCondition::Name(name) => name.to_string(),
        SkipCondition::PrimaryTable(table) => format!("#{table}"),
        SkipCondition::Constant(value) => value.to_string(),
        SkipCondition::Not(inner) => format!("!{}", show_condition(inner)),
        SkipCondition::And(left, right) => format!("({} & {})", show_condition(left), show_condition(right)),
        SkipCondition::Or(left, right) => format!("({} | {})", show_condition(left), show_condition(right)),
        SkipCondition::Unreadable => "?".to_owned(),
    }
}

fn condition(text: &str) -> String {
    match method(&format!("if ({text}) {{ return true; }}")).as_slice() {
        [SkipStatement::If { condition, .. }] => show_condition(condition),
        other => show(other),
    }
}

#[test]
fn one_source_is_kept_and_the_rest_is_left_to_the_default() {
    let body = "if (_name == identifierStr(CustDefaultLocation)) { return false; } return !_mapped;";
    assert_eq!(show(&method(body)), "if CustDefaultLocation [keep] [] unless-mapped");
}

#[test]
fn chains_and_blocks() {
    let body = "{ if (_name == 'A') return true; else if (_table == tableNum(T)) { return (false); } \
                else { return !(_mapped); } }";
    assert_eq!(show(&method(body)), "if A [skip] [if #T [keep] [unless-mapped]]");
    assert_eq!(
        show(&method("if (true) { if (false) return TRUE; } return False;")),
        "if true [if false [skip] []] [] keep"
    );
}

#[test]
fn every_form_of_a_constant_on_either_side() {
    for text in [
        "_name == 'X'",
        "\"X\" == _NAME",
        "_name == tableStr(X)",
        "dataEntityViewStr(X) == _name",
        "_name == VIEWSTR(X)",
        "_name == dataEntityDataSourceStr(E, X)",
        "((_name) == (identifierStr(X)))",
    ] {
        assert_eq!(condition(text), "X", "{text}");
    }
    assert_eq!(condition("tableNum(X) != _table"), "!#X");
    assert_eq!(condition("_name == @'a''b'"), "a'b");
}

#[test]
fn operators_are_taken_from_left_to_right() {
    assert_eq!(condition("_name == 'A' || _name == 'B' && _table == tableNum(T)"), "((A | B) & #T)");
    assert_eq!(condition("_name == 'A' || (_name == 'B' && !(_table == tableNum(T)))"), "(A | (B & !#T))");
    assert_eq!(condition("!(_name == 'A') && _name != 'B'"), "(!A & !B)");
}

#[test]
fn what_is_unreadable_stays_local() {
    assert_eq!(condition("_name == 'A' || helper(_name)"), "(A | ?)");
    assert_eq!(condition("!_name == 'A'"), "?");
    assert_eq!(condition("_name == 'A' ? true : false"), "?");
    for text in [
        "_name == tableNum(T)",
        "_table == 'T'",
        "'A' == 'A'",
        "_mapped",
        "strStartsWith(_name, 'A')",
        "",
        "_name == 'A' + 'B'",
        "_name == other",
        "_name == fieldStr(E, F)",
        "_name == dataEntityDataSourceStr(E)",
    ] {
        assert_eq!(condition(text), "?", "{text}");
    }
}

#[test]
fn other_statements_are_unreadable_where_they_stand() {
    assert_eq!(show(&method("boolean ret; return ret;")), "? ?");
    assert_eq!(show(&method("switch (_name) { case 'A': return true; } return false;")), "? keep");
    assert_eq!(show(&method("return _mapped;")), "?");
    assert_eq!(show(&method("return !_name;")), "?");
    assert_eq!(show(&method("return _name == 'A';")), "?");
    assert_eq!(show(&method("return;")), "?");
    assert_eq!(show(&method("while (true) { return true; }")), "?");
    assert_eq!(show(&method("")), "");
}

#[test]
fn a_broken_method_is_unreadable() {
    assert_eq!(show(&method("return 'x; ")), "?");
    assert_eq!(show(&read("boolean m();").statements), "?");
}

#[test]
fn absurd_methods_stay_within_bounds() {
    let deep = format!("{}_name == 'A'{}", "(".repeat(50_000), ")".repeat(50_000));
    assert_eq!(condition(&deep), "A");
    assert_eq!(condition(&format!("{}(_name == 'A')", "!".repeat(50_000))), "?");
    assert_eq!(condition(&format!("true{}", "|| true".repeat(50_000))), "?");
    let chain = "if (true) return true; else ".repeat(50_000);
    assert_eq!(show(&method(&format!("{chain} return false;"))), "?");
    let inner = "if (true) return true; else ".repeat(150);
    let nested = format!("{}return false;{}", format!("{inner}{{").repeat(150), "}".repeat(150));
    assert!(show(&method(&nested)).contains('?'));
}

proptest! {
    #[test]
    fn any_soup_is_read(pieces in prop::collection::vec(prop::sample::select(vec![
        "if (", "_name", "==", "!=", "'A'", "tableStr(A)", "tableNum(T)", "_table", "_mapped", "!", "&&", "||", "(", ")", "{",
        "}", ";", "return", "else", "true", "false", "?", ",", "'", "[", "]", "switch (x) {", "case 1:", "while (x)",
    ]), 0..50)) {
        let body = pieces.join(" ");
        method(&body);
        read(&body);
    }
}
