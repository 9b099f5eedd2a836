//! Every format of one eventful night, as it is read.

use crate::board::night::Night;
use crate::report::{Told, eventful};
use warroom::judge::Moment;
use warroom::plan;
use warroom::report::{csv, json};

#[test]
fn markdown() {
    insta::assert_snapshot!("report-md", Told::of(&eventful()).markdown(None));
}

#[test]
fn a_hand_over_tells_the_last_ten_minutes() {
    let told = Told::of(&eventful());
    let end = told.night().state.ramp.now;
    insta::assert_snapshot!("report-since-md", told.markdown(Some(Moment(end.0 - 600_000))));
}

#[test]
fn html() {
    insta::assert_snapshot!("report-html", Told::of(&eventful()).html(None));
}

#[test]
fn json_is_for_programs() {
    let text = json::write(&Told::of(&eventful()).account(None));
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["outcome"]["word"], "rolled-back");
    assert_eq!(value["overrides"].as_array().map(Vec::len), Some(1));
    insta::assert_snapshot!("report-json", text);
}

#[test]
fn csv_has_a_line_for_every_reading() {
    let told = Told::of(&eventful());
    let text = csv::write(told.night(), None);
    let readings = told.chronicle_len();
    assert_eq!(text.lines().count(), readings + 1);
    let columns = csv::HEADER.split(',').count();
    assert!(text.lines().all(|line| line.split(',').count() == columns), "no cell of this night holds a comma");
    // The beginning, the outage, the end: the whole is too long to be looked at.
    let outage = text.lines().filter(|line| line.contains("source-down")).take(3);
    let lines: Vec<&str> = text.lines().take(8).chain(outage).chain(text.lines().rev().take(3)).collect();
    insta::assert_snapshot!("report-csv", lines.join("\n"));
}

#[test]
fn times_of_the_verdicts_add_up_to_the_night() {
    let told = Told::of(&eventful());
    let account = told.account(None);
    let sum = account.calls.go.seconds + account.calls.hold.seconds + account.calls.rollback.seconds;
    let before = told.night().chronicle.calls[0].from.moment.0;
    #[expect(clippy::cast_precision_loss, reason = "a night is short")]
    let told_of = account.lasted.seconds - before as f64 / 1_000.0;
    assert!((sum - told_of).abs() < 0.001, "{sum} of {told_of}");
}

impl Told {
    fn chronicle_len(&self) -> usize {
        self.night().chronicle.series.list.iter().map(|series| series.polls.len()).sum()
    }
}

#[test]
fn what_the_checklist_asks_afterwards_is_told_with_its_answer() {
    let list = "# Shop\n\n## Ramp\n- [ ] 10% traffic\n\n## Post-mortem\nIf it was rolled back, answer:\n\
                1. What happened?\n2. What will we change?\n";
    let text = plan::Text { name: "shop.md", text: list };
    let plan = plan::compile(plan::Input { checklist: text, bindings: None }).plan;
    let night = Night::of(plan).runs(5).does("as Bo: answer What happened: the cache was cold");
    let told = Told::of(&night);
    let asked: Vec<_> =
        told.account(None).papers.review.into_iter().map(|paper| (paper.label, paper.answer, paper.by)).collect();
    let answered = ("What happened?".to_owned(), Some("the cache was cold".to_owned()), Some("Bo".to_owned()));
    assert_eq!(asked, [answered, ("What will we change?".to_owned(), None, None)]);
    for page in [told.markdown(None), told.html(None)] {
        assert!(page.contains("Questions afterwards") && page.contains("the cache was cold"), "{page}");
    }
}
