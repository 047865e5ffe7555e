//! The documented forms, each with a near miss; bad filters with place and reason; print and read back.

use super::*;
use crate::dualwrite::filter::{Date, DateTime, MAX_DEPTH, Name, Span};
use proptest::prelude::*;

/// A form of the documentation (or of a standard map), and the same with one mistake.
const FORMS: [(&str, &str, &str); 40] = [
    ("a text in a standard map", r#"((PartyType == "Organization"))"#, r#"((PartyType == "Organization)"#),
    ("one equals sign", "(AssociatedContactType = 1)", "(AssociatedContactType =! 1)"),
    ("a number as text", r#"((CURRENCYCODE != "999"))"#, r#"((CURRENCYCODE !== "999"))"#),
    ("like a start", r#"(name like "A*")"#, "(name like A*)"),
    ("not like", r#"(!(name like "*A*"))"#, r#"(!name like "*A*")"#),
    ("not without the outer parentheses", r#"!(name like "*A*")"#, r#"not (name like "*A*")"#),
    ("an enum value", "(AccountType == AccountType::Customer)", "(AccountType == AccountType:Customer)"),
    ("not an enum value", "(FieldName != EnumType::None)", "(FieldName != EnumType::)"),
    ("a date", r"(TransactionDate <= 23\06\2021)", "(TransactionDate <= 23/06/2021)"),
    ("a date with short parts", r"(TransactionDate > 1\6\2021)", r"(TransactionDate > 1\6\21)"),
    ("the empty date", r"(TransactionDate == 1\1\1900)", r"(TransactionDate == 0\0\0)"),
    ("a leap day", r"(TransactionDate == 29\02\2024)", r"(TransactionDate == 29\02\2023)"),
    (
        "two criteria",
        "((numberofemployees > 1000) && (numberofemployees <= 2000))",
        "((numberofemployees > 1000) & (numberofemployees <= 2000))",
    ),
    ("two criteria, one of them", "((A == 10) || (B == 20))", "((A == 10) | (B == 20))"),
    ("a number in single quotes", "(accounttype == '3')", "(accounttype == ‘3’)"),
    ("an empty text", r#"(ParentProject == "")"#, r#"(ParentProject == ")"#),
    ("an empty text in single quotes", "(ParentProject == '')", "(ParentProject == ')"),
    (
        "another data source",
        r#"((AccountNum LIKE "US*") && (DirPartyTable.Name LIKE "Cont*"))"#,
        r#"((AccountNum LIKE "US*") && (DirPartyTable. LIKE "Cont*"))"#,
    ),
    (
        "enums, all of them",
        "((FieldName == EnumType::Test) && (FieldName != EnumType::Other))",
        "((FieldName == EnumType::Test) and (FieldName != EnumType::Other))",
    ),
    (
        "texts, like and not like",
        r#"((FieldName like "Test") && (!(FieldName like "Test")))"#,
        r#"((FieldName like "Test") && (not FieldName like "Test"))"#,
    ),
    (
        "dates with times",
        "((StartDate < 2010-01-10T14:00:00) && (EndDate < 2010-01-10T17:00:00))",
        "((StartDate < 2010-01-10 14:00:00) && (EndDate < 2010-01-10T17:00:00))",
    ),
    (
        "a date with a time",
        "(validUntilDate = 2010-01-10T14:00:00)",
        "(validUntilDate = 2010-01-10T25:00:00)",
    ),
    ("less", "(CreditLimit < 100)", "(CreditLimit lt 100)"),
    ("less or equal", "(CreditLimit <= 100)", "(CreditLimit =< 100)"),
    ("greater", "(CreditLimit > 100)", "(CreditLimit gt 100)"),
    ("greater or equal", "(CreditLimit >= 100)", "(CreditLimit => 100)"),
    ("not equal as SQL has it", "(CreditLimit <> 100)", "(CreditLimit >< 100)"),
    ("a negative number", "(Balance < -12.50)", "(Balance < - 12.50)"),
    ("a number with an exponent", "(Balance < 1.5e3)", "(Balance < 1.5e3x)"),
    ("a fraction", "(Rate > .5)", "(Rate > .)"),
    ("two fields", "(A == B)", "(A B)"),
    (
        "a field of the entity by its name",
        "(CustEntity.AccountNum == \"1\")",
        "(CustEntity..AccountNum == \"1\")",
    ),
    ("a wildcard for one character", r#"(Name like "Sm?th")"#, "(Name like Sm?th)"),
    ("an escaped quote", r#"(Name == "O\"Brien")"#, r#"(Name == "O"Brien")"#),
    ("an escaped backslash", r#"(Path == "C:\\Temp")"#, r#"(Path == "C:\Temp\")"#),
    ("parentheses in parentheses", "(((A == 1)))", "(((A == 1))"),
    ("not twice", "(!!(A == 1))", "(!!A == 1)"),
    ("groups of groups", "(((A == 1) || (A == 2)) && (B == 3))", "(((A == 1) || (A == 2)) (B == 3))"),
    ("a truth value", "(Blocked == false)", "(Blocked == )"),
    ("no blanks", "((A==1)&&(B!=2))", "((A==1)&&(B!2))"),
];

#[test]
fn documented_forms_are_read_and_their_near_misses_are_not() {
    for (name, good, bad) in FORMS {
        let tree = parse(good).unwrap_or_else(|error| panic!("{name}: {good}: {error}"));
        assert_eq!(bare(parse(&tree.to_string()).expect("what is printed")), bare(tree), "{name}");
        assert!(parse(bad).is_err(), "{name}: {bad}");
    }
}

/// Filter, column of the mistake, and what is said of it.
const BAD: [(&str, usize, &str); 62] = [
    ("", 1, "the filter is empty"),
    ("  \t ", 1, "the filter is empty"),
    ("()", 1, "nothing stands between these parentheses"),
    ("((A == 1) && ())", 14, "nothing stands between these parentheses"),
    ("(A == 1", 1, "this parenthesis is never closed"),
    ("((A == 1)", 1, "this parenthesis is never closed"),
    ("((A == 1) && (B == 2)", 1, "this parenthesis is never closed"),
    ("(A == 1))", 9, "no parenthesis is open that this one could close"),
    (")", 1, r#"expected a comparison such as (Field == "value"), found `)`"#),
    ("(A == 1) B", 10, "expected &&, || or the end of the filter, found `B`"),
    ("(A == 1 B", 9, "expected &&, || or ), found `B`"),
    ("(A)", 3, "expected ==, !=, <, <=, >, >= or like, found `)`"),
    ("(A ==)", 6, "expected a field name or a value, found `)`"),
    ("(A == ", 6, "expected a field name or a value, found the end of the filter"),
    ("(A", 3, "expected ==, !=, <, <=, >, >= or like, found the end of the filter"),
    ("(== 1)", 2, r#"expected a comparison such as (Field == "value"), found `==`"#),
    ("(A == == 1)", 7, "expected a field name or a value, found `==`"),
    ("((A == 1) && )", 14, r#"expected a comparison such as (Field == "value"), found `)`"#),
    ("((A == 1) &&", 13, r#"expected a comparison such as (Field == "value"), found the end of the filter"#),
    ("(&& (A == 1))", 2, r#"expected a comparison such as (Field == "value"), found `&&`"#),
    ("((A == 1) (B == 2))", 11, "expected &&, || or ), found `(`"),
    ("((A == 1) & (B == 2))", 11, "`&` is no operator here; write `&&`"),
    ("((A == 1) | (B == 2))", 11, "`|` is no operator here; write `||`"),
    ("((A == 1) and (B == 2))", 11, "`and` is no operator here; write `&&`"),
    ("((A == 1) OR (B == 2))", 11, "`OR` is no operator here; write `||`"),
    ("(A == 1 and B == 2)", 9, "`and` is no operator here; write `&&`"),
    ("(A eq 1)", 4, "`eq` is no operator here; write `==`"),
    ("(A NE 1)", 4, "`NE` is no operator here; write `!=`"),
    ("(A === 1)", 4, "`===` is no operator here; write `==`"),
    ("(A !== 1)", 4, "`!==` is no operator here; write `!=`"),
    ("(A => 1)", 4, "`=>` is no operator here; write `>=`"),
    ("(A =< 1)", 4, "`=<` is no operator here; write `<=`"),
    ("(A is null)", 4, "`is` is no operator here; write `==`"),
    ("(A in (1, 2))", 4, "`in` is no operator here; write `((Field == 1) || (Field == 2))`"),
    (r#"(A not like "x*")"#, 4, "`not` is no operator here; write `!(… like …)`"),
    ("(not(A == 1))", 2, "`not` is no operator here; write `!`"),
    ("(!A == 1)", 3, "expected ( after !, found `A`; write !(…)"),
    ("(!", 3, "expected ( after !, found the end of the filter; write !(…)"),
    ("(A == \"x)", 7, "the text that starts here has no closing \""),
    ("(A == 'x\")", 7, "the text that starts here has no closing '"),
    (r#"(A == "x\")"#, 7, "the text that starts here has no closing \""),
    ("(A == “x”)", 7, "“ is a typographic quote; write \""),
    ("(Größe == ’x’)", 11, "’ is a typographic quote; write '"),
    ("(A like A*)", 9, "expected a text as the pattern of `like`, found `A`"),
    ("(A like 12)", 9, "expected a text as the pattern of `like`, found `12`"),
    ("(A == *x)", 7, r#"* counts as a wildcard only inside a text behind `like`: (Field like "A*")"#),
    ("(A == 1..9)", 8, "`..` belongs to the Advanced filter page; write ((Field >= 1) && (Field <= 9))"),
    ("(A == 1, 2)", 8, "lists belong to the Advanced filter page; write ((Field == 1) || (Field == 2))"),
    ("(A == %1)", 7, "`%1` is a placeholder of strFmt that was never filled in"),
    (r"(A == 31\04\2021)", 7, "04/2021 has no day 31"),
    (r"(A == 29\02\1900)", 7, "02/1900 has no day 29"),
    (r"(A == 06\23\2021)", 7, "there is no month 23"),
    (r"(A == 23\06\1899)", 7, "a date holds the years 1900 to 2154, not 1899"),
    (r"(A == 23\06)", 7, DATE_FORM),
    ("(A == 23.06.2021)", 7, DATE_FORM),
    ("(A == 2021-06-23)", 7, DATE_FORM),
    ("(A == 2021-06-23T10:00)", 7, DATE_TIME_FORM),
    ("(A == 2021-06-23T10:00:00Z)", 7, DATE_TIME_FORM),
    ("(A == 2021-06-23T24:00:00)", 7, "there is no time 24:00:00"),
    ("(A == today())", 7, "today(…) is a call, and values must be constants"),
    (
        "(contains(name, 'A'))",
        2,
        "contains(…) is a call, and values must be constants; write (Field like \"*text*\")",
    ),
    ("(A == 12abc)", 7, "`12abc` is neither a number nor a name; texts stand in quotes"),
];

const DATE_FORM: &str =
    r"a date is written day\month\year with a year of four digits, for example 23\06\2021";
const DATE_TIME_FORM: &str =
    "a date with a time is written 2021-06-23T14:30:00, without quotes and time zone";

#[test]
fn bad_filters_have_a_place_and_a_reason() {
    for (filter, column, reason) in BAD {
        let error = parse(filter).expect_err(filter);
        assert_eq!((error.span.column(filter), error.to_string().as_str()), (column, reason), "{filter}");
        assert!(filter.get(error.span.range()).is_some(), "{filter}");
    }
}

#[test]
fn odd_characters_are_named() {
    for (filter, reason) in [
        ("(A == 1);", "';' means nothing in a filter"),
        ("(A[1] == 1)", "'[' means nothing in a filter"),
        ("(A == \u{1b})", r"'\u{1b}' means nothing in a filter"),
        ("(A == 😀)", "'😀' means nothing in a filter"),
        ("(A == B.)", "expected the name of a field, found `)`"),
        ("(A == B::1)", "expected the name of an enum value, found `1`"),
    ] {
        assert_eq!(parse(filter).expect_err(filter).to_string(), reason);
    }
}

#[test]
fn what_is_found_is_cut() {
    let filter = format!("(A == 1 {})", "x".repeat(1000));
    let message = parse(&filter).expect_err("two operands").to_string();
    assert_eq!(message, format!("expected &&, || or ), found `{}…`", "x".repeat(40)));
}

#[test]
fn depth_is_limited_and_length_is_not() {
    let nested = |depth: usize| format!("{}A == 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    let error = parse(&nested(MAX_DEPTH + 1)).expect_err("too deep");
    assert_eq!(error.to_string(), "parentheses are nested deeper than 100 levels");
    assert_eq!(error.span.start, MAX_DEPTH);
    assert!(parse(&"!".repeat(1_000_000)).is_err() && parse(&"(".repeat(1_000_000)).is_err());
    let long = vec!["(A == 1)"; 50_000].join(" && ");
    assert!(matches!(parse(&format!("({long})")), Ok(Expression::Group { .. })));
}

fn only(filter: &str) -> Comparison {
    let tree = parse(filter).expect(filter);
    let found = tree.comparisons();
    assert_eq!(found.len(), 1, "{filter}");
    found[0].0.clone()
}

#[test]
fn values_are_read() {
    let value = |filter: &str| match only(filter).right {
        Operand::Literal(literal) => literal.value,
        Operand::Field(field) => panic!("{field:?}"),
    };
    assert_eq!(value(r#"(A == "a\"\\\n\x")"#), Value::Text { text: "a\"\\\n\\x".into(), quote: '"' });
    assert_eq!(value("(A == -1.5)"), Value::Number("-1.5".into()));
    assert_eq!(value(r"(A == 1\6\2021)"), Value::Date(Date { day: 1, month: 6, year: 2021 }));
    let date = Date { day: 10, month: 1, year: 2010 };
    let moment = DateTime { date, hour: 14, minute: 5, second: 9 };
    assert_eq!(value("(A == 2010-01-10T14:05:09)"), Value::DateTime(moment));
    assert_eq!(value("(A == TRUE)"), Value::Bool(true));
    assert_eq!(value("(A == Null)"), Value::Null);
    let Value::Enum { of, value } = value("(A == NoYes :: No)") else { panic!("an enum value") };
    assert_eq!((&*of.text, &*value.text), ("NoYes", "No"));
}

#[test]
fn spans_point_into_the_text() {
    let filter = "((Größe == \"ä\") && (Proj.Parent != NoYes::No))";
    let tree = parse(filter).expect(filter);
    let found = tree.comparisons();
    let texts: Vec<_> = found.iter().map(|(c, _)| c.span().text(filter)).collect();
    assert_eq!(texts, ["Größe == \"ä\"", "Proj.Parent != NoYes::No"]);
    assert_eq!(found[1].0.left.span().text(filter), "Proj.Parent");
    assert_eq!(found[1].0.right.span().text(filter), "NoYes::No");
    assert_eq!(found[1].0.operator_span.column(filter), 33);
    assert_eq!(tree.span().text(filter), filter);
}

#[test]
fn negations_are_counted() {
    let tree = parse("((A == 1) && (!((B == 2) || (!(C == 3)))))").expect("a filter");
    let negated: Vec<_> = tree.comparisons().iter().map(|(_, negated)| *negated).collect();
    assert_eq!(negated, [false, true, false]);
}

#[test]
fn rules_about_parentheses() {
    let faults = |filter: &str| -> Vec<(FormRule, String)> {
        let found = form_faults(&parse(filter).expect(filter));
        found.into_iter().map(|fault| (fault.rule, fault.span.text(filter).to_owned())).collect()
    };
    for (_, good, _) in FORMS.iter().filter(|(_, good, _)| good.starts_with('(')) {
        assert_eq!(faults(good), [], "{good}");
    }
    assert_eq!(faults("A == 1"), [(FormRule::Whole, "A == 1".to_owned())]);
    assert_eq!(faults("!(A == 1)"), [(FormRule::Whole, "!(A == 1)".to_owned())]);
    assert_eq!(
        faults("((A == 1) && B == 2 && !(C == 3))"),
        [(FormRule::Part, "B == 2".to_owned()), (FormRule::Part, "!(C == 3)".to_owned())]
    );
    assert_eq!(
        faults("((A == 1) && (B == 2) || (C == 3))"),
        [(FormRule::Mixed, "(A == 1) && (B == 2)".to_owned())]
    );
}

/// The tree without places.
fn bare(mut tree: Expression) -> Expression {
    clear(&mut tree);
    tree
}

fn clear(tree: &mut Expression) {
    match tree {
        Expression::Comparison(comparison) => {
            comparison.operator_span = Span::default();
            clear_operand(&mut comparison.left);
            clear_operand(&mut comparison.right);
        }
        Expression::Not { inner, span } | Expression::Group { inner, span } => {
            *span = Span::default();
            clear(inner);
        }
        Expression::All(parts) | Expression::Any(parts) => parts.iter_mut().for_each(clear),
    }
}

fn clear_operand(operand: &mut Operand) {
    match operand {
        Operand::Field(field) => {
            field.name.span = Span::default();
            field.source.iter_mut().for_each(|source| source.span = Span::default());
        }
        Operand::Literal(literal) => {
            literal.span = Span::default();
            if let Value::Enum { of, value } = &mut literal.value {
                (of.span, value.span) = (Span::default(), Span::default());
            }
        }
    }
}

fn name() -> impl Strategy<Value = Name> {
    let word = "[A-Za-zÄß_][A-Za-z0-9_é]{0,8}";
    let is_plain =
        |text: &String| !["true", "false", "null", "like"].iter().any(|word| text.eq_ignore_ascii_case(word));
    word.prop_filter("no word of the language", is_plain)
        .prop_map(|text| Name { text: text.into(), span: Span::default() })
}

fn value() -> impl Strategy<Value = Value> {
    let date =
        || (1..=28_u32, 1..=12_u32, 1900..=2154_u32).prop_map(|(d, m, y)| Date::of_xpp(d, m, y).unwrap());
    let moment = (date(), 0..24_u32, 0..60_u32, 0..60_u32);
    prop_oneof![
        text(),
        "-?(0|[1-9][0-9]{0,9})(\\.[0-9]{1,4})?(e[+-]?[0-9]{1,2})?".prop_map(|n| Value::Number(n.into())),
        date().prop_map(Value::Date),
        moment.prop_map(|(date, h, m, s)| Value::DateTime(DateTime::new(date, h, m, s).unwrap())),
        (name(), name()).prop_map(|(of, value)| Value::Enum { of, value }),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ]
}

fn text() -> impl Strategy<Value = Value> {
    let quote = prop_oneof![Just('"'), Just('\'')];
    ("[ -~äß\\n\\t*?]{0,12}", quote).prop_map(|(text, quote)| Value::Text { text: text.into(), quote })
}

fn literal(value: impl Strategy<Value = Value>) -> impl Strategy<Value = Operand> {
    value.prop_map(|value| Operand::Literal(Literal { value, span: Span::default() }))
}

fn operand() -> impl Strategy<Value = Operand> {
    let field = (proptest::option::of(name()), name());
    prop_oneof![field.prop_map(|(source, name)| Operand::Field(FieldName { source, name })), literal(value()),]
}

fn comparison() -> impl Strategy<Value = Expression> {
    let operator = proptest::sample::select(vec![
        Operator::Equal,
        Operator::NotEqual,
        Operator::Less,
        Operator::LessOrEqual,
        Operator::Greater,
        Operator::GreaterOrEqual,
    ]);
    let made = |(left, operator, right)| {
        Expression::Comparison(Comparison { left, operator, operator_span: Span::default(), right })
    };
    let like = (operand(), Just(Operator::Like), literal(text()));
    prop_oneof![3 => (operand(), operator, operand()).prop_map(made), 1 => like.prop_map(made)]
}

fn group(inner: Expression) -> Expression {
    Expression::Group { inner: Box::new(inner), span: Span::default() }
}

fn not(inner: Expression) -> Expression {
    Expression::Not { inner: Box::new(inner), span: Span::default() }
}

fn unary() -> impl Strategy<Value = Expression> {
    comparison().prop_recursive(6, 40, 4, |inner| {
        let all = || proptest::collection::vec(inner.clone(), 2..4).prop_map(Expression::All);
        let any =
            proptest::collection::vec(prop_oneof![inner.clone(), all()], 2..4).prop_map(Expression::Any);
        prop_oneof![
            inner.clone().prop_map(group),
            inner.clone().prop_map(|inner| not(group(inner))),
            inner.clone().prop_map(|inner| not(not(group(inner)))),
            all().prop_map(group),
            any.prop_map(group),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(tree in unary()) {
        let printed = tree.to_string();
        let read = parse(&printed).map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(bare(read), tree, "{}", printed);
    }

    #[test]
    fn any_text_gives_a_tree_or_a_place(filter in "[()!&|=<>.:,\"'\\\\A-C0-9lik e*~äT%-]{0,40}") {
        match parse(&filter) {
            Ok(tree) => {
                prop_assert_eq!(bare(parse(&tree.to_string()).unwrap()), bare(tree.clone()));
                prop_assert!(form_faults(&tree).iter().all(|f| !f.span.text(&filter).is_empty()));
            }
            Err(error) => prop_assert!(filter.get(error.span.range()).is_some()),
        }
    }
}
