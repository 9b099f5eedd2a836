//! The page of keys is made from the list of actions: `WARROOM_DOCS=write cargo test --test inside manual`.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use warroom::tui::actions::{self, Action, Group};
use warroom::tui::views::Page;

const HEAD: &str = "\
# Keys

Made from the list of actions itself. `?` on the board shows the same list with the reason where something is not
possible now, `:` takes the names as words and completes them. Two letters are two keys, one after the other:
after the first the board shows, if the second does not come at once, what may follow. What decides is a capital
letter, asks first, and stands on Cancel.
";

const FOOT: &str = "
A key held down scrolls and moves; it never ticks, decides or confirms. Enter is ignored for the first 300 ms of a
question. A paste goes into fields only. Ctrl-C, twice, leaves from anywhere. Esc closes one thing at a time and
never leaves.
";

fn table<'a>(title: &str, actions: impl Iterator<Item = &'a Action>) -> String {
    let mut rows = format!("\n## {title}\n\n| keys | name | |\n|---|---|---|\n");
    for action in actions {
        let keys: Vec<String> = action.keys().map(|key| format!("`{}`", key.replace('|', "\\|"))).collect();
        writeln!(rows, "| {} | {} | {} |", keys.join(" "), action.name, action.what).expect("into a string");
    }
    rows
}

#[test]
fn the_page_of_keys_is_the_list_of_actions() {
    let mut page = HEAD.to_owned();
    for group in Group::ALL {
        page += &table(group.word(), actions::ACTIONS.iter().filter(|action| action.group == group));
    }
    for view in Page::ALL.into_iter().filter(|view| !view.kind().actions.is_empty()) {
        page += &table(&format!("Only in the view \"{}\"", view.kind().word), view.kind().actions.iter());
    }
    page += FOOT;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/keys.md");
    if std::env::var_os("WARROOM_DOCS").is_some_and(|word| word == "write") {
        fs::write(&path, page).expect("a page");
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == page, "docs/keys.md is out of date: WARROOM_DOCS=write cargo test --test inside manual");
}
