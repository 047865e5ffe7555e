use super::*;
use crate::source::Position;
use crate::xpp::tree;
use proptest::prelude::*;
use std::borrow::Cow;
use std::fmt::Write as _;

/// A unit of methods; each source starts in line 1.
fn unit(kind: UnitKind, declaration: &str, methods: &[(&str, &str)]) -> Unit {
    let first = Position { line: 1, column: 1 };
    let method = |(name, source): &(&str, &str)| RawMethod {
        name: Cow::Owned((*name).to_owned()),
        source: Cow::Owned((*source).to_owned()),
        first,
        part: None,
    };
    let raw = RawUnit {
        name: "U".into(),
        line: 1,
        kind,
        declaration: Cow::Borrowed(declaration),
        declared_at: first,
        methods: methods.iter().map(method).collect(),
        data_sources: Vec::new(),
    };
    read_unit(&raw, &Wanted::nothing())
}

/// The effects of one body in a method of a class.
fn body(body: &str) -> MethodEffects {
    let source = format!("void m(CustTable _p, Common _c) {{ CustTable x; {body} }}");
    unit(UnitKind::Class, "class U { CustTable member; RecordInsertList list; }", &[("m", &source)])
        .methods
        .remove(0)
}

/// Writes as `form target columns flags`, one a line.
fn writes(effects: &MethodEffects) -> String {
    let mut text = String::new();
    for write in &effects.writes {
        let _ = write!(text, "{:?} {} {}", write.form, value(&write.target), columns(&write.columns));
        let flags = [
            (write.events_off.is_some(), " off"),
            (write.temporary.is_some(), " temp"),
            (write.untouched, " untouched"),
            (write.scope.is_some(), " scoped"),
        ];
        flags.iter().filter(|(holds, _)| *holds).for_each(|(_, flag)| text.push_str(flag));
        text.push('\n');
    }
    text.trim_end().to_owned()
}

fn columns(columns: &ColumnEffects) -> String {
    let mut names: Vec<String> = columns.names.iter().map(ToString::to_string).collect();
    names.extend(
        columns.methods.iter().map(|call| format!("{}(){}", call.name, if call.alone { "!" } else { "" })),
    );
    if columns.open {
        names.push("?".to_owned());
    }
    format!("[{}]", names.join(" "))
}

fn value(of: &Value) -> String {
    let given = |origins: &[Origin], initial: &bool| {
        let mut from: Vec<String> = origins.iter().map(|origin| value(&origin.value)).collect();
        from.extend(initial.then(|| "initial".to_owned()));
        if from.is_empty() { String::new() } else { format!("<-{}", from.join("|")) }
    };
    match of {
        Value::Variable { name, type_name, origins, initial, .. } => {
            format!("{type_name}:{name}{}", given(origins, initial))
        }
        Value::Member { name, origins, initial, .. } => format!("member:{name}{}", given(origins, initial)),
        Value::This => "this".to_owned(),
        Value::Of(on, name) => format!("{}.{name}", value(on)),
        Value::Static { type_name, method, .. } => format!("{type_name}::{method}()"),
        Value::Method { on, method, .. } => {
            format!("{}{method}()", on.as_ref().map_or_else(String::new, |on| format!("{}.", value(on))))
        }
        Value::New { type_name, arguments, .. } => {
            format!("new {type_name}({})", arguments.iter().map(value).collect::<Vec<_>>().join(","))
        }
        Value::Cast { type_name, of, .. } => format!("({} as {type_name})", value(of)),
        Value::Table { name, in_sql, .. } => format!("{}{name}", if *in_sql { "sql:" } else { "table:" }),
        Value::OneOf(values) => values.iter().map(value).collect::<Vec<_>>().join("|"),
        Value::Records { list, added } => {
            format!("{}+{}", value(list), added.iter().map(value).collect::<Vec<_>>().join("+"))
        }
        Value::Unknown => "?".to_owned(),
    }
}

fn written(source: &str) -> String {
    writes(&body(source))
}

