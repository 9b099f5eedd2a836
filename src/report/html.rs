//! The account as one HTML page: no script, nothing from elsewhere, readable on a phone, in print,
//! by day and by night.

use super::account::Part;
use super::chart::{Chart, gate, ribbon};
use super::{Account, Night, TemplateError, escape};
use crate::judge::Moment;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Value, context};

const TEMPLATE: &str = include_str!("../../assets/report.html");
const STYLE: &str = include_str!("../../assets/report.css");

/// One page. Every text from outside is made safe and escaped on its way in.
///
/// # Errors
/// Where the template does not fit the account: never for the one that is built in.
pub fn write(account: &Account, night: Night<'_>, since: Option<Moment>) -> Result<String, TemplateError> {
    let until = night.state.ramp.now;
    let part = Part { from: since.unwrap_or_default().min(until), until, is_part: since.is_some() };
    let charts: Vec<Value> = gate::draw_all(night, part).iter().map(chart).collect();
    let mut environment = super::environment()?;
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_formatter(|out, _, value| match value.as_str().filter(|_| !value.is_safe()) {
        Some(text) => out.write_str(&escape::html(text)).map_err(minijinja::Error::from),
        None => write!(out, "{value}").map_err(minijinja::Error::from),
    });
    environment.add_template("report.html", TEMPLATE)?;
    let page = environment.get_template("report.html")?.render(context! {
        style => Value::from_safe_string(STYLE.to_owned()),
        ribbon => Value::from_safe_string(ribbon::draw(night, part)),
        charts => charts,
        ..Value::from(Serde(account))
    })?;
    Ok(page)
}

fn chart(chart: &Chart) -> Value {
    context! { title => chart.title.clone(), svg => Value::from_safe_string(chart.svg.clone()) }
}
