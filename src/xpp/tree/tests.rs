use super::*;
use crate::source::Position;
use crate::xpp::lexer::Lexer;
use proptest::prelude::*;
use std::fmt::Write as _;

const FIRST: Position = Position { line: 1, column: 1 };

/// The shape of the statements of a body.
fn shape(body: &str) -> String {
    let code = Code::without_macros(body, FIRST);
    let statements = read_body(&code, code.all());
    list(&statements)
}

fn list(statements: &[Statement<'_>]) -> String {
    statements.iter().map(one).collect::<Vec<_>>().join(" ")
}

fn one(statement: &Statement<'_>) -> String {
    match &statement.kind {
        StatementKind::Block(body) => format!("{{{}}}", list(body)),
        StatementKind::If(choice) => {
            let mut text = String::from("if");
            for (condition, body) in &choice.branches {
                let _ = write!(text, "({} | {})", expr(condition), list(body));
            }
            if let Some(body) = &choice.otherwise {
                let _ = write!(text, "(else {})", list(body));
            }
            text
        }
        StatementKind::Switch(on, sections) => {
            let sections: Vec<String> = sections
                .iter()
                .map(|s| format!("({}{})", if s.is_default { "default " } else { "" }, list(&s.body)))
                .collect();
            format!("switch({}){}", expr(on), sections.join(""))
        }
        StatementKind::Loop(lap) => {
            let find =
                lap.find.as_ref().map_or_else(String::new, |find| format!("[{}]", find.buffers.join(",")));
            let condition = lap.condition.as_ref().map_or_else(String::new, expr);
            let kind = if lap.body_first { "do" } else { "loop" };
            let (before, after) = (list(&lap.before), list(&lap.after));
            format!("{kind}({before};{condition}{find};{after}){{{}}}", list(&lap.body))
        }
        StatementKind::Try { body, catches, finally } => {
            let catches: Vec<String> = catches.iter().map(|c| format!("catch{{{}}}", list(c))).collect();
            let last = finally.as_ref().map_or_else(String::new, |body| format!("finally{{{}}}", list(body)));
            format!("try{{{}}}{}{last}", list(body), catches.join(""))
        }
        StatementKind::With(head, body) => format!("with({}){{{}}}", list(head), list(body)),
        StatementKind::Declare(variables) => {
            let variables: Vec<String> = variables
                .iter()
                .map(|v| {
                    let value =
                        v.value.as_ref().map_or_else(String::new, |value| format!("={}", expr(value)));
                    format!("{} {}{value}", v.type_name, v.name)
                })
                .collect();
            format!("<{}>", variables.join(", "))
        }
        StatementKind::Expression(value) => expr(value),
        StatementKind::Find(find) => format!("select[{}]", find.buffers.join(",")),
        StatementKind::Recordset(set) => {
            let columns = set.columns.as_ref().map_or("?".to_owned(), |columns| columns.join(","));
            let find = set.find.buffers.join(",");
            format!("{:?} {}({columns})[{find}]", set.kind, set.buffer.unwrap_or("?"))
        }
        StatementKind::Tts(tts) => format!("tts{tts:?}"),
        StatementKind::Return(value) => format!("return({})", value.as_ref().map_or_else(String::new, expr)),
        StatementKind::Throw(_) => "throw".to_owned(),
        StatementKind::Break => "break".to_owned(),
        StatementKind::Continue => "continue".to_owned(),
        StatementKind::Function(head, body) => format!("fn {}{{{}}}", head.returns, list(body)),
        StatementKind::Unread => "UNREAD".to_owned(),
    }
}

fn expr(value: &Expr<'_>) -> String {
    let all = |parts: &[Expr<'_>]| parts.iter().map(expr).collect::<Vec<_>>().join(",");
    match value {
        Expr::Name(name) => (*name).to_owned(),
        Expr::This => "this".to_owned(),
        Expr::Text(text) => format!("'{text}'"),
        Expr::Truth(truth) => truth.to_string(),
        Expr::Literal => "#".to_owned(),
        Expr::Static(of, name) => format!("{of}::{name}"),
        Expr::Member(of, name) => format!("{}.{name}", expr(of)),
        Expr::Numbered(of, number) => format!("{}.({})", expr(of), expr(number)),
        Expr::Index(of, index) => format!("{}[{}]", expr(of), expr(index)),
        Expr::Call(callee, arguments, _) => {
            let callee = match &**callee {
                Callee::Function(name) => (*name).to_owned(),
                Callee::Method(on, name) => format!("{}.{name}", expr(on)),
                Callee::Static(of, name) => format!("{of}::{name}"),
                Callee::Next => "next".to_owned(),
                Callee::Super => "super".to_owned(),
            };
            format!("{callee}({})", all(arguments))
        }
        Expr::New(name, arguments, _) => format!("new {name}({})", all(arguments)),
        Expr::Cast(of, name, _) => format!("{} as {name}", expr(of)),
        Expr::List(parts) => format!("[{}]", all(parts)),
        Expr::Sum(parts) => format!("sum({})", all(parts)),
        Expr::Either(parts) => format!("either({})", all(&parts[..])),
        Expr::Operands(parts) => format!("ops({})", all(parts)),
        Expr::Assign(target, keeps, value) => {
            format!("{}{}={}", expr(target), if *keeps { "+" } else { "" }, expr(value))
        }
        Expr::Find(find) => format!("(select[{}])", find.buffers.join(",")),
        Expr::Unknown => "?".to_owned(),
    }
}

#[test]
fn declarations_anywhere_and_of_many() {
    assert_eq!(
        shape(
            "CustTable a, b = CustTable::find('x'); ; var c = new Map(Types::String); str 50 s; int i[3], j;"
        ),
        "<CustTable a, CustTable b=CustTable::find('x')> <var c=new Map(Types::String)> <str s> <int i, int j>"
    );
    assert_eq!(
        shape(
            "System.Collections.Generic.List<System.String> l = new System.Collections.Generic.List<System.String>(); CustTable[] t; const str K = 'v';"
        ),
        "<System.Collections.Generic.List l=new System.Collections.Generic.List()> <CustTable t> <str K='v'>"
    );
    assert_eq!(shape("a.b(); a; a = b; next t; return a;"), "a.b() a a=b select[t] return(a)");
}

#[test]
fn calls_casts_and_chains() {
    assert_eq!(
        shape(
            "CustTable::find(x, true).doUpdate(); (c as CustTable).doUpdate(); this.t.doDelete(); a.(fieldNum(T, F)) = 1;"
        ),
        "CustTable::find(x,true).doUpdate() c as CustTable.doUpdate() this.t.doDelete() a.(fieldNum(T,F))=#"
    );
    assert_eq!(shape("x = c ? a : d ? b : e;"), "x=either(c,a,either(d,b,e))");
    assert_eq!(
        shape("s = 'a' + b + @'c'; i++; --j; [a, b.C] = f();"),
        "s=sum('a',b,'c') i+=# j+=# [a,b.C]=f()"
    );
    assert_eq!(
        shape("next update(); super(); (select firstonly RecId from t where t.A == 1).RecId;"),
        "next() super() (select[t]).RecId"
    );
    assert_eq!(
        shape("if (!a.b() && c || d like 'x*' && e is F) f();"),
        "if(ops(a.b(),c,d,'x*',ops(e)) | f())"
    );
    assert_eq!(shape("System.String::Format('x', a.B[1].C);"), "System.String::Format('x',a.B[#].C)");
    assert_eq!(shape("ttsbegin(); x.ttsbegin();"), "ttsbegin() x.ttsbegin()");
}

#[test]
fn selects_name_their_buffers() {
    for (body, expected) in [
        ("select t;", "select[t]"),
        ("select firstonly forupdate t where t.A == f(1);", "select[t]"),
        ("select A, sum(B) from t group by A order by A desc;", "select[t]"),
        (
            "select * from t join u where u.A == t.A outer join forupdate B from v exists join w;",
            "select[t,u,v,w]",
        ),
        ("select crosscompany : companies t;", "select[t]"),
        ("select crosscompany:(c) t;", "select[t]"),
        ("select validtimestate(d) t index hint I where t.A;", "select[t]"),
        (
            "while select forupdate t where t.A == 1 { t.B = 1; t.doUpdate(); }",
            "loop(;[t];){t.B=# t.doUpdate()}",
        ),
        ("while select t where t.A == 1 t.doDelete(); f();", "loop(;[t];){t.doDelete()} f()"),
        ("while select t t.doDelete();", "loop(;[t];){t.doDelete()}"),
        ("while select t where t.A in c && t.B like 'x' f(t);", "loop(;[t];){f(t)}"),
        ("while select t order by A desc where t.A f();", "loop(;[t];){f()}"),
        ("while select t;", "loop(;[t];){}"),
    ] {
        assert_eq!(shape(body), expected, "{body}");
    }
}

#[test]
fn statements_for_many_records() {
    for (body, expected) in [
        ("insert_recordset t (A, B) select A, #x from u where u.C;", "Insert t(A,B)[u]"),
        ("INSERT_RECORDSET t(A)\n select A from u join v;", "Insert t(A)[u,v]"),
        ("insert_recordset t setting A = 1;", "Insert t(A)[]"),
        ("insert_recordset t select u;", "Insert t(?)[u]"),
        (
            "update_recordset t setting A = f(1, 2), B[2] = u.C where t.D join u where u.E;",
            "Update t(A,B)[u]",
        ),
        ("update_recordset crosscompany t setting t.A = 1;", "Update t(A)[]"),
        ("delete_from t where t.A == 1 notexists join u where u.B;", "Delete t(?)[u]"),
        ("delete_from t;", "Delete t(?)[]"),
        ("delete_from ;", "Delete ?(?)[]"),
    ] {
        assert_eq!(shape(body), expected, "{body}");
    }
}

#[test]
fn blocks_of_every_kind() {
    assert_eq!(
        shape("if (a) b(); else if (c) { d(); } else e(); f();"),
        "if(a | b())(c | d())(else e()) f()"
    );
    assert_eq!(
        shape("switch (a) { case B::C, D::E: f(); break; case 1: { g(); } default: h(); } i();"),
        "switch(a)(f() break)({g()})(default h()) i()"
    );
    assert_eq!(
        shape("for (int i = 1; i <= 3; i++) { a(); continue; }"),
        "loop(<int i=#>;ops(i,#);i+=#){a() continue}"
    );
    assert_eq!(shape("do { a(); } while (b); c();"), "do(;b;){a()} c()");
    assert_eq!(
        shape("try { a(); } catch (Exception::Deadlock) { retry; } catch { throw b; } finally { c(); } d();"),
        "try{a()}catch{throw}catch{throw}finally{c()} d()"
    );
    assert_eq!(
        shape("using (var x = new Y()) { a(); } changecompany ('dat') { b(); }"),
        "with(<var x=new Y()>){a()} with('dat'){b()}"
    );
    assert_eq!(
        shape("void f(int a) { g(); } CustTable h() { return t; } i();"),
        "fn void{g()} fn CustTable{return(t)} i()"
    );
    assert_eq!(
        shape("ttsbegin; TTSBEGIN a(); ttsCommit ttsabort;"),
        "ttsBegin ttsBegin a() ttsCommit ttsAbort"
    );
}

#[test]
fn what_cannot_be_read_costs_its_statement() {
    assert_eq!(shape("a(; b(); c();"), "ops(a,?) b() c()");
    assert!(shape("info('open);\nx.doUpdate();").ends_with("x.doUpdate()"));
    assert!(shape("{ ( } x.doUpdate();").ends_with("x.doUpdate()"));
    assert!(shape(") ] } x.doUpdate();").ends_with("x.doUpdate()"));
    assert!(shape("case 1: x.doUpdate();").ends_with("x.doUpdate()"));
    assert!(shape("%1 + 2 { x.doUpdate(); }").ends_with("{x.doUpdate()}"));
    assert!(shape("#Macro\nCustTable t;").ends_with("<CustTable t>"));
    assert_eq!(shape("#localmacro.Write\n %1.doUpdate();\n#endmacro\n a();"), "a()");
}

#[test]
fn heads_of_methods_and_classes() {
    let source = "[A, DataEventHandler(tableStr(T), DataEventType::Inserted)]\npublic static final CustTable f(Common _c, str 10 _s = g(1), int[] _a)";
    let code = Code::read(source, FIRST);
    let head = read_head(&code, code.all()).expect("a head");
    assert_eq!((&*head.returns, head.is_static, head.is_fixed), ("CustTable", true, true));
    let parameters: Vec<_> = head.parameters.iter().map(|p| format!("{} {}", p.type_name, p.name)).collect();
    assert_eq!(parameters, ["Common _c", "str _s", "int _a"]);
    let attributes: Vec<_> = head.attributes.iter().map(|a| (a.name, a.arguments.len())).collect();
    assert_eq!(attributes, [("A", 0), ("DataEventHandler", 2)]);
    let source = "/// x\n[ExtensionOfAttribute(classStr(B))]\npublic final class A extends C implements D\n{\n  private CustTable t, u;\n [X] RecordInsertList l = new RecordInsertList(tableNum(T));\n #define.Y(1)\n static readonly int z;\n}";
    let code = Code::read(source, FIRST);
    let class = read_class(&code);
    assert_eq!((class.extends, class.is_final, class.attributes[0].name), (Some("C"), true, "ExtensionOf"));
    let members: Vec<_> = class.members.iter().map(|m| format!("{} {}", m.type_name, m.name)).collect();
    assert_eq!(members, ["CustTable t", "CustTable u", "RecordInsertList l", "int z"]);
    for no_head in ["", "{", "f", "(", ")", "f)", "(a)"] {
        let code = Code::read(no_head, FIRST);
        assert!(read_head(&code, code.all()).is_none(), "{no_head}");
    }
}

#[test]
fn depth_is_bounded() {
    for (open, middle, close) in [
        ("{", "a;", "}"),
        ("if (x) ", "a;", ""),
        ("f(", "a", ")"),
        ("a ? b : ", "c", ";"),
        ("x.", "y", "();"),
        ("while select t { ", "a;", "}"),
        ("try { ", "a;", "} catch { b; }"),
        ("[", "a", "]"),
        ("a = ", "b", ";"),
        ("switch (a) { case 1: ", "b;", "}"),
        ("do ", "a;", " while (b);"),
        ("void f() {", "a;", "}"),
    ] {
        let deep = format!("{}{middle}{} end();", open.repeat(3_000), close.repeat(3_000));
        shape(&deep);
    }
}

/// Pieces of X++ that a soup is made of.
pub(in crate::xpp) const PIECES: [&str; 74] = [
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ";",
    ",",
    ".",
    ":",
    "::",
    "?",
    "=",
    "+=",
    "+",
    "==",
    "++",
    "!",
    "<",
    ">",
    ">>",
    "%",
    "'a'",
    "\"b",
    "@'c",
    "@\"d\"",
    "//x\n",
    "/*",
    "*/",
    "#M",
    "#if.X\n",
    "#localmacro.L\n",
    "#endmacro\n",
    "1",
    "é",
    "\n",
    "if",
    "else",
    "while",
    "select",
    "for",
    "do",
    "switch",
    "case",
    "default",
    "break",
    "continue",
    "return",
    "throw",
    "try",
    "catch",
    "finally",
    "using",
    "var",
    "CustTable",
    "x",
    "y",
    "this",
    "super",
    "next",
    "new",
    "as",
    "from",
    "join",
    "where",
    "setting",
    "insert_recordset",
    "update_recordset",
    "delete_from",
    "ttsbegin",
    "ttscommit",
    "doUpdate",
    "skipBusinessEvents",
    "void",
];

proptest! {
    #[test]
    fn any_soup_is_read(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..80)) {
        shape(&pieces.join(" "));
    }

    #[test]
    fn tokens_cover_the_source(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60), blank in "[ \t\r\n]?") {
        let source = pieces.join(&blank);
        let mut end = 0;
        for token in Lexer::new(&source) {
            prop_assert!(token.start >= end && token.end > token.start);
            prop_assert!(source[end..token.start].chars().all(char::is_whitespace));
            end = token.end;
        }
        prop_assert!(source[end..].chars().all(char::is_whitespace));
    }
}
