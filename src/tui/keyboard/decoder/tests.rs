use super::*;
use crossterm::event::{MouseButton, MouseEventKind};
use proptest::prelude::*;

/// Everything that bytes and the silence after them give.
fn read(bytes: &[u8]) -> Vec<Event> {
    let mut decoder = Decoder::default();
    let mut events: Vec<Event> = bytes.iter().filter_map(|byte| decoder.byte(*byte)).collect();
    events.extend(decoder.silence());
    assert_eq!(decoder.patience(), None, "silence ends everything");
    events
}

fn keys(bytes: &[u8]) -> Vec<(KeyCode, KeyModifiers)> {
    let keys = read(bytes).into_iter().map(|event| match event {
        Event::Key(key) => (key.code, key.modifiers),
        other => panic!("{other:?}"),
    });
    keys.collect()
}

fn one(bytes: &[u8]) -> (KeyCode, KeyModifiers) {
    let keys = keys(bytes);
    assert_eq!(keys.len(), 1, "{keys:?}");
    keys[0]
}

#[test]
fn letters_and_what_is_held_with_them() {
    const NONE: KeyModifiers = KeyModifiers::NONE;
    for (bytes, code, modifiers) in [
        (&b"a"[..], KeyCode::Char('a'), NONE),
        (b"R", KeyCode::Char('R'), KeyModifiers::SHIFT),
        (b" ", KeyCode::Char(' '), NONE),
        (b"\r", KeyCode::Enter, NONE),
        (b"\t", KeyCode::Tab, NONE),
        (b"\x7f", KeyCode::Backspace, NONE),
        (b"\x03", KeyCode::Char('c'), KeyModifiers::CONTROL),
        (b"\x1a", KeyCode::Char('z'), KeyModifiers::CONTROL),
        (b"\x1c", KeyCode::Char('4'), KeyModifiers::CONTROL),
        (b"\x1b", KeyCode::Esc, NONE),
        (b"\x1bx", KeyCode::Char('x'), KeyModifiers::ALT),
        (b"\x1b\r", KeyCode::Enter, KeyModifiers::ALT),
        ("ä".as_bytes(), KeyCode::Char('ä'), NONE),
        ("Ä".as_bytes(), KeyCode::Char('Ä'), KeyModifiers::SHIFT),
        ("表".as_bytes(), KeyCode::Char('表'), NONE),
        ("🚒".as_bytes(), KeyCode::Char('🚒'), NONE),
    ] {
        assert_eq!(one(bytes), (code, modifiers), "{bytes:?}");
    }
    let twice = [(KeyCode::Esc, NONE), (KeyCode::Esc, NONE)];
    assert_eq!(keys(b"\x1b\x1b"), twice, "a hurried person presses it twice");
}

#[test]
fn keys_that_have_a_sequence() {
    for (bytes, code) in [
        (&b"\x1b[A"[..], KeyCode::Up),
        (b"\x1bOB", KeyCode::Down),
        (b"\x1b[H", KeyCode::Home),
        (b"\x1b[4~", KeyCode::End),
        (b"\x1b[5~", KeyCode::PageUp),
        (b"\x1b[6~", KeyCode::PageDown),
        (b"\x1b[3~", KeyCode::Delete),
        (b"\x1bOP", KeyCode::F(1)),
        (b"\x1b[15~", KeyCode::F(5)),
        (b"\x1b[17~", KeyCode::F(6)),
        (b"\x1b[24~", KeyCode::F(12)),
        (b"\x1b[97u", KeyCode::Char('a')),
        (b"\x1b[13u", KeyCode::Enter),
        (b"\x1b[27u", KeyCode::Esc),
    ] {
        assert_eq!(one(bytes), (code, KeyModifiers::NONE), "{bytes:?}");
    }
    assert_eq!(one(b"\x1b[Z"), (KeyCode::BackTab, KeyModifiers::SHIFT));
    assert_eq!(one(b"\x1b[1;5C"), (KeyCode::Right, KeyModifiers::CONTROL));
    assert_eq!(one(b"\x1b[1;4A"), (KeyCode::Up, KeyModifiers::SHIFT | KeyModifiers::ALT));
}

