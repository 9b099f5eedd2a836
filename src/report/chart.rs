//! Drawings of the night as SVG: they stand in the page, need no script, and take their colours
//! from its style sheet.
//!
//! - [`ribbon`]: the verdicts over the whole night, with its stages.
//! - [`gate`]: one gate over the night, with its limit and the borders of the stages.
//! - [`axis`]: what both stand on.

pub mod axis;
pub mod gate;
pub mod ribbon;

use super::account::Part;

/// The width of every drawing, in its own units. The page scales it.
pub const WIDTH: f64 = 720.0;

/// A drawing with what it is called.
#[derive(Clone, Debug)]
pub struct Chart {
    pub title: String,
    /// One `<svg>` element, escaped.
    pub svg: String,
}

/// Where a moment stands, from left to right.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    from: f64,
    span: f64,
    left: f64,
    width: f64,
}

impl Scale {
    /// Spreads a part of the night over a width.
    #[must_use]
    pub fn over(part: Part, left: f64, width: f64) -> Self {
        let from = milliseconds(part.from.0);
        Self { from, span: (milliseconds(part.until.0) - from).max(1.0), left, width }
    }

    /// Never outside of the drawing.
    #[must_use]
    pub fn x(&self, moment: crate::judge::Moment) -> f64 {
        let share = ((milliseconds(moment.0) - self.from) / self.span).clamp(0.0, 1.0);
        self.left + share * self.width
    }
}

#[expect(clippy::cast_precision_loss, reason = "no night has 2^53 milliseconds")]
fn milliseconds(moment: u64) -> f64 {
    moment as f64
}
