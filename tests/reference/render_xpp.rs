//! X++ bodies of the model as source text.

use super::model::{
    Body, Broken, Class, Comment, ComputedBody, Function, InsertedRow, Item, MappingBody, Method, Part,
    Piece, Position, Qualifier, Row, Second, SkipBody, SkipCondition, SkipResult, SkipStatement, Statement,
    Sum, Term,
};
use super::writer::Writer;

pub fn declaration(class: &Class) -> String {
    match &class.extension_of {
        None => format!("\npublic class {}\n{{\n}}\n", class.name),
        Some(of) => {
            let attribute = format!("[ExtensionOf({}({}))]", of.function, of.element);
            let attribute = if of.commented { format!("// {attribute}") } else { attribute };
            format!("\n{attribute}\nfinal class {}\n{{\n}}\n", class.name)
        }
    }
}

pub fn method_source(w: &mut Writer, method: &Method) {
    match &method.body {
        Body::Mapping(body) => mapping(w, &method.name, body),
        Body::Skip(body) => skip(w, &method.name, body),
        Body::Computed(body) => computed(w, &method.name, body),
        Body::Plain(text) => w.code(1, text),
    }
}

// --- getEntityDataSourceToFieldMapping ---------------------------------------------------------

fn mapping(w: &mut Writer, name: &str, body: &MappingBody) {
    w.code(1, "/// <summary>");
    w.code(1, "/// Tables that are not direct data sources.");
    w.code(1, "/// </summary>");
    w.code(1, &format!("public static container {name}(container {})", body.parameter));
    w.code(1, "{");
    statements(w, &body.statements, 2);
    w.code(1, "}");
}

fn statements(w: &mut Writer, statements: &[Statement], level: usize) {
    for statement in statements {
        match statement {
            Statement::Declare { variable, value: None } => w.code(level, &format!("container {variable};")),
            Statement::Declare { variable, value: Some(sum) } => {
                assignment(w, level, &format!("container {variable} = "), sum);
            }
            Statement::Append { variable, value } => assignment(w, level, &format!("{variable} += "), value),
            Statement::Assign { variable, value } => assignment(w, level, &format!("{variable} = "), value),
            Statement::Return(sum) => assignment(w, level, "return ", sum),
            Statement::If { condition, then, otherwise } => {
                w.code(level, &format!("if ({condition})"));
                block(w, then, level);
                if let Some(otherwise) = otherwise {
                    w.code(level, "else");
                    block(w, otherwise, level);
                }
            }
            Statement::Switch { subject, cases, default } => {
                w.code(level, &format!("switch ({subject})"));
                w.code(level, "{");
                for (number, case) in cases.iter().enumerate() {
                    w.code(level + 1, &format!("case {number}:"));
                    case_body(w, case, level + 2);
                }
                if let Some(default) = default {
                    w.code(level + 1, "default:");
                    case_body(w, default, level + 2);
                }
                w.code(level, "}");
            }
            Statement::Ignored(text) => w.code(level, text),
            Statement::Undecidable { mark, lines } => {
                w.mark(*mark);
                lines.iter().for_each(|line| w.code(level, line));
            }
            Statement::Comment(body) => {
                comment(w, body, level);
                // A blank line, so that two comments are two texts.
                w.put("\n");
            }
        }
    }
}

fn block(w: &mut Writer, body: &[Statement], level: usize) {
    w.code(level, "{");
    statements(w, body, level + 1);
    w.code(level, "}");
}

/// A case that returns needs no `break`.
fn case_body(w: &mut Writer, body: &[Statement], level: usize) {
    statements(w, body, level);
    if !matches!(body.last(), Some(Statement::Return(_))) {
        w.code(level, "break;");
    }
}

