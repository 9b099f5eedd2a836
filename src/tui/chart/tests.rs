use super::*;
use crate::plan::Op;
use crate::text::Unit;
use proptest::prelude::*;

fn chart<'c>(limit: &'c Limit, flags: &'c [Flag], clock: &'c dyn Fn(Moment) -> String) -> Chart<'c> {
    Chart { span: Span { from: Moment(0), to: Moment(100_000) }, limit, gap: Millis(12_000), flags, clock }
}

fn draw(marks: &[(u64, Option<f64>)], flags: &[Flag], size: (u16, u16)) -> Vec<String> {
    let limit = Limit::new(Op::Below, 5.0, Unit::Count);
    let clock = |moment: Moment| format!("00:{:02}:00Z", moment.0 / 10_000);
    let mut frame = Buffer::empty(Rect::new(0, 0, size.0, size.1));
    let marks = marks.iter().map(|(at, value)| Mark { at: Moment(*at), value: *value });
    chart(&limit, flags, &clock).draw(marks, Skin::default(), frame.area, &mut frame);
    let row = |y| (0..size.0).map(|x| frame[(x, y)].symbol()).collect::<String>();
    (0..size.1).map(|y| format!("|{}", row(y).trim_end())).collect()
}

#[test]
fn a_chart_shows_its_limit_its_ends_and_its_times() {
    let marks: Vec<_> = (0..=10_u32).map(|at| (u64::from(at) * 10_000, Some(f64::from(at)))).collect();
    insta::assert_snapshot!(draw(&marks, &[], (40, 9)).join("\n"), @r"
    |10│                                ⢀⣀⠤⠔⠊
    |  │                            ⣀⠤⠔⠊⠁
    |  │                       ⣀⡠⠔⠒⠉
    | 5┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌⣀⡠⠔⠊⠉╌╌╌╌╌╌╌╌╌╌╌╌╌╌
    |  │              ⢀⡠⠔⠊
    |  │         ⢀⡠⠤⠒⠊⠁
    |  │     ⣀⠤⠒⠊⠁
    | 0│⣀⡠⠔⠊⠉
    |  └00:00─────────────00:05─────────00:10
    ");
}

#[test]
fn a_line_is_broken_where_nothing_was_known() {
    let mut marks: Vec<_> = (0..=10_u64).map(|at| (at * 10_000, Some(4.0))).collect();
    marks[2].1 = None;
    marks[4].1 = Some(f64::NAN);
    marks[6].1 = Some(f64::INFINITY);
    marks.remove(8);
    let flags = [Flag { at: Moment(50_000), glyph: "▶", word: "25%".to_owned(), tone: Tone::Strong }];
    insta::assert_snapshot!(draw(&marks, &flags, (46, 7)).join("\n"), @r"
    |                       ▶25%
    |5┤╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌┊╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌
    | │                     ┊
    | │                     ┊
    | │                     ┊
    |4│⣀⣀⣀⣀⡀   ?    ⡀   ?   ⢀    ?   ⡀        ⣀⣀⣀⣀⣀
    | └00:00─────────────────00:05────────────00:10
    ");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Two samples one ulp apart froze a program of this kind for ever.
    #[test]
    fn any_values_at_any_moments_in_any_size(
        marks in prop::collection::vec((any::<u64>(), prop::option::of(any::<f64>())), 0..40),
        bound in any::<f64>(),
        span in (any::<u64>(), any::<u64>()),
        size in (0_u16..70, 0_u16..30),
    ) {
        let limit = Limit::new(Op::AtMost, bound, Unit::Ratio);
        let flags: Vec<Flag> = marks
            .iter()
            .take(3)
            .map(|(at, _)| Flag { at: Moment(*at), glyph: "↻", word: "表\u{1b}[2J".to_owned(), tone: Tone::Wait })
            .collect();
        let clock = |_: Moment| "02:14:07Z".to_owned();
        let drawn = Chart {
            span: Span { from: Moment(span.0), to: Moment(span.1) },
            ..chart(&limit, &flags, &clock)
        };
        let mut frame = Buffer::empty(Rect::new(0, 0, size.0, size.1));
        let marks = marks.iter().map(|(at, value)| Mark { at: Moment(*at), value: *value });
        drawn.draw(marks, Skin::default(), frame.area, &mut frame);
        prop_assert!(frame.content.iter().all(|cell| !cell.symbol().chars().any(char::is_control)));
    }
}
