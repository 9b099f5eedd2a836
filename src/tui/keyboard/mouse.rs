//! What the mouse did, in the one form in which it can be asked for (SGR, mode 1006).

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// Reads `BUTTON;COLUMN;ROW` of a report that ends in `M` (pressed) or `m` (released).
pub(super) fn report(text: &str, last: u8) -> Option<MouseEvent> {
    let mut numbers = text.split(';').map(|number| number.parse::<u16>().ok());
    let (bits, column, row) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let button = match bits & 0b11 {
        0 => Some(MouseButton::Left),
        1 => Some(MouseButton::Middle),
        2 => Some(MouseButton::Right),
        _ => None,
    };
    let (is_drag, is_wheel) = (bits & 32 != 0, bits & 64 != 0);
    let kind = match (last, button) {
        (b'M', _) if is_wheel => wheel(bits)?,
        (b'M', Some(button)) if is_drag => MouseEventKind::Drag(button),
        (b'M', None) if is_drag => MouseEventKind::Moved,
        (b'M', Some(button)) => MouseEventKind::Down(button),
        (b'm', Some(button)) => MouseEventKind::Up(button),
        _ => return None,
    };
    // The terminal counts from one.
    Some(MouseEvent { kind, column: column.saturating_sub(1), row: row.saturating_sub(1), modifiers: modifiers(bits) })
}

const fn wheel(bits: u16) -> Option<MouseEventKind> {
    match bits & 0b11 {
        0 => Some(MouseEventKind::ScrollUp),
        1 => Some(MouseEventKind::ScrollDown),
        2 => Some(MouseEventKind::ScrollLeft),
        3 => Some(MouseEventKind::ScrollRight),
        _ => None,
    }
}

fn modifiers(bits: u16) -> KeyModifiers {
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)] {
        if bits & bit != 0 {
            modifiers |= modifier;
        }
    }
    modifiers
}
