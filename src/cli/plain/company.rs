//! Who is here, and what this seat is to the session, told when it changes.

use super::super::out::Out;
use crate::room::Live;
use crate::room::company::{Company, Post};
use crate::session::event::show_clock;

/// What was told last.
#[derive(Debug, Default)]
pub(super) struct Told {
    company: Company,
}

impl Told {
    pub(super) fn tell(&mut self, live: &Live, out: &Out) {
        let now = &live.company;
        if now.post != self.company.post {
            let text = match &now.post {
                Post::Holds => "this seat holds the session now: it polls, judges and records".to_owned(),
                Post::Joined => "joined: another process holds the session".to_owned(),
                Post::Watches => "watching: nothing is sent from here".to_owned(),
                Post::Alone { why } => format!("nobody answers: {why}"),
            };
            say(live, out, &text);
        }
        if now.people != self.company.people && !matches!(now.post, Post::Alone { .. }) {
            match (now.people.say(), self.company.people.say()) {
                (Some(people), _) => say(live, out, &format!("here: {people}")),
                (None, Some(_)) => say(live, out, "here: nobody else"),
                (None, None) => {}
            }
        }
        self.company = now.clone();
    }
}

fn say(live: &Live, out: &Out, text: &str) {
    out.line(&format!("{}  {text}", show_clock(live.now.at)));
}