#[test]
fn columns_are_those_assigned_since_the_record_was_fetched() {
    for (source, expected) in [
        ("x.A = 1; x.B += 2; x.C++; x.D[1] = 3; x.doUpdate();", "[A B C D]"),
        ("x.A = 1; select forupdate x; x.B = 2; x.doUpdate();", "[B]"),
        ("x.A = 1; x.clear(); x.B = 2; x.doUpdate();", "[B]"),
        ("x.A = 1; x.reread(); x.doUpdate();", "[]"),
        ("x.(fieldNum(CustTable, A)) = 1; x.doUpdate();", "[A]"),
        ("x.(f) = 1; x.doUpdate();", "[?]"),
        ("[x.A, x.B] = f(); x.doUpdate();", "[A B]"),
        ("if (a) { x.A = 1; } else { x.B = 1; } x.doUpdate();", "[A B]"),
        ("switch (a) { case 1: x.A = 1; break; default: x.B = 2; } x.doUpdate();", "[A B]"),
        ("while select forupdate x { x.A = 1; x.doUpdate(); x.B = 2; }", "[A]"),
        ("while (a) { x.A = 1; x.doUpdate(); x.B = 2; }", "[A B]"),
        ("f(x); x.doUpdate();", "[?]"),
        ("f(x.A); x.doUpdate();", "[]"),
        ("x.data(_p); x.doUpdate();", "[?]"),
        ("x.initFrom(_p); x.doUpdate();", "[initFrom()!]"),
        ("x.A = x.compute(); x.doUpdate();", "[A compute()]"),
        ("if (x.validateWrite()) { x.A = 1; x.doUpdate(); }", "[A]"),
        ("x.selectForUpdate(true); x.A = 1; x.doUpdate();", "[A]"),
        ("x.setFieldValue(fieldStr(CustTable, A), 1); x.doUpdate();", "[A]"),
        ("x.A = 1; if (b) { return; } x.B = 1; x.doUpdate();", "[A B]"),
        ("try { x.A = 1; } catch { x.B = 1; } x.doUpdate();", "[A B]"),
    ] {
        let text = written(source);
        let said = text.strip_prefix("DoUpdate CustTable:x ").unwrap_or(&text);
        assert_eq!(said, expected, "{source}");
    }
    assert_eq!(written("_p.A = 1; _p.doUpdate();"), "DoUpdate CustTable:_p<-initial [A ?]");
    assert_eq!(
        written("x = CustTable::find('a', true); x.A = 1; x.doUpdate();"),
        "DoUpdate CustTable:x<-CustTable::find() [A]"
    );
    assert_eq!(written("x = this.cust(); x.A = 1; x.doUpdate();"), "DoUpdate CustTable:x<-this.cust() [A ?]");
    assert_eq!(written("x.A = 1; x.doDelete();"), "DoDelete CustTable:x []");
    assert_eq!(
        written("x.A = 1; x.doInsert(); x.B = 1; x.doUpdate();"),
        "DoInsert CustTable:x [A]\nDoUpdate CustTable:x [B]"
    );
}

