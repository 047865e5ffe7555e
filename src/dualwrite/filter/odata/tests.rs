//! The documented forms, each with a near miss; bad filters with place and reason; print and read back.

use super::*;
use crate::dualwrite::filter::{Date, MAX_DEPTH, Name, Span};
use proptest::prelude::*;

/// A form of the documentation (or of a standard map), and the same with one mistake.
const FORMS: [(&str, &str, &str); 40] = [
    ("a number", "customertypecode eq 3", "customertypecode = 3"),
    ("a choice", "msdyn_ordertype eq 192350000", "msdyn_ordertype == 192350000"),
    ("a state", "statecode eq 0", "statecode eq"),
    ("a number as text", "AccountType eq '3'", "AccountType eq \"3\""),
    ("an empty text", "msdyn_contactpersonid ne ''", "msdyn_contactpersonid ne '"),
    ("null", "msdyn_contactpersonid ne null", "msdyn_contactpersonid ne NULL ''"),
    (
        "truth values",
        "msdyn_contactforvendor eq true and msdyn_sellable eq false and msdyn_contactpersonid ne ''",
        "msdyn_contactforvendor eq true AND msdyn_sellable eq false",
    ),
    (
        "two criteria",
        "numberofemployees gt 1000 and numberofemployees le 2000",
        "numberofemployees gt 1000 && numberofemployees le 2000",
    ),
    ("a date as text", "TransactionDate le '2021-06-23'", "TransactionDate le ’2021-06-23’"),
    ("a date", "TransactionDate le 2021-06-23", "TransactionDate le 2021-06-31"),
    ("a moment", "createdon ge 2021-06-23T00:00:00Z", "createdon ge 2021-06-23 00:00:00Z"),
    (
        "a moment with an offset",
        "createdon ge 2021-06-23T00:00:00.000+02:00",
        "createdon ge 2021-06-23T00:00:00+2",
    ),
    ("starts with", "startswith(name, 'A')", "startswith(name 'A')"),
    ("ends with", "endswith(name,'Inc.')", "endswith(name,'Inc.'"),
    ("contains", "contains(name,'(sample)')", "contains(name,'(sample)"),
    ("not", "not contains(name, 'A')", "!contains(name, 'A')"),
    ("equal", "revenue eq 100000", "revenue EQ 100000"),
    ("not equal", "revenue ne 100000", "revenue != 100000"),
    ("greater", "revenue gt 100000", "revenue > 100000"),
    ("greater or equal", "revenue ge 100000", "revenue >= 100000"),
    ("less", "revenue lt 100000", "revenue < 100000"),
    ("less or equal", "revenue le 100000", "revenue <= 100000"),
    ("and", "revenue lt 100000 and revenue gt 2000", "revenue lt 100000 and"),
    (
        "or",
        "contains(name,'(sample)') or contains(name,'test')",
        "contains(name,'(sample)') || contains(name,'test')",
    ),
    (
        "grouping",
        "(contains(name,'sample') or contains(name,'test')) and revenue gt 5000",
        "(contains(name,'sample') or contains(name,'test') and revenue gt 5000",
    ),
    ("two columns", "firstname eq lastname", "firstname lastname"),
    ("a doubled quote", "lastname eq 'O''Bryan'", "lastname eq 'O'Bryan'"),
    ("a lookup", "primarycontactid/fullname eq 'Susanna'", "primarycontactid/ eq 'Susanna'"),
    (
        "a lookup of a lookup",
        "primarycontactid/createdby/fullname eq 'Admin'",
        "primarycontactid/createdby//fullname eq 'Admin'",
    ),
    (
        "a lookup's id",
        "_owninguser_value eq 4f0bba37-2a5b-4a0f-9d0f-3f4b5cbb1a11",
        "_owninguser_value eq guid'4f0bba37-2a5b-4a0f-9d0f-3f4b5cbb1a11'",
    ),
    (
        "any row",
        "Account_Tasks/any(t: t/regardingobjectid_account_task/accountnumber eq '1')",
        "Account_Tasks/any(t t/subject eq '1')",
    ),
    (
        "all rows",
        "contact_customer_accounts/all(c:c/statecode eq 0)",
        "contact_customer_accounts/every(c:c/statecode eq 0)",
    ),
    ("any row at all", "Account_Tasks/any()", "Account_Tasks/any("),
    (
        "a function of Dataverse",
        r#"Microsoft.Dynamics.CRM.Between(PropertyName='numberofemployees',PropertyValues=["5","2000"])"#,
        r#"Microsoft.Dynamics.CRM.Between(PropertyName='numberofemployees',PropertyValues=["5","2000")"#,
    ),
    (
        "a function without values",
        "Microsoft.Dynamics.CRM.Today(PropertyName='createdon')",
        "Microsoft.Dynamics.CRM.Today(PropertyName=)",
    ),
    ("in", "statuscode in (1, 2)", "statuscode in 1, 2"),
    ("a function in a comparison", "length(name) gt 10", "length(name) > 10"),
    ("not of a group", "not (statecode eq 0)", "not statecode eq 0"),
    ("not twice", "not not (statecode eq 0)", "not not statecode eq 0"),
    ("a fraction", "revenue gt -1.5e3", "revenue gt 1,5"),
];

