//! Nullability, traps and remedies on small models.

use super::column::Home;
use super::*;
use crate::aot::{self, Definition, Enumeration, FieldKind, Join, SourceKind, ViewField};
use crate::catalog::{ElementId, FieldIx};
use crate::dualwrite::{MapFile, MatchedBy, parse_maps};
use crate::dualwrite::{Mapped, MappedEntity, MappedLeg};
use crate::engine::Maps;
use crate::testing::{
    World, below, entity, named, source, table, union, view, view_over, with_method, world,
};
use std::sync::Arc;

/// A model, and an enum.
struct Sample {
    world: World,
}

impl Enums for Sample {
    fn find(&self, name: &str) -> Option<Enumeration> {
        let values = [("None".into(), None), ("Open".into(), None)].to_vec();
        (name == "Status").then(|| Enumeration { name: name.into(), extensible: false, values })
    }
}

impl Sample {
    fn new(definitions: Vec<Definition>) -> Self {
        Self { world: world(definitions) }
    }

    fn columns(&self) -> Columns<'_> {
        let World { catalog, graph, lineage, .. } = &self.world;
        Columns { catalog, graph, lineage, enums: self }
    }

    fn field(&self, element: &str, field: &str) -> (ElementId, FieldIx) {
        let id = self.world.id(element);
        let name = self.world.catalog.name(field).expect("a known name");
        (id, self.world.catalog.element(id).field(name).expect("the field"))
    }

    /// `certain cause: the way`.
    fn null(&self, element: &str, field: &str) -> Option<String> {
        let (id, ix) = self.field(element, field);
        let null = self.columns().can_be_null(id, ix)?;
        let catalog = &self.world.catalog;
        let source = |id: ElementId, ix| {
            format!("{}.{}", catalog.element(id).name.text, catalog.element(id).source_at(ix).name.text)
        };
        let cause = match &null.cause {
            Cause::OuterJoin { element, source: ix } => format!("outer {}", source(*element, *ix)),
            Cause::Derived { element, source: ix } => format!("derived {}", source(*element, *ix)),
            Cause::Sql { gives, place } => format!("{gives:?} line {}", place.line),
            Cause::Unreadable { method } => format!("unreadable {method}"),
            Cause::NotLoaded { name } => format!("not loaded {name}"),
            Cause::TooDeep => "too deep".to_owned(),
        };
        let step = |step: &TrailStep| match *step {
            TrailStep::Source { element, source: ix } => source(element, ix),
            TrailStep::Computed { element, field } => {
                format!(
                    "{}:{}",
                    catalog.element(element).name.text,
                    catalog.element(element).field_at(field).name.text
                )
            }
        };
        let trail: Vec<String> = null.trail.iter().map(step).collect();
        Some(format!("{} {cause}: {}", if null.certain { "yes" } else { "perhaps" }, trail.join(" > ")))
    }
}

fn method_text(name: &str, body: &str) -> String {
    format!("    private static server str {name}()\n    {{\n        {body}\n    }}\n")
}

fn add_field(definition: Definition, name: &str, binding: aot::Binding) -> Definition {
    let field = ViewField { named: named(name), binding, public: true, rules: aot::EditRules::default() };
    match definition {
        Definition::DataEntity(mut entity) => {
            entity.view.fields.push(field);
            Definition::DataEntity(entity)
        }
        other => panic!("{other:?} is no entity"),
    }
}

/// An entity with a column computed by the method `m`, whose body this is; `Outer` is an outer join to `T`.
fn computing(body: &str) -> Sample {
    calling(body, "return 'x';")
}

/// The same with the body of another method, `helper`.
fn calling(body: &str, helper: &str) -> Sample {
    let sources =
        vec![source("D", "T"), below(0, "Outer", "T", Join::Outer), below(0, "Inner", "T", Join::Inner)];
    let made = entity("E", sources, &[("O", "Outer", "A"), ("I", "Inner", "A")]);
    let made = add_field(made, "C", computed("m"));
    let made = with_method(made, "m", &method_text("m", body));
    let made = with_method(made, "helper", &method_text("helper", helper));
    Sample::new(vec![table("T", &["A", "B"]), made])
}

