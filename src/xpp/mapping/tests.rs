use super::*;
use crate::source::Position;
use crate::xpp::{LabelForm, MappingEntry};
use proptest::prelude::*;

fn read(source: &str) -> MappingMethod {
    read_mapping(&Code::read(source, Position { line: 1, column: 1 }))
}

/// The documented head around a body.
fn method(body: &str) -> MappingMethod {
    read(&format!(
        "public static container getEntityDataSourceToFieldMapping(container mapping)\n{{\n{body}\n}}"
    ))
}

fn show_entry(entry: &MappingEntry) -> String {
    let parts = [&entry.label, &entry.table, &entry.field].map(|part| part.as_deref().unwrap_or("-"));
    format!("{}{}", parts.join("/"), if entry.triple { "" } else { "!" })
}

fn show_items(method: &MappingMethod, items: &[MappingItem]) -> String {
    let mark = |conditional: &bool| if *conditional { "?" } else { "" };
    let show = |item: &MappingItem| match item {
        MappingItem::Entry { index, conditional } => {
            format!("{}{}", show_entry(&method.entries[*index as usize]), mark(conditional))
        }
        MappingItem::Inserted { index, at, conditional } => {
            format!("{}@{at}{}", show_entry(&method.entries[*index as usize]), mark(conditional))
        }
        MappingItem::Parameter { conditional } => format!("p{}", mark(conditional)),
        MappingItem::Next { argument, conditional, .. } => {
            format!("next({}){}", show_items(method, argument), mark(conditional))
        }
    };
    items.iter().map(show).collect::<Vec<_>>().join(" ")
}

/// The result of a body, `p` being the parameter, `?` conditional, `!` not a triple; then the undecidable lines of the
/// body, counted from 1.
fn result(body: &str) -> String {
    let method = method(body);
    let lines: Vec<String> =
        method.undecidable.iter().map(|position| (position.line - 2).to_string()).collect();
    let lines = if lines.is_empty() { String::new() } else { format!(" | {}", lines.join(" ")) };
    format!("{}{lines}", show_items(&method, &method.result))
}

/// An entry named by one letter.
fn e(name: &str) -> String {
    format!("[tableStr({name}), tableNum(T), fieldStr(E, F)]")
}

#[test]
fn the_published_form() {
    let source = "/// <summary>\n/// [tableStr(Doc), tableNum(D), fieldStr(E, D)]\n/// </summary>\n\
        public static container getEntityDataSourceToFieldMapping(container mapping)\n{\n\
        \x20   mapping += [\n\
        \x20       [identifierStr(DirPartyBaseEntity), tableNum(LogisticsPostalAddress), fieldStr(MyEntity, AddressRecordId)],\n\
        \x20       // [identifierStr(DirPartyBaseEntity1), tableNum(LogisticsPostalAddress), fieldStr(MyEntity, Other)],\n\
        \x20       ['DirPartyBaseEntity2', TABLENUM(DirPartyTable), \"PartyRecordId\"]\n\
        \x20   ];\n\n    return mapping;\n}\n";
    let method = read(source);
    assert_eq!(
        show_items(&method, &method.result),
        "p DirPartyBaseEntity/LogisticsPostalAddress/AddressRecordId DirPartyBaseEntity2/DirPartyTable/PartyRecordId"
    );
    let [first, second] = method.entries.as_slice() else { panic!("two entries") };
    assert_eq!(
        (first.label_form, first.field_owner.as_deref()),
        (LabelForm::IdentifierStr, Some("MyEntity"))
    );
    assert_eq!((second.label_form, second.field_owner.as_deref()), (LabelForm::Literal, None));
    assert_eq!(first.position, Position { line: 7, column: 9 });
    assert_eq!(second.position, Position { line: 9, column: 9 });
    let disabled: Vec<String> = method.disabled.iter().map(show_entry).collect();
    assert_eq!(disabled, ["Doc/D/D", "DirPartyBaseEntity1/LogisticsPostalAddress/Other"]);
    assert_eq!(method.disabled[1].position, Position { line: 8, column: 12 });
    assert!(!method.has_next && method.undecidable.is_empty());
}