#[test]
fn events_stay_off_until_they_are_switched_on() {
    for (source, expected) in [
        ("x.skipBusinessEvents(true); x.update();", "Update CustTable:x [] off"),
        ("x.SkipBusinessEvents(NoYes::Yes); select x; x.delete();", "Delete CustTable:x [] off"),
        ("x.skipBusinessEvents(true); x.skipBusinessEvents(false); x.update();", "Update CustTable:x []"),
        ("if (a) { x.skipBusinessEvents(true); } x.insert();", "Insert CustTable:x [] off"),
        ("x.update(); x.skipBusinessEvents(true);", "Update CustTable:x []"),
        ("while (a) { x.update(); x.skipBusinessEvents(true); }", "Update CustTable:x [] off"),
        ("x.skipBusinessEvents(a); x.update();", "Update CustTable:x []"),
        (
            "x.skipBusinessEvents(true); x = CustTable::find(); x.update();",
            "Update CustTable:x<-CustTable::find() []",
        ),
        (
            "_p.skipBusinessEvents(true); x = _p; x.write();",
            "Write CustTable:x<-CustTable:_p<-initial [?] off",
        ),
        ("member.update();", "Update member:member<-initial [?] untouched"),
        ("member.skipBusinessEvents(true); member.update();", "Update member:member<-initial [?] off"),
        ("this.member.skipBusinessEvents(true); member.update();", "Update member:member<-initial [?] off"),
        ("CustTable y; x.skipBusinessEvents(true); y.update();", "Update CustTable:y []"),
        ("(_c as CustTable).skipBusinessEvents(true); _c.update();", "Update Common:_c<-initial [?] off"),
        ("map.insert(1, 2); map.delete(1);", "Delete member:map<-initial [] untouched"),
    ] {
        assert_eq!(written(source), expected, "{source}");
    }
    let marks =
        |source: &str| body(source).events_off.iter().map(|mark| mark.name.to_string()).collect::<Vec<_>>();
    assert_eq!(marks("member.skipBusinessEvents(true);"), ["member"]);
    assert_eq!(
        marks("member.skipBusinessEvents(true); member.update(); member.skipBusinessEvents(false);"),
        [""; 0]
    );
    assert_eq!(marks("x.skipBusinessEvents(true);"), [""; 0]);
}

#[test]
fn a_buffer_is_temporary_only_on_every_path() {
    assert_eq!(written("x.setTmp(); x.doInsert();"), "DoInsert CustTable:x [] temp");
    assert_eq!(written("if (a) { x.setTmp(); } x.doInsert();"), "DoInsert CustTable:x []");
    assert_eq!(
        written("if (a) { x.setTmp(); } else { x.setTmpData(_p); } x.doInsert();"),
        "DoInsert CustTable:x [] temp"
    );
    assert_eq!(
        written("x.setTmp(); x = _p; x.doInsert();"),
        "DoInsert CustTable:x<-CustTable:_p<-initial [?]"
    );
    assert_eq!(body("member.setTmp();").temporary.len(), 1);
}

#[test]
fn a_variable_for_any_record_is_what_it_was_given() {
    assert_eq!(written("_c.doUpdate();"), "DoUpdate Common:_c<-initial [?]");
    assert_eq!(written("Common c = x; c.doUpdate();"), "DoUpdate Common:c<-CustTable:x []");
    assert_eq!(
        written("Common c; if (a) { c = x; } else { c = VendTable::find(); } c.doUpdate();"),
        "DoUpdate Common:c<-CustTable:x|VendTable::find() []"
    );
    assert_eq!(
        written("var v = a ? x : _p; v.doDelete();"),
        "DoDelete var:v<-CustTable:x|CustTable:_p<-initial []"
    );
    assert_eq!(written("(_c as CustTable).doUpdate();"), "DoUpdate (Common:_c<-initial as CustTable) [?]");
    assert_eq!(
        written("this.member.doDelete(); this.cust().doDelete();"),
        "DoDelete member:member<-initial [] untouched\nDoDelete this.cust() []"
    );
    assert_eq!(
        written("A::b.doDelete(); a.b.doDelete();"),
        "DoDelete new A().b []\nDoDelete member:a<-initial.b []"
    );
    assert_eq!(
        written("{ VendTable x; x.doDelete(); } x.doDelete();"),
        "DoDelete VendTable:x []\nDoDelete CustTable:x []"
    );
    assert_eq!(
        written("void f(VendTable x) { x.doDelete(); } x.doDelete();"),
        "DoDelete VendTable:x<-initial []\nDoDelete CustTable:x []"
    );
    assert_eq!(written("CustTable::find(1).doUpdate();"), "DoUpdate CustTable::find() [?]");
}

