//! Somebody at the keyboard: what each key sends to the room.

use crate::board::dump::{frame, text};
use crate::board::night::Night;
use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use warroom::judge::{Code, Why};
use warroom::session::{Command, Intent, Refusal};
use warroom::text::Millis;
use warroom::tui::actions;
use warroom::tui::layer::Layer;
use warroom::tui::pane::Pane;
use warroom::tui::scene::Scene;
use warroom::tui::skin::{Skin, Tone};
use warroom::tui::view::{Effect, View};
use warroom::tui::views::Page;

/// A scene, a view, and the time of the real clock.
pub(crate) struct Desk {
    pub(crate) scene: Scene,
    pub(crate) view: View,
    pub(crate) clock: Millis,
    pub(crate) effects: Vec<Effect>,
}

impl Desk {
    /// Ana sits down at a night.
    pub(crate) fn at(night: &Night) -> Self {
        let mut desk = Self { scene: night.scene(), view: View::new("Ana"), clock: Millis::ZERO, effects: Vec::new() };
        desk.now(night);
        desk
    }

    /// The night has gone on.
    pub(crate) fn now(&mut self, night: &Night) {
        self.scene = night.scene();
        self.view.notice(&self.scene, self.clock);
        self.view.seen = self.scene.verdict.keys();
    }

    /// Somebody looks, and presses nothing.
    pub(crate) fn passes(&mut self, span: Millis) {
        self.clock += span;
        self.view.notice(&self.scene, self.clock);
    }

    /// Presses a key a second after the last one.
    pub(crate) fn press(mut self, code: KeyCode) -> Self {
        self.clock += Millis::from_secs(1);
        self.key(KeyEvent::new(code, KeyModifiers::NONE));
        self
    }

    fn key(&mut self, key: KeyEvent) {
        self.effects.extend(self.view.press(&self.scene, key, self.clock));
    }

    /// Types a text; a line end is Enter, a tab Tab.
    pub(crate) fn types(self, text: &str) -> Self {
        let key = |sign| match sign {
            '\n' => KeyCode::Enter,
            '\t' => KeyCode::Tab,
            _ => KeyCode::Char(sign),
        };
        text.chars().fold(self, |desk, sign| desk.press(key(sign)))
    }

    fn intents(&self) -> Vec<&Intent> {
        let intents = self.effects.iter().filter_map(|effect| match effect {
            Effect::Intend { intent, .. } => Some(intent),
            _ => None,
        });
        intents.collect()
    }

    /// The one command that was sent.
    fn only(&self) -> &Intent {
        match self.intents().as_slice() {
            [only] => only,
            others => panic!("expected one intent, got {others:?}; {:?}", self.view.toast),
        }
    }

    fn toast(&self) -> &str {
        self.view.toast.as_ref().map_or("", |toast| toast.text.as_str())
    }
}

#[test]
fn space_ticks_the_selected_line_with_the_name_and_the_verdict_seen() {
    let desk = Desk::at(&Night::soaking()).types(" ");
    let intent = desk.only();
    assert_eq!(intent.command, Command::Tick { item: "@21".to_owned() });
    assert_eq!(intent.by, "Ana");
    let seen = intent.seen.as_ref().expect("what was seen");
    assert!(seen.contains(&(Code::Soaking, String::new())), "{seen:?}");
}

#[test]
fn a_line_that_is_being_saved_is_not_ticked_twice() {
    let desk = Desk::at(&Night::soaking()).types("  ");
    assert_eq!(desk.intents().len(), 1);
    assert!(desk.toast().contains("being saved"), "{}", desk.toast());
}

#[test]
fn the_selection_stays_on_what_was_ticked() {
    let night = Night::soaking();
    let mut desk = Desk::at(&night).types(" ");
    let item = desk.view.item(&desk.scene);
    desk.view.answered(1, Ok(1), desk.clock);
    desk.now(&night.does("tick @21").runs(5));
    assert_eq!(desk.view.item(&desk.scene), item);
    let desk = desk.types(" ");
    assert_eq!(desk.intents().len(), 1, "a second space ticks no other line: it asks to open this one");
}

