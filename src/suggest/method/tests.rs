use super::*;
use crate::xpp::LabelForm;

fn triple(label: &str, table: &str, field: &str) -> Triple {
    Triple {
        label: label.into(),
        form: LabelForm::IdentifierStr,
        table: table.into(),
        field: field.into(),
        owner: Some("E".into()),
        comment: String::new(),
    }
}

fn new(label: &str) -> Addition {
    Addition { triple: triple(label, "T", "F").serving(format!("serves {label}")), disabled: None }
}

fn method(body: &str) -> String {
    format!("    public static container {NAME}(container mapping)\n    {{\n{body}    }}\n")
}

/// The body after surgery; nothing may be left undone.
fn operated(body: &str, remove: &[u32], add: &[Addition]) -> String {
    let source = method(body);
    let surgery = operate(&source, remove, add);
    assert_eq!((surgery.kept.as_slice(), surgery.not_added), (&[][..], None), "{body}");
    let text = edited(&source, &surgery.edits);
    let start = text.find("{\n").unwrap() + 2;
    text[start..text.len() - "    }\n".len()].to_owned()
}

fn entry(label: &str) -> String {
    triple(label, "T", "F").code()
}

const LIST: &str = "        mapping += [
            // first
            [identifierStr(A), tableNum(T), fieldStr(E, F)],
            [identifierStr(B), tableNum(T), fieldStr(E, F)], // second
            // third
            [identifierStr(C), tableNum(T), fieldStr(E, F)]
        ];

        return mapping;
";

#[test]
fn an_entry_goes_with_its_line_its_comma_and_its_comment() {
    let without = |index| operated(LIST, &[index], &[]);
    assert_eq!(
        without(0),
        LIST.replace("            [identifierStr(A), tableNum(T), fieldStr(E, F)],\n", "")
    );
    assert_eq!(
        without(1),
        LIST.replace("            [identifierStr(B), tableNum(T), fieldStr(E, F)], // second\n", "")
    );
    let third = "            // third\n            [identifierStr(C), tableNum(T), fieldStr(E, F)]\n";
    assert_eq!(without(2), LIST.replace(third, "").replace("], // second", "] // second"));
}

#[test]
fn a_statement_without_entries_goes() {
    let body = LIST.replace(
        "        return",
        "        // more\n        mapping += [[identifierStr(D), tableNum(T), 'F']];\n\n        return",
    );
    assert_eq!(operated(&body, &[3], &[]), LIST);
    let all = operated(LIST, &[0, 1, 2], &[]);
    assert_eq!(all, "        return mapping;\n");
}

#[test]
fn what_is_commented_out_inside_a_statement_stays() {
    let body = format!(
        "        mapping += [\n            // no more\n            // {},\n            {}\n        ];\n\n        return mapping;\n",
        entry("X"),
        entry("A")
    );
    let expected = format!("        // no more\n        // {},\n        return mapping;\n", entry("X"));
    assert_eq!(operated(&body, &[0], &[]), expected);
}

#[test]
fn a_list_on_one_line() {
    let body = format!("        return mapping + [{}, {}, {}];\n", entry("A"), entry("B"), entry("C"));
    let left = |names: &[&str]| {
        let list = names.iter().map(|n| entry(n)).collect::<Vec<_>>().join(", ");
        format!("        return mapping + [{list}];\n")
    };
    assert_eq!(operated(&body, &[0], &[]), left(&["B", "C"]));
    assert_eq!(operated(&body, &[1], &[]), left(&["A", "C"]));
    assert_eq!(operated(&body, &[2], &[]), left(&["A", "B"]));
    assert_eq!(operated(&body, &[0, 1], &[]), left(&["C"]));
    assert_eq!(operated(&body, &[1, 2], &[]), left(&["A"]));
    assert_eq!(operated(&body, &[0, 1, 2], &[]), "        return mapping;\n");
}

#[test]
fn con_ins_goes_with_its_only_entry() {
    let two = format!(
        "        mapping = conIns(mapping, 1, {}, {});\n        return mapping;\n",
        entry("A"),
        entry("B")
    );
    let one = format!("        mapping = conIns(mapping, 1, {});\n        return mapping;\n", entry("A"));
    assert_eq!(operated(&two, &[1], &[]), one);
    assert_eq!(operated(&one, &[0], &[]), "        return mapping;\n");
    let value = format!("        return conIns(mapping, 1, {});\n", entry("A"));
    assert_eq!(operated(&value, &[0], &[]), "        return mapping;\n");
}

#[test]
fn an_entry_that_an_if_governs_leaves_an_empty_container() {
    let body = format!("        if (x)\n            mapping += [{}];\n        return mapping;\n", entry("A"));
    let expected = "        if (x)\n            mapping += conNull();\n        return mapping;\n";
    assert_eq!(operated(&body, &[0], &[]), expected);
}

#[test]
fn forgotten_brackets_go_with_their_statement() {
    let body = "        mapping += [identifierStr(A), tableNum(T), 'F'];\n        return mapping;\n";
    assert_eq!(operated(body, &[0], &[]), "        return mapping;\n");
}

