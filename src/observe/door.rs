//! The way into one server: its address, a client that trusts whom it should, and what is sent along.
//!
//! Secrets and certificates are files that are rotated while a night goes on, so they are looked at
//! again once a second at most. What was read is known here and nowhere else: whatever a server says
//! in return passes [`Door::hide`], since some repeat the token that they refuse.

mod secrets;

pub(crate) use secrets::read;

use super::http::{self, Follow, brief};
use crate::clock::Clock;
use crate::judge::{Miss, Why};
use crate::plan::Access;
use crate::text::Millis;
use reqwest::{Client, Method, RequestBuilder, Url};
use secrets::{Keys, Stamp};
use std::sync::{Mutex, PoisonError};

/// How old a look at files may be.
const LOOK_AGAIN: Millis = Millis::from_secs(1);

/// Shorter ones would hide every other word.
const SHORTEST_SECRET: usize = 4;

/// The way into a server.
pub(crate) struct Door {
    url: Url,
    follow: Follow,
    access: Access,
    clock: Clock,
    open: Mutex<Option<Open>>,
}

/// A client with what it was made of.
#[derive(Clone)]
struct Open {
    looked_at: Millis,
    stamps: Vec<Stamp>,
    client: Client,
    keys: Keys,
}

impl Door {
    /// The way to a server at a URL, under which the paths of its requests stand.
    ///
    /// # Errors
    /// A fragment that says why it can never be asked.
    pub(crate) fn new(url: &str, follow: Follow, access: &Access, clock: Clock) -> Result<Self, String> {
        let mut url = http::url(url)?;
        if !access.params.is_empty() {
            url.query_pairs_mut().extend_pairs(&access.params);
        }
        Ok(Self { url, follow, access: access.clone(), clock, open: Mutex::new(None) })
    }

    /// Begins a request for a path behind the URL's own.
    ///
    /// # Errors
    /// A secret or certificate that cannot be read.
    pub(crate) async fn request(&self, method: Method, path: &str) -> Result<RequestBuilder, Miss> {
        let open = self.open().await.map_err(|detail| Miss { why: Why::Config, detail: brief(&detail) })?;
        let mut url = self.url.clone();
        if !path.is_empty() {
            url.set_path(&format!("{}{path}", self.url.path().trim_end_matches('/')));
        }
        Ok(open.client.request(method, url).headers(open.keys.headers))
    }

    /// Takes out of a text what nobody else may know.
    pub(crate) fn hide(&self, text: &str) -> String {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let secrets = open.iter().flat_map(|open| &open.keys.secrets);
        let secrets = secrets.filter(|secret| secret.len() >= SHORTEST_SECRET);
        secrets.fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "[hidden]"))
    }

    /// The same for a miss.
    pub(super) fn hide_in(&self, mut miss: Miss) -> Miss {
        miss.detail = self.hide(&miss.detail);
        miss
    }

    /// The client, made anew where its files have changed.
    async fn open(&self) -> Result<Open, String> {
        let now = self.clock.now().mono;
        let known = self.open.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = &known
            && (self.access.is_open() || now < known.looked_at + LOOK_AGAIN)
        {
            return Ok(known.clone());
        }
        let (access, url, follow) = (self.access.clone(), self.url.clone(), self.follow);
        let look = move || -> Result<Open, String> {
            let (stamps, keys) = (secrets::stamps(&access), secrets::keys(&access)?);
            let client = match known.filter(|known| known.stamps == stamps) {
                Some(known) => known.client,
                None => http::client(&url, follow, secrets::trust(&access)?)?,
            };
            Ok(Open { looked_at: now, stamps, client, keys })
        };
        // Files may hang, and others want this thread.
        let open = if self.access.is_open() {
            look()
        } else {
            tokio::task::spawn_blocking(look).await.map_err(|error| error.to_string())?
        }?;
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Some(open.clone());
        Ok(open)
    }
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").field("url", &self.url.origin().ascii_serialization()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::access::{Login, Secret};

    fn access(path: &std::path::Path) -> Access {
        let path = path.display().to_string();
        Access { login: Some(Login::Bearer { token: Secret::File { path } }), ..Access::default() }
    }

    fn authorization(request: RequestBuilder) -> String {
        let request = request.build().unwrap();
        let value = &request.headers()["authorization"];
        assert!(value.is_sensitive());
        value.to_str().unwrap().to_owned()
    }

    #[tokio::test(start_paused = true)]
    async fn a_token_that_is_rotated_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        let clock = Clock::real();
        let door = Door::new("http://127.0.0.1:9/prom", Follow::Nobody, &access(&file), clock).unwrap();
        let missing = door.request(Method::GET, "/x").await.unwrap_err();
        assert_eq!(missing.why, Why::Config);
        assert!(missing.detail.contains("token"), "{missing:?}");

        std::fs::write(&file, "first-token\n").unwrap();
        let request = door.request(Method::GET, "/api/v1/query").await.unwrap();
        assert_eq!(authorization(request), "Bearer first-token");
        std::fs::write(&file, "second-token\n").unwrap();
        clock.sleep(LOOK_AGAIN).await;
        assert_eq!(authorization(door.request(Method::GET, "/x").await.unwrap()), "Bearer second-token");
        assert_eq!(door.hide("bad token second-token!"), "bad token [hidden]!");
        assert!(!format!("{door:?}").contains("second-token"));
    }

    #[tokio::test]
    async fn paths_stand_behind_the_prefix_and_parameters_go_along() {
        let access = Access { params: vec![("dedup".to_owned(), "true".to_owned())], ..Access::default() };
        let door = Door::new("http://127.0.0.1:9/prom/", Follow::Nobody, &access, Clock::real()).unwrap();
        let request = door.request(Method::POST, "/api/v1/query").await.unwrap().build().unwrap();
        assert_eq!(request.url().as_str(), "http://127.0.0.1:9/prom/api/v1/query?dedup=true");
    }
}
