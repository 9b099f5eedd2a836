//! `[notify.NAME]`: whom a session tells what happens.

use super::At;
use super::access::{access, secret};
use super::table::Table;
use crate::plan::notify::{Address, MEMBERS, Notify, NotifyKind, Occasion};
use crate::plan::suggest;
use std::collections::BTreeSet;

/// Functions of the language itself.
const KNOWN_TO_ALL: &[&str] = &["range", "dict", "namespace", "debug"];

pub(super) fn notify(name: At<String>, table: &mut Table<'_, '_>) -> Option<Notify> {
    let kinds = NotifyKind::ALL.map(|kind| (kind.word(), kind));
    let kind = table.required("kind", |table, key| table.word(key, &kinds));
    let (access, template, on) = (access(table), template(table), occasions(table));
    let address = address(table, kind);
    Some(Notify { name: name.value, kind: kind?, address: address?, on, template, access })
}

/// An address that is no secret stands in the bindings, one that is does not.
fn address(table: &mut Table<'_, '_>, kind: Option<NotifyKind>) -> Option<Address> {
    if kind == Some(NotifyKind::Slack) {
        let secret = secret(table, "url");
        if secret.is_none() {
            let span = table.span();
            table.complain(&span, "needs `url_file` or `url_env`: whoever knows the address can write there", None);
        }
        return Some(Address::Secret { secret: secret? });
    }
    let plain = table.is_text("url").then(|| table.url("url")).flatten();
    let plain = plain.map(|url| Address::Plain { url });
    let address = plain.or_else(|| secret(table, "url").map(|secret| Address::Secret { secret }));
    if address.is_none() {
        let span = table.span();
        table.complain(&span, "needs `url`, or `url_file` or `url_env` where it is a secret", None);
    }
    address
}

fn occasions(table: &mut Table<'_, '_>) -> Vec<Occasion> {
    let Some(words) = table.text_or_texts("on") else { return Occasion::ALL.to_vec() };
    let mut on = Vec::new();
    for word in words {
        match Occasion::ALL.into_iter().find(|occasion| occasion.word() == word.value) {
            Some(occasion) => on.push(occasion),
            None => {
                let known = Occasion::ALL.map(Occasion::word).join(", ");
                table.complain(&word.span, format!("\"{}\" is no occasion: there are {known}", word.value), None);
            }
        }
    }
    on
}

/// A template that names what no moment has would fail at the first one, on the night.
fn template(table: &mut Table<'_, '_>) -> Option<String> {
    let text = table.text("template")?;
    let environment = minijinja::Environment::new();
    let named = match environment.template_from_str(&text.value) {
        Ok(template) => template.undeclared_variables(false).into_iter().collect::<BTreeSet<_>>(),
        Err(error) => {
            table.complain(&text.span, format!("the template cannot be read: {error}"), None);
            return None;
        }
    };
    for name in named.iter().filter(|name| !KNOWN_TO_ALL.contains(&name.as_str()) && !MEMBERS.contains(&name.as_str()))
    {
        let help = suggest::closest(name, MEMBERS).map(|known| format!("did you mean `{known}`?"));
        let help = help.unwrap_or_else(|| format!("there are {}", MEMBERS.join(", ")));
        table.complain(&text.span, format!("the template names `{name}`, which no moment has"), Some(help));
    }
    Some(text.value)
}

#[cfg(test)]
mod tests {
    use crate::plan::bindings::read;

    fn complaints(notify: &str) -> Vec<String> {
        let told = |diagnostic: crate::plan::Diagnostic| {
            format!("{} {}", diagnostic.message, diagnostic.help.unwrap_or_default())
        };
        read(&format!("[notify.ops]\n{notify}")).1.into_iter().map(told).collect()
    }

    #[test]
    fn every_kind_is_read() {
        for notify in [
            "kind = \"slack\"\nurl_env = \"HOOK\"\non = \"close\"",
            "kind = \"webhook\"\nurl = \"http://127.0.0.1:1/hook\"\ntemplate = \"{% for reason in reasons %}{{ reason.text }}{% endfor %}\"",
            "kind = \"webhook\"\nurl_file = \"hook\"\nheaders = { X-Key = { env = \"KEY\" } }",
            "kind = \"grafana\"\nurl = \"https://grafana\"\nbearer_token_file = \"token\"\non = [\"stage\", \"rollback\"]",
        ] {
            assert_eq!(complaints(notify), Vec::<String>::new(), "{notify}");
        }
    }

    #[test]
    fn what_would_fail_on_the_night_is_complained_of_before_it() {
        for (notify, want) in [
            ("kind = \"slack\"\nurl = \"https://hooks.slack.com/x\"", "must not stand in the bindings"),
            ("kind = \"slack\"", "needs `url_file` or `url_env`"),
            ("kind = \"webhook\"", "needs `url`"),
            ("kind = \"pager\"\nurl = \"https://a\"", "cannot be \"pager\""),
            ("kind = \"webhook\"\nurl = \"https://a\"\non = \"verdikt\"", "no occasion"),
            ("kind = \"webhook\"\nurl = \"https://a\"\ntemplate = \"{{ verdikt }}\"", "did you mean `verdict`?"),
            ("kind = \"webhook\"\nurl = \"https://a\"\ntemplate = \"{% if %}\"", "cannot be read"),
        ] {
            let found = complaints(notify);
            assert!(found.iter().any(|found| found.contains(want)), "{notify}: {found:?}");
        }
    }
}