#[test]
fn a_trigger_that_trips_does_not_slip_under_the_key() {
    let mut desk = Desk::at(&Night::soaking()).types("5j");
    let selected = desk.view.trigger(&desk.scene);
    desk.now(&Night::soaking().does("trip p95 latency"));
    assert_eq!(desk.view.trigger(&desk.scene), selected);
}

#[test]
fn a_tick_is_opened_again_only_when_it_is_confirmed() {
    let night = Night::soaking().does("tick @21");
    let asked = Desk::at(&night).types("k ");
    assert!(asked.effects.is_empty() && matches!(asked.view.layers.last(), Some(Layer::Ask(_))));
    assert!(asked.types("\n").effects.is_empty(), "Enter stands on Cancel");
    let opened = Desk::at(&night).types("k ").press(KeyCode::Right).types("\n");
    assert_eq!(opened.only().command, Command::Untick { item: "@21".to_owned() });
}

#[test]
fn every_passing_line_of_the_stage_is_ticked_at_once() {
    let desk = Desk::at(&Night::soaking()).types("a");
    let items: Vec<_> = desk.intents().iter().map(|intent| intent.command.clone()).collect();
    let tick = |item: &str| Command::Tick { item: item.to_owned() };
    assert_eq!(items, [tick("@21"), tick("@22")], "the box without a gate is for a person");
}

#[test]
fn promoting_on_go_asks_and_stands_on_cancel() {
    let asked = Desk::at(&Night::go()).types("P");
    assert!(asked.types("\n").effects.is_empty());
    let done = Desk::at(&Night::go()).types("P").press(KeyCode::Tab).types("\n");
    assert_eq!(done.only().command, Command::Promote);
}

#[test]
fn promoting_against_the_verdict_takes_a_reason_and_the_name_of_the_stage() {
    let begun = || Desk::at(&Night::soaking()).types("P");
    let without = begun().press(KeyCode::BackTab).types("\n");
    assert!(without.effects.is_empty(), "{:?}", without.effects);
    let wrong = begun().types("known\n51%\n").press(KeyCode::Right).types("\n");
    assert!(wrong.effects.is_empty(), "{:?}", wrong.effects);
    let done = begun().types("known\n50%\n").press(KeyCode::Right).types("\n");
    assert_eq!(done.only().command, Command::PromoteAnyway { reason: "known".to_owned() });
}

#[test]
fn what_was_read_is_what_is_decided_on() {
    let night = Night::go();
    let mut desk = Desk::at(&night).types("P");
    desk.now(&night.reads("error rate", 0.071).runs(10));
    let desk = desk.press(KeyCode::Right).types("\n");
    assert_eq!(desk.only().seen.as_deref(), Some([].as_slice()), "the room refuses it, and says what is new");
}

#[test]
fn enter_is_deaf_in_the_first_moments() {
    let mut desk = Desk::at(&Night::go()).types("P").press(KeyCode::Right);
    // The question is asked afresh at this very moment.
    desk.view.layers.clear();
    desk = desk.types("P");
    desk.clock += Millis(100);
    desk.key(KeyEvent::new(KeyCode::Right, KeyModifiers::NONE));
    desk.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE));
    assert!(desk.effects.is_empty());
    assert_eq!(desk.types("\n").only().command, Command::Promote);
}

#[test]
fn a_key_held_down_scrolls_and_neither_ticks_nor_confirms() {
    let mut desk = Desk::at(&Night::soaking());
    let before = desk.view.cursor(Pane::Checklist, &desk.scene);
    for (code, kind) in [(KeyCode::Down, KeyEventKind::Press), (KeyCode::Down, KeyEventKind::Repeat)] {
        desk.key(KeyEvent { kind, ..KeyEvent::new(code, KeyModifiers::NONE) });
    }
    assert_eq!(desk.view.cursor(Pane::Checklist, &desk.scene), before + 2);
    for kind in [KeyEventKind::Repeat, KeyEventKind::Release] {
        desk.key(KeyEvent { kind, ..KeyEvent::new(KeyCode::Char(' '), KeyModifiers::NONE) });
    }
    assert!(desk.effects.is_empty());
    desk = desk.types("q");
    desk.clock += Millis::from_secs(2);
    desk.key(KeyEvent::new(KeyCode::Right, KeyModifiers::NONE));
    desk.key(KeyEvent { kind: KeyEventKind::Repeat, ..KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE) });
    assert!(desk.effects.is_empty() && !desk.view.layers.is_empty());
}

