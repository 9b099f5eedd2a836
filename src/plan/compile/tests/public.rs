//! Six checklists in the manner of public ones, each counted by a person before it was read here.

use super::*;

/// What a person finds in a checklist.
struct Counted {
    name: &'static str,
    text: &'static str,
    items: usize,
    /// Share and soak in minutes.
    stages: &'static [(f64, Option<u64>)],
    /// Line, metric and limit of what is good when true.
    gates: &'static [(u32, &'static str)],
    /// Line and, where it has one, what is bad when true.
    triggers: &'static [(u32, &'static str)],
}

const LISTS: &[Counted] = &[
    Counted {
        name: "database",
        text: include_str!("unseen/database.md"),
        items: 22,
        stages: &[(10.0, Some(10)), (50.0, Some(20)), (100.0, Some(60))],
        gates: &[
            (9, "disk free on the new primary > 40 %"),
            (19, "replication lag < 5 s"),
            (42, "error rate < 0.2 %"),
            (43, "error rate < 0.1 %"),
            (43, "query time p99 < 40 ms"),
            (44, "error rate < 0.1 %"),
            (46, "connections in use < 400"),
            (47, "deadlocks == 0"),
            (48, "cache hit ratio >= 97 %"),
            (49, "commit latency p95 <= 12 ms"),
        ],
        triggers: &[(55, ""), (56, ""), (57, "query time p99 > 250 ms"), (58, "")],
    },
    Counted {
        name: "mobile",
        text: include_str!("unseen/mobile.md"),
        items: 14,
        stages: &[(1.0, Some(1_440)), (5.0, Some(1_440)), (20.0, Some(2_880)), (100.0, None)],
        gates: &[
            (9, "crash-free sessions of the beta >= 99.5 %"),
            (10, "app size < 85 MB"),
            (11, "cold start p90 < 1.8 s"),
            (20, "crash-free users > 99.3 %"),
            (21, "anr rate < 0.47 %"),
            (26, "crash-free users > 99.3 %"),
            (27, "login success rate > 98 %"),
            (32, "crash-free users > 99.4 %"),
            (33, "one-star reviews < 30"),
        ],
        triggers: &[
            (40, "crash-free users < 98.5 %"),
            (41, "payment failures > 3x baseline"),
            (42, ""),
            (43, "anr rate > 1 %"),
        ],
    },
    Counted {
        name: "dns",
        text: include_str!("unseen/dns.md"),
        items: 18,
        stages: &[(5.0, Some(30)), (25.0, Some(60)), (100.0, Some(240))],
        gates: &[
            (13, "5xx rate < 0.3 %"),
            (14, "tls handshake p95 < 120 ms"),
            (17, "5xx rate < 0.3 %"),
            (18, "origin cpu 20–65 %"),
            (21, "5xx rate < 0.2 %"),
            (22, "cache hit rate > 85 %"),
        ],
        triggers: &[(27, "5xx rate > 1.5 %"), (28, ""), (29, "checkout conversion > 10 % below baseline")],
    },
    Counted {
        name: "cluster",
        text: include_str!("unseen/cluster.md"),
        items: 19,
        stages: &[(5.0, Some(45)), (40.0, Some(90)), (100.0, Some(120))],
        gates: &[
            (16, "api server latency p99 < 1 s"),
            (17, "etcd fsync p99 < 10 ms"),
            (24, "pod restarts == 0"),
            (25, "pending pods < 3"),
            (29, "node memory usage < 80 %"),
            (33, "scheduling latency p95 <= 500 ms"),
        ],
        triggers: &[(39, "pod restarts > 20"), (40, "api server latency p99 > 4 s"), (41, "node not ready > 5 %")],
    },
    Counted {
        name: "spanish",
        text: include_str!("unseen/spanish.md"),
        items: 12,
        stages: &[(5.0, Some(20)), (30.0, Some(60)), (100.0, Some(180))],
        gates: &[
            (6, "latencia p95 < 250 ms"),
            (12, "tasa de error < 0.5 %"),
            (14, "tasa de error < 0.3 %"),
            (15, "pagos rechazados < 1.5 %"),
            (17, "tasa de error < 0.3 %"),
            (18, "cola de mensajes < 2,000"),
        ],
        triggers: &[(22, "tasa de error > 2 %"), (23, "latencia p99 > 2 s"), (24, "")],
    },
    Counted {
        name: "german",
        text: include_str!("unseen/german.md"),
        items: 16,
        stages: &[(10.0, Some(15)), (50.0, Some(30)), (100.0, Some(120))],
        gates: &[
            (7, "speicherauslastung < 70 %"),
            (13, "fehlerrate < 0.5 %"),
            (14, "antwortzeit p95 < 400 ms"),
            (18, "fehlerrate < 0.5 %"),
            (22, "fehlerrate < 0.2 %"),
            (23, "anmeldungen > 40 tps"),
        ],
        triggers: &[(27, "fehlerrate > 3 %"), (28, "antwortzeit p95 > 2 s"), (29, "")],
    },
];

fn shown(condition: &Condition) -> (u32, String) {
    let quantile = condition.quantile.map(|q| format!(" p{}", (q * 1_000.0).round() / 10.0)).unwrap_or_default();
    (condition.line, format!("{}{quantile} {}", condition.metric, condition.limit))
}

#[test]
fn unseen_checklists_are_read_as_a_person_reads_them() {
    for list in LISTS {
        let plan = compile(Input { checklist: Text { name: list.name, text: list.text }, bindings: None }).plan;
        let of = |role: Role| plan.conditions.iter().filter(move |c| c.role == role).map(shown).collect::<Vec<_>>();
        let owned =
            |lines: &[(u32, &str)]| lines.iter().map(|(at, text)| (*at, (*text).to_owned())).collect::<Vec<_>>();
        let stages: Vec<_> =
            plan.stages.iter().filter_map(|s| Some((s.share?, s.soak.map(|s| s.as_secs() / 60)))).collect();
        assert_eq!(plan.items.len(), list.items, "{}: items", list.name);
        assert_eq!(stages, list.stages, "{}: stages", list.name);
        assert_eq!(of(Role::Gate), owned(list.gates), "{}: gates", list.name);
        let lines: Vec<_> = plan.triggers.iter().map(|trigger| trigger.line).collect();
        assert_eq!(lines, list.triggers.iter().map(|(line, _)| *line).collect::<Vec<_>>(), "{}: triggers", list.name);
        let measured: Vec<_> = owned(list.triggers).into_iter().filter(|(_, limit)| !limit.is_empty()).collect();
        assert_eq!(of(Role::Trigger), measured, "{}: limits of triggers", list.name);
    }
}