#[test]
fn several_appends_sums_and_direct_returns() {
    let (a, b) = (e("A"), e("B"));
    assert_eq!(
        result(&format!("mapping += [{a}]; mapping = mapping + [{b}]; return mapping;")),
        "p A/T/F B/T/F"
    );
    assert_eq!(result(&format!("return mapping + [{a}] + [{b}];")), "p A/T/F B/T/F");
    assert_eq!(result(&format!("MAPPING = [{a}] + (Mapping); RETURN mapping;")), "A/T/F p");
    assert_eq!(result(&format!("return [{a}, {b}];")), "A/T/F B/T/F");
    assert_eq!(
        result(&format!("mapping += [{a}]; mapping = conNull(); mapping += [{b}]; return mapping;")),
        "B/T/F"
    );
}

#[test]
fn only_what_is_returned_counts() {
    let (a, b) = (e("A"), e("B"));
    let method = method(&format!("container other = [{a}]; mapping += [{b}]; return mapping;"));
    assert_eq!(method.entries.len(), 1);
    assert_eq!(result(&format!("mapping += [{a}];")), "");
    assert_eq!(result(&format!("return mapping; mapping += [{a}]; return mapping;")), "p");
}

#[test]
fn con_ins_inserts_at_a_written_place_and_appends_otherwise() {
    let (a, b, c) = (e("A"), e("B"), e("C"));
    let start = format!("mapping += [{a}, {b}];");
    assert_eq!(result(&format!("{start} return conIns(mapping, 2, {c});")), "p A/T/F C/T/F B/T/F");
    assert_eq!(
        result(&format!("{start} return conins(mapping, conLen(mapping) + 1, {c});")),
        "p A/T/F B/T/F C/T/F"
    );
    assert_eq!(
        result(&format!("return conIns(conIns(mapping, 1, {a}, {b}), 1, {c});")),
        "C/T/F A/T/F B/T/F p"
    );
    assert_eq!(result("return conIns(mapping, 1);"), "p | 1");
}

#[test]
fn containers_in_local_variables() {
    let (a, b) = (e("A"), e("B"));
    assert_eq!(
        result(&format!("container c = {a}, d; d = {b}; mapping += [c, d]; return mapping;")),
        "p A/T/F B/T/F"
    );
    assert_eq!(
        result(&format!("container list = [{a}, {b}];\nmapping += list;\nreturn mapping;")),
        "p A/T/F B/T/F"
    );
    assert_eq!(result(&format!("var c = {a}; mapping = conIns(mapping, 1, c); return mapping;")), "A/T/F p");
    assert_eq!(result(&format!("const container C = [{a}]; return mapping + c;")), "p A/T/F");
    assert_eq!(result(&format!("container c = {a}; mapping += c; return mapping;")), "p A/T/F!");
    assert_eq!(result(&format!("container list = [{a}, {b}]; mapping += [list]; return mapping;")), "p | 1");
}

#[test]
fn a_local_entry_per_branch_makes_two_conditional_entries() {
    let body = format!(
        "container c; if (x) {{ c = {}; }} else {{ c = {}; }} mapping += [c]; return mapping;",
        e("A"),
        e("B")
    );
    assert_eq!(result(&body), "p A/T/F? B/T/F?");
}

#[test]
fn branches_are_united_and_conditional() {
    let (a, b, c) = (e("A"), e("B"), e("C"));
    assert_eq!(
        result(&format!(
            "if (f()) mapping += [{a}]; else {{ mapping += [{b}]; }} mapping += [{c}]; return mapping;"
        )),
        "p A/T/F? B/T/F? C/T/F"
    );
    assert_eq!(result(&format!("if (f()) {{ mapping = mapping + [{a}]; }} return mapping;")), "p A/T/F?");
    assert_eq!(
        result(&format!(
            "if (f()) {{ mapping = mapping + [{a}]; }} else {{ mapping = mapping + [{b}]; }} return mapping;"
        )),
        "p A/T/F? B/T/F?"
    );
    assert_eq!(
        result(&format!("if (conLen(mapping) > 1) {{ ; }} {{ mapping += [{a}]; }} return mapping;")),
        "p A/T/F"
    );
    assert_eq!(
        result(&format!("mapping += [{a}]; if (x) {{ mapping = conNull(); }} return mapping;")),
        "p A/T/F"
    );
}