#[test]
fn each_decision_is_a_line_of_the_command_language() {
    let right = |desk: Desk| desk.press(KeyCode::Right).types("\n");
    let soaking = || Desk::at(&Night::soaking());
    let held = Night::soaking().does("hold the queue grows");
    let tripped = Night::soaking().reads("error rate", 0.071).runs(30);
    let text = str::to_owned;
    for (what, desk, command) in vec![
        (
            "start",
            right(Desk::at(&Night::healthy().runs(20).ticks_stage()).types("S")),
            Command::Start { stage: text("10%") },
        ),
        (
            "start!",
            right(Desk::at(&Night::healthy().runs(20)).types("Sdone before\n10%\n")),
            Command::StartAnyway { stage_and_reason: text("10%: done before") },
        ),
        ("moved", right(Desk::at(&Night::started()).types("M")), Command::Moved),
        ("note", soaking().types("nall quiet\n"), Command::Note { text: text("all quiet") }),
        ("hold", soaking().types("Hlunch\n"), Command::Hold { reason: text("lunch") }),
        ("resume", right(Desk::at(&held).types("H")), Command::Resume),
        ("rollback", right(soaking().types("Rerrors\n")), Command::Rollback { reason: text("errors") }),
        (
            "waive",
            right(soaking().types("2W10m\ncold cache\n")),
            Command::Waive { gate_and_reason: text("error rate 10m: cold cache") },
        ),
        (
            "trip",
            right(soaking().types("5jTBen saw it\n")),
            Command::Trip { trigger_and_reason: text("@73: Ben saw it") },
        ),
        (
            "dismiss",
            right(Desk::at(&tripped).types("5Dnot ours\n")),
            Command::Dismiss { trigger_and_reason: text("@72: not ours") },
        ),
        ("na", soaking().types("3xnone here\n"), Command::NotApplicable { item_and_reason: text("@21: none here") }),
        (
            "finish",
            right(Desk::at(&Night::go()).types("F ").press(KeyCode::Tab)),
            Command::Finish { outcome: warroom::judge::Outcome::Inconclusive },
        ),
        ("palette", soaking().types(":reject too early\n"), Command::Reject { reason: text("too early") }),
    ] {
        assert_eq!(desk.only().command, command, "{what}");
    }
}

#[test]
fn an_approval_is_given_by_whoever_says_so() {
    let desk = Desk::at(&Night::soaking()).types("ABen\n");
    assert_eq!(desk.only().by, "Ben");
    assert_eq!(desk.view.actor, "Ana");
    let palette = Desk::at(&Night::soaking()).types(":as Cleo: approve\n");
    assert_eq!(palette.only().by, "Cleo");
    let unnamed = Desk::at(&Night::soaking()).types(":approve\nBen\n");
    assert_eq!(unnamed.only().by, "Ben", "asked every time, though Ana acts");
}

#[test]
fn what_needs_a_name_asks_for_it_and_goes_on() {
    let mut desk = Desk::at(&Night::go());
    desk.view.actor.clear();
    let desk = desk.types("P").press(KeyCode::Right).types("\n");
    assert!(desk.effects.is_empty());
    let desk = desk.types("\n");
    assert!(desk.effects.is_empty(), "a decision is nobody's without a name");
    let desk = desk.types("Ana\n");
    assert_eq!((desk.only().command.clone(), desk.only().by.as_str()), (Command::Promote, "Ana"));
}

#[test]
fn a_tick_may_be_nobodys_and_asks_once() {
    let mut desk = Desk::at(&Night::soaking());
    desk.view.actor.clear();
    let desk = desk.types(" \n").press(KeyCode::Down).types(" ");
    assert_eq!(desk.intents().len(), 2);
}