fn computed(method: &str) -> aot::Binding {
    aot::Binding::Computed { method: Some(method.into()), value: aot::ValueType::default() }
}

fn read(source: &str) -> String {
    format!("SysComputedColumn::returnField(tableStr(E), identifierStr({source}), fieldStr(T, A))")
}

#[test]
fn outer_joins_make_columns_null() {
    let sources = vec![
        source("D", "T"),
        below(0, "Outer", "T", Join::Outer),
        below(1, "Under", "T", Join::Inner),
        below(0, "Inner", "T", Join::Inner),
    ];
    let fields = [("R", "D", "A"), ("O", "Outer", "A"), ("U", "Under", "A"), ("I", "Inner", "A")];
    let sample = Sample::new(vec![table("T", &["A"]), entity("E", sources, &fields)]);
    assert_eq!(sample.null("E", "R"), None);
    assert_eq!(sample.null("E", "I"), None);
    assert_eq!(sample.null("E", "O").as_deref(), Some("yes outer E.Outer: E.Outer"));
    assert_eq!(sample.null("E", "U").as_deref(), Some("yes outer E.Outer: E.Outer > E.Under"));
}

#[test]
fn outer_joins_inside_nested_elements_count() {
    let inner = vec![source("D", "T"), below(0, "Outer", "T", Join::Outer)];
    let fields = [("A", "D", "A"), ("B", "Outer", "B")];
    let middle = vec![source("V", "V")];
    let outside = vec![source("R", "T"), below(0, "N", "N", Join::Outer), below(0, "M", "N", Join::Inner)];
    let sample = Sample::new(vec![
        table("T", &["A", "B"]),
        view("V", inner, &fields),
        entity("N", middle, &[("A", "V", "A"), ("B", "V", "B")]),
        entity("E", outside, &[("OA", "N", "A"), ("OB", "N", "B"), ("IA", "M", "A"), ("IB", "M", "B")]),
    ]);
    assert_eq!(sample.null("E", "OA").as_deref(), Some("yes outer E.N: E.N"));
    assert_eq!(sample.null("E", "OB").as_deref(), Some("yes outer E.N: E.N"));
    assert_eq!(sample.null("E", "IA"), None);
    assert_eq!(sample.null("E", "IB").as_deref(), Some("yes outer V.Outer: E.M > N.V > V.Outer"));
}

#[test]
fn system_fields_and_missing_parts() {
    let nested = vec![source("D", "T"), below(0, "O", "T", Join::Outer)];
    let sources = vec![source("N", "N"), below(0, "X", "Gone", Join::Inner)];
    let fields = [("Rec", "N", "RecId"), ("No", "N", "Nothing"), ("Gone", "X", "A"), ("Bad", "Y", "A")];
    let sample = Sample::new(vec![
        table("T", &["A"]),
        entity("N", nested, &[("A", "O", "A")]),
        entity("E", sources, &fields),
    ]);
    assert_eq!(sample.null("E", "Rec"), None);
    assert_eq!(sample.null("E", "No").as_deref(), Some("perhaps not loaded N.Nothing: E.N"));
    assert_eq!(sample.null("E", "Gone").as_deref(), Some("perhaps not loaded Gone: E.X"));
    assert_eq!(sample.null("E", "Bad").as_deref(), Some("perhaps not loaded Y: "));
}

#[test]
fn every_branch_of_a_union_is_asked() {
    let outer = vec![source("D", "T"), below(0, "O", "T", Join::Outer)];
    let sample = Sample::new(vec![
        table("T", &["A"]),
        view("V", outer, &[("A", "O", "A")]),
        union("Q", vec![source("First", "T"), source("Second", "V")]),
        view_over("U", "Q", &[("A", "First", "A")]),
        entity("E", vec![source("U", "U")], &[("A", "U", "A")]),
    ]);
    assert_eq!(sample.null("E", "A").as_deref(), Some("yes outer V.O: E.U > U.Second > V.O"));
}

