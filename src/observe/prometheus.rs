//! The Prometheus HTTP API, and all that answers in its place.

mod range;

use super::backend::Series;
use super::door::Door;
use super::http::{self, Body, BodyError, Follow, brief};
use crate::clock::Clock;
use crate::judge::{Miss, Why};
use crate::plan::Source;
use crate::text::Millis;
use reqwest::header::{ACCEPT, CONTENT_TYPE, LOCATION};
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Answers larger than this, after decompression, are refused.
const LARGEST: usize = 8 * 1024 * 1024;

/// Error texts are read up to this size.
const LARGEST_ERROR: usize = 64 * 1024;

/// One server that speaks the API.
#[derive(Debug)]
pub(super) struct Prometheus {
    door: Door,
    timeout: Millis,
    clock: Clock,
    /// Whether it takes no forms, as read-only gateways do not.
    only_get: AtomicBool,
    /// Whether the last failure may be over in a moment.
    in_passing: AtomicBool,
}

/// Why there is no body.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) miss: Miss,
    /// Whether it may be over in a moment: a broken connection is, a login page is not.
    in_passing: bool,
}

impl Fault {
    const fn lasting(miss: Miss) -> Self {
        Self { miss, in_passing: false }
    }

    fn passing(detail: String) -> Self {
        Self { miss: down(detail), in_passing: true }
    }
}

impl Prometheus {
    /// A client for the server of a source, of which the URL is the part before `/api/v1`.
    ///
    /// # Errors
    /// A fragment that says why it can never be asked.
    pub(super) fn new(url: &str, source: &Source, clock: Clock) -> Result<Self, String> {
        let door = Door::new(url, Follow::SameOrigin, &source.access, clock)?;
        Ok(Self {
            door,
            timeout: clock.patience(source.timeout),
            clock,
            only_get: AtomicBool::new(false),
            in_passing: AtomicBool::new(false),
        })
    }

    /// Asks an instant query, of now, within the deadline.
    pub(super) async fn instant(&self, query: &str) -> Result<Vec<Series>, Miss> {
        self.ask("/api/v1/query", vec![("query", query.to_owned())], self.timeout, all_series).await
    }

    /// Asks one question. A long query does not fit into a URL, so it is sent as a form; where forms
    /// are not taken, it is sent as a URL after all.
    async fn ask<D: DeserializeOwned, T>(
        &self,
        path: &str,
        mut form: Vec<(&str, String)>,
        timeout: Millis,
        read: impl Fn(D) -> Result<T, Miss>,
    ) -> Result<T, Miss> {
        form.push(("timeout", format!("{}ms", self.clock.real_span(timeout).as_millis().max(1))));
        // Thanos answers with what it could get unless it is told not to; others do not know the word.
        form.push(("partial_response", "false".to_owned()));
        let asked = Box::pin(async { read(read_data(&self.body(path, &form).await?.bytes)?) });
        let asked = self.clock.within(timeout, asked).await;
        asked
            .unwrap_or_else(|| Err(down(format!("no answer within {timeout}"))))
            .map_err(|miss| self.door.hide_in(miss))
    }

    /// Whether it failed last in a way that may be over in a moment.
    pub(super) fn fails_in_passing(&self) -> bool {
        self.in_passing.load(Ordering::Relaxed)
    }

    async fn body(&self, path: &str, form: &[(&str, String)]) -> Result<Body, Miss> {
        let body = self.post_or_get(path, form).await;
        let in_passing = body.as_ref().is_err_and(|fault| fault.in_passing);
        self.in_passing.store(in_passing, Ordering::Relaxed);
        body.map_err(|fault| fault.miss)
    }

    async fn post_or_get(&self, path: &str, form: &[(&str, String)]) -> Result<Body, Fault> {
        if self.only_get.load(Ordering::Relaxed) {
            return self.get(path, form).await;
        }
        let request = self.door.request(Method::POST, path).await.map_err(Fault::lasting)?;
        match fetch(request.form(form)).await {
            Err(fault) if takes_no_forms(&fault.miss) => {
                let body = self.get(path, form).await?;
                self.only_get.store(true, Ordering::Relaxed);
                Ok(body)
            }
            answered => answered,
        }
    }