#[test]
fn documented_forms_are_read_and_their_near_misses_are_not() {
    for (name, good, bad) in FORMS {
        let tree = parse(good).unwrap_or_else(|error| panic!("{name}: {good}: {error}"));
        assert_eq!(bare(parse(&tree.to_string()).expect("what is printed")), bare(tree), "{name}");
        assert!(parse(bad).is_err(), "{name}: {bad}");
    }
}

const CONDITION: &str = "expected a comparison such as column eq 'value', found ";
const OPERATOR: &str = "expected eq, ne, gt, ge, lt or le, found ";
const DATE: &str = "a date is written year-month-day, for example 2021-06-23 or 2021-06-23T14:30:00Z";

/// Filter, column of the mistake, and what is said of it; a trailing space in the reason means that a token follows.
const BAD: [(&str, usize, &str, &str); 52] = [
    ("", 1, "the filter is empty", ""),
    (" ", 1, "the filter is empty", ""),
    ("()", 1, "nothing stands between these parentheses", ""),
    ("(a eq 1", 1, "this parenthesis is never closed", ""),
    ("((a eq 1) and (b eq 2)", 1, "this parenthesis is never closed", ""),
    ("a eq 1)", 7, "no parenthesis is open that this one could close", ""),
    (")", 1, CONDITION, "`)`"),
    ("a", 2, OPERATOR, "the end of the filter"),
    ("a eq 1 b", 8, "expected and, or or the end of the filter, found ", "`b`"),
    ("(a eq 1 b)", 9, "expected and, or or ), found ", "`b`"),
    ("a eq", 5, "expected a column name or a value, found ", "the end of the filter"),
    ("eq 1", 1, CONDITION, "`eq`"),
    ("a eq eq 1", 6, "expected a column name or a value, found ", "`eq`"),
    ("a eq 1 and", 11, CONDITION, "the end of the filter"),
    ("and a eq 1", 1, CONDITION, "`and`"),
    ("a eq 1 and and b eq 2", 12, CONDITION, "`and`"),
    ("a = 1", 3, "`=` is no operator here; write `eq`", ""),
    ("a == 1", 3, "`==` is no operator here; write `eq`", ""),
    ("a != 1", 3, "`!=` is no operator here; write `ne`", ""),
    ("a <> 1", 3, "`<>` is no operator here; write `ne`", ""),
    ("a >= 1", 3, "`>=` is no operator here; write `ge`", ""),
    ("a < 1", 3, "`<` is no operator here; write `lt`", ""),
    ("a eq 1 && b eq 2", 8, "`&&` is no operator here; write `and`", ""),
    ("a eq 1 || b eq 2", 8, "`||` is no operator here; write `or`", ""),
    ("!(a eq 1)", 1, "`!` is no operator here; write `not`", ""),
    ("a like 'x*'", 3, "`like` is no operator here; write `eq`", ""),
    ("a EQ 1", 3, "operators are written in lower case: `eq`", ""),
    ("a eq 1 And b eq 2", 8, "operators are written in lower case: `and`", ""),
    ("a add 1 eq 2", 3, "the Web API of Dataverse does not have the operator `add`", ""),
    ("flags has 'x'", 7, "the Web API of Dataverse does not have the operator `has`", ""),
    ("a eq 1 mod 2", 8, "the Web API of Dataverse does not have the operator `mod`", ""),
    ("not a eq 1", 1, "`not` binds closer than a comparison; write not (…)", ""),
    ("not a in (1)", 1, "`not` binds closer than a comparison; write not (…)", ""),
    ("a eq 'x", 6, "the text that starts here has no closing '", ""),
    ("a eq 'O'Bryan'", 9, "`Bryan'…'` is the form of an older OData; write the value without it", ""),
    ("a eq \"x\"", 6, "texts stand in ' here", ""),
    ("größe eq ‘x’", 10, "‘ is a typographic quote; write '", ""),
    ("a eq 23/06/2021", 6, DATE, ""),
    ("a eq 2021-6-23", 6, DATE, ""),
    ("a eq 23.06.2021", 6, DATE, ""),
    (r"a eq 23\06\2021", 6, DATE, ""),
    ("a eq 2021-02-29", 6, "02/2021 has no day 29", ""),
    ("a eq 2021-13-01", 6, "there is no month 13", ""),
    ("a eq 2021-06-23T25:00:00Z", 6, "there is no time 25:00:00", ""),
    ("a eq 12abc", 6, "`12abc` is neither a number nor a name; texts stand in quotes", ""),
    (
        "a eq datetime'2021-06-23'",
        6,
        "`datetime'…'` is the form of an older OData; write the value without it",
        "",
    ),
    ("a/ eq 1", 4, "expected the name of a column, found ", "`eq`"),
    ("a in 1", 6, "expected (, found ", "`1`"),
    ("a in (b)", 7, "expected a column name or a value, found ", "`b`"),
    ("a in (1 2)", 9, "expected a comma or ), found ", "`2`"),
    ("startswith(name 'A')", 17, "expected a comma or ), found ", "`'A'`"),
    ("tasks/any(t t/subject eq '1')", 13, "expected a variable with a colon, for example x:, found ", "`t`"),
];