fn assignment(w: &mut Writer, level: usize, head: &str, sum: &Sum) {
    let statement_line = w.line();
    w.code_start(level);
    w.put(head);
    for (number, term) in sum.iter().enumerate() {
        if number > 0 {
            w.put(" + ");
        }
        match term {
            Term::Variable(variable) => w.put(variable),
            Term::Literal(items) => literal(w, items, level, statement_line),
            Term::Row(written) => row(w, written),
            Term::Next(argument) => w.put(&format!("next getEntityDataSourceToFieldMapping({argument})")),
            Term::Insert { variable, position, row: inserted } => {
                let position = match position {
                    Position::Literal(position) => position.to_string(),
                    Position::End => format!("conLen({variable}) + 1"),
                };
                w.put(&format!("conIns({variable}, {position}, "));
                match inserted {
                    InsertedRow::Row(written) => row(w, written),
                    InsertedRow::Variable(variable) => w.put(variable),
                }
                w.put(")");
            }
            Term::Unknown { mark, text } => {
                w.mark_line(*mark, statement_line);
                w.mark(*mark);
                w.put(text);
            }
        }
    }
    w.put(";\n");
}

fn literal(w: &mut Writer, items: &[Item], level: usize, statement_line: u32) {
    let short = items.len() == 1 && !matches!(items[0], Item::Comment(_));
    w.put("[");
    for (number, item) in items.iter().enumerate() {
        if !short {
            w.put("\n");
            if !matches!(item, Item::Comment(_)) {
                w.code_start(level + 1);
            }
        }
        match item {
            Item::Row(written) => row(w, written),
            Item::Variable(variable) => w.put(variable),
            Item::Unknown { mark, text } => {
                w.mark(*mark);
                w.mark_line(*mark, statement_line);
                w.put(text);
            }
            Item::Comment(body) => comment_text(w, body, level + 1),
        }
        let more = items[number + 1..].iter().any(|item| !matches!(item, Item::Comment(_)));
        if more && !matches!(item, Item::Comment(_)) {
            w.put(",");
        }
    }
    if !short {
        w.put("\n");
        w.code_start(level);
    }
    w.put("]");
}

fn row(w: &mut Writer, row: &Row) {
    w.mark(row.mark);
    w.put("[");
    for (number, written) in row.parts.iter().enumerate() {
        if number > 0 {
            w.put(", ");
        }
        w.put(&part(written));
    }
    w.put("]");
}

fn part(part: &Part) -> String {
    match part.function {
        Function::Text => format!("{0}{1}{0}", part.spelling, part.name),
        Function::FieldStr => format!("{}({}, {})", part.spelling, part.owner, part.name),
        _ => format!("{}({})", part.spelling, part.name),
    }
}

fn comment(w: &mut Writer, body: &Comment, level: usize) {
    comment_text(w, body, level);
    w.put("\n");
}

/// Without the last line break.
fn comment_text(w: &mut Writer, body: &Comment, level: usize) {
    w.code_start(level);
    w.put(if body.block { "/* " } else { "// " });
    w.put(&body.note);
    let next_line = |w: &mut Writer| {
        w.put("\n");
        w.code_start(level);
        w.put(if body.block { "   " } else { "// " });
    };
    for (number, disabled) in body.rows.iter().enumerate() {
        if number > 0 || !body.note.is_empty() {
            next_line(w);
        }
        w.mark(disabled.mark);
        w.put("[");
        for (index, written) in disabled.parts.iter().enumerate() {
            if index > 0 {
                w.put(",");
                if body.spread { next_line(w) } else { w.put(" ") }
            }
            w.put(&part(written));
        }
        w.put("],");
    }
    if body.block {
        w.put(" */");
    }
}

// --- dualWriteShouldSkipDataSource -------------------------------------------------------------

fn skip(w: &mut Writer, name: &str, body: &SkipBody) {
    let [entity, source, table, map, flag] = &body.parameters;
    w.code(
        1,
        &format!(
            "public static boolean {name}(DictDataEntity {entity}, str {source}, TableId {table}, Map {map}, boolean {flag})"
        ),
    );
    w.code(1, "{");
    skip_statements(w, body, &body.statements, 2);
    w.code(1, "}");
}

fn skip_statements(w: &mut Writer, body: &SkipBody, statements: &[SkipStatement], level: usize) {
    for statement in statements {
        match statement {
            SkipStatement::Return(result) => {
                let result = match result {
                    SkipResult::True => "true".to_string(),
                    SkipResult::False => "false".to_string(),
                    SkipResult::NotAtLeastOne => format!("!{}", body.parameters[4]),
                };
                w.code(level, &format!("return {result};"));
            }
            SkipStatement::Unreadable(text) => w.code(level, text),
            SkipStatement::If { condition, then, otherwise } => {
                w.code(level, &format!("if ({})", skip_condition(body, condition)));
                w.code(level, "{");
                skip_statements(w, body, then, level + 1);
                w.code(level, "}");
                if let Some(otherwise) = otherwise {
                    w.code(level, "else");
                    w.code(level, "{");
                    skip_statements(w, body, otherwise, level + 1);
                    w.code(level, "}");
                }
            }
        }
    }
}

