//! Whom a session tells what happens, beside those at its screens.

use super::access::{Access, Secret};
use serde::{Deserialize, Serialize};

/// Somebody outside who is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notify {
    pub name: String,
    pub kind: NotifyKind,
    pub address: Address,
    /// What they are told of.
    pub on: Vec<Occasion>,
    /// What is said, as a template; none for the usual words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// How they let us in, as a source does.
    #[serde(default, skip_serializing_if = "Access::is_open")]
    pub access: Access,
}

impl Notify {
    /// Every file it reads, to be made independent of the place a program runs in.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let address = match &mut self.address {
            Address::Secret { secret: Secret::File { path } } => Some(path),
            Address::Secret { secret: Secret::Environment { .. } } | Address::Plain { .. } => None,
        };
        address.into_iter().chain(self.access.files_mut())
    }
}

/// What they understand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotifyKind {
    /// `{"text": …}`: Slack, Mattermost, Rocket.Chat.
    Slack,
    /// All that is known of the moment, as JSON.
    Webhook,
    /// An annotation on every dashboard that shows them.
    Grafana,
}

impl NotifyKind {
    pub const ALL: [Self; 3] = [Self::Slack, Self::Webhook, Self::Grafana];

    /// The word of bindings and screens.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Slack => "slack",
            Self::Webhook => "webhook",
            Self::Grafana => "grafana",
        }
    }
}

/// Where they are. The address of a webhook lets anybody write there: it is a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Address {
    Plain { url: String },
    Secret { secret: Secret },
}

/// What is worth telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// GO, HOLD or ROLLBACK has become another.
    Verdict,
    /// A stage was started, has moved, was passed.
    Stage,
    /// Somebody decided to go back, or declared a trigger.
    Rollback,
    /// The session was closed.
    Close,
}

impl Occasion {
    pub const ALL: [Self; 4] = [Self::Verdict, Self::Stage, Self::Rollback, Self::Close];

    /// The word of bindings and templates.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Verdict => "verdict",
            Self::Stage => "stage",
            Self::Rollback => "rollback",
            Self::Close => "close",
        }
    }
}

/// What a template may name: the members of a moment.
pub const MEMBERS: [&str; 11] =
    ["occasion", "at", "at_millis", "title", "mode", "event", "by", "verdict", "reasons", "stage", "outcome"];