#[test]
fn lists_statements_of_many_records_and_objects() {
    for (source, expected) in [
        (
            "RecordInsertList l = new RecordInsertList(tableNum(CustTable), true); l.add(x); l.insertDatabase();",
            "InsertDatabase RecordInsertList:l<-new RecordInsertList(table:CustTable,?)+CustTable:x [?]",
        ),
        ("list.insertDatabase();", "InsertDatabase member:list<-initial [?] untouched"),
        ("delete_from x where x.A == 1;", "DeleteFrom CustTable:x []"),
        ("update_recordset x setting A = 1;", "UpdateRecordset CustTable:x [A]"),
        ("insert_recordset x (A) select A from y;", "InsertRecordset CustTable:x [A]"),
        ("x.setTmp(); delete_from x;", "DeleteFrom CustTable:x [] temp"),
        (
            "new SysDaUpdateStatement().execute(new SysDaUpdateObject(x));",
            "SysDaUpdate new SysDaUpdateObject(CustTable:x) [?]",
        ),
        (
            "var u = new SysDaUpdateObject(x); u.settingClause().add(fieldStr(CustTable, A), v).add(fieldStr(CustTable, B), w); u.whereClause(e); SysDaUpdateStatement s; s.update(u);",
            "SysDaUpdate var:u<-new SysDaUpdateObject(CustTable:x) [A B]",
        ),
        (
            "var u = new SysDaUpdateObject(x); var c = u.settingClause(); c.add(fieldStr(CustTable, A), v); var s = new SysDaUpdateStatement(); s.update(u);",
            "SysDaUpdate var:u<-new SysDaUpdateObject(CustTable:x) [?]",
        ),
        ("Query::insert_recordset(x, m, q);", "QueryInsertRecordset CustTable:x [?]"),
        (
            "SqlDataDictionary d = new SqlDataDictionary(); d.tableTruncate(tableNum(CustTable), false);",
            "Truncate table:CustTable [?]",
        ),
        ("new SqlDataDictionary().tableTruncate(x.TableId);", "Truncate CustTable:x.TableId [?]"),
        (
            "other.tableTruncate(tableNum(CustTable)); other.executeUpdate('DELETE FROM X'); other.execute(x);",
            "",
        ),
    ] {
        assert_eq!(written(source), expected, "{source}");
    }
}

#[test]
fn sql_is_read_through_variables_and_formats() {
    for (source, expected) in [
        (
            "Statement s = c.createStatement(); s.executeUpdate('UPDATE CUSTTABLE SET A = 1');",
            "SqlUpdate sql:CUSTTABLE [A]",
        ),
        ("c.createStatement().executeUpdate('DELETE FROM CUSTTABLE');", "SqlDelete sql:CUSTTABLE [?]"),
        (
            "str q = strFmt(@'UPDATE %1 SET %2 = %3', tableStr(CustTable), fieldStr(CustTable, A), v); Statement s; s.executeUpdateWithParameters(q, m);",
            "SqlUpdate sql:CustTable [A]",
        ),
        (
            "str q = 'DELETE FROM '; q += new SysDictTable(tableNum(CustTable)).name(DbBackend::Sql); if (a) { q += ' WHERE 1'; } Statement s; s.executeUpdate(q);",
            "SqlDelete sql:CustTable [?]",
        ),
        ("var s = c.createStatement(); s.executeUpdate(this.text());", "SqlUnknown ? [?]"),
        ("Statement s; s.executeUpdate('DELETE FROM ' + name);", "SqlDelete ? [?]"),
        ("Statement s; s.executeUpdate('CREATE INDEX I ON X (Y)');", ""),
    ] {
        assert_eq!(written(source), expected, "{source}");
    }
}

#[test]
fn what_is_no_write() {
    for source in [
        "// x.doUpdate();\n /* delete_from x; */",
        "info('x.doUpdate(); delete_from x;'); str s = \"insert_recordset\";",
        "doUpdate(x); this.delete_from();",
        "methodStr(CustTable, doUpdate);",
    ] {
        assert_eq!(written(source), "", "{source}");
    }
}

fn unbalanced(source: &str) -> Vec<(u32, Option<u32>)> {
    let effects = body(source);
    effects.unbalanced.iter().map(|u| (u.excerpt.position.line, u.left_at.map(|at| at.line))).collect()
}

