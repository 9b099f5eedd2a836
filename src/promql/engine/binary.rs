//! Operators between two values.

use super::{Element, EvalError, Moment, Value, Vector, distinct, one_name};
use crate::cores;
use promql_parser::parser::token::{
    T_ADD, T_ATAN2, T_DIV, T_EQLC, T_GTE, T_GTR, T_LAND, T_LOR, T_LSS, T_LTE, T_LUNLESS, T_MOD, T_MUL, T_NEQ, T_POW,
    T_SUB,
};
use promql_parser::parser::{BinModifier, BinaryExpr, Expr};

/// What an operator does with two figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Arithmetic(Arithmetic),
    /// Keeps the left figure if it holds.
    Filter(Comparison),
    /// One if it holds, else zero.
    Bool(Comparison),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
    Atan2,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// What an operator does with two sets of series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SetOperator {
    And,
    Or,
    Unless,
}

/// Of fewer series one side is read before a second thread has begun.
const MANY: usize = 10_000;

impl<'r> Moment<'r, '_> {
    /// Both sides of an operator: at the same time where each may have much to read.
    fn both(&self, left: &Expr, right: &Expr) -> (Result<Value<'r>, EvalError>, Result<Value<'r>, EvalError>) {
        let is_figure = |side: &Expr| matches!(side, Expr::NumberLiteral(_));
        let is_worth_it = self.parts > 0 && self.ring.len() >= MANY && !is_figure(left) && !is_figure(right);
        let side = Self { parts: self.parts - u8::from(is_worth_it), ..*self };
        cores::both(is_worth_it, || side.value(left), || side.value(right))
    }

    pub(super) fn binary(&self, binary: &BinaryExpr) -> Result<Value<'r>, EvalError> {
        let default = BinModifier::default();
        let modifier = binary.modifier.as_ref().unwrap_or(&default);
        if modifier.fill_values.lhs.is_some() || modifier.fill_values.rhs.is_some() {
            return Err(self.unsupported("the modifier fill", "fill"));
        }
        let (left, right) = self.both(&binary.lhs, &binary.rhs);
        let (left, right) = (left?, right?);
        if let (Some(operator), Value::Vector(left), Value::Vector(right)) = (set_operator(binary), &left, &right) {
            return Ok(Value::Vector(operator.combine(left, right, modifier)));
        }
        let Some(operator) = operator(binary, modifier) else {
            let word = binary.op.to_string();
            return Err(self.unsupported(format!("the operator {word} here"), &word));
        };
        match (left, right) {
            (Value::Scalar(left), Value::Scalar(right)) => {
                Ok(Value::Scalar(operator.apply(left, right).unwrap_or(f64::NAN)))
            }
            (Value::Vector(left), Value::Scalar(right)) => {
                operator.map(left, |value| (operator.apply(value, right), value))
            }
            (Value::Scalar(left), Value::Vector(right)) => {
                operator.map(right, |value| (operator.apply(left, value), value))
            }
            (Value::Vector(left), Value::Vector(right)) => operator.pair(&left, &right, modifier).and_then(distinct),
        }
    }
}

fn set_operator(binary: &BinaryExpr) -> Option<SetOperator> {
    Some(match binary.op.id() {
        T_LAND => SetOperator::And,
        T_LOR => SetOperator::Or,
        T_LUNLESS => SetOperator::Unless,
        _ => return None,
    })
}

fn operator(binary: &BinaryExpr, modifier: &BinModifier) -> Option<Operator> {
    let arithmetic = match binary.op.id() {
        T_ADD => Arithmetic::Add,
        T_SUB => Arithmetic::Subtract,
        T_MUL => Arithmetic::Multiply,
        T_DIV => Arithmetic::Divide,
        T_MOD => Arithmetic::Modulo,
        T_POW => Arithmetic::Power,
        T_ATAN2 => Arithmetic::Atan2,
        _ => {
            let comparison = comparison(binary)?;
            return Some(if modifier.return_bool { Operator::Bool } else { Operator::Filter }(comparison));
        }
    };
    Some(Operator::Arithmetic(arithmetic))
}

fn comparison(binary: &BinaryExpr) -> Option<Comparison> {
    Some(match binary.op.id() {
        T_EQLC => Comparison::Equal,
        T_NEQ => Comparison::Unequal,
        T_LSS => Comparison::Less,
        T_LTE => Comparison::LessOrEqual,
        T_GTR => Comparison::Greater,
        T_GTE => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

impl Operator {
    /// Applies it; none where a filter drops the figure.
    pub(super) fn apply(self, left: f64, right: f64) -> Option<f64> {
        match self {
            Self::Arithmetic(arithmetic) => Some(arithmetic.compute(left, right)),
            Self::Filter(comparison) => comparison.holds(left, right).then_some(left),
            Self::Bool(comparison) => Some(f64::from(u8::from(comparison.holds(left, right)))),
        }
    }

    pub(super) const fn keeps_name(self) -> bool {
        matches!(self, Self::Filter(_))
    }

    /// Applies it between a vector and a scalar. A filter gives the vector's value, on whichever side
    /// that stands.
    fn map(self, vector: Vector<'_>, apply: impl Fn(f64) -> (Option<f64>, f64)) -> Result<Value<'_>, EvalError> {
        let unique = self.keeps_name() || one_name(&vector);
        let element = |Element { labels, value }| {
            let (applied, own) = apply(value);
            let applied = applied?;
            let (labels, value) = if self.keeps_name() { (labels, own) } else { (labels.unnamed(), applied) };
            Some(Element { labels, value })
        };
        let vector = vector.into_iter().filter_map(element).collect();
        if unique { Ok(Value::Vector(vector)) } else { distinct(vector) }
    }
}

impl Arithmetic {
    fn compute(self, left: f64, right: f64) -> f64 {
        match self {
            Self::Add => left + right,
            Self::Subtract => left - right,
            Self::Multiply => left * right,
            Self::Divide => left / right,
            Self::Modulo => left % right,
            Self::Power => left.powf(right),
            Self::Atan2 => left.atan2(right),
        }
    }
}

impl Comparison {
    #[expect(clippy::float_cmp, reason = "the query asks for exactly this")]
    fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::Less => left < right,
            Self::LessOrEqual => left <= right,
            Self::Greater => left > right,
            Self::GreaterOrEqual => left >= right,
        }
    }
}