#[test]
fn what_cannot_be_done_now_says_why() {
    for (night, key, why) in [
        (Night::healthy().runs(10), "P", "no stage has started"),
        (Night::soaking(), "S", "has started: P promotes"),
        (Night::soaking(), "M", "no traffic is being moved"),
        (Night::soaking(), "W", "select a gate"),
        (Night::soaking(), "T", "select a trigger"),
        (Night::soaking(), "5D", "not tripped"),
        (Night::go().does("finish partial"), "R", "the session is closed"),
    ] {
        let desk = Desk::at(&night).types(key);
        assert!(desk.effects.is_empty() && desk.view.layers.is_empty(), "{key}");
        assert!(desk.toast().contains(why), "{key}: {}", desk.toast());
    }
}

#[test]
fn a_paste_goes_into_fields_only() {
    let mut desk = Desk::at(&Night::soaking());
    let effects = desk.view.paste(&desk.scene, "Tq\n", desk.clock);
    assert!(effects.is_empty() && desk.view.layers.is_empty());
    assert!(desk.toast().contains("field"));
    let mut desk = desk.types("n");
    desk.view.paste(&desk.scene, "two\nrows\u{1b}[2J", desk.clock);
    assert_eq!(desk.types("\n").only().command, Command::Note { text: "two rows^[[2J".to_owned() });
}

#[test]
fn a_note_may_have_several_lines() {
    let mut desk = Desk::at(&Night::soaking()).types("Nfirst\nsecond");
    desk.view.paste(&desk.scene, " and\nthird\u{1b}[2J", desk.clock);
    let stands_on_cancel = desk.press(KeyCode::Tab).press(KeyCode::Tab);
    assert!(stands_on_cancel.effects.is_empty());
    let done = stands_on_cancel.press(KeyCode::Right).types("\n");
    assert_eq!(done.only().command, Command::Note { text: "first\nsecond and\nthird^[[2J".to_owned() });
}

#[test]
fn a_note_may_say_when_it_happened() {
    let desk = Desk::at(&Night::soaking()).types("Nthe deploy was stopped").press(KeyCode::Tab).types("02:");
    let write_it_down = |desk: Desk| desk.press(KeyCode::Tab).press(KeyCode::Right).types("\n");
    let refused = write_it_down(desk);
    assert!(refused.effects.is_empty(), "02: is no time of day");
    let done = write_it_down(refused.types("04"));
    assert_eq!(done.only().command, Command::Note { text: "at 02:04: the deploy was stopped".to_owned() });
}

#[test]
fn an_entry_is_starred_and_its_star_taken_away() {
    let night = Night::soaking().does("note look here");
    let desk = Desk::at(&night).types("4j*");
    let seq = desk.view.event(&desk.scene).expect("an entry").seq;
    assert!(matches!(&desk.only().command, command if format!("{command:?}").contains(&format!("#{seq}"))));
    let starred = Desk::at(&night.does(&format!("star #{seq}"))).types("4os");
    assert_eq!(starred.view.event(&starred.scene).map(|event| event.seq), Some(seq), "only the starred one is shown");
    assert!(format!("{:?}", starred.types("*").only().command).contains("unstar"));

    // Of the newest entry too: the star is news itself, and the keys do not slip onto it.
    let night = Night::soaking().does("note look here");
    let mut newest = Desk::at(&night).types("4*");
    let seq = newest.view.event(&newest.scene).expect("an entry").seq;
    newest.now(&night.does("star last"));
    let pressed = format!("{:?}", newest.types("*").effects);
    assert!(pressed.contains("unstar") && pressed.matches(&format!("#{seq}")).count() == 2, "{pressed}");
}

