//! Whether a comparison holds for the empty value of its field, so that it is expected to hold where there is no
//! record at all. There the column is NULL, and no comparison with NULL holds.

use super::Enums;
use crate::aot::EnumNumber;
use crate::dualwrite::filter::range::{Comparison, FieldName, Operand, Operator, Value};
use crate::dualwrite::filter::{Date, DateTime};
use crate::text::Symbol;
use std::cmp::Ordering;

/// What a comparison expects of records that have NULL in the column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trap {
    /// The empty value is asked for: `== ""`, `== 0`, the first value of an enum.
    Empty,
    /// Perhaps the empty value of an enum.
    PerhapsEmpty(EnumDoubt),
    /// The empty value would fit as well: `!= "X"`, `< 100`.
    FitsEmpty,
    /// NULL itself is asked for, for which X++ has no word.
    NullWord,
}

/// Why it is not known whether an enum value is the first one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnumDoubt {
    /// The enum is not loaded.
    NotLoaded,
    /// The enum is extensible: its numbers are given out when it is installed. The value stands first in its file.
    NotFixed,
}

/// The field of a comparison with a constant, and what it expects; none when NULL makes no difference.
/// `negated`: the comparison stands under an odd number of negations.
pub(super) fn trap<'f>(
    comparison: &'f Comparison,
    negated: bool,
    enums: &dyn Enums,
) -> Option<(&'f FieldName, Trap)> {
    let (field, operator, value) = match (&comparison.left, &comparison.right) {
        (Operand::Field(field), Operand::Literal(literal)) => (field, comparison.operator, &literal.value),
        (Operand::Literal(literal), Operand::Field(field)) => {
            (field, turned(comparison.operator), &literal.value)
        }
        _ => return None,
    };
    let trap = match value {
        Value::Null => Some(Trap::NullWord),
        Value::Text { text, .. } if operator == Operator::Like => {
            let fits = text.chars().all(|c| c == '*') && !text.is_empty();
            let is_empty = text.is_empty();
            expects(fits || is_empty, negated, is_empty)
        }
        Value::Text { text, .. } => of_order(operator, "".cmp(text), negated),
        Value::Number(number) => {
            let order = number.parse::<f64>().ok().and_then(|number| 0.0_f64.partial_cmp(&number));
            order.and_then(|order| of_order(operator, order, negated))
        }
        Value::Date(date) => of_order(operator, Date::EMPTY.cmp(date), negated),
        Value::DateTime(moment) => of_order(operator, DateTime::EMPTY.cmp(moment), negated),
        Value::Bool(value) => of_order(operator, false.cmp(value), negated),
        Value::Enum { of, value } => of_enum(operator, &of.text, &value.text, negated, enums),
    };
    trap.map(|trap| (field, trap))
}

/// `5 < A` is `A > 5`.
fn turned(operator: Operator) -> Operator {
    match operator {
        Operator::Less => Operator::Greater,
        Operator::LessOrEqual => Operator::GreaterOrEqual,
        Operator::Greater => Operator::Less,
        Operator::GreaterOrEqual => Operator::LessOrEqual,
        same => same,
    }
}

/// `order`: how the empty value stands to the constant.
fn of_order(operator: Operator, order: Ordering, negated: bool) -> Option<Trap> {
    let holds = match operator {
        Operator::Equal | Operator::Like => order.is_eq(),
        Operator::NotEqual => order.is_ne(),
        Operator::Less => order.is_lt(),
        Operator::LessOrEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        Operator::GreaterOrEqual => order.is_ge(),
    };
    expects(holds, negated, order.is_eq())
}

fn expects(holds: bool, negated: bool, is_empty: bool) -> Option<Trap> {
    (holds != negated).then_some(if is_empty { Trap::Empty } else { Trap::FitsEmpty })
}

/// Enums of the kernel, which no metadata file holds, with their first value.
const KERNEL: [(&str, &str); 2] = [("NoYes", "No"), ("Boolean", "false")];

