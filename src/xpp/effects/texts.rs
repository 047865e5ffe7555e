//! Texts that expressions may be, as far as they can be read: SQL that X++ puts together.

use super::flow::Flow;
use super::unit::intrinsic;
use crate::xpp::effects::buffers::State;
use crate::xpp::tree::{Callee, Expr};

/// Stands for a part of a text that is not known.
pub(super) const HOLE: char = '\u{FFFC}';

/// A text with [`HOLE`]s.
pub(super) type Text = Box<str>;

/// At most this many texts are told apart.
const MOST_TEXTS: usize = 4;
/// A longer text is not read.
const LONGEST: usize = 32_768;

impl<'a> Flow<'_, 'a> {
    /// The texts that an expression may be; empty when it holds no text at all.
    pub(super) fn texts(&self, expr: &Expr<'a>, state: &State) -> Vec<Text> {
        match expr {
            Expr::Text(text) if text.len() <= LONGEST => vec![(&**text).into()],
            Expr::Sum(parts) => self.sum(parts, state),
            Expr::Either(parts) => {
                let mut texts = self.texts(&parts[1], state);
                texts.extend(self.texts(&parts[2], state));
                texts.truncate(MOST_TEXTS);
                texts
            }
            Expr::Name(_) => {
                self.known_var(expr).map_or_else(Vec::new, |var| self.buffer(var, state).texts.clone())
            }
            Expr::Call(callee, arguments, _) => self.called_text(callee, arguments, expr, state),
            _ => Vec::new(),
        }
    }

    fn called_text(
        &self,
        callee: &Callee<'a>,
        arguments: &[Expr<'a>],
        call: &Expr<'a>,
        state: &State,
    ) -> Vec<Text> {
        match callee {
            Callee::Function(name) if name.eq_ignore_ascii_case("strFmt") => self.formatted(arguments, state),
            Callee::Function(name) if name.eq_ignore_ascii_case("tableId2Name") => {
                arguments.first().and_then(table_number).into_iter().collect()
            }
            Callee::Function(_) => table_name(call).into_iter().collect(),
            Callee::Method(Expr::New(type_name, made_of, _), name)
                if is_dictionary(type_name) && name.eq_ignore_ascii_case("name") =>
            {
                made_of.first().and_then(table_number).into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// The texts of `text + more`.
    pub(super) fn sum_of(&self, text: &Expr<'a>, more: &Expr<'a>, state: &State) -> Vec<Text> {
        joined(&[self.texts(text, state), self.texts(more, state)])
    }

    /// `a + b`: unknown operands are holes.
    fn sum(&self, parts: &[Expr<'a>], state: &State) -> Vec<Text> {
        let parts: Vec<Vec<Text>> = parts.iter().map(|part| self.texts(part, state)).collect();
        joined(&parts)
    }

    /// `strFmt('… %1 …', a)`.
    fn formatted(&self, arguments: &[Expr<'a>], state: &State) -> Vec<Text> {
        let Some((format, values)) = arguments.split_first() else { return Vec::new() };
        let values: Vec<Vec<Text>> = values.iter().map(|value| self.texts(value, state)).collect();
        let formats = self.texts(format, state);
        formats.iter().map(|format| filled_in(format, &values).into()).collect()
    }
}

fn joined(parts: &[Vec<Text>]) -> Vec<Text> {
    if parts.iter().all(Vec::is_empty) {
        return Vec::new();
    }
    let mut texts: Vec<String> = vec![String::new()];
    for part in parts {
        texts = combined(&texts, part);
    }
    texts.into_iter().map(Into::into).collect()
}

fn combined(texts: &[String], part: &[Text]) -> Vec<String> {
    let hole = [Text::from(HOLE.to_string())];
    let part = if part.is_empty() { &hole[..] } else { part };
    let all = texts.iter().flat_map(|text| part.iter().map(move |more| (text, more)));
    all.take(MOST_TEXTS)
        .map(
            |(text, more)| {
                if text.len() + more.len() > LONGEST { text.clone() } else { format!("{text}{more}") }
            },
        )
        .collect()
}

/// Fills in the first text that each value may be.
fn filled_in(format: &str, values: &[Vec<Text>]) -> String {
    let mut text = String::new();
    let mut rest = format;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits == 0 || text.len() > LONGEST {
            text.push('%');
            rest = after;
            continue;
        }
        let number = after[..digits].parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        match number.and_then(|number| values.get(number)).and_then(|value| value.first()) {
            Some(value) => text.push_str(value),
            None => text.push(HOLE),
        }
        rest = &after[digits..];
    }
    text.push_str(rest);
    text
}

/// The table of `tableStr(T)` or `tablePName(T)`.
fn table_name(expr: &Expr<'_>) -> Option<Text> {
    let (function, names) = intrinsic(expr)?;
    let named = ["tableStr", "dataEntityViewStr", "viewStr", "fieldStr", "identifierStr", "literalStr"];
    let known = named.iter().any(|known| known.eq_ignore_ascii_case(function));
    names.last().filter(|_| known).map(|name| (*name).into())
}

/// The table of `tableNum(T)`.
fn table_number(expr: &Expr<'_>) -> Option<Text> {
    let (function, names) = intrinsic(expr)?;
    names.first().filter(|_| function.eq_ignore_ascii_case("tableNum")).map(|name| (*name).into())
}

/// Classes that describe a table.
fn is_dictionary(type_name: &str) -> bool {
    ["DictTable", "SysDictTable"].iter().any(|known| known.eq_ignore_ascii_case(type_name))
}
