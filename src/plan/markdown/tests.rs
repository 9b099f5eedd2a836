use super::*;
use proptest::prelude::*;

fn shown(text: &str) -> Vec<(u32, String)> {
    read(text).into_iter().map(|entry| (entry.line, entry.text)).collect()
}

fn boxes(text: &str) -> Vec<(u32, String)> {
    read(text).into_iter().filter(|e| e.ticked().is_some()).map(|e| (e.line, e.text)).collect()
}

/// A text that is read as a whole, and one that is parted wherever it can be.
fn each_way<'a>(lines: &'a Lines<'a>) -> [Source<'a>; 2] {
    let length = lines.text().len();
    let whole = Source { lines, places: Places::of(lines.text()), piece: length, part: length };
    [whole, Source { piece: 1, part: 1, ..whole }]
}

/// The entries of a text as a whole, in pieces, in parts and in halves.
fn parted(text: &str) -> (Vec<Entry>, [Vec<Entry>; 2], Option<Vec<Entry>>) {
    let (lines, all) = (Lines::new(text), 0..text.len());
    let [whole, parted] = each_way(&lines);
    let parts = [parted.read(all.clone(), 0), parted.in_parts(all.clone(), 0)].map(|part| part.entries);
    (whole.read(all.clone(), 0).entries, parts, whole.in_halves(&all, 0).map(|part| part.entries))
}

#[test]
fn a_text_is_not_parted_where_something_may_go_on() {
    let text = "# A\n\n- [ ] one\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n\n# B\n\n- [ ] two\n  - three\n";
    let (whole, parts, halves) = parted(text);
    assert_eq!((parts, halves), ([whole.clone(), whole.clone()], Some(whole)));
    for text in [
        "# A\n\n- [ ] one\n\n```sh\nrun\n\n# B\n\n- [ ] two\n```\n",
        "# A\n\n- [ ] one\n\n<!--\nnot now\n\n# B\n\n- [ ] two\n-->\n",
        "# A\n\n- [ ] [one][x]\n- [ ] and more\n\n# B\n\n- [ ] two\n\n[x]: https://a.example\n",
        "# A\n\n- [ ] one and more\n# B\n\n- [ ] two\n",
    ] {
        let (whole, parts, halves) = parted(text);
        assert_eq!((parts, halves), ([whole.clone(), whole], None), "{text}");
    }
}

#[test]
fn a_comment_in_code_is_no_place_to_part_a_text() {
    let text =
        "# A\n\n- [ ] one\n  ```sh\n  run\n\n# then\n  run\n\n# then\n  run\n  ```\n- [ ] so\n\n# B\n\n- [ ] two\n";
    let lines = Lines::new(text);
    let [whole, _] = each_way(&lines);
    assert_eq!(whole.places.next(0, text.len() / 2), text.find("# B").unwrap());
    assert_eq!(whole.places.next(0, 1), text.find("# B").unwrap());
    let inline = format!("```a``` is short\n\n1) ```sh\n   run\n   ```\n{} so\n\n# B\n", "`x` ```".repeat(20));
    assert_eq!(Places::of(&inline).next(0, 1), inline.find("# B").unwrap());
}

#[test]
fn what_stands_before_the_first_half_is_counted() {
    let text = "---\na: b\n---\n# Ä\r\n\r\n- [ ] ü\r\n\r\n# B\r\n\r\n- [ ] two\r\n";
    let lines = Lines::new(text);
    let [whole, _] = each_way(&lines);
    let below = front_matter(text)..text.len();
    let halves = whole.in_halves(&below, 0).map(|part| part.entries);
    assert_eq!(halves, Some(whole.read(below, 0).entries));
    assert_eq!(boxes(text), [(6, "ü".to_owned()), (10, "two".to_owned())]);
}

proptest! {
    #[test]
    fn a_text_in_parts_says_what_it_says_as_a_whole(
        first in prop::collection::vec(line(), 8..24),
        second in prop::collection::vec(line(), 0..12),
    ) {
        let text = format!("{}\n\n# Half\n{}", first.join("\n"), second.join("\n"));
        let (whole, parts, halves) = parted(&text);
        prop_assert_eq!(halves.as_ref().unwrap_or(&whole), &whole);
        prop_assert_eq!(parts, [whole.clone(), whole]);
    }
}

