//! How a moment is said to each kind of target.

use super::moment::Moment;
use crate::plan::notify::NotifyKind;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde_json::{Value, json};

/// What is said where no template says otherwise.
const USUAL: &str = "{{ title }}{% if mode == \"rehearsal\" %} (rehearsal){% endif %}{% if stage %} [{{ stage }}]{% endif %}: \
                     {{ event }}{% if occasion == \"stage\" %} ({{ verdict }}){% endif %}";

/// The body of a request.
///
/// # Errors
/// Why the template cannot be filled in.
pub fn body(kind: NotifyKind, template: Option<&str>, moment: &Moment) -> Result<Value, String> {
    let mut seen = serde_json::to_value(moment).map_err(|error| error.to_string())?;
    if kind == NotifyKind::Slack {
        escape(&mut seen);
    }
    let text = render(template.unwrap_or(USUAL), &seen)?;
    Ok(match kind {
        NotifyKind::Slack => json!({ "text": text }),
        NotifyKind::Webhook => {
            let mut whole = seen;
            whole["text"] = Value::String(text);
            whole
        }
        NotifyKind::Grafana => {
            let tags = ["warroom", moment.occasion.word(), moment.verdict];
            json!({ "time": moment.at_millis, "tags": tags, "text": text })
        }
    })
}

fn render(template: &str, seen: &Value) -> Result<String, String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment
        .render_str(template, minijinja::Value::from(Serde(seen)))
        .map_err(|error| format!("the template cannot be filled in: {error}"))
}

/// A chat reads `<…>` and `&` as its own: what comes from outside must not ring everybody's bell.
fn escape(value: &mut Value) {
    match value {
        Value::String(text) => *text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"),
        Value::Array(list) => list.iter_mut().for_each(escape),
        Value::Object(members) => members.values_mut().for_each(escape),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::notify::{MEMBERS, Occasion};
    use crate::session::Mode;

    fn moment() -> Moment {
        Moment {
            occasion: Occasion::Stage,
            at: "2026-11-21T02:14:07.123Z".to_owned(),
            at_millis: 1_795_227_247_123,
            title: "Payments <!channel>".to_owned(),
            mode: Mode::Live,
            event: "Ana started 25%".to_owned(),
            by: "Ana".to_owned(),
            verdict: "HOLD",
            reasons: Vec::new(),
            stage: "25%".to_owned(),
            outcome: "",
        }
    }

    #[test]
    fn each_kind_is_told_in_its_own_words() {
        let said = |kind, template| body(kind, template, &moment()).expect("a template that can be filled in");
        assert_eq!(
            said(NotifyKind::Slack, None),
            json!({ "text": "Payments &lt;!channel&gt; [25%]: Ana started 25% (HOLD)" })
        );
        let grafana = said(NotifyKind::Grafana, Some("{{ by }}: {{ stage }}"));
        assert_eq!(
            grafana,
            json!({ "time": 1_795_227_247_123_i64, "tags": ["warroom", "stage", "HOLD"], "text": "Ana: 25%" })
        );
        let whole = said(NotifyKind::Webhook, None);
        assert_eq!(
            (&whole["occasion"], &whole["by"], &whole["verdict"]),
            (&json!("stage"), &json!("Ana"), &json!("HOLD"))
        );
        assert!(body(NotifyKind::Slack, Some("{{ verdikt }}"), &moment()).is_err());
    }

    #[test]
    fn bindings_know_every_member_of_a_moment() {
        let moment = serde_json::to_value(moment()).expect("a moment is JSON");
        let members: Vec<&String> = moment.as_object().expect("an object").keys().collect();
        let mut known = MEMBERS.to_vec();
        known.sort_unstable();
        assert_eq!(members, known);
    }
}
