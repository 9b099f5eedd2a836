//! What keys do in a review. Keys that only look keep their meaning; those that would decide or
//! record wind the night instead.

use super::steps::{self, Stop, Way};
use super::what_if::WhatIf;
use super::{Asks, Prompt, Review, SPEEDS};
use crate::judge::Moment;
use crate::room::player::Wind;
use crate::session::store::Target;
use crate::session::store::what_if::Trial;
use crate::text::Millis;
use crate::tui::actions::is_chord;
use crate::tui::scene::Scene;
use crate::tui::skin::Tone;
use crate::tui::view::{Effect, View};
use crossterm::event::{KeyCode, KeyEvent};

/// The keys of a review, for its footer: the key and what it does.
pub const HINTS: [(&str, &str); 10] = [
    ("space", "play"),
    ("x", "speed"),
    ("n p", "event"),
    ("d D", "decision"),
    ("t T", "verdict"),
    ("b B", "breach"),
    ("[ ]", "1m"),
    ("@", "time"),
    ("/", "search"),
    ("w", "what if"),
];

/// Takes a key; none where it means here what it means everywhere.
pub fn press(view: &mut View, scene: &Scene, key: KeyEvent, now: Millis) -> Option<Vec<Effect>> {
    let review = view.review.as_mut()?;
    if review.prompt.is_some() {
        return Some(type_in(view, scene, key, now));
    }
    let KeyCode::Char(sign) = key.code else { return None };
    if is_chord(key) {
        return None;
    }
    let end = review.archive.state.ramp.now;
    Some(match sign {
        ' ' => play(review, scene),
        'x' => speed(review, 1),
        'X' => speed(review, SPEEDS.len() - 1),
        '[' => to(scene.now.0.saturating_sub(60_000)),
        ']' => to(scene.now.0 + 60_000),
        '{' => to(scene.now.0.saturating_sub(600_000)),
        '}' => to(scene.now.0 + 600_000),
        'A' => to(0),
        'F' => to(end.0),
        'n' => step(view, scene, Stop::Event, Way::On, now),
        'p' => step(view, scene, Stop::Event, Way::Back, now),
        'd' => step(view, scene, Stop::Decision, Way::On, now),
        'D' => step(view, scene, Stop::Decision, Way::Back, now),
        't' => step(view, scene, Stop::Verdict, Way::On, now),
        'T' => step(view, scene, Stop::Verdict, Way::Back, now),
        'b' => step(view, scene, Stop::Breach, Way::On, now),
        'B' => step(view, scene, Stop::Breach, Way::Back, now),
        's' => step(view, scene, Stop::Starred, Way::On, now),
        'S' => step(view, scene, Stop::Starred, Way::Back, now),
        'i' => step(view, scene, Stop::Difference, Way::On, now),
        'I' => step(view, scene, Stop::Difference, Way::Back, now),
        '@' => ask(review, Asks::Time),
        '/' => ask(review, Asks::Text),
        'w' => ask(review, Asks::Limit),
        'q' => vec![Effect::Leave { interrupted: false }],
        _ => return None,
    })
}

fn to(moment: u64) -> Vec<Effect> {
    vec![Effect::Wind(Wind::To(Target::Moment(Moment(moment))))]
}

fn play(review: &mut Review, scene: &Scene) -> Vec<Effect> {
    let is_over = scene.now >= review.archive.state.ramp.now;
    review.is_playing = !review.is_playing || is_over;
    if !review.is_playing {
        return vec![Effect::Wind(Wind::Pause)];
    }
    let mut effects = if is_over { to(0) } else { Vec::new() };
    effects.push(Effect::Wind(Wind::Play { speed: SPEEDS[review.speed] }));
    effects
}

fn speed(review: &mut Review, by: usize) -> Vec<Effect> {
    review.speed = (review.speed + by) % SPEEDS.len();
    if review.is_playing { vec![Effect::Wind(Wind::Play { speed: SPEEDS[review.speed] })] } else { Vec::new() }
}

/// Stepping stops a night that plays.
fn stop_at(view: &mut View, target: Option<Target>, none: &str, now: Millis) -> Vec<Effect> {
    let Some(target) = target else {
        view.say_toast(Tone::Wait, none, now);
        return Vec::new();
    };
    if let Some(review) = view.review.as_mut() {
        review.is_playing = false;
    }
    vec![Effect::Wind(Wind::Pause), Effect::Wind(Wind::To(target))]
}

fn step(view: &mut View, scene: &Scene, stop: Stop, way: Way, now: Millis) -> Vec<Effect> {
    let Some(review) = view.review.as_ref() else { return Vec::new() };
    let target = match stop {
        Stop::Breach => steps::next_breach(&review.archive, way, scene.now),
        Stop::Difference => steps::next_difference(review.what_if.as_ref(), way, scene.now),
        _ => steps::next(&review.archive, stop, way, scene.state().seq),
    };
    let none = match way {
        Way::On => "there is none behind this moment",
        Way::Back => "there is none before this moment",
    };
    stop_at(view, target, none, now)
}

fn ask(review: &mut Review, asks: Asks) -> Vec<Effect> {
    review.prompt = Some(Prompt { asks, text: String::new() });
    Vec::new()
}

fn type_in(view: &mut View, scene: &Scene, key: KeyEvent, now: Millis) -> Vec<Effect> {
    let Some(prompt) = view.review.as_mut().and_then(|review| review.prompt.as_mut()) else { return Vec::new() };
    match key.code {
        KeyCode::Char(sign) if !is_chord(key) => prompt.text.push(sign),
        KeyCode::Backspace => drop(prompt.text.pop()),
        KeyCode::Enter => return answer(view, scene, now),
        KeyCode::Esc => {
            if let Some(review) = view.review.as_mut() {
                review.prompt = None;
            }
        }
        _ => {}
    }
    Vec::new()
}

fn answer(view: &mut View, scene: &Scene, now: Millis) -> Vec<Effect> {
    let Some(review) = view.review.as_mut() else { return Vec::new() };
    let Some(Prompt { asks, text }) = review.prompt.take() else { return Vec::new() };
    match asks {
        Asks::Time => {
            return match steps::time(&review.archive, &text) {
                Ok(target) => stop_at(view, Some(target), "", now),
                Err(why) => stop_at(view, None, &why, now),
            };
        }
        Asks::Limit => return suppose(view, &text, now),
        Asks::Text => {}
    }
    if !text.is_empty() {
        review.wanted = text;
    }
    let found = steps::search(&review.archive, &review.wanted, scene.state().seq).filter(|_| !review.wanted.is_empty());
    let none = format!("nothing says \"{}\"", review.wanted);
    stop_at(view, found, &none, now)
}

/// Holds another limit against the night; with nothing typed, none any more.
fn suppose(view: &mut View, text: &str, now: Millis) -> Vec<Effect> {
    let Some(review) = view.review.as_mut() else { return Vec::new() };
    review.what_if = None;
    if text.trim().is_empty() {
        return Vec::new();
    }
    match Trial::read(review.archive.state.plan(), text) {
        Ok(trial) => {
            review.what_if = Some(WhatIf::new(trial.clone()));
            vec![Effect::Try(trial)]
        }
        Err(why) => {
            view.say_toast(Tone::Wait, why.to_string(), now);
            Vec::new()
        }
    }
}