#[test]
fn scopes_that_are_surely_not_balanced() {
    assert_eq!(unbalanced("\nttsbegin;\n x.update();"), [(2, Some(3))]);
    assert_eq!(unbalanced("\nx.update();\n ttscommit;"), [(3, None)]);
    assert_eq!(unbalanced("\nttsbegin;\n if (a)\n return;\n ttscommit;"), [(2, Some(4))]);
    assert_eq!(unbalanced("\nif (a) {\n ttsbegin;\n }\n x.update();"), [(3, Some(5))]);
    assert_eq!(unbalanced("\nttsbegin;\n if (a) {\n ttscommit;\n }"), [(2, Some(5))]);
    assert_eq!(unbalanced("\nwhile (a) {\n ttsbegin;\n if (b)\n continue;\n ttscommit;\n }"), [(3, Some(7))]);
    assert_eq!(unbalanced("\nttsbegin;\n ttsbegin;\n ttscommit;"), [(2, Some(4))]);
}

#[test]
fn scopes_that_may_be_balanced() {
    for source in [
        "ttsbegin; x.update(); ttscommit;",
        "ttsbegin x.update(); ttscommit",
        "ttsbegin; if (a) { ttsabort; return; } ttscommit;",
        "ttsbegin; if (a) { throw b; } ttscommit;",
        "if (a) { ttsbegin; } x.update(); if (a) { ttscommit; }",
        "if (a) ttsbegin; if (!a) return; ttscommit;",
        "try { ttsbegin; x.update(); ttscommit; } catch { ttsabort; }",
        "try { ttsbegin; x.update(); ttscommit; } catch (Exception::Deadlock) { retry; }",
        "ttsbegin; while (a) { ttscommit; ttsbegin; } ttscommit;",
        "switch (a) { case 1: ttsbegin; ttscommit; break; default: }",
        "ttsbegin; ttsbegin; ttscommit; ttscommit;",
        "while (true) { ttsbegin; if (a) { ttscommit; break; } ttscommit; }",
        "c.ttsbegin(); c.ttscommit();",
    ] {
        assert_eq!(unbalanced(source), [], "{source}");
    }
}

#[test]
fn helpers_open_scopes_for_others() {
    let methods = [
        ("begin", "void begin() { ttsbegin; }"),
        ("end", "void end() { ttscommit; }"),
        ("run", "void run(CustTable x) { this.begin(); x.update(); this.end(); }"),
        ("half", "void half() { this.begin(); }"),
    ];
    let unit = unit(UnitKind::Class, "class U {}", &methods);
    let faults: Vec<usize> = unit.methods.iter().map(|method| method.unbalanced.len()).collect();
    assert_eq!(faults, [0, 0, 0, 1]);
    assert_eq!(
        writes(&unit.methods[2]),
        "Update CustTable:x<-initial [?] untouched scoped".replace(" untouched", "")
    );
    let alone = super::tests::unit(UnitKind::Class, "class U {}", &methods[..1]);
    assert_eq!(alone.methods[0].unbalanced.len(), 1);
}

#[test]
fn scopes_that_follow_each_other() {
    let effects = body(
        "ttsbegin; x.update(); ttscommit; if (a) { ttsbegin; ttscommit; return; } while (b) { ttsbegin; ttscommit; }",
    );
    let scopes: Vec<(&[u32], bool)> =
        effects.scopes.iter().map(|s| (&s.after[..], s.in_loop.is_some())).collect();
    assert_eq!(scopes, [(&[][..], false), (&[0][..], false), (&[0, 2][..], true)]);
    let branches = body("if (a) { ttsbegin; ttscommit; } else { ttsbegin; ttscommit; }");
    assert!(branches.scopes.iter().all(|scope| scope.after.is_empty()));
}