#[test]
fn the_mouse_does_nothing_until_it_is_wanted_and_decides_nothing() {
    let size = ratatui::layout::Size::new(120, 36);
    let click = |desk: &mut Desk, column, row| {
        let kind = MouseEventKind::Down(MouseButton::Left);
        let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
        let effects = desk.view.point(&desk.scene, event, size, desk.clock);
        assert!(effects.is_empty());
    };
    let mut desk = Desk::at(&Night::soaking());
    click(&mut desk, 14, 7);
    assert_eq!(desk.view.page, Page::Board);
    let mut desk = desk.types("m");
    assert_eq!(desk.effects, [Effect::Mouse(true)]);
    // A row of the gates, then the name of a view.
    click(&mut desk, 10, 10);
    assert_eq!((desk.view.focus, desk.view.cursor(Pane::Gates, &desk.scene)), (Pane::Gates, 1));
    click(&mut desk, 14, 7);
    assert_eq!(desk.view.page, Page::Gates);
    click(&mut desk, 80, 24);
    assert_eq!(desk.view.cursor(Pane::Gates, &desk.scene), 2, "a card");
    click(&mut desk, 10, 34);
    assert_eq!(desk.view.cursor(Pane::Gates, &desk.scene), 3, "a row below the cards");
    let wheel = MouseEvent { kind: MouseEventKind::ScrollUp, column: 5, row: 20, modifiers: KeyModifiers::NONE };
    desk.view.point(&desk.scene, wheel, size, desk.clock);
    assert_eq!(desk.view.cursor(Pane::Gates, &desk.scene), 0);
}

#[test]
fn refusals_are_shown_with_all_their_reasons() {
    let mut desk = Desk::at(&Night::go()).types("P").press(KeyCode::Right).types("\n");
    let news = vec!["error rate 7.1 % >= 0.1 %".to_owned(), "api is unhealthy".to_owned()];
    desk.view.answered(1, Err(Refusal::Worse { news }), desk.clock);
    let Some(Layer::Sheet(sheet)) = desk.view.layers.last() else { panic!("no sheet") };
    assert!(sheet.title.contains("promote"));
    assert!(sheet.rows.iter().any(|row| row.text.contains("api is unhealthy") && row.tone == Tone::Bad));
    assert!(desk.view.sent.is_empty());
}

#[test]
fn a_command_that_nobody_took_is_not_done() {
    let mut desk = Desk::at(&Night::soaking()).types("nlost\n");
    desk.view.unanswered(1, desk.clock);
    assert!(desk.toast().contains("NOT DONE") && desk.toast().contains("note lost"), "{}", desk.toast());
}

#[test]
fn leaving_asks_and_ctrl_c_twice_does_not() {
    let desk = Desk::at(&Night::soaking()).types("q");
    assert!(desk.types("\n").effects.is_empty(), "it stands on Cancel");
    let left = Desk::at(&Night::soaking()).types("q").press(KeyCode::Right).types("\n");
    assert_eq!(left.effects, [Effect::Leave { interrupted: false }]);
    let mut desk = Desk::at(&Night::soaking());
    let ctrl_c = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
    desk.key(ctrl_c);
    assert!(desk.effects.is_empty());
    desk.clock += Millis::from_secs(5);
    desk.key(ctrl_c);
    assert!(desk.effects.is_empty(), "five seconds later it is the first one again");
    desk.clock += Millis::from_secs(1);
    desk.key(ctrl_c);
    assert_eq!(desk.effects, [Effect::Leave { interrupted: true }]);
    let closed = Desk::at(&Night::go().does("finish partial")).types("q");
    assert_eq!(closed.effects, [Effect::Leave { interrupted: false }]);
}

#[test]
fn commands_are_copied_a_stage_at_a_time() {
    let one = Desk::at(&Night::soaking()).types("y");
    assert_eq!(
        one.effects,
        [Effect::Copy("kubectl set weight payments new=25\nkubectl rollout status deploy/payments".to_owned())]
    );
    let back = Desk::at(&Night::soaking().reads("error rate", 0.071).runs(30)).types("cjy");
    assert_eq!(back.effects, [Effect::Copy("kubectl rollout undo deploy/payments".to_owned())]);
}

#[test]
fn nothing_to_read_stands_in_the_way_of_a_decision() {
    for open in ["?", "v", "c", "2\n"] {
        let desk = Desk::at(&Night::soaking()).types(open).types("Rerrors\n").press(KeyCode::Right).types("\n");
        assert_eq!(desk.only().command, Command::Rollback { reason: "errors".to_owned() }, "{open}");
    }
}