#[test]
fn the_statement_that_puts_an_entry_into_the_result_decides() {
    let a = e("A");
    assert_eq!(
        result(&format!("container l = [{a}]; if (x) {{ mapping += l; }} return mapping;")),
        "p A/T/F?"
    );
    assert_eq!(
        result(&format!("container l; if (x) {{ l += [{a}]; }} mapping += l; return mapping;")),
        "p A/T/F?"
    );
    assert_eq!(
        result(&format!("container l = [{a}]; if (x) {{ mapping += l; }} mapping += l; return mapping;")),
        "p A/T/F"
    );
    assert_eq!(result(&format!("container l = [{a}]; if (x) return l; return mapping;")), "A/T/F? p");
}

#[test]
fn all_returns_are_united() {
    let (a, b) = (e("A"), e("B"));
    assert_eq!(
        result(&format!("if (x) {{ return mapping + [{a}]; }} return mapping + [{b}];")),
        "p A/T/F? B/T/F"
    );
    assert_eq!(result(&format!("if (x) {{ return mapping; }} mapping += [{a}]; return mapping;")), "p A/T/F");
    assert_eq!(
        result(&format!("mapping += [{a}]; if (x) {{ return mapping; }} else {{ return mapping + [{b}]; }}")),
        "p A/T/F B/T/F?"
    );
    assert_eq!(result(&format!("if (x) {{ mapping += [{a}]; throw error('no'); }} return mapping;")), "p");
}

#[test]
fn the_sections_of_a_switch_are_branches() {
    let (a, b, c) = (e("A"), e("B"), e("C"));
    assert_eq!(
        result(&format!(
            "switch (x) {{ case 1: mapping += [{a}]; break; case 2: mapping += [{b}]; default: mapping += [{c}]; }} \
             return mapping;"
        )),
        "p A/T/F? B/T/F? C/T/F?"
    );
    assert_eq!(
        result(&format!("switch (x) {{ case 1: if (y) break; mapping += [{a}]; }} return mapping;")),
        "p A/T/F?"
    );
}

#[test]
fn statements_that_cannot_be_read_are_undecidable_where_they_stand() {
    let (a, b) = (e("A"), e("B"));
    let good = format!("mapping += [{b}];\nreturn mapping;");
    for bad in [
        format!("while (x) {{ mapping += [{a}]; }}"),
        format!("for (i = 1; i <= 2; i++) mapping += [{a}];"),
        format!("do {{ mapping += [{a}]; }} while (x);"),
        format!("while select t {{ mapping += [{a}]; }}"),
        format!("try {{ mapping += [{a}]; }} catch {{ throw; }}"),
        format!("changecompany ('x') {{ mapping += [{a}]; }}"),
        "try { return conNull(); } catch { x(); }".to_owned(),
        "while (x) { container inner; }".to_owned(),
        "info(conPeek(mapping, 1));".to_owned(),
        "str s = conPeek(mapping, 1);".to_owned(),
        "[x, y] = mapping;".to_owned(),
        "mapping -= 1;".to_owned(),
        "mapping = helper(mapping);".to_owned(),
        "mapping += helper(mapping);".to_owned(),
        "mapping += #Entry;".to_owned(),
        "mapping = x ? mapping : conNull();".to_owned(),
        "mapping += ;".to_owned(),
    ] {
        assert_eq!(result(&format!("\n{bad}\n{good}")), "p B/T/F | 2", "{bad}");
    }
}

