//! What is watched beside the gates, as rows of their pane: alerts, the share of the traffic, the build.
//!
//! ```text
//! │ ✓ QUIET     alerts       0 new             2 since before the ramp: Disk, Lag │
//! │ ◐ MOVING    traffic      10 %     25 % ± 3 %                                  │
//! │ ✗ OTHER     build        v2.1.1   v2.1.0                                      │
//! ```

use super::Mark;
use super::gates::{self, Of, Row};
use crate::judge::alerts::AlertsState;
use crate::judge::build::BuildState;
use crate::judge::share::{self, ShareState};
use crate::judge::{Alert, Status, Unknown};
use crate::plan::ProbeId;
use crate::text::number;
use crate::tui::scene::Scene;
use crate::tui::skin::Tone;

/// A row for each thing that the plan watches.
#[must_use]
pub fn rows(scene: &Scene) -> Vec<Row> {
    let rows = [alerts(scene), traffic(scene), build(scene)].into_iter().flatten();
    let is_old = scene.silent_for.is_some();
    rows.map(|row| if is_old { Row { mark: gates::OLD, ..row } } else { row }).collect()
}

fn alerts(scene: &Scene) -> Option<Row> {
    let state = scene.ramp.alerts_state(scene.plan())?;
    Some(match state {
        AlertsState::Known { new, old } if new.is_empty() => {
            let note = if old.is_empty() { String::new() } else { format!("before the ramp: {}", names(&old)) };
            row("alerts", Mark::new("✓", "QUIET", Tone::Good), format!("{} firing", old.len()), note)
        }
        AlertsState::Known { new, .. } => {
            row("alerts", Mark::new("✗", "FIRING", Tone::Bad), format!("{} new", new.len()), names(&new))
        }
        AlertsState::Unknown { why, last_new } => {
            let last = if last_new.is_empty() { String::new() } else { format!("; last firing: {}", names(&last_new)) };
            row("alerts", unknown(&why), "–".to_owned(), format!("{}{last}", why.detail))
        }
    })
}

fn names(alerts: &[&Alert]) -> String {
    let mut names: Vec<&str> = alerts.iter().map(|alert| alert.name.as_str()).collect();
    names.dedup();
    names.join(", ")
}

fn traffic(scene: &Scene) -> Option<Row> {
    let (plan, ramp) = (scene.plan(), &scene.ramp);
    let traffic = plan.traffic.as_ref()?;
    let shown = |value| share::show(value, plan.probe(traffic.probe));
    let wanted = ramp
        .share_wanted(plan)
        .map(|wanted| format!("{} % ± {} %", number::show_exact(wanted), number::show_exact(traffic.tolerance)));
    let is_shifting = ramp.current_track().is_some_and(|track| track.status == Status::Shifting);
    let state = ramp.beside.share.state();
    let row = match state {
        Some(ShareState::Agrees(weighed)) => {
            row("traffic", Mark::new("✓", "AGREES", Tone::Good), shown(weighed.value), String::new())
        }
        Some(ShareState::Differs(weighed)) if is_shifting => {
            row("traffic", Mark::new("◐", "MOVING", Tone::Wait), shown(weighed.value), String::new())
        }
        Some(ShareState::Differs(weighed)) => {
            row("traffic", Mark::new("✗", "DIFFERS", Tone::Bad), shown(weighed.value), String::new())
        }
        Some(ShareState::Unknown(why)) => row("traffic", unknown(why), "–".to_owned(), why.detail.clone()),
        None => row("traffic", Mark::new("·", "IDLE", Tone::Muted), "–".to_owned(), "no stage says a share".to_owned()),
    };
    Some(aged(scene, Row { limit: wanted.unwrap_or_default(), ..row }, traffic.probe))
}

fn build(scene: &Scene) -> Option<Row> {
    let build = scene.plan().build.as_ref()?;
    let row = match scene.ramp.beside.build.state() {
        Some(BuildState::Same { running }) => {
            row("build", Mark::new("✓", "SAME", Tone::Good), running.join(", "), String::new())
        }
        Some(BuildState::Other { running, expected }) => {
            let other = row("build", Mark::new("✗", "OTHER", Tone::Bad), running.join(", "), String::new());
            Row { limit: expected.join(", "), ..other }
        }
        Some(BuildState::Unknown(why)) => row("build", unknown(why), "–".to_owned(), why.detail.clone()),
        None => row("build", Mark::new("?", "UNREAD", Tone::Unknown), "–".to_owned(), "not read yet".to_owned()),
    };
    Some(aged(scene, row, build.probe))
}

fn unknown(why: &Unknown) -> Mark {
    Mark::new("?", why.code.word().to_uppercase(), Tone::Unknown)
}

fn row(name: &'static str, mark: Mark, value: String, note: String) -> Row {
    let limit = String::new();
    Row { mark, name: name.to_owned(), value, limit, note, age: None, of: Of::Beside(name), probe: None, counts: true }
}

fn aged(scene: &Scene, row: Row, probe: ProbeId) -> Row {
    Row { age: gates::age(scene, probe), ..row }
}
