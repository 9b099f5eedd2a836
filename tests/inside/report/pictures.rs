//! The drawings of a report, as the page has them, for the documentation. They are held against what is
//! drawn now; `WARROOM_PICTURES=write cargo test --test inside pictures` draws them anew.

use crate::report::{Told, eventful};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use warroom::judge::Moment;
use warroom::report::account::Part;
use warroom::report::chart::{WIDTH, gate, ribbon};

const MARGIN: f64 = 20.0;
/// Rows of a title, in the drawings' own units.
const TITLE: f64 = 22.0;

/// The colours of the page, for drawings that stand alone.
fn style() -> String {
    let page = include_str!("../../../assets/report.css");
    // On the page a drawing takes the width that there is; here it has one.
    let rules = page.split("@media (max-width").next().expect("the rules for a desk");
    rules.lines().filter(|line| !line.starts_with("svg {")).collect::<Vec<_>>().join("\n")
}

/// How high a drawing is, by its view box.
fn height(svg: &str) -> f64 {
    let numbers = svg.split("viewBox=\"0 0 ").nth(1).and_then(|rest| rest.split('"').next()).expect("a view box");
    numbers.split(' ').nth(1).and_then(|number| number.parse().ok()).expect("a height")
}

#[test]
fn the_pictures_have_the_drawings_of_a_report() {
    let told = Told::of(&eventful());
    let part = Part { from: Moment::default(), until: told.night().state.ramp.now, is_part: false };
    let ribbon = ("Verdicts over the night".to_owned(), ribbon::draw(told.night(), part));
    let gates = gate::draw_all(told.night(), part).into_iter().map(|chart| (chart.title, chart.svg));
    let (mut body, mut y) = (String::new(), MARGIN);
    for (title, svg) in std::iter::once(ribbon).chain(gates.take(2)) {
        let (top, high) = (y + TITLE, height(&svg));
        let title = title.replace('<', "&lt;");
        let placed =
            svg.replacen("<svg ", &format!("<svg x=\"{MARGIN}\" y=\"{top}\" width=\"{WIDTH}\" height=\"{high}\" "), 1);
        let _ = writeln!(body, "<text class=\"stage\" x=\"{MARGIN}\" y=\"{}\">{title}</text>\n{placed}", y + 12.0);
        y = top + high + MARGIN;
    }
    let (wide, style) = (WIDTH + 2.0 * MARGIN, style());
    let drawn = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {wide} {y}\" width=\"{wide}\" height=\"{y}\">\n\
         <style>\n{style}\n</style>\n<rect width=\"{wide}\" height=\"{y}\" rx=\"8\" style=\"fill: var(--paper)\"/>\n{body}</svg>\n"
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/report.svg");
    if std::env::var_os("WARROOM_PICTURES").is_some_and(|word| word == "write") {
        return fs::write(&path, drawn).expect("a picture");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let again = "WARROOM_PICTURES=write cargo test --test inside pictures";
    assert!(kept == drawn, "{} is out of date: {again}", path.display());
}
