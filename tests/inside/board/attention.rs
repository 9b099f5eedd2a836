//! What reaches somebody who looks elsewhere, and what is marked for somebody who comes back.

use crate::board::dump::{frame, text};
use crate::board::keys::Desk;
use crate::board::looks::COLOUR;
use crate::board::night::Night;
use warroom::text::Millis;
use warroom::tui::attention::{Alerts, Attention};
use warroom::tui::painter::clipboard;

const SECOND: Millis = Millis::from_secs(1);

fn told(attention: &mut Attention, night: &Night, at: u64) -> Option<String> {
    let bytes = attention.notice(&night.scene(), SECOND * at)?;
    Some(String::from_utf8(bytes).expect("text"))
}

fn rollback() -> Night {
    Night::soaking().reads("error rate", 0.071).runs(30)
}

#[test]
fn a_change_of_the_verdict_rings_and_says_why() {
    let mut attention = Attention::new(Alerts { osc777: true, ..Alerts::default() });
    assert_eq!(told(&mut attention, &Night::soaking(), 0), None, "the first verdict is on the screen");
    assert_eq!(told(&mut attention, &Night::soaking(), 1), None);
    let text = told(&mut attention, &rollback(), 2).expect("an alert");
    assert!(text.starts_with('\u{7}'), "{text:?}");
    let why = "was HOLD: error rate: 7.1 % > 1 % for 2 readings - Payments v2.1.0 go-live";
    assert!(text.contains(&format!("\u{1b}]9;ROLLBACK 25%: {why}\u{1b}\\")), "{text:?}");
    assert!(text.contains(&format!("\u{1b}]777;notify;ROLLBACK 25%;{why}\u{1b}\\")), "{text:?}");
    assert_eq!(told(&mut attention, &rollback(), 3), None, "once");
}

#[test]
fn what_flaps_is_told_once_in_a_while_and_a_rollback_always() {
    let mut attention = Attention::new(Alerts::default());
    told(&mut attention, &Night::soaking(), 0);
    assert!(told(&mut attention, &Night::go(), 1).is_some());
    assert_eq!(told(&mut attention, &Night::soaking(), 2), None);
    assert_eq!(told(&mut attention, &Night::go(), 3), None);
    assert_eq!(told(&mut attention, &Night::soaking(), 9), None);
    assert!(told(&mut attention, &Night::soaking(), 12).is_some(), "what has changed meanwhile is told then");
    assert!(told(&mut attention, &rollback(), 13).is_some(), "a rollback waits for nothing");
}

#[test]
fn each_can_be_switched_off_and_tmux_is_a_setting() {
    let mut silent = Attention::new("title".parse().expect("switches"));
    told(&mut silent, &Night::soaking(), 0);
    assert_eq!(told(&mut silent, &rollback(), 1), None);
    let mut inside = Attention::new("osc9,tmux".parse().expect("switches"));
    told(&mut inside, &Night::soaking(), 0);
    let text = told(&mut inside, &rollback(), 1).expect("an alert");
    assert!(
        text.starts_with("\u{1b}Ptmux;\u{1b}\u{1b}]9;ROLLBACK") && text.ends_with("\u{1b}\u{1b}\\\u{1b}\\"),
        "{text:?}"
    );
}

#[test]
fn a_copy_in_tmux_is_wrapped_where_it_is_set_to_be() {
    let copy = clipboard("undo");
    assert_eq!(Attention::new(Alerts::default()).outward(copy.clone()), b"\x1b]52;c;dW5kbw==\x1b\\");
    let inside = Attention::new("none,tmux".parse().expect("switches"));
    assert_eq!(inside.outward(copy), b"\x1bPtmux;\x1b\x1b]52;c;dW5kbw==\x1b\x1b\\\x1b\\");
}

#[test]
fn nothing_from_outside_acts_in_a_notification() {
    let mut attention = Attention::new(Alerts::default());
    told(&mut attention, &Night::soaking(), 0);
    let night = Night::soaking().does("trip Data corruption: \u{1b}]52;c;aGk=\u{7}; really\u{9c}");
    let text = told(&mut attention, &night, 1).expect("an alert");
    let inside = text.trim_start_matches('\u{7}').trim_start_matches("\u{1b}]9;").trim_end_matches("\u{1b}\\");
    assert!(!inside.chars().any(char::is_control), "{text:?}");
}

#[test]
fn what_changed_since_somebody_last_looked_is_marked_until_they_are_back() {
    let night = Night::soaking();
    let mut desk = Desk::at(&night).types("1");
    let shown = |desk: &Desk| text(&frame(&desk.scene, &desk.view, COLOUR, (120, 36)));
    assert!(!shown(&desk).contains("since you last looked"));
    // Nobody has touched a key for minutes, and an error rate has gone up and stayed there.
    desk.clock += Millis::from_mins(5);
    desk.now(&night.reads("error rate", 0.0014).runs(20));
    let away = shown(&desk);
    assert!(away.contains("─ since you last looked ─"), "{away}");
    assert!(away.contains("◆✗ FAILING error rate"), "{away}");
    assert!(away.contains(" ✓ PASS    latency p95"), "what has not changed is not marked: {away}");
    let mut back = desk.types("j");
    assert!(shown(&back).contains("◆✗ FAILING"), "it stays for whoever has just come back");
    back.clock += Millis::from_secs(40);
    back = back.types("j");
    assert!(!shown(&back).contains('◆'), "it has been seen");
}
