//! What the bindings say about how a source is let in.
//!
//! The bindings are recorded with the session, so a secret in them is an error, not a warning.

use super::At;
use super::table::Table;
use crate::plan::access::{Access, Header, HeaderValue, Identity, Login, Secret};

/// Parts of header names whose values are secrets.
const SECRETIVE: &[&str] = &["authorization", "cookie", "token", "secret", "password", "api-key", "apikey", "api_key"];

/// Parameters that are the query's own.
const TAKEN: &[&str] = &["query", "time", "timeout", "start", "end", "step"];

pub(super) fn access(table: &mut Table<'_, '_>) -> Access {
    Access {
        login: login(table),
        headers: headers(table),
        params: params(table),
        ca_file: path(table, "ca_file"),
        identity: identity(table),
    }
}

fn login(table: &mut Table<'_, '_>) -> Option<Login> {
    let bearer = secret(table, "bearer_token");
    let basic = table.table("basic_auth", |table| {
        let password = secret(table, "password");
        if password.is_none() {
            let span = table.span();
            table.complain(&span, "[basic_auth] needs `password_file` or `password_env`", None);
        }
        Some(Login::Basic { username: table.required("username", Table::text)?.value, password: password? })
    });
    if bearer.is_some() && basic.is_some() {
        let span = table.span();
        table.complain(&span, "a source takes a bearer token or a password, not both", None);
    }
    bearer.map(|token| Login::Bearer { token }).or(basic)
}

/// A secret under `KEY_file` or `KEY_env`; under `KEY` itself it is refused.
pub(super) fn secret(table: &mut Table<'_, '_>, key: &str) -> Option<Secret> {
    if let Some(bare) = table.text(key) {
        table.complain(
            &bare.span,
            format!("`{key}` must not stand in the bindings"),
            Some(format!(
                "they are recorded with the session: write {key}_file = \"PATH\" or {key}_env = \"NAME\", and change the secret"
            )),
        );
    }
    let file = path(table, &format!("{key}_file")).map(|path| Secret::File { path });
    let environment = environment(table, &format!("{key}_env"));
    if file.is_some() && environment.is_some() {
        let span = table.span();
        table.complain(&span, format!("`{key}_file` and `{key}_env` are two places for one secret"), None);
    }
    file.or(environment)
}

fn environment(table: &mut Table<'_, '_>, key: &str) -> Option<Secret> {
    let name = table.text(key)?;
    if name.value.is_empty() || name.value.contains(['=', '\0', '$', ' ']) {
        let help = Some("write the name alone: \"PROM_TOKEN\"".to_owned());
        table.complain(&name.span, format!("`{key}` is no name of an environment variable"), help);
        return None;
    }
    Some(Secret::Environment { name: name.value })
}

fn path(table: &mut Table<'_, '_>, key: &str) -> Option<String> {
    let path = table.text(key)?;
    if path.value.trim().is_empty() {
        table.complain(&path.span, format!("`{key}` must be the path of a file"), None);
        return None;
    }
    Some(path.value)
}

fn identity(table: &mut Table<'_, '_>) -> Option<Identity> {
    match (path(table, "client_cert_file"), path(table, "client_key_file")) {
        (Some(cert_file), Some(key_file)) => Some(Identity { cert_file, key_file }),
        (None, None) => None,
        _ => {
            let span = table.span();
            table.complain(&span, "`client_cert_file` and `client_key_file` go together", None);
            None
        }
    }
}

fn headers(table: &mut Table<'_, '_>) -> Vec<Header> {
    let mut headers = Vec::new();
    table.entries("headers", |name, table| {
        let value = if table.is_text(&name.value) {
            plain(&name, table)
        } else {
            table.table(&name.value, |table| {
                let secret = path(table, "file").map(|path| Secret::File { path });
                let secret = secret.or_else(|| environment(table, "env"));
                if secret.is_none() {
                    let span = table.span();
                    table.complain(&span, "a header is a text, { file = \"PATH\" } or { env = \"NAME\" }", None);
                }
                Some(HeaderValue::Secret { secret: secret? })
            })
        };
        if !is_token(&name.value) {
            table.complain(&name.span, format!("\"{}\" is no name of a header", name.value), None);
            return;
        }
        headers.extend(value.map(|value| Header { name: name.value, value }));
    });
    headers
}

