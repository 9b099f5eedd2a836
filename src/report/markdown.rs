//! The account as Markdown, for a wiki, a ticket or a pull request.

use super::{Account, TemplateError, escape};
use minijinja::value::Serde;
use minijinja::{AutoEscape, Value};

const TEMPLATE: &str = include_str!("../../assets/report.md");

/// One document. Every text from outside is escaped on its way in.
///
/// # Errors
/// Where the template does not fit the account: never for the one that is built in.
pub fn write(account: &Account) -> Result<String, TemplateError> {
    let mut environment = super::environment()?;
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_formatter(|out, _, value| match value.as_str().filter(|_| !value.is_safe()) {
        Some(text) => out.write_str(&escape::markdown(text)).map_err(minijinja::Error::from),
        None => write!(out, "{value}").map_err(minijinja::Error::from),
    });
    environment.add_template("report.md", TEMPLATE)?;
    Ok(environment.get_template("report.md")?.render(Value::from(Serde(account)))?)
}
