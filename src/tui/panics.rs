//! Panics while the screen is up: kept, shown, and told on the shell afterwards.
//!
//! A panic of any thread would otherwise print into the board, or be lost with it. A part that
//! failed does not take the screen down; the screen says so, and goes on with what it has.

use crate::text::sanitize;
use std::panic;
use std::sync::{Mutex, Once, PoisonError};

static HOOK: Once = Once::new();
/// What panicked since the screen went up; none while it is down.
static HEARD: Mutex<Option<Vec<String>>> = Mutex::new(None);

/// From now on panics are kept.
pub(super) fn keep() {
    HOOK.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            let message = sanitize::line(&panic.to_string()).into_owned();
            let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
            match heard.as_mut() {
                Some(heard) => heard.push(message),
                None => {
                    drop(heard);
                    usual(panic);
                }
            }
        }));
    });
    HEARD.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_default();
}

/// The last panic that was kept, and how many there were.
#[must_use]
pub(super) fn last() -> Option<(usize, String)> {
    let heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    heard.as_ref().and_then(|heard| heard.last().map(|last| (heard.len(), last.clone())))
}

/// From now on panics are printed as usual; gives those that were kept.
#[must_use]
pub(super) fn release() -> Vec<String> {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
}