fn plain(name: &At<String>, table: &mut Table<'_, '_>) -> Option<HeaderValue> {
    let text = table.text(&name.value)?;
    let lower = name.value.to_ascii_lowercase();
    if SECRETIVE.iter().any(|part| lower.contains(part)) {
        let help = "it is recorded with the session: write { file = \"PATH\" } or { env = \"NAME\" }".to_owned();
        table.complain(&text.span, format!("the header {} must not stand in the bindings", name.value), Some(help));
        return None;
    }
    if text.value.chars().any(|letter| !(' '..='~').contains(&letter)) {
        table.complain(&text.span, "a header holds plain ASCII on one line", None);
        return None;
    }
    Some(HeaderValue::Plain { text: text.value })
}

/// What HTTP allows as the name of a header.
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

fn params(table: &mut Table<'_, '_>) -> Vec<(String, String)> {
    let mut params = Vec::new();
    table.entries("params", |name, table| {
        let Some(text) = table.text(&name.value) else { return };
        if TAKEN.contains(&name.value.as_str()) {
            table.complain(&name.span, format!("`{}` is said by the program itself", name.value), None);
        } else {
            params.push((name.value, text.value));
        }
    });
    params
}

#[cfg(test)]
mod tests {
    use crate::plan::bindings::read;

    fn complaints(source: &str) -> Vec<String> {
        let text = format!("[source.prod]\nkind = \"prometheus\"\nurl = \"https://prom\"\n{source}");
        read(&text).1.into_iter().map(|diagnostic| diagnostic.message).collect()
    }

    #[test]
    fn every_way_in_is_read() {
        for source in [
            "bearer_token_file = \"/run/token\"",
            "bearer_token_env = \"PROM_TOKEN\"",
            "basic_auth = { username = \"ana\", password_file = \"pw\" }",
            "headers = { X-Scope-OrgID = \"team-a\", X-Api-Key = { env = \"KEY\" }, X-More = { file = \"more\" } }",
            "ca_file = \"ca.pem\"\nclient_cert_file = \"me.pem\"\nclient_key_file = \"me.key\"",
            "params = { dedup = \"true\" }",
        ] {
            assert_eq!(complaints(source), Vec::<String>::new(), "{source}");
        }
    }

    #[test]
    fn no_secret_may_stand_in_the_bindings() {
        for source in [
            "bearer_token = \"abc\"",
            "basic_auth = { username = \"ana\", password = \"abc\", password_env = \"PW\" }",
            "headers = { Authorization = \"Bearer abc\" }",
            "headers = { X-Api-Key = \"abc\" }",
            "headers = { X-Grafana-Token = \"abc\" }",
        ] {
            let found = complaints(source);
            assert!(found.len() == 1 && found[0].contains("must not stand in the bindings"), "{source}: {found:?}");
        }
    }

    #[test]
    fn halves_and_doubles_are_complained_of() {
        for (source, want) in [
            ("client_cert_file = \"me.pem\"", "go together"),
            ("bearer_token_file = \"a\"\nbearer_token_env = \"A\"", "two places"),
            ("bearer_token_file = \"a\"\nbasic_auth = { username = \"b\", password_env = \"B\" }", "not both"),
            ("basic_auth = { username = \"b\" }", "password_file"),
            ("headers = { \"a b\" = \"c\" }", "no name of a header"),
            ("headers = { a = \"c\\nd\" }", "plain ASCII"),
            ("params = { query = \"up\" }", "by the program itself"),
            ("bearer_token_env = \"$TOKEN\"", "no name of an environment variable"),
        ] {
            let found = complaints(source);
            assert!(found.len() == 1 && found[0].contains(want), "{source}: {found:?}");
        }
    }
}