#[test]
fn circles_and_derived_sources_leave_a_doubt() {
    let derived = vec![
        source("P", "Party"),
        aot::DataSource { kind: SourceKind::Derived, parent: Some(0), ..source("Person", "Person") },
    ];
    let sample = Sample::new(vec![
        table("Party", &["A"]),
        table("Person", &["B"]),
        entity("D", derived, &[("A", "P", "A"), ("B", "Person", "B")]),
        entity("E", vec![source("F", "F")], &[("A", "F", "A")]),
        entity("F", vec![source("E", "E")], &[("A", "E", "A")]),
    ]);
    assert_eq!(sample.null("D", "A"), None);
    assert_eq!(sample.null("D", "B").as_deref(), Some("perhaps derived D.Person: D.Person"));
    assert_eq!(sample.null("E", "A").as_deref(), Some("perhaps too deep: E.F"));
}

#[test]
fn computed_columns_are_null_when_they_show_what_is() {
    let sample = computing(&format!("return {};", read("Outer")));
    assert_eq!(sample.null("E", "C").as_deref(), Some("yes outer E.Outer: E:C > E.Outer"));
    for body in [
        format!("return {};", read("Inner")),
        "return SysComputedColumn::returnLiteral('');".to_owned(),
        format!(
            "str v = {}; return SysComputedColumn::if(SysComputedColumn::isNullExpression(v), \
             SysComputedColumn::returnLiteral(''), v);",
            read("Outer")
        ),
        format!("return 'ISNULL(' + {} + ', 0)';", read("Outer")),
        format!(
            "return SysComputedColumn::if(SysComputedColumn::equalExpression({}, '1'), '1', '0');",
            read("Outer").replace("returnField", "comparisonField")
        ),
    ] {
        assert_eq!(computing(&body).null("E", "C"), None, "{body}");
    }
}

#[test]
fn what_a_method_chooses_or_hides_is_uncertain() {
    let choice =
        format!("return SysComputedColumn::if(x, {}, SysComputedColumn::returnLiteral(''));", read("Outer"));
    assert_eq!(computing(&choice).null("E", "C").as_deref(), Some("perhaps outer E.Outer: E:C > E.Outer"));
    let text = "return v.computedColumnString('Outer', fieldStr(T, A), FieldNameGenerationMode::FieldList);";
    assert_eq!(computing(text).null("E", "C").as_deref(), Some("perhaps outer E.Outer: E:C > E.Outer"));
    let query = "return '(SELECT TOP 1 A FROM T)';";
    assert_eq!(computing(query).null("E", "C").as_deref(), Some("yes Subquery line 12: E:C"));
    let condition = "return 'CASE WHEN (SELECT TOP 1 A FROM T) = 1 THEN 1 ELSE 0 END';";
    assert_eq!(computing(condition).null("E", "C").as_deref(), Some("perhaps Subquery line 12: E:C"));
    let foreign = "return Elsewhere::column();";
    assert_eq!(computing(foreign).null("E", "C").as_deref(), Some("perhaps unreadable column: E:C"));
    let broken = "return 'x;";
    assert_eq!(computing(broken).null("E", "C").as_deref(), Some("perhaps unreadable m: E:C"));
    let made = add_field(entity("E", vec![source("D", "T")], &[]), "C", computed("gone"));
    let missing = Sample::new(vec![table("T", &["A"]), made]);
    assert_eq!(missing.null("E", "C").as_deref(), Some("perhaps unreadable gone: E:C"));
}

#[test]
fn methods_that_are_called_count() {
    let reading = format!("return {};", read("Outer"));
    let sample = calling("return helper();", &reading);
    assert_eq!(sample.null("E", "C").as_deref(), Some("yes outer E.Outer: E:C > E.Outer"));
    let guarded = calling("return E::helper();", "return 'COALESCE(x, 0)';");
    assert_eq!(guarded.null("E", "C"), None);
    let circle = calling("return helper();", "return m();");
    assert_eq!(circle.null("E", "C"), None);
}