#[test]
fn bad_filters_have_a_place_and_a_reason() {
    for (filter, column, reason, found) in BAD {
        let error = parse(filter).expect_err(filter);
        let expected = format!("{reason}{found}");
        assert_eq!((error.span.column(filter), error.to_string()), (column, expected), "{filter}");
        assert!(filter.get(error.span.range()).is_some(), "{filter}");
    }
}

#[test]
fn depth_is_limited_and_length_is_not() {
    let nested = |depth: usize| format!("{}a eq 1{}", "(".repeat(depth), ")".repeat(depth));
    assert!(parse(&nested(MAX_DEPTH)).is_ok());
    assert!(parse(&nested(MAX_DEPTH + 1)).is_err());
    for opening in ["(", "not ", "f(", "a/any(x:", "f(x="] {
        assert!(parse(&opening.repeat(200_000)).is_err(), "{opening}");
    }
    assert!(parse(&"[".repeat(200_000)).is_err());
    let long = vec!["a eq 1"; 50_000].join(" or ");
    assert!(matches!(parse(&long), Ok(Expression::Any(parts)) if parts.len() == 50_000));
}

fn found(filter: &str) -> Vec<(LimitKind, String)> {
    let tree = parse(filter).expect(filter);
    limits(&tree).into_iter().map(|limit| (limit.kind, limit.span.text(filter).to_owned())).collect()
}

#[test]
fn plain_comparisons_are_supported() {
    for filter in [
        "customertypecode eq 3",
        "not (a eq 'x') and (b gt 1 or c ne null)",
        "firstname eq lastname",
        "_owninguser_value eq 4f0bba37-2a5b-4a0f-9d0f-3f4b5cbb1a11",
    ] {
        assert_eq!(found(filter), [], "{filter}");
    }
}

#[test]
fn lookups_are_not_supported() {
    assert_eq!(
        found("a eq 1 and primarycontactid/fullname eq 'x'"),
        [(LimitKind::Lookup { lookups: 1 }, "primarycontactid/fullname".to_owned())]
    );
    assert_eq!(
        found("not (a/b/c eq d/e)"),
        [
            (LimitKind::Lookup { lookups: 2 }, "a/b/c".to_owned()),
            (LimitKind::Lookup { lookups: 1 }, "d/e".to_owned())
        ]
    );
    assert_eq!(
        found("startswith(a/b, 'x')"),
        [
            (LimitKind::Function("startswith".into()), "startswith(a/b, 'x')".to_owned()),
            (LimitKind::Lookup { lookups: 1 }, "a/b".to_owned())
        ]
    );
}