#[test]
fn finding_selects_and_esc_goes_back() {
    let desk = Desk::at(&Night::soaking());
    let before = desk.view.cursor(Pane::Checklist, &desk.scene);
    let found = desk.types("/backups");
    let item = found.view.item(&found.scene).expect("an item");
    assert_eq!(found.scene.plan().item(item).line, 5);
    let back = found.press(KeyCode::Esc);
    assert_eq!(back.view.cursor(Pane::Checklist, &back.scene), before);
}

#[test]
fn the_palette_completes_and_explains() {
    let desk = Desk::at(&Night::soaking()).types(":promot\n");
    assert!(desk.effects.is_empty() && !desk.view.layers.is_empty(), "it stays and says what is wrong");
    let desk = Desk::at(&Night::soaking()).types(":tick e").press(KeyCode::Tab).types("\n");
    assert_eq!(desk.only().command, Command::Tick { item: "Error rate < 0.1%".to_owned() });
    let zoomed = Desk::at(&Night::soaking()).types(":zoom\n");
    assert!(zoomed.view.zoom && zoomed.effects.is_empty());
}

#[test]
fn a_new_stage_brings_the_checklist_to_what_is_open_in_it() {
    let night = Night::go();
    let mut desk = Desk::at(&night).types("g");
    desk.now(&night.does("as Ana: promote").runs(5));
    let item = desk.view.item(&desk.scene).expect("an item");
    assert_eq!(desk.scene.plan().item(item).line, 29);
}

#[test]
fn the_newest_is_followed_until_somebody_looks_back() {
    let night = Night::soaking();
    let mut desk = Desk::at(&night).types("4jj");
    let looked_at = desk.view.event(&desk.scene).expect("an event").seq;
    let night = night.misses("cache hit", Why::SourceDown, "connection refused").runs(10).does("note hm");
    desk.now(&night);
    assert_eq!(desk.view.event(&desk.scene).expect("an event").seq, looked_at);
    let desk = desk.types("g");
    assert_eq!(desk.view.cursor(Pane::Timeline, &desk.scene), 0);
}

#[test]
fn sections_fold_and_unfold() {
    let desk = Desk::at(&Night::soaking()).types("g");
    let all = warroom::tui::region::checklist::rows(&desk.scene, &desk.view).len();
    let desk = desk.types("j\n");
    assert_eq!(warroom::tui::region::checklist::rows(&desk.scene, &desk.view).len(), all - 3);
    let desk = desk.types("\n");
    assert!(desk.view.folded.is_empty());
}

#[test]
fn any_key_at_any_moment_is_harmless() {
    let nights = [Night::new(), Night::started(), Night::soaking(), Night::go().does("finish partial")];
    let codes = [KeyCode::Tab, KeyCode::Backspace, KeyCode::Left, KeyCode::PageDown, KeyCode::F(5), KeyCode::Esc];
    for (at, first) in actions::all().enumerate() {
        for (beside, second) in actions::all().enumerate() {
            let mut desk = Desk::at(&nights[(at + beside) % nights.len()]);
            for action in [first, second] {
                let run = desk.view.run(&desk.scene, action, desk.clock);
                desk.effects.extend(run);
            }
            desk = codes.into_iter().fold(desk, Desk::press);
            assert!(desk.view.layers.len() <= 3);
        }
    }
}

