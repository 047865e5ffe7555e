//! The filter of the F&O side: an expression in a query range.
//!
//! ```text
//! filter     := any
//! any        := all { "||" all }
//! all        := unary { "&&" unary }
//! unary      := "!" unary | group | comparison        behind "!" only "!" or a group
//! group      := "(" any ")"
//! comparison := operand operator operand
//! operator   := "==" | "=" | "!=" | "<>" | "<" | "<=" | ">" | ">=" | "like"
//! operand    := [ source "." ] field | text | number | date | date and time
//!             | enum "::" value | "true" | "false" | "null"
//! ```
//!
//! The grammar is wider than what is documented: [`form_faults`] tells where a filter that can be read breaks the
//! documented rules about parentheses.

mod form;
mod lexer;
mod parser;
mod print;
mod tree;

#[cfg(test)]
mod tests;

pub use form::{FormFault, FormRule, form_faults};
pub use parser::parse;
pub use tree::{Comparison, Expression, FieldName, Literal, Operand, Operator, Value};