    async fn get(&self, path: &str, form: &[(&str, String)]) -> Result<Body, Fault> {
        fetch(self.door.request(Method::GET, path).await.map_err(Fault::lasting)?.query(form)).await
    }
}

fn takes_no_forms(miss: &Miss) -> bool {
    miss.why == Why::Config && (miss.detail.starts_with("HTTP 405") || miss.detail.starts_with("HTTP 501"))
}

/// Sends a request and reads the JSON text that answers it.
///
/// # Errors
/// Why there is none: nobody answered, or somebody did who is not meant, or with an error.
pub(super) async fn fetch(request: RequestBuilder) -> Result<Body, Fault> {
    let request = request.header(ACCEPT, "application/json");
    let response = http::send(request).await.map_err(|error| Fault::passing(http::explain(&error)))?;
    let (status, kind) = (response.status(), content_type(&response));
    if status.is_redirection() {
        return Err(Fault::lasting(down(redirected(&response))));
    }
    if !status.is_success() {
        let body = http::body(response, LARGEST_ERROR).await.ok();
        let miss = refused(status, &kind, body.as_ref().map_or(&[], |body| &body.bytes));
        return Err(Fault { in_passing: status.is_server_error() && miss.why == Why::SourceDown, miss });
    }
    if !kind.is_empty() && !kind.contains("json") {
        return Err(Fault::lasting(down(format!("not Prometheus: HTTP {} with {kind}", status.as_u16()))));
    }
    http::body(response, LARGEST).await.map_err(|error| match error {
        BodyError::TooLarge(_) => Fault::lasting(down(error.to_string())),
        BodyError::Broken(_) => Fault::passing(error.to_string()),
    })
}

fn seconds(at: i64) -> String {
    format!("{}.{:03}", at.div_euclid(1_000), at.rem_euclid(1_000))
}

fn content_type(response: &Response) -> String {
    let value = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    brief(value.unwrap_or_default().split(';').next().unwrap_or_default())
}

fn redirected(response: &Response) -> String {
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let target = location.and_then(|to| response.url().join(to).ok()).map(|url| url.origin().ascii_serialization());
    let target = target.unwrap_or_else(|| "nowhere".to_owned());
    brief(&format!("HTTP {}: redirected to {target}, which is not followed", response.status().as_u16()))
}

#[derive(Deserialize)]
struct Envelope<T> {
    status: Status,
    data: Option<T>,
    error: Option<String>,
    #[serde(rename = "errorType")]
    error_type: Option<String>,
    warnings: Option<Vec<String>>,
    /// VictoriaMetrics: some of its storage did not answer.
    #[serde(default, rename = "isPartial")]
    is_partial: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Success,
    Error,
}

#[derive(Deserialize)]
#[serde(tag = "resultType", content = "result", rename_all = "lowercase")]
enum Data {
    Vector(Vec<Element>),
    Scalar(Value),
    Matrix(IgnoredAny),
    String(IgnoredAny),
}

/// Unix seconds, and a number written as text.
type Value = (f64, String);

