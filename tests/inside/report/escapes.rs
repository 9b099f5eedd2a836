//! What people and sources write never becomes markup, a link, a formula or something unseen.

use crate::board::night::Night;
use crate::report::Told;
use warroom::judge::{Got, Sample};
use warroom::report::csv;

const NASTY: &str = "<script>alert(1)</script> | `x` [l](http://evil) \u{1b}[31m \u{202e}end";

fn night() -> Night {
    let sample = Sample { value: 0.5, labels: "=cmd|'/C calc'!A0".to_owned(), age: 1_000, ..Sample::default() };
    Night::healthy().gets("error rate", Got::Sample(sample)).runs(30).does(&format!("as Ana: note {NASTY}"))
}

#[test]
fn a_note_stays_text_in_html() {
    let html = Told::of(&night()).html(None);
    assert!(!html.contains("<script"), "no script of anybody's");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    assert!(html.contains("^[[31m") && html.contains("&lt;U+202E&gt;end"), "and nothing vanishes");
    assert!(!html.contains('\u{1b}') && !html.contains('\u{202e}'));
}

#[test]
fn the_page_needs_nothing_from_elsewhere() {
    let html = Told::of(&night()).html(None);
    for word in ["<script", "<link", "<img", "@import", "url(", "src=", "href="] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn a_note_stays_text_in_markdown() {
    let markdown = Told::of(&night()).markdown(None);
    let notes: Vec<&str> = markdown.lines().filter(|line| line.contains("alert(1)")).collect();
    assert!(!notes.is_empty());
    for line in notes {
        assert!(line.contains(r"\<script>alert(1)\</script> \| \`x\` \[l\](http://evil)"), "{line}");
    }
}

#[test]
fn a_label_is_no_formula_in_csv() {
    let told = Told::of(&night());
    let text = csv::write(told.night(), None);
    let cells: Vec<&str> =
        text.lines().filter_map(|line| line.rsplit(',').next()).filter(|cell| cell.contains("cmd")).collect();
    assert!(!cells.is_empty() && cells.iter().all(|cell| cell.starts_with("'=cmd")), "{cells:?}");
}