#[test]
fn statements_without_a_container_are_ignored() {
    let body = "str s = 'mapping'; while (x) { s = foo.mapping; } try { y(); } catch { z(); } ttsbegin; \
                mapping(1); str f(int i) { return int2Str(i); } return mapping;";
    assert_eq!(result(body), "p");
}

#[test]
fn unknown_terms_and_elements_leave_the_rest_of_the_statement() {
    let (a, b) = (e("A"), e("B"));
    assert_eq!(result(&format!("mapping += helper() +\n[{a}]; return mapping;")), "p A/T/F | 1");
    assert_eq!(result(&format!("mapping += [{a},\n helper(), {b}]; return mapping;")), "p A/T/F B/T/F | 2");
    assert_eq!(
        result(&format!("mapping += [{a},\n[tableStr(X),\nfieldNum(E, F), 'F'], {b}]; return mapping;")),
        "p A/T/F B/T/F | 3"
    );
    assert_eq!(result("mapping += [[tableStr(X), tableStr(T), fieldStr(E, F)]]; return mapping;"), "p | 1");
    assert_eq!(result("str s; mapping += [[s, tableNum(T), 'F']]; return mapping;"), "p | 1");
    assert_eq!(result("mapping = helper(mapping) + [x]; return mapping;"), "p | 1 1");
}

#[test]
fn forgotten_brackets_and_wrong_lengths_are_invalid_entries() {
    assert_eq!(result("mapping += [tableStr(X), tableNum(T), fieldStr(E, F)]; return mapping;"), "p X/T/F!");
    assert_eq!(result("mapping += [tableStr(X), tableNum(T)]; return mapping;"), "p X/T/-!");
    assert_eq!(result("mapping += [[tableStr(X), tableNum(T)]]; return mapping;"), "p X/T/-!");
    assert_eq!(result("mapping += [['X', tableNum(T), 'F', 1]]; return mapping;"), "p X/T/F!");
    assert_eq!(result("mapping += ['X', fieldNum(E, F), 'F', 1]; return mapping;"), "p X/-/F!");
    assert_eq!(result(&format!("mapping += [[{}]]; return mapping;", e("A"))), "p -/-/-!");
    assert_eq!(result("mapping += [[]]; mapping += []; return mapping;"), "p -/-/-!");
    let method = method("mapping +=\n  [tableStr(X), tableNum(T)]; return mapping;");
    assert_eq!(method.entries[0].position, Position { line: 4, column: 3 });
}

#[test]
fn a_wrapper_calls_next() {
    let (a, b) = (e("A"), e("B"));
    assert_eq!(
        result(&format!(
            "mapping = next getEntityDataSourceToFieldMapping(mapping); mapping += [{a}]; return mapping;"
        )),
        "next(p) A/T/F"
    );
    assert_eq!(
        result(&format!("return NEXT GetEntityDataSourceToFieldMapping(mapping + [{a}]) + [{b}];")),
        "next(p A/T/F) B/T/F"
    );
    assert_eq!(
        result(&format!(
            "container base = next getEntityDataSourceToFieldMapping(mapping); return conIns(base, 3, {a});"
        )),
        "next(p) A/T/F@3"
    );
    assert_eq!(result("next getEntityDataSourceToFieldMapping(mapping); return mapping;"), "p | 1");
    assert_eq!(result("return next other(mapping);"), "p | 1");
}

#[test]
fn next_counts_in_code_only() {
    assert!(method("return next getEntityDataSourceToFieldMapping(mapping);").has_next);
    assert!(method("while (x) { mapping = next getEntityDataSourceToFieldMapping(mapping); }").has_next);
    assert!(
        !method("// next getEntityDataSourceToFieldMapping(mapping)\nnext custTable; return mapping;")
            .has_next
    );
    let calls = method("return next getEntityDataSourceToFieldMapping(conNull());").result;
    assert!(matches!(&calls[..], [MappingItem::Next { position: Position { line: 3, column: 8 }, .. }]));
}

