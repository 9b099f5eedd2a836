//! No text panics the parser, whatever it is made of.

use super::*;
use proptest::prelude::*;

/// What checklists are made of.
const PIECES: &[&str] = &[
    "# ",
    "## ",
    "- [ ] ",
    "- [x] ",
    "* ",
    "1. ",
    "2) [ ] ",
    "  ",
    "    ",
    "\n",
    "\n\n",
    "```promql\n",
    "```sh\n",
    "```\n",
    "| a | b |\n|---|---|\n",
    "| ",
    " | ",
    "**",
    ":**",
    "☐ ",
    "10% traffic",
    "10% → 50%",
    "soak 5-10 min",
    "Error rate ",
    "p95 latency ",
    "< ",
    "> ",
    "≥ ",
    "0.5",
    "1,000",
    "%",
    " ms",
    "4/5",
    "3σ",
    "5x baseline",
    "within 5% of baseline",
    "for 5 minutes",
    "Rollback triggers",
    "Roll back if any of:",
    "Option A: ",
    "Hour 1",
    "T-24h",
    "T+1 hour",
    "____",
    "Decision point: ",
    "YES",
    "NO",
    "Sign-off",
    "Contacts",
    "every 30 minutes",
    "For each region (eu, us, etc.)",
    "Weight",
    "$region",
    "# Expected: ok\n",
    "<!-- ",
    " -->",
    "---\n",
    "Ã©",
    "\u{202e}",
    "\u{0}",
    "é",
    "İ",
    "ﬁ",
    "Ⅷ",
    "∞",
    "½",
];

/// A piece of a checklist, in any order and any nesting.
fn piece() -> impl Strategy<Value = String> {
    let whole = prop::sample::select(PIECES);
    prop_oneof![8 => whole.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from), 1 => "[0-9a-z%<>=.,() ]{0,12}"]
}

/// Bold that began in a line and ends in another has no beginning there.
#[test]
fn bold_may_go_on_behind_the_end_of_its_line() {
    let found = compiled("* # Expected: ok\n:**# Expected: ok\n\u{e000}**", SOURCE);
    assert!(found.plan.check_ids().is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn pieces_of_checklists_are_always_a_sound_plan(pieces in prop::collection::vec(piece(), 0..60)) {
        let found = compiled(&pieces.concat(), &format!("{SOURCE}{ERRORS}"));
        prop_assert!(found.plan.check_ids().is_ok());
    }

    #[test]
    fn bytes_are_always_a_sound_plan(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let text = String::from_utf8_lossy(&bytes);
        prop_assert!(compiled(&text, "").plan.check_ids().is_ok());
        // What the bindings hold is outside text, too.
        prop_assert!(compiled("- [ ] Error rate < 1%\n", &text).plan.check_ids().is_ok());
    }
}
