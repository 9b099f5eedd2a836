//! Speaking HTTP with servers that may be anything: slow, endless, or somebody else.

use crate::text::sanitize;
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Certificate, Client, Identity, RequestBuilder, Response, Url, redirect};
use std::error::Error;
use std::io;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Details longer than this are cut.
const LONGEST_DETAIL: usize = 200;

const CONNECT: Duration = Duration::from_secs(2);

const MOST_REDIRECTS: usize = 3;

/// Bodies up to this size are read at the same time; of larger ones one at a time, so that memory
/// stays bounded however many gates are answered with megabytes.
const SMALL: usize = 256 * 1024;

static LARGE: Semaphore = Semaphore::const_new(1);

/// Who may be followed where a server points elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Follow {
    SameOrigin,
    Nobody,
}

/// Whom a server is to be, and who we are to it.
#[derive(Debug, Default)]
pub(super) struct Trust {
    /// None: those that the system trusts.
    pub(super) authorities: Option<Vec<Certificate>>,
    pub(super) identity: Option<Identity>,
}

/// A client for one server.
///
/// # Errors
/// A fragment that says why there can be none.
pub(super) fn client(url: &Url, follow: Follow, trust: Trust) -> Result<Client, String> {
    // The first provider stays; which of us installed it does not matter.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("warroom/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT)
        .redirect(redirects(follow));
    if is_loopback(url) {
        // Nothing is gained by packing what does not travel.
        let unpacked = HeaderMap::from_iter([(ACCEPT_ENCODING, HeaderValue::from_static("identity"))]);
        builder = builder.no_proxy().default_headers(unpacked);
    }
    if url.scheme() == "http" {
        // Reading the system's certificates takes time, and there may be none.
        builder = builder.tls_certs_only([]);
    } else if let Some(authorities) = trust.authorities {
        builder = builder.tls_certs_only(authorities);
    }
    if let Some(identity) = trust.identity {
        builder = builder.identity(identity);
    }
    builder.build().map_err(|error| brief(&innermost(&error)))
}

/// Reads a URL that can be asked.
///
/// # Errors
/// A fragment that says what is wrong, without the URL: it may hold a password.
pub(super) fn url(text: &str) -> Result<Url, String> {
    let url = Url::parse(text).map_err(|error| format!("the url cannot be read: {error}"))?;
    match url.scheme() {
        "http" | "https" if url.has_host() => Ok(url),
        other => Err(format!("the url must be http or https, not {other}")),
    }
}

fn redirects(follow: Follow) -> redirect::Policy {
    if follow == Follow::Nobody {
        return redirect::Policy::none();
    }
    redirect::Policy::custom(|attempt| {
        let from_here = attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
        if from_here && attempt.previous().len() <= MOST_REDIRECTS { attempt.follow() } else { attempt.stop() }
    })
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || host.ends_with(".localhost") || address.is_ok_and(|address| address.is_loopback())
}

/// Sends a request that asks and changes nothing. A server may close an idle connection in the very
/// moment that it is used again, so one that breaks before an answer is tried once more.
pub(super) async fn send(request: RequestBuilder) -> reqwest::Result<Response> {
    let again = request.try_clone();
    match (request.send().await, again) {
        (Err(error), Some(again)) if !error.is_connect() && !error.is_timeout() => again.send().await,
        (sent, _) => sent,
    }
}

/// A body that was read to its end. While a large one lives, no other large one is read.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    _large: Option<SemaphorePermit<'static>>,
}

/// Reads a body, counting its bytes as they come out of decompression.
///
/// # Errors
/// A fragment that says why it could not be read; [`TooLarge`](BodyError::TooLarge) as soon as there
/// is more than the limit.
pub(super) async fn body(mut response: Response, limit: usize) -> Result<Body, BodyError> {
    if response.content_length().is_some_and(|length| length > limit as u64) {
        return Err(BodyError::TooLarge(limit));
    }
    let (mut bytes, mut large) = (Vec::new(), None);
    while let Some(chunk) = response.chunk().await.map_err(|error| BodyError::Broken(explain(&error)))? {
        if bytes.len() + chunk.len() > limit {
            return Err(BodyError::TooLarge(limit));
        }
        if bytes.len() + chunk.len() > SMALL && large.is_none() {
            large = LARGE.acquire().await.ok();
            // Of what is set aside only that is taken which is written: a list that grows by moving takes it twice.
            bytes.reserve_exact(limit - bytes.len());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Body { bytes, _large: large })
}

#[derive(Debug, thiserror::Error)]
pub(super) enum BodyError {
    #[error("the answer is larger than {} KiB", .0 / 1024)]
    TooLarge(usize),
    #[error("{0}")]
    Broken(String),
}

/// Says in a few words why a request failed, never with its URL.
pub(crate) fn explain(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return format!("no connection within {} s", CONNECT.as_secs());
    }
    let chain: Vec<_> = causes(error).collect();
    if let Some(tls) = chain.iter().find_map(|cause| tls_error(*cause)) {
        return brief(&format!("TLS: {tls}"));
    }
    if chain.iter().any(|cause| cause.to_string().contains("dns error")) {
        return "the host name cannot be resolved".to_owned();
    }
    let system = chain.iter().find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
    match system {
        Some(io::ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => "connection reset".to_owned(),
        Some(io::ErrorKind::HostUnreachable) => "host unreachable".to_owned(),
        Some(io::ErrorKind::NetworkUnreachable) => "network unreachable".to_owned(),
        _ if error.is_decode() || error.is_body() => brief(&format!("the answer broke off: {}", innermost(error))),
        _ => brief(&innermost(error)),
    }
}

fn tls_error<'a>(cause: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let wrapped = cause.downcast_ref::<io::Error>().and_then(|error| error.get_ref());
    cause.downcast_ref().or_else(|| wrapped.and_then(|inner| inner.downcast_ref()))
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (**cause).source())
}

fn innermost(error: &reqwest::Error) -> String {
    // The outermost message is left out: it holds the URL.
    causes(error).last().map_or_else(|| "the request could not be made".to_owned(), ToString::to_string)
}

/// Makes a text from outside a detail: one line, safe to show, not long.
pub(super) fn brief(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().take(LONGEST_DETAIL).collect();
    let line: String = words.join(" ").chars().take(LONGEST_DETAIL + 1).collect();
    let safe = sanitize::line(&line);
    let mut cut: String = safe.chars().take(LONGEST_DETAIL).collect();
    if safe.chars().nth(LONGEST_DETAIL).is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn details_are_one_short_safe_line() {
        assert_eq!(brief(" parse\nerror\tat\u{1b}[31m "), "parse error at^[[31m");
        assert_eq!(brief(&"x".repeat(9_000)).chars().count(), LONGEST_DETAIL + 1);
    }

    #[test]
    fn only_web_addresses_can_be_asked_and_no_error_repeats_them() {
        assert!(url("http://127.0.0.1:9090/prom").is_ok());
        for bad in ["", "ftp://bob:secret@host/", "file:///etc/passwd", "http://bob:secret@host:99999/"] {
            let error = url(bad).unwrap_err();
            assert!(!error.contains("secret") && !error.is_empty(), "{error}");
        }
    }

    #[test]
    fn loopback_is_known_by_every_name() {
        for (text, want) in [
            ("http://127.0.0.1:1/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:1/", true),
            ("http://localhost/", true),
            ("http://prom.localhost/", true),
            ("http://prometheus:9090/", false),
            ("http://10.0.0.1/", false),
        ] {
            assert_eq!(is_loopback(&Url::parse(text).unwrap()), want, "{text}");
        }
    }
}