#[test]
fn a_broken_method_is_undecidable_as_a_whole() {
    assert_eq!(result("mapping += ['x]; return mapping;\n}"), " | 1");
    let missing = read("public static container getEntityDataSourceToFieldMapping(container mapping);");
    assert_eq!(missing.undecidable, [Position { line: 1, column: 1 }]);
}

#[test]
fn absurd_methods_stay_within_bounds() {
    let deep = format!("mapping = {}mapping{}; return mapping;", "(".repeat(50_000), ")".repeat(50_000));
    assert_eq!(result(&deep), "p | 1");
    let calls = "mapping += next getEntityDataSourceToFieldMapping(mapping);".repeat(60);
    assert!(method(&format!("{calls} return mapping;")).undecidable.len() > 30);
    let branches = format!("if (x) {{ mapping += [{}]; return mapping; }}", e("A")).repeat(12_000);
    assert!(method(&format!("{branches} return mapping;")).entries.len() <= 10_000);
}

/// Fragments of mapping methods in any order.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "mapping",
        "container c",
        "c",
        "=",
        "+=",
        "+",
        "[",
        "]",
        "(",
        ")",
        "{",
        "}",
        ",",
        ";",
        "if (x)",
        "else",
        "return",
        "switch (x) {",
        "case 1:",
        "default:",
        "break;",
        "while (x)",
        "try",
        "catch",
        "conIns(",
        "conNull()",
        "1",
        "2",
        "next getEntityDataSourceToFieldMapping(",
        "tableStr(A)",
        "tableNum(T)",
        "'F'",
        "// [",
        "\n",
        "/*",
        "*/",
        "#m",
        "[tableStr(A), tableNum(T), 'F']",
        "mapping += [[tableStr(A), tableNum(T), 'F']];",
        "c = [tableStr(A),",
    ]);
    prop::collection::vec(piece, 0..50).prop_map(|pieces| pieces.join(" "))
}

fn balanced() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "mapping += [[tableStr(A), tableNum(T), 'F']];",
        "c = mapping;",
        "mapping += c;",
        "mapping = c + mapping;",
        "c = ['A', tableNum(T), 'F'];",
        "mapping += [c];",
        "return mapping;",
        "break;",
        "container c;",
        "x();",
        "mapping = next getEntityDataSourceToFieldMapping(c);",
        "mapping = conIns(mapping, 2, c);",
        "throw x;",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 40, 6, |inner| {
        let list = prop::collection::vec(inner, 0..6).prop_map(|list| list.join(" "));
        prop_oneof![
            list.clone().prop_map(|body| format!("if (x) {{ {body} }}")),
            (list.clone(), list.clone()).prop_map(|(a, b)| format!("if (x) {{ {a} }} else {{ {b} }}")),
            (list.clone(), list.clone())
                .prop_map(|(a, b)| format!("switch (x) {{ case 1: {a} default: {b} }}")),
            list.clone().prop_map(|body| format!("while (x) {{ {body} }}")),
            list.prop_map(|body| format!("{{ {body} }}")),
        ]
    })
}

fn check(source: &str) -> Result<(), TestCaseError> {
    let method = read(source);
    let mut seen = vec![false; method.entries.len()];
    mark(&method.result, &mut seen);
    prop_assert!(seen.iter().all(|seen| *seen), "an entry that no item refers to");
    prop_assert!(method.undecidable.is_sorted());
    Ok(())
}

fn mark(items: &[MappingItem], seen: &mut [bool]) {
    for item in items {
        match item {
            MappingItem::Entry { index, .. } | MappingItem::Inserted { index, .. } => {
                seen[*index as usize] = true;
            }
            MappingItem::Next { argument, .. } => mark(argument, seen),
            MappingItem::Parameter { .. } => {}
        }
    }
}

proptest! {
    #[test]
    fn any_soup_is_read(body in soup()) {
        check(&format!("container m(container mapping) {{ {body} }}"))?;
        check(&body)?;
    }

    #[test]
    fn any_nesting_is_read(body in balanced()) {
        check(&format!("container m(container mapping) {{ container c; {body} return mapping; }}"))?;
    }
}
