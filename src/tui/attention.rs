//! A change of the verdict reaches somebody who looks elsewhere: by the bell, a notification of the
//! desktop, the title of the window.
//!
//! Each can be switched off. Whoever flaps is not heard all the time: after one alert there is none
//! for a while, but for a ROLLBACK, and what has changed meanwhile is told then.

use super::region::verdict::banner;
use super::scene::Scene;
use crate::judge::Call;
use crate::text::{Millis, sanitize};
use std::str::FromStr;

/// One alert in so long.
const APART: Millis = Millis::from_secs(10);
/// Desktops cut what is longer.
const LONGEST: usize = 200;

/// By what somebody is told: the words of `--alert`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own, and says what it switches")]
pub struct Alerts {
    pub bell: bool,
    /// The notification that iTerm2, kitty, foot, `WezTerm` and others show.
    pub osc9: bool,
    /// The one that urxvt and others show.
    pub osc777: bool,
    pub title: bool,
    /// Notifications and copies are wrapped for a tmux with `allow-passthrough on`.
    pub tmux: bool,
}

impl Default for Alerts {
    fn default() -> Self {
        Self { bell: true, osc9: true, osc777: false, title: true, tmux: false }
    }
}

impl FromStr for Alerts {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut alerts = Self { bell: false, osc9: false, osc777: false, title: false, tmux: false };
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match word {
                "bell" => alerts.bell = true,
                "osc9" => alerts.osc9 = true,
                "osc777" => alerts.osc777 = true,
                "title" => alerts.title = true,
                "tmux" => alerts.tmux = true,
                "none" => {}
                other => return Err(format!("expected bell, osc9, osc777, title, tmux or none, got \"{other}\"")),
            }
        }
        Ok(alerts)
    }
}

/// What was told of the verdict, and when.
#[derive(Clone, Debug)]
pub struct Attention {
    alerts: Alerts,
    /// The verdict that was told last; the first one is on the screen and needs no alert.
    told: Option<Call>,
    at: Option<Millis>,
}

impl Attention {
    #[must_use]
    pub const fn new(alerts: Alerts) -> Self {
        Self { alerts, told: None, at: None }
    }

    /// Whether the title of the window may be set.
    #[must_use]
    pub const fn has_title(&self) -> bool {
        self.alerts.title
    }

    /// The bytes that tell of a change; none where there is none, or where it is too early.
    pub fn notice(&mut self, scene: &Scene, now: Millis) -> Option<Vec<u8>> {
        let call = scene.verdict.call;
        let before = *self.told.get_or_insert(call);
        let is_early = self.at.is_some_and(|at| now - at < APART);
        if scene.is_closed() || before == call || (is_early && call != Call::Rollback) {
            return None;
        }
        (self.told, self.at) = (Some(call), Some(now));
        let bytes = self.bytes(scene, before);
        (!bytes.is_empty()).then_some(bytes)
    }

    fn bytes(&self, scene: &Scene, before: Call) -> Vec<u8> {
        let (title, body) = words(scene, before);
        let bell = self.alerts.bell.then(|| b"\x07".to_vec());
        let osc9 = self.alerts.osc9.then(|| format!("\x1b]9;{title}: {body}\x1b\\"));
        let osc777 = self.alerts.osc777.then(|| format!("\x1b]777;notify;{title};{body}\x1b\\"));
        let told = [osc9, osc777].into_iter().flatten().map(|sequence| self.outward(sequence.into_bytes()));
        bell.into_iter().chain(told).flatten().collect()
    }

    /// A sequence as it reaches the terminal that somebody looks at: a tmux between hands on what is wrapped,
    /// where it is set to. Whether it is cannot be asked, so it is a setting.
    #[must_use]
    pub fn outward(&self, sequence: Vec<u8>) -> Vec<u8> {
        if !self.alerts.tmux {
            return sequence;
        }
        let mut wrapped = b"\x1bPtmux;".to_vec();
        for byte in sequence {
            wrapped.extend((byte == b'\x1b').then_some(byte));
            wrapped.push(byte);
        }
        wrapped.extend(b"\x1b\\");
        wrapped
    }
}

/// A title and a sentence; nothing from outside acts on a terminal, or ends the sequence.
fn words(scene: &Scene, before: Call) -> (String, String) {
    let safe =
        |text: &str| -> String { sanitize::line(text).chars().filter(|sign| *sign != ';').take(LONGEST).collect() };
    let worst = scene.verdict.reasons.first().map(|reason| format!(": {}", reason.text)).unwrap_or_default();
    let stage = scene.current().map(|(_, stage)| format!(" {}", stage.name)).unwrap_or_default();
    let word = banner(scene).word;
    (safe(&format!("{word}{stage}")), safe(&format!("was {before}{worst} - {}", scene.plan().title)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switches_are_words() {
        assert_eq!("bell, osc9,title".parse(), Ok(Alerts::default()));
        let none = Alerts { bell: false, osc9: false, osc777: false, title: false, tmux: false };
        assert_eq!("none".parse(), Ok(none));
        assert!("bel".parse::<Alerts>().is_err_and(|error| error.contains("expected bell, osc9")));
    }
}
