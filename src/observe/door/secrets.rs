//! Secrets and certificates, read from where the plan says they lie.

use crate::observe::http::Trust;
use crate::plan::access::{Access, HeaderValue as Value, Identity, Login, Secret};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Certificate;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use std::fs;
use std::time::SystemTime;

/// When a file was written and how long it is: what tells that it was replaced.
pub(super) type Stamp = Option<(SystemTime, u64)>;

/// What is sent along with each request.
#[derive(Clone, Default)]
pub(super) struct Keys {
    pub(super) headers: HeaderMap,
    /// What must not be shown, as it was read and as it is sent.
    pub(super) secrets: Vec<String>,
}

/// The stamps of the certificates' files.
pub(super) fn stamps(access: &Access) -> Vec<Stamp> {
    let identity = access.identity.iter().flat_map(|Identity { cert_file, key_file }| [cert_file, key_file]);
    let stamp = |path: &String| {
        let about = fs::metadata(path).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    access.ca_file.iter().chain(identity).map(stamp).collect()
}

/// Reads the secrets.
///
/// # Errors
/// A fragment that names the file or variable, never what is in it.
pub(super) fn keys(access: &Access) -> Result<Keys, String> {
    let mut keys = Keys::default();
    for header in &access.headers {
        let value = match &header.value {
            Value::Plain { text } => sensitive(text).ok_or_else(|| bad(&header.name))?,
            Value::Secret { secret } => {
                let text = read(secret)?;
                let value = sensitive(&text).ok_or_else(|| bad(&place(secret)))?;
                keys.secrets.push(text);
                value
            }
        };
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(|_| bad(&header.name))?;
        keys.headers.append(name, value);
    }
    if let Some(login) = &access.login {
        let (secret, value) = authorization(login)?;
        let sent = value.to_str().unwrap_or_default().split(' ').nth(1).unwrap_or_default().to_owned();
        keys.headers.insert(AUTHORIZATION, value);
        keys.secrets.extend([sent, secret]);
    }
    Ok(keys)
}

fn authorization(login: &Login) -> Result<(String, HeaderValue), String> {
    let (Login::Bearer { token: secret } | Login::Basic { password: secret, .. }) = login;
    let text = read(secret)?;
    let value = match login {
        Login::Bearer { .. } => sensitive(&format!("Bearer {text}")),
        Login::Basic { username, .. } => basic(username, &text),
    };
    Ok((text, value.ok_or_else(|| bad(&place(secret)))?))
}

fn basic(username: &str, password: &str) -> Option<HeaderValue> {
    sensitive(&format!("Basic {}", STANDARD.encode(format!("{username}:{password}"))))
}

fn sensitive(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Reads a secret, without the newline that editors put behind it.
pub(crate) fn read(secret: &Secret) -> Result<String, String> {
    let text = match secret {
        Secret::File { path } => {
            fs::read_to_string(path).map_err(|error| format!("the secret in {path} cannot be read: {error}"))?
        }
        Secret::Environment { name } => {
            std::env::var(name).map_err(|_| format!("the environment variable {name} is not set"))?
        }
    };
    let text = text.trim();
    if text.is_empty() { Err(format!("{} is empty", place(secret))) } else { Ok(text.to_owned()) }
}

fn place(secret: &Secret) -> String {
    match secret {
        Secret::File { path } => format!("the file {path}"),
        Secret::Environment { name } => format!("the environment variable {name}"),
    }
}

fn bad(place: &str) -> String {
    format!("{place} holds what no header can carry")
}

/// Reads the certificates.
///
/// # Errors
/// A fragment that names the file.
pub(super) fn trust(access: &Access) -> Result<Trust, String> {
    let authorities = match &access.ca_file {
        Some(path) => {
            let found = Certificate::from_pem_bundle(&bytes(path)?).unwrap_or_default();
            if found.is_empty() {
                return Err(format!("{path} holds no certificate in PEM"));
            }
            Some(found)
        }
        None => None,
    };
    let identity = match &access.identity {
        Some(Identity { cert_file, key_file }) => {
            let mut pem = bytes(cert_file)?;
            pem.push(b'\n');
            pem.extend(bytes(key_file)?);
            let unread = |_| format!("{cert_file} and {key_file} hold no certificate with its key in PEM");
            Some(reqwest::Identity::from_pem(&pem).map_err(unread)?)
        }
        None => None,
    };
    Ok(Trust { authorities, identity })
}

fn bytes(path: &str) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{path} cannot be read: {error}"))
}