#[test]
fn functions_and_collections_are_not_supported() {
    assert_eq!(found("contains(name,'A')"), [(LimitKind::Contains, "contains(name,'A')".to_owned())]);
    assert_eq!(
        found("length(name) gt 3"),
        [(LimitKind::Function("length".into()), "length(name)".to_owned())]
    );
    assert_eq!(
        found("tasks/any(t: t/owner/name eq 'x')"),
        [(LimitKind::Collection, "tasks/any(t: t/owner/name eq 'x')".to_owned())]
    );
    assert_eq!(found("a in (1, 2)"), [(LimitKind::In, "in".to_owned())]);
}

#[test]
fn values_and_paths_are_read() {
    let right = |filter: &str| match parse(filter) {
        Ok(Expression::Comparison(Comparison { right: Operand::Literal(literal), .. })) => literal.value,
        other => panic!("{other:?}"),
    };
    assert_eq!(right("a eq 'O''Bryan'''"), Value::Text("O'Bryan'".into()));
    assert_eq!(right("a eq 2021-06-23"), Value::Date(Date { day: 23, month: 6, year: 2021 }));
    assert_eq!(right("a eq 2021-06-23T10:00-05:30"), Value::Moment("2021-06-23T10:00-05:30".into()));
    let id = "4F0BBA37-2a5b-4a0f-9d0f-3f4b5cbb1a11";
    assert_eq!(right(&format!("a eq {id}")), Value::Guid(id.into()));
    assert_eq!(right("a eq -0.5"), Value::Number("-0.5".into()));
    let tree = parse("not startswith(name, 'A') and b/c eq tolower(d)").expect("a filter");
    let paths: Vec<String> = tree.paths().into_iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["name", "b/c", "d"]);
}

/// The tree without places.
fn bare(mut tree: Expression) -> Expression {
    clear(&mut tree);
    tree
}

