//! The filter of the Dataverse side: the value of `$filter` of the Web API, an `OData` expression.
//!
//! ```text
//! filter     := any
//! any        := all { "or" all }
//! all        := unary { "and" unary }
//! unary      := "not" unary | group | comparison | membership | call | lambda
//!                                             behind "not" only "not", a group, a call or a lambda
//! group      := "(" any ")"
//! comparison := operand operator operand
//! operator   := "eq" | "ne" | "gt" | "ge" | "lt" | "le"
//! membership := operand "in" "(" literal { "," literal } ")"
//! operand    := path | call | literal
//! path       := name { "/" name }
//! call       := name "(" [ argument { "," argument } ] ")"
//! argument   := operand | name "=" ( literal | array )
//! lambda     := path "/" ( "any" | "all" ) "(" [ name ":" any ] ")"
//! literal    := text | number | date | moment | guid | "true" | "false" | "null"
//! ```
//!
//! This is what the Web API reads; [`limits`] tells what of it the filter of a table map does not support.

mod lexer;
mod limits;
mod parser;
mod print;
mod tree;

#[cfg(test)]
mod tests;

pub use limits::{Limit, LimitKind, limits};
pub use parser::parse;
pub use tree::{
    Argument, ArgumentValue, Call, Comparison, Expression, Lambda, Literal, Membership, Operand, Operator,
    Path, Quantifier, Value,
};