fn of_enum(operator: Operator, of: &str, value: &str, negated: bool, enums: &dyn Enums) -> Option<Trap> {
    if let Some((_, first)) = KERNEL.iter().find(|(name, _)| name.eq_ignore_ascii_case(of)) {
        let number = i64::from(!first.eq_ignore_ascii_case(value));
        return of_order(operator, 0.cmp(&number), negated);
    }
    let asks_for_it = (operator == Operator::Equal) != negated;
    let perhaps = |doubt| asks_for_it.then_some(Trap::PerhapsEmpty(doubt));
    let Some(enumeration) = enums.find(of) else { return perhaps(EnumDoubt::NotLoaded) };
    match enumeration.number(value) {
        EnumNumber::Is(number) => of_order(operator, 0.cmp(&number), negated),
        EnumNumber::NotFixed if is_first(&enumeration.values, value) => perhaps(EnumDoubt::NotFixed),
        EnumNumber::NotFixed | EnumNumber::NoSuchValue => None,
    }
}

fn is_first(values: &[(Symbol, Option<i64>)], value: &str) -> bool {
    values.first().is_some_and(|(first, _)| first.eq_ignore_ascii_case(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aot::Enumeration;
    use crate::dualwrite::filter::range::parse;

    struct Known;

    impl Enums for Known {
        fn find(&self, name: &str) -> Option<Enumeration> {
            let values = ["None", "Open", "Closed"].map(|name| (name.into(), None)).to_vec();
            let extensible = name == "Extensible";
            (name != "Unknown").then(|| Enumeration { name: name.into(), extensible, values })
        }
    }

    fn found(filter: &str) -> Option<Trap> {
        let tree = parse(filter).expect(filter);
        let (comparison, negated) = tree.comparisons()[0];
        trap(comparison, negated, &Known).map(|(_, trap)| trap)
    }

    #[test]
    fn the_empty_value_is_asked_for() {
        for filter in [
            r#"(A == "")"#,
            "(A = '')",
            r#"("" == A)"#,
            r#"(!(A != ""))"#,
            r#"(A <= "")"#,
            r#"(A like "")"#,
            "(A == 0)",
            "(A == 0.00)",
            "(A <= 0)",
            "(A >= 0)",
            r"(A == 1\1\1900)",
            "(A == 1900-01-01T00:00:00)",
            "(A == false)",
            "(A == Status::None)",
            "(A == NoYes::no)",
            "(!(A > 0))",
        ] {
            assert_eq!(found(filter), Some(Trap::Empty), "{filter}");
        }
    }

    #[test]
    fn the_empty_value_would_fit() {
        for filter in [
            r#"(A != "999")"#,
            r#"(!(A == "999"))"#,
            r#"(!(A like "A*"))"#,
            r#"(A like "*")"#,
            "(A < 100)",
            "(100 > A)",
            "(A != 1)",
            r"(A <= 23\06\2021)",
            "(A < 2021-06-23T00:00:00)",
            "(A != Status::Open)",
            "(A < Status::Closed)",
            "(A != true)",
            "(A != NoYes::Yes)",
        ] {
            assert_eq!(found(filter), Some(Trap::FitsEmpty), "{filter}");
        }
    }

    #[test]
    fn null_makes_no_difference() {
        for filter in [
            r#"(A != "")"#,
            r#"(!(A == ""))"#,
            r#"(A == "X")"#,
            r#"(A like "A*")"#,
            "(A > 0)",
            "(A != 0)",
            "(A >= 1)",
            "(0 < A)",
            r"(A > 23\06\2021)",
            "(A == Status::Open)",
            "(A != Status::None)",
            "(A == NoYes::Yes)",
            "(A == Extensible::Open)",
            "(A != Unknown::None)",
            "(A == Status::Gone)",
            "(A == B)",
            "(1 == 1)",
        ] {
            assert_eq!(found(filter), None, "{filter}");
        }
    }

    #[test]
    fn enums_may_leave_a_doubt() {
        assert_eq!(found("(A == Extensible::None)"), Some(Trap::PerhapsEmpty(EnumDoubt::NotFixed)));
        assert_eq!(found("(A == Unknown::None)"), Some(Trap::PerhapsEmpty(EnumDoubt::NotLoaded)));
        assert_eq!(found("(!(A != Unknown::None))"), Some(Trap::PerhapsEmpty(EnumDoubt::NotLoaded)));
        assert_eq!(found("(A == null)"), Some(Trap::NullWord));
        assert_eq!(found("(A != NULL)"), Some(Trap::NullWord));
    }
}
