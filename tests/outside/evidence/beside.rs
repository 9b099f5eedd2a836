//! What is watched beside the gates: alerts, the share of the traffic, the build.

use crate::evidence::log::Walk;
use crate::evidence::watched::Watched;
use crate::evidence::world::World;
use crate::evidence::{SCRAPE, SLACK, errors, or_none, source};
use crate::support::prometheus::Prometheus;
use warroom::judge::Code;

const BESIDE: &str = "
[alerts]
[traffic]
query = 'max(new_share)'
[build]
query = 'count by (version) (build_info)'
";

const RULES: &str = "
groups:
  - name: night
    rules:
      - {alert: DiskFull, expr: disk_full == 1}
      - {alert: HighErrorRate, expr: errors_high == 1}
";

fn beside(share: u32, errors_high: u32, version: &str) -> String {
    format!("new_share {share}\ndisk_full 1\nerrors_high {errors_high}\nbuild_info{{version=\"{version}\"}} 1\n")
}

#[test]
fn alerts_traffic_and_build_are_asked_of_a_real_server() {
    let world = World::start(&beside(0, 0, "v3"));
    let Some(prometheus) = Prometheus::start_with_rules(&[world.service.target()], SCRAPE, RULES) else { return };
    let target = world.service.target();
    let checklist = "# Ledger v3\n## Ramp\n- [ ] 10% traffic - monitor 10 minutes\n  - [x] Ledger errors < 0.1%\n";
    let bindings = source(&prometheus.url()) + &errors("ledger", &target, &or_none(&target)) + BESIDE;
    let folder = tempfile::tempdir().expect("a folder");
    let mut night = Watched::begin(folder.path(), checklist, &bindings);
    night.hears("alert DiskFull");
    night.sees(&["QUIET", "alerts", "1 firing"]);

    // Nobody says moved: the traffic does.
    night.seat.say("start 10%");
    night.hears("shifting: waiting for the traffic to move to 10%, measured 0 %");
    night.sees(&["MOVING", "traffic", "0 %", "10 % ± 3 %"]);
    world.say(&beside(10, 0, "v3"));
    night.hears("the traffic has moved to 10%: 10 % was measured");
    night.is("GO");
    night.sees(&["AGREES", "traffic", "10 %"]);
    night.sees(&["SAME", "build", "v3"]);

    world.say(&beside(30, 0, "v3"));
    night.hears("traffic-mismatch: traffic 30 % ≠ 10 % ± 3");
    night.sees(&["traffic-mismatch", "30 % ≠ 10 % ± 3"]);
    night.sees(&["DIFFERS", "traffic", "30 %"]);
    world.say(&beside(10, 0, "v3"));
    night.is("GO");

    world.say(&beside(10, 1, "v3"));
    night.hears("alert-firing: the alert HighErrorRate");
    night.sees(&["alert-firing", "HighErrorRate"]);
    night.sees(&["FIRING", "alerts", "1 new"]);
    world.say(&beside(10, 0, "v3"));
    night.is("GO");

    world.say(&beside(10, 0, "v4"));
    night.hears("config: the build is v4, not v3 as the bindings say");
    night.sees(&["config", "the build is v4, not v3"]);
    night.sees(&["OTHER", "build", "v4", "v3"]);
    world.say(&beside(10, 0, "v3"));
    night.is("GO");

    drop(prometheus);
    night.hears("source-down: alerts: connection refused");
    night.sees(&["source-down", "connection refused"]);
    night.sees(&["SOURCE-DOWN", "alerts"]);
    let log = night.log.clone();
    assert_eq!(night.seat.end(), Some(4));
    let walk = Walk::of(&log);
    for (code, subject) in [
        (Code::TrafficMismatch, "traffic"),
        (Code::AlertFiring, "HighErrorRate"),
        (Code::Config, "build"),
        (Code::SourceDown, "alerts"),
    ] {
        assert!(walk.has(code, subject), "{code} {subject}: {:?}", walk.reasons);
    }
    assert!(!walk.reasons.iter().any(|(_, subject)| subject == "DiskFull"), "it fired before: {:?}", walk.reasons);
    let count = walk.each_go(|go| assert!(go.age_of("ledger errors") <= 3_000 + SLACK));
    assert!(count > 0, "there was a GO to lose");
}