fn clear(tree: &mut Expression) {
    match tree {
        Expression::Comparison(comparison) => {
            clear_operand(&mut comparison.left);
            clear_operand(&mut comparison.right);
        }
        Expression::Membership(membership) => {
            membership.span = Span::default();
            clear_operand(&mut membership.left);
            membership.values.iter_mut().for_each(|literal| literal.span = Span::default());
        }
        Expression::Call(call) => clear_call(call),
        Expression::Lambda(lambda) => {
            lambda.span = Span::default();
            clear_path(&mut lambda.path);
            if let Some((variable, body)) = &mut lambda.body {
                variable.span = Span::default();
                clear(body);
            }
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
        Operand::Path(path) => clear_path(path),
        Operand::Call(call) => clear_call(call),
        Operand::Literal(literal) => literal.span = Span::default(),
    }
}

fn clear_path(path: &mut Path) {
    path.names.iter_mut().for_each(|name| name.span = Span::default());
}

fn clear_call(call: &mut Call) {
    call.span = Span::default();
    call.name.span = Span::default();
    for argument in &mut call.arguments {
        argument.name.iter_mut().for_each(|name| name.span = Span::default());
        if let ArgumentValue::Operand(operand) = &mut argument.value {
            clear_operand(operand);
        }
    }
}

fn name() -> impl Strategy<Value = Name> {
    let words =
        ["eq", "ne", "gt", "ge", "lt", "le", "and", "or", "not", "in", "true", "false", "null", "any", "all"];
    "[A-Za-z_][A-Za-z0-9_]{0,8}"
        .prop_filter("no word of the language", move |text| !words.contains(&text.as_str()))
        .prop_map(|text| Name { text: text.into(), span: Span::default() })
}

fn value() -> impl Strategy<Value = Value> {
    let date = (1..=28_u32, 1..=12_u32, 1000..=9999_u32).prop_map(|(d, m, y)| Date::new(d, m, y).unwrap());
    prop_oneof![
        "[ -~äß']{0,12}".prop_map(|text| Value::Text(text.into())),
        "-?[0-9]{1,9}(\\.[0-9]{1,4})?(e[+-]?[0-9]{1,2})?".prop_map(|n| Value::Number(n.into())),
        date.prop_map(Value::Date),
        "20[0-9]{2}-0[1-9]-1[0-9]T1[0-9]:[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,3})?)?(Z|[+-]0[0-9]:[0-5][0-9])"
            .prop_map(|m| Value::Moment(m.into())),
        "[0-9a-f]{8}-[0-9A-F]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}".prop_map(|id| Value::Guid(id.into())),
        any::<bool>().prop_map(Value::Bool),
        Just(Value::Null),
    ]
}

fn literal() -> impl Strategy<Value = Literal> {
    value().prop_map(|value| Literal { value, span: Span::default() })
}

fn path() -> impl Strategy<Value = Path> {
    proptest::collection::vec(name(), 1..4).prop_map(|names| Path { names })
}

fn call() -> impl Strategy<Value = Call> {
    let value = prop_oneof![
        literal().prop_map(|literal| ArgumentValue::Operand(Operand::Literal(literal))),
        path().prop_map(|path| ArgumentValue::Operand(Operand::Path(path))),
        Just(ArgumentValue::Array(r#"["a]\"b", [1]]"#.into())),
    ];
    let argument = (proptest::option::of(name()), value).prop_map(|(name, value)| Argument { name, value });
    (name(), proptest::collection::vec(argument, 0..3)).prop_map(|(name, arguments)| Call {
        name,
        arguments,
        span: Span::default(),
    })
}

fn operand() -> impl Strategy<Value = Operand> {
    prop_oneof![
        path().prop_map(Operand::Path),
        literal().prop_map(Operand::Literal),
        call().prop_map(Operand::Call),
    ]
}

fn condition() -> impl Strategy<Value = Expression> {
    let operator = proptest::sample::select(Operator::EVERY.to_vec());
    let comparison = (operand(), operator, operand())
        .prop_map(|(left, operator, right)| Expression::Comparison(Comparison { left, operator, right }));
    let list = (operand(), proptest::collection::vec(literal(), 1..3)).prop_map(|(left, values)| {
        Expression::Membership(Membership { left, values, span: Span::default() })
    });
    prop_oneof![3 => comparison, 1 => list, 1 => call().prop_map(Expression::Call)]
}

fn tree() -> impl Strategy<Value = Expression> {
    condition().prop_recursive(6, 40, 4, |inner| {
        let group = |inner| Expression::Group { inner: Box::new(inner), span: Span::default() };
        let all = || proptest::collection::vec(inner.clone(), 2..4).prop_map(Expression::All);
        let any =
            proptest::collection::vec(prop_oneof![inner.clone(), all()], 2..4).prop_map(Expression::Any);
        let quantifier = prop_oneof![Just(Quantifier::Any), Just(Quantifier::All)];
        let body = proptest::option::of((name(), inner.clone().prop_map(Box::new)));
        let lambda = (path(), quantifier, body).prop_map(|(path, quantifier, body)| {
            Expression::Lambda(Lambda { path, quantifier, body, span: Span::default() })
        });
        let not = move |inner| Expression::Not { inner: Box::new(group(inner)), span: Span::default() };
        prop_oneof![
            inner.clone().prop_map(group),
            inner.clone().prop_map(not),
            all().prop_map(group),
            any.prop_map(group),
            lambda,
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_reads_back(tree in tree()) {
        let printed = tree.to_string();
        let read = parse(&printed).map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(bare(read), tree, "{}", printed);
    }

    #[test]
    fn any_text_gives_a_tree_or_a_place(filter in "([()\\[\\],:=/'a-c0-9.äT\\\\%-]| eq | and | not |any\\(){0,30}") {
        match parse(&filter) {
            Ok(tree) => {
                prop_assert_eq!(bare(parse(&tree.to_string()).unwrap()), bare(tree.clone()));
                prop_assert!(limits(&tree).iter().all(|limit| !limit.span.text(&filter).is_empty()));
            }
            Err(error) => prop_assert!(filter.get(error.span.range()).is_some()),
        }
    }
}
