//! One `/metrics` endpoint: asked, and its answer read.

use crate::clock::Clock;
use crate::observe::door::Door;
use crate::observe::http::{self, Follow, brief};
use crate::plan::Source;
use crate::promql::exposition::{self, Format, Sample};
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use std::collections::BTreeMap;

/// Bodies larger than this, after decompression, are refused: some 250,000 series.
const LARGEST: usize = 32 * 1024 * 1024;

/// The plain text format is asked for first: what it does not say nobody can get wrong.
const FORMATS: &str = "text/plain;version=0.0.4,application/openmetrics-text;version=1.0.0;q=0.5,*/*;q=0.1";

/// The way into a target, or why there is none.
#[derive(Debug)]
pub(super) struct Page(Result<Door, String>);

impl Page {
    pub(super) fn new(url: &str, source: &Source, clock: Clock) -> Self {
        Self(Door::new(url, Follow::SameOrigin, &source.access, clock))
    }

    /// Asks for the samples.
    ///
    /// # Errors
    /// A fragment that says why there are none that can be believed.
    pub(super) async fn samples(&self) -> Result<Vec<Sample>, String> {
        let door = self.0.as_ref().map_err(Clone::clone)?;
        ask(door).await.map_err(|problem| door.hide(&problem))
    }
}

async fn ask(door: &Door) -> Result<Vec<Sample>, String> {
    let request = door.request(Method::GET, "").await.map_err(|miss| miss.detail)?.header(ACCEPT, FORMATS);
    let response = http::send(request).await.map_err(|error| http::explain(&error))?;
    let status = response.status();
    if !status.is_success() {
        let reason = status.canonical_reason().unwrap_or_default();
        return Err(format!("HTTP {} {reason}", status.as_u16()).trim_end().to_owned());
    }
    let kind = response.headers().get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let format = Format::of(kind.as_deref()).map_err(|error| brief(&error.to_string()))?;
    let body = http::body(response, LARGEST).await.map_err(|error| error.to_string())?;
    // Megabytes take a while to read, and others want this thread.
    let read = tokio::task::spawn_blocking(move || exposition::read(&body.bytes, format));
    let read = read.await.map_err(|error| brief(&error.to_string()))?;
    read.map_err(|error| brief(&error.to_string()))
}

/// The names of targets, host and port; with the path where two differ in nothing else.
pub(super) fn instances(urls: &[String]) -> Vec<String> {
    let place = |(at, url): (usize, &String)| match http::url(url) {
        Ok(url) => {
            let host = url.host_str().unwrap_or_default().to_owned();
            (url.port_or_known_default().map_or(host.clone(), |port| format!("{host}:{port}")), url.path().to_owned())
        }
        // Not the URL itself: it may hold a password.
        Err(_) => (format!("target {}", at + 1), String::new()),
    };
    let places: Vec<(String, String)> = urls.iter().enumerate().map(place).collect();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for (host, _) in &places {
        *known.entry(host).or_default() += 1;
    }
    places
        .iter()
        .map(|(host, path)| if known[host.as_str()] > 1 { format!("{host}{path}") } else { host.clone() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_named_by_host_and_port() {
        let urls = ["http://127.0.0.1:8081/metrics", "https://shop/metrics", "http://[::1]:90/a", "http://[::1]:90/b"];
        let want = ["127.0.0.1:8081", "shop:443", "[::1]:90/a", "[::1]:90/b"];
        assert_eq!(instances(&urls.map(str::to_owned)), want);
    }
}