fn skip_condition(body: &SkipBody, condition: &SkipCondition) -> String {
    let comparison = |variable: &str, equal: bool, constant: &str, reversed: bool| {
        let operator = if equal { "==" } else { "!=" };
        match reversed {
            true => format!("{constant} {operator} {variable}"),
            false => format!("{variable} {operator} {constant}"),
        }
    };
    match condition {
        SkipCondition::Name { equal, constant, reversed, .. } => {
            comparison(&body.parameters[1], *equal, constant, *reversed)
        }
        SkipCondition::Table { equal, function, table, reversed } => {
            comparison(&body.parameters[2], *equal, &format!("{function}({table})"), *reversed)
        }
        SkipCondition::And(a, b) => format!("({}) && ({})", skip_condition(body, a), skip_condition(body, b)),
        SkipCondition::Or(a, b) => format!("({}) || ({})", skip_condition(body, a), skip_condition(body, b)),
        SkipCondition::Not(a) => format!("!({})", skip_condition(body, a)),
        SkipCondition::Unreadable(text) => text.clone(),
    }
}

// --- computed columns --------------------------------------------------------------------------

fn computed(w: &mut Writer, name: &str, body: &ComputedBody) {
    w.code(1, &format!("private static str {name}()"));
    w.code(1, "{");
    w.code(2, "str value = 'http://not.a.comment';");
    for (number, piece) in body.pieces.iter().enumerate() {
        if let Piece::Comment(text) = piece {
            w.code(2, text);
            continue;
        }
        let expression = expression(piece);
        match number % 4 {
            0 => w.code(2, &format!("value = {expression};")),
            1 => w.code(2, &format!("value += {expression};")),
            2 => w.code(2, &format!("value = SysComputedColumn::add(value, {expression});")),
            _ => {
                w.code(2, "if (value != 'it\\'s empty')");
                w.code(2, "{");
                w.code(3, &format!("value = SysComputedColumn::if(value, {expression}, 'none');"));
                w.code(2, "}");
            }
        }
    }
    match body.broken {
        None => {
            w.code(2, "return value;");
            w.code(1, "}");
        }
        Some(Broken::Text) => w.code(2, "return \"value;"),
        Some(Broken::Comment) => w.code(2, "/* return value;"),
        Some(Broken::Brackets) => {
            w.code(2, "return strUpr((value);");
            w.code(1, "}");
        }
    }
}

fn expression(piece: &Piece) -> String {
    match piece {
        Piece::Triple { callee, first, second, table, field } => {
            let second = match second {
                Second::Identifier(name) => format!("identifierStr({name})"),
                Second::Table(name) => format!("tableStr({name})"),
                Second::DataSource { owner, name } => {
                    format!("dataEntityDataSourceStr({owner}, {name})")
                }
                Second::Text(name) => format!("'{name}'"),
            };
            format!("{callee}({first}, {second}, fieldStr({table}, {field}))")
        }
        Piece::TableName { function, name } => match function.as_str() {
            "tableNum" => format!("int2Str({function}({name}))"),
            _ => format!("{function}({name})"),
        },
        Piece::Sql { parts, format, .. } => {
            let quote = |part: &String| {
                if part.contains('"') { format!("'{part}'") } else { format!("\"{part}\"") }
            };
            let joined = parts.iter().map(quote).collect::<Vec<_>>().join(" + ");
            if *format { format!("strFmt({joined}, value)") } else { joined }
        }
        Piece::Call { qualifier, method } => match qualifier {
            Qualifier::None => format!("{method}()"),
            Qualifier::This => format!("this.{method}()"),
            Qualifier::Type(name) => format!("{name}::{method}()"),
        },
        Piece::Noise(text) | Piece::Comment(text) => text.clone(),
    }
}