#[test]
fn keys_are_where_fingers_expect_them() {
    let named = |code, modifiers| {
        let action = actions::by_key(Page::Board, None, KeyEvent::new(code, modifiers));
        action.map(|action| action.name)
    };
    for (code, name) in [
        (KeyCode::Down, "down"),
        (KeyCode::Char('j'), "down"),
        (KeyCode::Up, "up"),
        (KeyCode::Char('k'), "up"),
        (KeyCode::Left, "pane-back"),
        (KeyCode::Char('h'), "pane-back"),
        (KeyCode::Right, "pane"),
        (KeyCode::Char('l'), "pane"),
        (KeyCode::Char('g'), "first"),
        (KeyCode::Char('G'), "last"),
        (KeyCode::PageUp, "page-up"),
        (KeyCode::PageDown, "page-down"),
        (KeyCode::Tab, "pane"),
        (KeyCode::Char('1'), "board"),
        (KeyCode::Char('6'), "info"),
        (KeyCode::Enter, "details"),
        (KeyCode::Esc, "back"),
        (KeyCode::Char('?'), "help"),
        (KeyCode::Char('/'), "find"),
        (KeyCode::Char(':'), "palette"),
        (KeyCode::Char(' '), "tick"),
        (KeyCode::Char('n'), "note"),
        (KeyCode::Char('y'), "copy"),
        (KeyCode::Char('z'), "zoom"),
        (KeyCode::Char('f'), "freeze"),
        (KeyCode::Char('u'), "actor"),
        (KeyCode::Char('m'), "mouse"),
    ] {
        assert_eq!(named(code, KeyModifiers::NONE), Some(name), "{code:?}");
    }
    assert_eq!(named(KeyCode::Char('l'), KeyModifiers::CONTROL), Some("repaint"));
    assert_eq!(named(KeyCode::Char('z'), KeyModifiers::CONTROL), Some("suspend"));
    // Esc leads out of one thing at a time, and never out of the program.
    let mut desk = Desk::at(&Night::soaking()).types("zf:");
    for _ in 0..9 {
        desk = desk.press(KeyCode::Esc);
    }
    assert!(desk.view.layers.is_empty() && desk.view.frozen.is_none() && !desk.view.zoom);
    assert!(desk.effects.is_empty(), "{:?}", desk.effects);
}

#[test]
fn a_letter_with_ctrl_or_alt_answers_no_question_and_closes_nothing() {
    let shown = |desk: &Desk| frame(&desk.scene, &desk.view, Skin::default(), (120, 36));
    for keys in ["?", "v", "c", "q", "S", "N", "u", ":nothing\n", "/late"] {
        let mut desk = Desk::at(&Night::new()).types(keys);
        let before = shown(&desk);
        desk.key(KeyEvent::new(KeyCode::Char('l'), KeyModifiers::CONTROL));
        assert!(matches!(desk.effects.last(), Some(Effect::Repaint)), "{keys}");
        assert_eq!(shown(&desk), before, "{keys}: drawn afresh, and nothing else");
        desk.clock += Millis::from_secs(1);
        desk.key(KeyEvent::new(KeyCode::Char('z'), KeyModifiers::CONTROL));
        assert!(matches!(desk.effects.last(), Some(Effect::Suspend)), "{keys}");
    }
    for keys in ["", "?", "v", "c", "q"] {
        let mut desk = Desk::at(&Night::new()).types(keys);
        let before = shown(&desk);
        for with in [KeyModifiers::ALT, KeyModifiers::CONTROL] {
            for letter in "lhqyjg ".chars() {
                desk.key(KeyEvent::new(KeyCode::Char(letter), with));
                assert_eq!(shown(&desk), before, "{keys}, then {letter:?} with {with}");
            }
        }
    }
}

#[test]
fn enter_right_behind_esc_confirms_nothing() {
    for keys in ["Rlate\t\t", "nlate\t", ":hold late", "q\t", "?", "c", ""] {
        let mut desk = Desk::at(&Night::soaking()).types(keys);
        let before = desk.view.layers.len();
        desk.clock += Millis::from_secs(1);
        desk.key(KeyEvent::new(KeyCode::Enter, KeyModifiers::ALT));
        assert_eq!((desk.intents(), desk.view.layers.len()), (Vec::new(), before), "{keys}");
        assert!(desk.toast().contains("nothing was done"), "{keys}");
    }
}

#[test]
fn the_palette_keeps_its_frame_where_nothing_begins_like_that() {
    for keys in [":", ":xyz"] {
        let desk = Desk::at(&Night::new()).types(keys);
        let shown = text(&frame(&desk.scene, &desk.view, Skin::default(), (120, 36)));
        assert!(shown.contains(" Command "), "{keys}:\n{shown}");
    }
}
