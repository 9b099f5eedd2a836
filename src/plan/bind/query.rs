//! Queries with their variables replaced: `$version`, `$quantile`.

use crate::plan::{Region, suggest};
use crate::promql::{self, Query, SyntaxError};
use crate::text::number;
use std::collections::BTreeMap;

/// Stands for each region in turn.
const REGION: &str = "region";

/// Why a query cannot be used.
#[derive(Debug)]
pub(super) struct Refusal {
    pub message: String,
    pub help: Option<String>,
    /// The byte of the query as written that it points at.
    pub at: Option<usize>,
}

/// Says whether a query serves every quantile.
pub(super) fn takes_quantile(template: &str) -> bool {
    variables(template).any(|(_, name)| name == "quantile")
}

/// Says whether a query is asked for region by region.
pub(super) fn takes_region(template: &str) -> bool {
    variables(template).any(|(_, name)| name == REGION)
}

/// Replaces the variables of a query and reads it, for each region where it names one. The whole
/// then shows what is asked of all of them.
pub(super) fn fill_regions(
    template: &str,
    vars: &BTreeMap<String, String>,
    regions: &[String],
    quantile: Option<f64>,
) -> Result<(Query, Vec<Region>), Refusal> {
    if !takes_region(template) || regions.is_empty() || vars.contains_key(REGION) {
        return Ok((fill(template, vars, quantile)?, Vec::new()));
    }
    let with = |region: &str| {
        let mut vars = vars.clone();
        vars.insert(REGION.to_owned(), region.to_owned());
        fill(template, &vars, quantile)
    };
    let filled =
        regions.iter().map(|name| Ok(Region { name: name.clone(), query: with(name)?, traffic: None, baseline: None }));
    let regions: Vec<Region> = filled.collect::<Result<_, Refusal>>()?;
    Ok((with(&format!("${REGION}"))?, regions))
}

/// Replaces the variables of a query and reads it.
pub(super) fn fill(template: &str, vars: &BTreeMap<String, String>, quantile: Option<f64>) -> Result<Query, Refusal> {
    let mut text = String::with_capacity(template.len());
    let mut copied = 0;
    for (at, name) in variables(template) {
        let value = match (name, quantile) {
            ("quantile", Some(quantile)) => format!("{quantile}"),
            _ => vars.get(name).cloned().ok_or_else(|| unknown(name, at, vars))?,
        };
        text.push_str(template.get(copied..at).unwrap_or_default());
        text.push_str(&value);
        copied = at + 1 + name.len();
    }
    let unchanged = copied == 0;
    text.push_str(template.get(copied..).unwrap_or_default());
    let query = promql::inspect(text.trim()).map_err(|error| refused(&error, unchanged.then_some(template)))?;
    if query.selectors.is_empty() {
        let message = "the query reads no series: it says the same whatever happens".to_owned();
        let help = Some("name a metric in it; what cannot be measured stays a box to tick".to_owned());
        return Err(Refusal { message, help, at: None });
    }
    Ok(query)
}

fn refused(error: &SyntaxError, template: Option<&str>) -> Refusal {
    let leading = template.map(|text| text.len() - text.trim_start().len());
    let at = error.at.and_then(|at| Some(at + leading?));
    let place = error.at.map(|at| format!(" at character {}", at + 1)).unwrap_or_default();
    Refusal { message: format!("the query does not parse{place}: {}", error.message), help: None, at }
}

fn unknown(name: &str, at: usize, vars: &BTreeMap<String, String>) -> Refusal {
    let help = match name {
        REGION => Some(
            "list them: [cutover] regions = [\"…\"]; it stands in a metric's `query`, `traffic` and `baseline`"
                .to_owned(),
        ),
        "quantile" => Some("`$quantile` is filled in from lines that name one, such as p95".to_owned()),
        _ if name.starts_with("__") => {
            Some("Grafana fills this in, nobody else does; write the range itself".to_owned())
        }
        _ => suggest::did_you_mean(name, vars.keys().map(String::as_str))
            .or_else(|| Some(format!("give it a value: [vars] {name} = \"…\""))),
    };
    Refusal { message: format!("unknown variable `${name}` in a query"), help, at: Some(at) }
}

/// The variables of a query with the byte of each `$`. A `$` before anything but a name, as at the
/// end of a regular expression, is itself.
fn variables(template: &str) -> impl Iterator<Item = (usize, &str)> {
    template.match_indices('$').filter_map(|(at, _)| {
        let rest = template.get(at + 1..)?;
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let name = rest.get(..length)?;
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        is_name.then_some((at, name))
    })
}

/// `p95`, `p99.9`.
pub(super) fn quantile_word(quantile: f64) -> String {
    let percent = crate::text::Unit::Ratio.convert(quantile, crate::text::Unit::Percent).unwrap_or(quantile);
    format!("p{}", number::show_exact(percent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, quantile: Option<f64>) -> Result<String, String> {
        let vars = BTreeMap::from([("version".to_owned(), "v2".to_owned())]);
        fill(template, &vars, quantile).map(|query| query.text).map_err(|refusal| refusal.message)
    }

    #[test]
    fn variables_are_replaced_and_regular_expressions_are_not() {
        assert_eq!(filled(r#"up{v="$version",s=~"5..$"}"#, None).as_deref(), Ok(r#"up{v="v2",s=~"5..$"}"#));
        assert_eq!(
            filled("histogram_quantile($quantile, a_bucket)", Some(0.99)).as_deref(),
            Ok("histogram_quantile(0.99, a_bucket)")
        );
    }

    #[test]
    fn what_is_unknown_is_refused() {
        assert_eq!(filled("up{v=\"$verison\"}", None), Err("unknown variable `$verison` in a query".to_owned()));
        assert!(filled("histogram_quantile($quantile, a_bucket)", None).is_err());
        assert!(filled("sum(", None).is_err());
    }

    #[test]
    fn quantiles_are_named_as_people_name_them() {
        assert_eq!(quantile_word(0.95), "p95");
        assert_eq!(quantile_word(0.999), "p99.9");
    }
}
