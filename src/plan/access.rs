//! How a source is let in: what is sent along with each question, and whom we trust to be the source.
//!
//! A plan is recorded with its session and shown to everybody, so no secret is in it: only the place
//! where each one lies.

use serde::{Deserialize, Serialize};

/// What a source asks of those who ask it. The default is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<Login>,
    /// Sent with every request, in the order they are written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<Header>,
    /// Parameters of every query beside its own: `dedup = "true"`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub params: Vec<(String, String)>,
    /// PEM certificates that alone are trusted, instead of the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca_file: Option<String>,
    /// Who we are, to a server that asks for certificates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
}

/// The `Authorization` of a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Login {
    Bearer { token: Secret },
    Basic { username: String, password: Secret },
}

/// Where a secret lies. It is read anew while the night goes on, so that it may be rotated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum Secret {
    File { path: String },
    Environment { name: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    pub name: String,
    pub value: HeaderValue,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum HeaderValue {
    /// Not a secret: a tenant's name.
    Plain {
        text: String,
    },
    Secret {
        secret: Secret,
    },
}

/// PEM files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    pub cert_file: String,
    pub key_file: String,
}

impl Access {
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Every file it reads, to be made independent of the place a program runs in.
    pub fn files_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let identity = self.identity.as_mut().map(|Identity { cert_file, key_file }| [cert_file, key_file]);
        let login = self.login.as_mut().map(|login| match login {
            Login::Bearer { token: secret } | Login::Basic { password: secret, .. } => secret,
        });
        let headers = self.headers.iter_mut().filter_map(|header| match &mut header.value {
            HeaderValue::Secret { secret } => Some(secret),
            HeaderValue::Plain { .. } => None,
        });
        let secrets = login.into_iter().chain(headers).filter_map(|secret| match secret {
            Secret::File { path } => Some(path),
            Secret::Environment { .. } => None,
        });
        self.ca_file.iter_mut().chain(identity.into_iter().flatten()).chain(secrets)
    }
}