#[derive(Deserialize)]
struct Element {
    #[serde(default)]
    metric: BTreeMap<String, String>,
    value: Option<Value>,
    histogram: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Told {
    error: String,
}

/// What an error answer is: of one that a retry may cure the source is down, else the query or the
/// source is configured wrongly.
fn refused(status: StatusCode, kind: &str, body: &[u8]) -> Miss {
    let told = serde_json::from_slice::<Told>(body).ok().map(|told| told.error);
    let plain = kind.starts_with("text/plain").then(|| String::from_utf8_lossy(body).trim().to_owned());
    let text = told.or(plain).filter(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| match (status.canonical_reason(), kind) {
        (reason, "") => reason.unwrap_or_default().to_owned(),
        (reason, kind) => format!("{} ({kind})", reason.unwrap_or_default()),
    });
    // 501 is no outage: whoever does not know the method will not learn it tonight.
    let is_passing = status.is_server_error() && status != StatusCode::NOT_IMPLEMENTED;
    let is_passing = is_passing || matches!(status.as_u16(), 408 | 425 | 429 | 499) || is_of_a_store(&text);
    let why = if is_passing { Why::SourceDown } else { Why::Config };
    let help = HELPS.iter().find(|(words, _)| text.to_lowercase().contains(words)).map_or("", |(_, help)| help);
    Miss { why, detail: brief(&format!("HTTP {}: {text}{help}", status.as_u16())) }
}

/// What a text of somebody else leaves unsaid.
const HELPS: &[(&str, &str)] =
    &[("no org id", "; name the tenant: headers = { X-Scope-OrgID = \"NAME\" } in the source")];

/// Says whether an error is of Thanos, which calls a store that does not answer an execution error.
fn is_of_a_store(text: &str) -> bool {
    ["code = Unavailable", "code = DeadlineExceeded", "proxy Series()"].iter().any(|words| text.contains(words))
}

/// Reads the data of an answer.
///
/// # Errors
/// Why it is not to be believed: cut off, of somebody else, an error, or not whole.
pub(super) fn read_data<T: DeserializeOwned>(body: &[u8]) -> Result<T, Miss> {
    let envelope: Envelope<T> = serde_json::from_slice(body).map_err(|error| {
        if error.is_eof() {
            down("the answer is cut off".to_owned())
        } else {
            down(brief(&format!("not Prometheus: {error}")))
        }
    })?;
    if envelope.status == Status::Error {
        let why = match envelope.error_type.as_deref() {
            Some("timeout" | "canceled" | "internal" | "unavailable") => Why::SourceDown,
            _ => Why::Config,
        };
        return Err(Miss {
            why,
            detail: brief(&envelope.error.unwrap_or_else(|| "an error without a text".to_owned())),
        });
    }
    // Prometheus 3 also sends `infos`: remarks on the query, such as a counter's name that does not
    // end in _total. The answer is whole.
    if let Some(warning) = envelope.warnings.as_ref().and_then(|warnings| warnings.first()) {
        return Err(partial(warning));
    }
    if envelope.is_partial {
        return Err(partial("the answer is partial: some storage did not answer"));
    }
    envelope.data.ok_or_else(|| down("not Prometheus: an answer without data".to_owned()))
}

fn all_series(data: Data) -> Result<Vec<Series>, Miss> {
    match data {
        Data::Scalar((_, value)) => Ok(vec![Series { labels: BTreeMap::new(), value: number(&value)? }]),
        Data::Vector(elements) => elements.into_iter().map(series).collect(),
        Data::Matrix(_) => Err(config("the query gives a range of samples, not a value")),
        Data::String(_) => Err(config("the query gives a string, not a value")),
    }
}

fn series(element: Element) -> Result<Series, Miss> {
    let (_, value) = element.value.ok_or_else(|| match element.histogram {
        Some(_) => config("the query gives native histograms; histogram_quantile() makes a value"),
        None => down("not Prometheus: a series without a value".to_owned()),
    })?;
    Ok(Series { labels: element.metric, value: number(&value)? })
}

fn number(text: &str) -> Result<f64, Miss> {
    text.parse().map_err(|_| down(brief(&format!("not Prometheus: {text} is no number"))))
}

/// Unix milliseconds of the seconds that the API speaks in.
pub(super) fn millis(seconds: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a cast of a float saturates")]
    let millis = (seconds * 1_000.0).round() as i64;
    millis
}

fn down(detail: String) -> Miss {
    Miss { why: Why::SourceDown, detail }
}

fn config(detail: &str) -> Miss {
    Miss { why: Why::Config, detail: detail.to_owned() }
}

fn partial(warning: &str) -> Miss {
    Miss { why: Why::Partial, detail: brief(warning) }
}