#[test]
fn an_entry_in_a_variable_stays() {
    let source = method(&format!("        container a = {};\n        return mapping + [a];\n", entry("A")));
    let surgery = operate(&source, &[0], &[]);
    assert_eq!((surgery.edits.len(), surgery.kept), (0, vec![(0, Trouble::InVariable)]));
}

#[test]
fn new_entries_stand_before_the_return() {
    let expected = "        // serves N\n        mapping += [[identifierStr(N), tableNum(T), fieldStr(E, F)]];\n\n        return mapping;\n";
    assert_eq!(operated(LIST, &[], &[new("N")]), LIST.replace("        return mapping;\n", expected));
    let two = operated(LIST, &[], &[new("N"), new("O")]);
    assert!(
        two.contains("\n        mapping += [\n            // serves N\n            [identifierStr(N)"),
        "{two}"
    );
}

#[test]
fn several_returns_get_one_statement_before_the_first() {
    let body =
        "        if (x)\n        {\n            return mapping;\n        }\n\n        return mapping;\n";
    let expected = format!("        // serves N\n        mapping += [{}];\n\n{body}", entry("N"));
    assert_eq!(operated(body, &[], &[new("N")]), expected);
}

#[test]
fn several_returns_of_different_variables_get_one_each() {
    let body =
        "        container c = mapping;\n        if (x)\n            return c;\n        return mapping;\n";
    let source = method(body);
    let surgery = operate(&source, &[], &[new("N")]);
    assert!(surgery.conditional);
    let text = edited(&source, &surgery.edits);
    assert!(
        text.contains(&format!("return c + [{}];\n        // serves N\n        mapping +=", entry("N"))),
        "{text}"
    );
}

#[test]
fn values_that_are_no_variable() {
    let next = format!("        return next {NAME}(mapping);\n");
    let expected = format!("        return next {NAME}(mapping) + [{}];\n", entry("N"));
    assert_eq!(operated(&next, &[], &[new("N")]), expected);
    let sum = format!("        return mapping + [{}];\n", entry("A"));
    let expected = format!("        // serves N\n        mapping += [{}];\n\n{sum}", entry("N"));
    assert_eq!(operated(&sum, &[], &[new("N")]), expected);
}

#[test]
fn without_a_return_nothing_can_be_added() {
    let surgery = operate(&method("        info('x');\n"), &[], &[new("N")]);
    assert_eq!(surgery.not_added, Some(Trouble::NoReturn));
    let surgery = operate("static container m() { return 'a", &[0], &[new("N")]);
    assert_eq!((surgery.kept, surgery.not_added), (vec![(0, Trouble::Broken)], Some(Trouble::Broken)));
}

#[test]
fn windows_line_ends_and_tabs_are_kept() {
    let body = "\t\treturn _map;\r\n";
    let source = format!("\tpublic static container {NAME}(container _map)\r\n\t{{\r\n{body}\t}}\r\n");
    let surgery = operate(&source, &[], &[new("N"), new("O")]);
    let text = edited(&source, &surgery.edits);
    assert_eq!(text.matches("\r\n").count(), text.matches('\n').count());
    assert!(text.contains("\t\t_map += [\r\n\t\t\t// serves N\r\n\t\t\t[identifierStr(N)"), "{text}");
}

#[test]
fn a_method_on_one_line() {
    let source = format!("public static container {NAME}(container m) {{ return m; }}");
    let surgery = operate(&source, &[], &[new("N")]);
    let expected =
        format!("public static container {NAME}(container m) {{ m += [{}]; return m; }}", entry("N"));
    assert_eq!(edited(&source, &surgery.edits), expected);
}

#[test]
fn a_disabled_entry_is_enabled_with_its_commas() {
    let add = |label: &str| Addition { triple: triple(label, "T", "F"), disabled: Some(0) };
    let middle = LIST
        .replace("            [identifierStr(B)", "            // [identifierStr(B)")
        .replace(", // second", ",");
    let expected = LIST.replace(", // second", ",");
    assert_eq!(operated(&middle, &[], &[add("B")]), expected);
    let last = LIST
        .replace("            [identifierStr(C)", "            //[identifierStr(C)")
        .replace("], // second", "] // second");
    assert_eq!(operated(&last, &[], &[add("C")]), LIST);
}

#[test]
fn a_disabled_statement_stays_and_the_entry_is_added() {
    let body = format!("        // mapping += [{}];\n        return mapping;\n", entry("A"));
    let add = Addition { triple: triple("A", "T", "F"), disabled: Some(0) };
    let text = operated(&body, &[], &[add]);
    assert!(
        text.starts_with(&format!(
            "        // mapping += [{}];\n        mapping += [{}];",
            entry("A"),
            entry("A")
        )),
        "{text}"
    );
}

#[test]
fn a_complete_method_reads_back() {
    let triples = [triple("A", "T", "F").serving("serves a".into()), triple("B", "T", "G")];
    let text = complete(&triples, true);
    let read = read(&text);
    assert!(read.has_next && read.undecidable.is_empty());
    assert_eq!(read.entries.len(), 2);
    insta::assert_snapshot!(text);
}