/// A map of the entity `E` with this filter and these fields.
fn maps(sample: &Sample, filter: &str, reversed: &str, rows: &[(&str, &str)]) -> Maps {
    let rows = rows.iter().map(|(field, column)| {
        serde_json::json!({ "syncDirection": 1, "sourceField": field, "destinationField": column })
    });
    let json = serde_json::json!({ "name": "m", "legs": [{
        "sourceSchema": "E", "destinationSchema": "d", "sourceFilter": filter,
        "reversedSourceFilter": reversed, "fieldMappings": rows.collect::<Vec<_>>() }] });
    let file = Arc::new(MapFile { path: "m.json".into(), root: 0, location: "m.json".into() });
    let (maps, problems) = parse_maps(json.to_string().as_bytes(), &file);
    assert_eq!(problems, []);
    let legs = vec![MappedLeg { map: 0, leg: 0, by: MatchedBy::Name }];
    let mapped = vec![MappedEntity { entity: 0, legs, fields: Vec::new() }];
    Maps {
        maps,
        mapped: Mapped { entities: mapped, ..Mapped::default() },
        entities: vec![sample.world.id("E")],
        ..Maps::default()
    }
}

fn project() -> Sample {
    let sources = vec![source("P", "T"), below(0, "Parent", "T", Join::Outer)];
    let fields = [("Id", "P", "A"), ("ParentProject", "Parent", "A"), ("ParentSize", "Parent", "B")];
    Sample::new(vec![table("T", &["A", "B"]), entity("E", sources, &fields)])
}

/// The column and filter that the remedies propose.
fn remedies(sample: &Sample, filter: &str, home: &Home) -> Vec<(Trap, Option<Remedy>)> {
    let maps = maps(sample, filter, "", &[]);
    let issues = null_issues(&maps, &sample.columns(), &|_| home.clone());
    issues.into_iter().map(|issue| (issue.trap, issue.remedy)).collect()
}