#[test]
fn a_table_says_what_its_methods_change() {
    let table = unit(
        UnitKind::Table,
        "public class U extends common {}",
        &[
            ("a", "void a() { this.A = 1; this.b(); }"),
            ("c", "void c() { super(); this.update(); this.doUpdate(); }"),
        ],
    );
    assert_eq!(columns(&table.methods[0].changes_this), "[A b()!]");
    assert_eq!(columns(&table.methods[1].changes_this), "[?]");
    assert_eq!(writes(&table.methods[1]), "Update this [?]\nDoUpdate this []");
    let wrapped = ("update", "void update() { this.skipBusinessEvents(true); super(); }");
    let other = ("doUpdate", "void doUpdate() { this.skipBusinessEvents(true); super(); }");
    let table = unit(UnitKind::Table, "public class U extends common {}", &[wrapped, other]);
    assert_eq!(writes(&table.methods[0]), "Update this [?] off");
    assert_eq!(writes(&table.methods[1]), "");
    let class = unit(UnitKind::Class, "class U {}", &[wrapped]);
    assert_eq!(writes(&class.methods[0]), "");
}

#[test]
fn declarations_say_what_is_extended_and_handled() {
    let extended = |attribute: &str| {
        unit(UnitKind::Class, &format!("{attribute} final class U_Extension {{}}"), &[]).extension_of
    };
    assert_eq!(extended("[ExtensionOf(tableStr(T))]"), Some(ExtensionOf::Record("T".into())));
    assert_eq!(extended("[ExtensionOf(classStr(C))]"), Some(ExtensionOf::Class("C".into())));
    assert_eq!(extended("[ExtensionOf(formStr(F))]"), Some(ExtensionOf::Form("F".into())));
    let source = ExtensionOf::DataSource { form: "F".into(), name: "D".into() };
    assert_eq!(extended("[ExtensionOf(formDataSourceStr(F, D))]"), Some(source));
    assert_eq!(extended("[Other(classStr(C))]"), None);
    let method = "[DataEventHandler(tableStr(T), DataEventType::Inserted)]\npublic static void h(Common _s, DataEventArgs _e) { }";
    let handler = unit(UnitKind::Class, "class U {}", &[("h", method)]).methods.remove(0);
    assert_eq!((handler.handles, handler.is_static), (Some(Handles::Record("T".into())), true));
}

#[test]
fn calls_that_are_asked_for() {
    let raw = RawUnit {
        methods: vec![RawMethod {
            name: "m".into(),
            source: "void m() { CustTable t; H::write(t); h.WRITE(this, 1); other(t); }".into(),
            ..RawMethod::default()
        }],
        ..RawUnit::default()
    };
    let mut wanted = Wanted::nothing();
    assert!(read_unit(&raw, &wanted).methods[0].calls.is_empty());
    wanted.add("Write");
    let calls = read_unit(&raw, &wanted).methods.remove(0).calls;
    let callees: Vec<String> = calls.iter().map(|call| value(&call.callee)).collect();
    assert_eq!(callees, ["H::write()", "member:h<-initial.WRITE()"]);
}

#[test]
fn statements_that_could_not_be_read_are_kept() {
    let effects = body("a(; b(); x.doUpdate() % ; { delete_from ; }");
    let unread: Vec<&str> = effects.unread.iter().map(|excerpt| &*excerpt.text).collect();
    assert_eq!(unread, ["delete_from"]);
    assert_eq!(writes(&effects), "DoUpdate CustTable:x []");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_method_ends(pieces in prop::collection::vec(prop::sample::select(&tree::tests::PIECES[..]), 0..120)) {
        let source = pieces.join(" ");
        let read = unit(UnitKind::Table, &source, &[("m", &source), ("n", &format!("void n() {{ {source} }}"))]);
        prop_assert_eq!(read.methods.len(), 2);
    }
}

/// Long soups take no longer than their length asks for.
#[test]
fn fifty_thousand_tokens_are_read_in_bounded_time() {
    let mut seed = 42_u64;
    for round in 0..4 {
        let mut source = String::from("void m() {");
        for _ in 0..50_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let piece = tree::tests::PIECES[usize::try_from(seed >> 33).unwrap() % tree::tests::PIECES.len()];
            // Comments and strings without an end would hide the rest.
            let hides = ["/*", "\"b", "@'c", "//x\n", "#localmacro.L\n"].contains(&piece);
            source.push_str(if hides && round > 0 { ";" } else { piece });
            source.push(' ');
        }
        unit(UnitKind::Class, "", &[("m", &source)]);
    }
}
