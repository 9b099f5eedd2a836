//! Health endpoints: up, slow, or down and why.

use super::guarded;
use super::http::{self, BodyError, Follow, Trust, brief};
use crate::clock::Clock;
use crate::judge::{HealthGot, HealthReading};
use crate::plan::{HealthId, Plan};
use reqwest::{Client, Response, Url};
use serde_json::Value;
use std::sync::Arc;

/// So much of a body is read.
const LARGEST: usize = 64 * 1024;

/// One endpoint.
#[derive(Debug)]
pub(super) struct Endpoint {
    id: HealthId,
    plan: Arc<Plan>,
    clock: Clock,
    /// What to ask it with, or why it cannot be asked.
    door: Result<(Client, Url), String>,
}

/// The endpoints of a plan.
pub(super) fn endpoints(plan: &Arc<Plan>, clock: Clock) -> Vec<Endpoint> {
    let endpoint = |(at, health): (usize, &crate::plan::Health)| {
        let door =
            http::url(&health.url).and_then(|url| Ok((http::client(&url, Follow::Nobody, Trust::default())?, url)));
        Endpoint { id: HealthId::at(at), plan: Arc::clone(plan), clock, door }
    };
    plan.health.iter().enumerate().map(endpoint).collect()
}

impl Endpoint {
    /// Asks once.
    pub(super) async fn look(&self) -> HealthReading {
        let got = guarded(self.ask_in_time()).await.unwrap_or_else(|why| HealthGot::Down { why });
        HealthReading { health: self.id, got }
    }

    async fn ask_in_time(&self) -> HealthGot {
        let timeout = self.clock.patience(self.plan.health[self.id.index()].timeout);
        let begun = self.clock.now().mono;
        let passed = match self.clock.within(timeout, Box::pin(self.ask())).await {
            Some(passed) => passed,
            None => Err(format!("no answer within {timeout}")),
        };
        let took = self.clock.now().mono - begun;
        match passed {
            Err(why) => HealthGot::Down { why },
            Ok(()) if took * 2 > timeout => HealthGot::Slow { took },
            Ok(()) => HealthGot::Up { took },
        }
    }

    async fn ask(&self) -> Result<(), String> {
        let (client, url) = self.door.as_ref().map_err(Clone::clone)?;
        let response = http::send(client.get(url.clone())).await.map_err(|error| http::explain(&error))?;
        let status = response.status();
        if !status.is_success() {
            let reason = status.canonical_reason().unwrap_or_default();
            return Err(format!("HTTP {} {reason}", status.as_u16()).trim_end().to_owned());
        }
        self.compare(response).await
    }

    async fn compare(&self, response: Response) -> Result<(), String> {
        let wanted = &self.plan.health[self.id.index()].json;
        let body = match http::body(response, LARGEST).await {
            Ok(body) => body,
            // It answered with 2xx, and nobody asked what is in its answer.
            Err(BodyError::TooLarge(_)) if wanted.is_empty() => return Ok(()),
            Err(error) => return Err(error.to_string()),
        };
        if wanted.is_empty() {
            return Ok(());
        }
        let found: Value = serde_json::from_slice(&body.bytes).map_err(|_| "its body is not JSON".to_owned())?;
        wanted.iter().try_for_each(|(pointer, want)| match found.pointer(pointer) {
            Some(value) if is_same(value, want) => Ok(()),
            Some(value) => Err(brief(&format!("{pointer} is {value}, not {want}"))),
            None => Err(brief(&format!("{pointer} is missing"))),
        })
    }
}

/// Equality, where `1` and `1.0` are the same number.
fn is_same(left: &Value, right: &Value) -> bool {
    left == right || left.as_f64().is_some_and(|number| Some(number) == right.as_f64())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        assert!(is_same(&json!(1), &json!(1.0)));
        assert!(is_same(&json!("UP"), &json!("UP")));
        assert!(!is_same(&json!("1"), &json!(1)));
        assert!(!is_same(&json!(null), &json!(0)));
    }
}