#[test]
fn a_sequence_may_come_in_pieces() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.byte(b'\x1b'), None);
    assert_eq!(decoder.patience(), Some(ESCAPE));
    assert_eq!(decoder.byte(b'['), None);
    assert_eq!(decoder.patience(), Some(SEQUENCE), "nobody types that: it is on its way");
    assert_eq!(decoder.byte(b'A'), Some(key(KeyCode::Up, KeyModifiers::NONE)));
}

#[test]
fn what_a_terminal_answers_presses_no_keys() {
    for bytes in [
        &b"\x1b]11;rgb:1e1e/1e1e/2e2e\x07"[..],
        b"\x1b]52;c;UFI=\x1b\\",
        b"\x1bP>|tmux 3.3a\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b[?62;1;4c",
        b"\x1b[>84;0;0c",
        b"\x1b[24;80R",
        b"\x1b[8;50;200t",
        b"\x1b[?2026;2$y",
        b"\x1b[M #!",
        b"\x1b[[A",
        b"\x1b[200",
    ] {
        assert_eq!(read(bytes), [], "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_sequence_that_broke_off_costs_only_itself() {
    assert_eq!(keys(b"\x1b[12\x1b[A"), [(KeyCode::Up, KeyModifiers::NONE)]);
    assert_eq!(keys(b"\xc3q"), [(KeyCode::Char('q'), KeyModifiers::NONE)]);
    assert_eq!(keys(b"\xffq"), [(KeyCode::Char('q'), KeyModifiers::NONE)]);
}

#[test]
fn a_paste_is_one_event_whatever_it_holds() {
    let text = "PR\r\n\x1b[A\x1b]52;c;aGk=\x07 naïve \x1b[20";
    let pasted = format!("\x1b[200~{text}\x1b[201~q");
    let quit = key(KeyCode::Char('q'), KeyModifiers::NONE);
    assert_eq!(read(pasted.as_bytes()), [Event::Paste(text.to_owned()), quit]);
}

#[test]
fn a_paste_that_never_ends_is_bounded_and_given() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.resize(LONGEST_PASTE + 1_000, b'x');
    let events = read(&bytes);
    let [Event::Paste(text)] = events.as_slice() else { panic!("{} events", events.len()) };
    assert!(text.len() <= LONGEST_PASTE + END_OF_PASTE.len());
    bytes.extend(b"\x1b[201~");
    let events = read(&bytes);
    let [Event::Paste(text)] = events.as_slice() else { panic!("{} events", events.len()) };
    assert_eq!(text.len(), LONGEST_PASTE);
}

#[test]
fn the_mouse_as_it_is_asked_for() {
    let kinds = |bytes: &[u8]| match read(bytes).as_slice() {
        [Event::Mouse(mouse)] => Some((mouse.kind, mouse.column, mouse.row)),
        _ => None,
    };
    assert_eq!(kinds(b"\x1b[<0;10;5M"), Some((MouseEventKind::Down(MouseButton::Left), 9, 4)));
    assert_eq!(kinds(b"\x1b[<0;10;5m"), Some((MouseEventKind::Up(MouseButton::Left), 9, 4)));
    assert_eq!(kinds(b"\x1b[<65;1;1M"), Some((MouseEventKind::ScrollDown, 0, 0)));
    assert_eq!(kinds(b"\x1b[<32;2;2M"), Some((MouseEventKind::Drag(MouseButton::Left), 1, 1)));
    assert_eq!(kinds(b"\x1b[<x;1;1M"), None);
}

proptest! {
    #[test]
    fn no_bytes_break_it(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn unknown_sequences_never_press_a_key(parameters in "[0-9;:?<=>]{0,20}", last in b'@'..=b'~') {
        let bytes = [b"\x1b[", parameters.as_bytes(), &[last]].concat();
        let is_letter = |event: &Event| matches!(event, Event::Key(key) if matches!(key.code, KeyCode::Char(_)));
        // `u` is there to name a character.
        prop_assume!(last != b'u');
        prop_assert!(!read(&bytes).iter().any(is_letter), "{:?}", String::from_utf8_lossy(&bytes));
    }
}
