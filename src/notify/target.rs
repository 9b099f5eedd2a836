//! Delivering to one target: again after a while where that may help, and not for ever.

use super::Deliveries;
use super::message;
use super::moment::Moment;
use crate::clock::Clock;
use crate::observe::door::{self, Door};
use crate::observe::http::{self, Follow};
use crate::plan::notify::{Address, Notify, NotifyKind};
use crate::text::{Millis, sanitize};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;
use std::sync::Arc;
use tokio::sync::mpsc;

/// So often it is tried, with twice as long between each time: half a minute of pauses.
const TRIES: u32 = 6;
const FIRST_PAUSE: Millis = Millis::from_secs(1);
const TIMEOUT: Millis = Millis::from_secs(10);

/// Delivers what comes in until nothing more does.
pub(super) async fn deliver(notify: Notify, mut waiting: mpsc::Receiver<Arc<Moment>>, deliveries: Deliveries) {
    let mut way = Way { notify, known: None };
    if let Err(why) = way.find().await {
        deliveries.is_out_of_reach(&way.notify.name, why);
    }
    while let Some(moment) = waiting.recv().await {
        let Notify { kind, template, .. } = &way.notify;
        let sent = match message::body(*kind, template.as_deref(), &moment) {
            Ok(body) => way.send(&body).await,
            Err(why) => Err(why),
        };
        match sent {
            Ok(()) => deliveries.delivered(&way.notify.name),
            Err(why) => deliveries.lost(&way.notify.name, moment.occasion, sanitize::line(&why).into_owned()),
        }
    }
}

/// Why one try has failed, and whether another may do better.
struct Failed {
    why: String,
    may_pass: bool,
}

impl Failed {
    const fn for_good(why: String) -> Self {
        Self { why, may_pass: false }
    }

    const fn for_now(why: String) -> Self {
        Self { why, may_pass: true }
    }
}

/// The way to a target: its address is a secret that may be rotated, so it is read anew each time.
struct Way {
    notify: Notify,
    /// The address that the door was made for.
    known: Option<(String, Door)>,
}

impl Way {
    async fn send(&mut self, body: &Value) -> Result<(), String> {
        let mut pause = FIRST_PAUSE;
        for _ in 1..TRIES {
            match self.attempt(body).await {
                Err(Failed { may_pass: true, .. }) => Clock::real().sleep(pause).await,
                Err(Failed { why, .. }) => return Err(why),
                Ok(()) => return Ok(()),
            }
            pause = pause * 2;
        }
        self.attempt(body).await.map_err(|Failed { why, .. }| format!("{why}, {TRIES} times"))
    }

    async fn attempt(&mut self, body: &Value) -> Result<(), Failed> {
        let path = if self.notify.kind == NotifyKind::Grafana { "/api/annotations" } else { "" };
        let (address, door) = self.find().await.map_err(Failed::for_good)?;
        let request = door.request(Method::POST, path).await.map_err(|miss| Failed::for_good(miss.detail))?;
        let request = request.header(CONTENT_TYPE, "application/json").body(body.to_string());
        ask(request).await.map_err(|failed| {
            let why = door.hide(&failed.why).replace(address, "[hidden]");
            Failed { why, ..failed }
        })
    }

    /// Finds the door, made anew where the address has become another.
    async fn find(&mut self) -> Result<(&str, &Door), String> {
        let address = address(&self.notify.address).await?;
        let known = self.known.take().filter(|(known, _)| *known == address);
        let found = match known {
            Some(known) => known,
            None => {
                // The clock of outside: a demo's may run faster.
                let door = Door::new(&address, Follow::Nobody, &self.notify.access, Clock::real());
                let door = door.map_err(|why| why.replace(&address, "[hidden]"))?;
                (address, door)
            }
        };
        let (address, door) = self.known.insert(found);
        Ok((address, door))
    }
}

async fn ask(request: RequestBuilder) -> Result<(), Failed> {
    let Some(answer) = Clock::real().within(TIMEOUT, request.send()).await else {
        return Err(Failed::for_now(format!("no answer within {TIMEOUT}")));
    };
    let status = answer.map_err(|error| Failed::for_now(http::explain(&error)))?.status();
    if status.is_success() {
        return Ok(());
    }
    let why = format!("HTTP {} {}", status.as_u16(), status.canonical_reason().unwrap_or_default());
    let again =
        status.is_server_error() || [StatusCode::TOO_MANY_REQUESTS, StatusCode::REQUEST_TIMEOUT].contains(&status);
    let failed = if again { Failed::for_now } else { Failed::for_good };
    Err(failed(why.trim_end().to_owned()))
}

async fn address(address: &Address) -> Result<String, String> {
    match address {
        Address::Plain { url } => Ok(url.clone()),
        Address::Secret { secret } => {
            let secret = secret.clone();
            let read = tokio::task::spawn_blocking(move || door::read(&secret)).await;
            read.unwrap_or_else(|error| Err(error.to_string()))
        }
    }
}