/// Lines that begin, end and go on with blocks of every kind.
fn line() -> impl Strategy<Value = String> {
    let begin = prop::sample::select(vec!["", "", "", "  ", "    ", "- ", "1. ", "> ", "\t"]);
    let rest = prop::sample::select(vec![
        "",
        "",
        "# A",
        "## B",
        "# C",
        "- [ ] one",
        "- two",
        "* ☐ three",
        "1. four",
        "plain *and* more",
        "**Bold:** x",
        "```",
        "~~~ sh",
        "# comment",
        "| a | b |",
        "|---|---|",
        "| ☐ | 2 |",
        "<!-- hidden",
        "-->",
        "<div>",
        "<pre>",
        "[x][x]",
        "---",
        "===",
        "`code",
        "<br",
        "&amp;",
        "\\",
        "- > 5% errors",
        "- >",
        "- # D",
        "# 5 steps",
        "a <b>",
        "# **X** y",
    ]);
    (begin, rest).prop_map(|(begin, rest)| format!("{begin}{rest}"))
}

#[test]
fn boxes_of_every_list_and_depth_are_found() {
    let text = "1. **Move** (if due)\n   - [ ] one\n     ```sh\n     - [ ] no item\n     ```\n   - [X] two\n\n2) x\n\n* [ ] three\n\n    * [x] four\n+ [ ] `five` **5**\n";
    let found: Vec<_> = boxes(text).into_iter().map(|(_, text)| text).collect();
    assert_eq!(found, ["one", "two", "three", "four", "five 5"]);
}

#[test]
fn nothing_in_code_comments_or_front_matter_is_a_line() {
    let text = "---\ntodo: x\n- [ ] a\n---\n# T\n\n<!--\n- [ ] b\n-->\n\n    - [ ] c\n\n```\n- [ ] d\n```\n\n- [ ] e\n";
    assert_eq!(boxes(text), [(17, "e".to_owned())]);
}

#[test]
fn a_rule_at_the_top_is_no_front_matter() {
    assert_eq!(shown("---\n\n- [ ] a\n\n---\n"), [(3, "a".to_owned())]);
}

#[test]
fn each_line_of_a_paragraph_is_its_own() {
    let entries = read("**Who:** ___\n**When**: now\nplain\n");
    let leads: Vec<_> = entries.iter().map(|e| (e.line, e.lead.as_deref(), e.after_lead())).collect();
    assert_eq!(leads, [(1, Some("Who:"), "___"), (2, Some("When"), "now"), (3, None, "plain")]);
}

#[test]
fn a_bold_line_right_below_an_item_is_not_part_of_it() {
    assert_eq!(shown("- [ ] a\n  or b\n**Owner:** c\n"), [(1, "a or b".to_owned()), (3, "Owner: c".to_owned())]);
}

#[test]
fn a_wholly_bold_line_is_a_label() {
    let labels: Vec<_> = ["**A (5 min)**:", "🚦 **B:**", "**C** d", "e"].map(|t| read(t)[0].is_label()).into();
    assert_eq!(labels, [true, true, false, false]);
}

#[test]
fn a_limit_at_the_beginning_of_an_item_is_no_quotation() {
    let text = "- > 5% of orders lost\n- >= 3 s lag\n- > as somebody said\n\n> 7 quoted\n";
    let want = [(1, "> 5% of orders lost"), (2, ">= 3 s lag"), (3, "as somebody said"), (5, "7 quoted")];
    assert_eq!(shown(text), want.map(|(line, text)| (line, text.to_owned())));
}

#[test]
fn fences_belong_to_their_item_and_give_their_comments() {
    let entries = read("- [ ] go\n  ```bash\n  # Expected: ok\n  run it\n  ```\n");
    assert_eq!(entries[1].under, Some(0));
    let fence = Fence { language: "bash".to_owned(), body: "# Expected: ok\nrun it\n".to_owned(), end_line: 5 };
    assert_eq!(entries[1].kind, Kind::Fence(Box::new(fence)));
    assert_eq!((entries[2].line, entries[2].text.as_str()), (3, "Expected: ok"));
}

#[test]
fn rows_know_their_head() {
    let entries = read("| A | B |\n|---|---|\n| 1 | **2** |\n");
    assert!(matches!(&entries[0].kind, Kind::Row(row) if row.cells == ["1", "2"] && row.head.cells[1] == "B"));
    assert_eq!(entries[0].line, 3);
}

#[test]
fn a_row_with_a_box_in_a_cell_is_to_be_ticked() {
    let text =
        "| What | Who | Done |\n|---|---|---|\n| Backup | Ana | ☐ |\n| Call | Bo | ☑ |\n| Go? | all | ☐ yes ☐ no |\n";
    assert_eq!(boxes(text), [(3, "Backup | Ana".to_owned()), (4, "Call | Bo".to_owned())]);
}

#[test]
fn boxes_that_markdown_does_not_know_are_found() {
    let found = boxes("- ☐ one\n- ☑ two\n\n[ ] three\n[x] four\n\nStatus: [ ] Good [ ] Bad\n");
    let found: Vec<_> = found.into_iter().map(|(_, text)| text).collect();
    assert_eq!(found, ["one", "two", "three", "four"]);
}