#[test]
fn the_documented_trap_and_its_remedy() {
    let sample = project();
    let found = remedies(&sample, r#"(ParentProject == "")"#, &Home::Entity);
    let [(Trap::Empty, Some(Remedy::Add(column)))] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(&*column.filter, r#"(ParentProjectNotNull == "")"#);
    assert_eq!((&*column.name, column.needs_size, &column.class), ("ParentProjectNotNull", true, &None));
    assert_eq!(
        column.method,
        "    /// <summary>
    /// Shows ParentProject, and an empty value where that is NULL, so that a filter can ask for it.
    /// </summary>
    /// <returns>The SQL text of the column.</returns>
    private static server str parentProjectNotNull()
    {
        str value = SysComputedColumn::returnField(
            tableStr(E),
            dataEntityDataSourceStr(E, Parent),
            fieldStr(T, A));

        return SysComputedColumn::if(
            SysComputedColumn::isNullExpression(value),
            SysComputedColumn::returnLiteral(\"\"),
            value);
    }
"
    );
    assert_eq!(
        column.field_xml,
        "<AxDataEntityViewField xmlns=\"\"\n    i:type=\"AxDataEntityViewUnmappedFieldString\">\n    \
         <Name>ParentProjectNotNull</Name>\n    <ComputedFieldMethod>parentProjectNotNull</ComputedFieldMethod>\n\
         </AxDataEntityViewField>"
    );
}

#[test]
fn an_entity_of_others_gets_an_extension_class() {
    let home = Home::Class("E_Mine_Extension".to_owned());
    let found = remedies(&project(), r#"((ParentProject == "") || (PARENTPROJECT == "x"))"#, &home);
    let [(_, Some(Remedy::Add(column)))] = found.as_slice() else { panic!("{found:?}") };
    assert!(column.method.contains("    public static server str parentProjectNotNull()"));
    let class = column.class.as_deref().expect("a class");
    assert_eq!(class, "[ExtensionOf(tableStr(E))]\nfinal class E_Mine_Extension\n{\n}\n");
    assert_eq!(crate::xpp::extension_target(class).as_deref(), Some("E"));
    assert_eq!(&*column.filter, r#"((ParentProjectNotNull == "") || (ParentProjectNotNull == "x"))"#);
}

#[test]
fn only_columns_that_can_be_null_are_trapped() {
    let sample = project();
    for filter in [r#"(Id == "")"#, r#"(ParentProject == "x")"#, r#"(ParentProject != "")"#, "(Nowhere == 0)"]
    {
        assert_eq!(remedies(&sample, filter, &Home::Entity), [], "{filter}");
    }
    let traps = |filter: &str| -> Vec<Trap> {
        remedies(&sample, filter, &Home::Entity).into_iter().map(|(trap, _)| trap).collect()
    };
    assert_eq!(traps("(E.ParentSize == 0)"), [Trap::Empty]);
    assert_eq!(traps("((ParentSize == Status::None) && (Id == Status::None))"), [Trap::Empty]);
    assert_eq!(traps(r"(ParentSize < 23\06\2021)"), [Trap::FitsEmpty]);
    assert_eq!(traps("(ParentSize == Other::None)"), [Trap::PerhapsEmpty(EnumDoubt::NotLoaded)]);
    assert_eq!(traps("(Id == null)"), [Trap::NullWord]);
}

#[test]
fn the_type_of_the_new_column_is_that_of_the_old_one() {
    let typed = |kind: FieldKind, filter: &str| {
        let value =
            aot::ValueType { kind, enum_type: Some("Status".into()), extended_type: Some("Edt".into()) };
        let field = aot::TableField { named: named("A"), value, ..aot::TableField::default() };
        let fields = vec![field];
        let table = aot::Table { named: named("T"), fields, ..aot::Table::default() };
        let sources = vec![source("P", "T"), below(0, "O", "T", Join::Outer)];
        let sample = Sample::new(vec![Definition::Table(table), entity("E", sources, &[("F", "O", "A")])]);
        let found = remedies(&sample, filter, &Home::Entity);
        match found.into_iter().next() {
            Some((_, Some(Remedy::Add(column)))) => (column.field_xml, column.method),
            other => panic!("{other:?}"),
        }
    };
    for (kind, element, property, literal) in [
        (FieldKind::String, "String", "<ExtendedDataType>Edt<", "\"\""),
        (FieldKind::Int, "Int", "<ExtendedDataType>Edt<", "0"),
        (FieldKind::Int64, "Int64", "<ExtendedDataType>Edt<", "0"),
        (FieldKind::Real, "Real", "<ExtendedDataType>Edt<", "0.0"),
        (FieldKind::Date, "Date", "<ExtendedDataType>Edt<", "dateNull()"),
        (FieldKind::UtcDateTime, "UtcDateTime", "<ExtendedDataType>Edt<", "DateTimeUtil::minValue()"),
        (FieldKind::Enum, "Enum", "<EnumType>Status<", "0"),
        (FieldKind::Guid, "Guid", "<ExtendedDataType>Edt<", "emptyGuid()"),
    ] {
        let (xml, method) = typed(kind, r#"(F == "")"#);
        assert!(xml.contains(&format!("UnmappedField{element}\">")) && xml.contains(property), "{xml}");
        assert!(method.contains(&format!("returnLiteral({literal})")), "{method}");
    }
    assert!(typed(FieldKind::Unknown, "(F == 0.0)").0.contains("UnmappedFieldReal"));
    assert!(typed(FieldKind::Unknown, "(F == NoYes::No)").0.contains("<EnumType>NoYes<"));
}

#[test]
fn a_column_that_is_there_already_is_used() {
    let body = format!(
        "str v = {}; return SysComputedColumn::if(SysComputedColumn::isNullExpression(v), '', v);",
        read("Outer")
    );
    let sample = computing(&body);
    let (_, twin) = sample.field("E", "C");
    let found = remedies(&sample, r#"(O == "")"#, &Home::Entity);
    let expected = Remedy::Use { field: twin, filter: r#"(C == "")"#.into() };
    assert_eq!(found, [(Trap::Empty, Some(expected))]);
}

#[test]
fn computed_columns_are_wrapped_where_they_are_ours() {
    let sample = computing(&format!("return {};", read("Outer")));
    let found = remedies(&sample, r#"(C == "")"#, &Home::Entity);
    let [(_, Some(Remedy::Add(column)))] = found.as_slice() else { panic!("{found:?}") };
    assert!(column.method.contains("        str value = E::m();\n"), "{}", column.method);
    let home = Home::Class("E_Extension".to_owned());
    assert_eq!(remedies(&sample, r#"(C == "")"#, &home), [(Trap::Empty, None)]);
}

#[test]
fn names_that_code_cannot_hold_get_no_code() {
    let sources = vec![source("P", "T"), below(0, "O<b>", "T", Join::Outer)];
    let sample = Sample::new(vec![table("T", &["A"]), entity("E", sources, &[("F", "O<b>", "A")])]);
    assert_eq!(remedies(&sample, r#"(F == "")"#, &Home::Entity), [(Trap::Empty, None)]);
}

#[test]
fn fields_that_a_filter_should_not_name() {
    let nested = entity("N", vec![source("D", "T")], &[("A", "D", "A")]);
    let nested = add_field(nested, "Soft", aot::Binding::Virtual { value: aot::ValueType::default() });
    let sources = vec![source("P", "T"), below(0, "Nest", "N", Join::Inner)];
    let made = entity("E", sources, &[("Id", "P", "A"), ("Size", "P", "B"), ("Soft", "Nest", "Soft")]);
    let sample = Sample::new(vec![table("T", &["A", "B"]), nested, made]);
    let filter = r#"((idd == "x") && (P.A == "y") && (P.C == "y") && (Size == Medium) && (Soft == "") && (ID == "z") && (idd != "x"))"#;
    let reversed = "statecode eq 0 and name eq 'x' and _parent_value ne null and a/b eq 1";
    let maps = maps(&sample, filter, reversed, &[("ID", "name"), ("SIZE", "parent.number")]);
    let issues = field_issues(&maps, &sample.columns());
    let found: Vec<_> =
        issues.iter().map(|issue| (&*issue.name, issue.side, issue.problem.clone())).collect();
    let (n, soft) = sample.field("N", "Soft");
    let of_source =
        |field: Option<&str>| FieldProblem::OfSource { source: "P".into(), shown_as: field.map(Into::into) };
    let unknown = |nearest: &[&str], as_value| FieldProblem::Unknown {
        nearest: nearest.iter().map(|name| (*name).into()).collect(),
        as_value,
    };
    assert_eq!(
        found,
        [
            ("idd", Side::Source, unknown(&["Id"], false)),
            ("A", Side::Source, of_source(Some("Id"))),
            ("C", Side::Source, of_source(None)),
            ("Medium", Side::Source, unknown(&[], true)),
            ("Soft", Side::Source, FieldProblem::Virtual { of: (n, soft) }),
            ("statecode", Side::Reversed, FieldProblem::Unmapped),
        ]
    );
    assert_eq!(issues[3].span.text(filter), "Medium");
}

#[test]
fn form_and_limits_of_both_sides() {
    let sample = project();
    let wrong = maps(&sample, "Id == 1", "a/b eq 1 and contains(a, 'x')", &[]);
    let issues = syntax_issues(&wrong);
    assert!(matches!(issues.as_slice(), [SyntaxIssue { fault: Fault::Form(_), side: Side::Source, .. }]));
    let kinds: Vec<_> = reversed_limits(&wrong).into_iter().map(|limit| limit.kind).collect();
    let expected = [
        crate::dualwrite::filter::odata::LimitKind::Lookup { lookups: 1 },
        crate::dualwrite::filter::odata::LimitKind::Contains,
    ];
    assert_eq!(kinds, expected);
    let broken = maps(&sample, "(Id == ", "a eq", &[]);
    let sides: Vec<_> = syntax_issues(&broken).into_iter().map(|issue| issue.side).collect();
    assert_eq!(sides, [Side::Source, Side::Reversed]);
    assert_eq!(legs(&maps(&sample, "", "", &[])).len(), 0);
}
