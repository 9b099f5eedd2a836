use super::*;

fn shown(line: &str) -> Vec<String> {
    read(line).iter().map(show).collect()
}

fn show(found: &Comparison) -> String {
    let quantile = found.quantile.map(|quantile| format!(" q{quantile}")).unwrap_or_default();
    let target = found.target.map(|target| format!(" target {target}")).unwrap_or_default();
    let hold = found.hold.map(|hold| format!(" for {hold}")).unwrap_or_default();
    let certainty = match found.certainty {
        Certainty::Signed => "",
        Certainty::Worded => " (worded)",
        Certainty::Relative => " (relative)",
    };
    format!("{}{quantile} {}{target}{hold}{certainty}", found.metric, found.limit)
}

#[test]
fn signs_in_all_their_spellings() {
    for (line, want) in [
        ("Error rate < 0.5%", "error rate < 0.5 %"),
        ("error rate <0.5 %", "error rate < 0.5 %"),
        ("Checkout errors: < 2%", "checkout errors < 2 %"),
        ("Login success rate ≥ 99.9%", "login success rate >= 99.9 %"),
        ("Queue depth <= 5,000", "queue depth <= 5,000"),
        ("Replica lag < 2 seconds", "replica lag < 2 s"),
        ("Heap >=1.5GB", "heap >= 1.5 GB"),
        ("Throughput: > 800 req/s sustained", "throughput > 800 tps"),
        ("Ingest > 5k events per second", "ingest > 5,000 tps"),
        ("Verify that the error rate stays < 1%", "error rate < 1 %"),
        ("📈 Job lag (> 30 s)", "job lag > 30 s"),
        ("Restarts = 0", "restarts == 0"),
        ("Error rate (5xx) < 1% ?", "error rate < 1 %"),
        ("Taux d'erreur < 0,5 %", "taux d'erreur < 0.5 %"),
    ] {
        assert_eq!(shown(line), [want], "{line}");
    }
}

#[test]
fn quantiles_before_behind_and_in_words() {
    for (line, want) in [
        ("Search p95: < 250ms", "search q0.95 < 250 ms"),
        ("p99.9 checkout time < 2s", "checkout time q0.999 < 2 s"),
        ("Latency <250ms p95", "latency q0.95 < 250 ms"),
        ("Latency (P90) < 80 ms", "latency q0.9 < 80 ms"),
        ("95th percentile response time < 300ms", "response time q0.95 < 300 ms"),
        ("p50 < 40ms", "latency q0.5 < 40 ms"),
        ("Go on if P95 < 40ms for 1 hour", "latency q0.95 < 40 ms for 1h"),
    ] {
        assert_eq!(shown(line), [want], "{line}");
    }
}

#[test]
fn second_figures_are_no_limits() {
    for (line, want) in [
        ("Error rate < 1% (target: < 0.2%)", "error rate < 1 % target 0.2"),
        ("Latency p95 < 0.3s (target 200ms)", "latency q0.95 < 0.3 s target 0.2"),
        ("CPU (baseline: 35%) < 70%", "cpu < 70 %"),
        ("5xx rate > 2% for 5 minutes", "5xx rate > 2 % for 5m"),
        ("Errors > 50 in 5 min", "errors > 50 for 5m"),
    ] {
        assert_eq!(shown(line), [want], "{line}");
    }
}

#[test]
fn what_has_no_sign_is_read_where_it_is_plain() {
    for (line, want) in [
        ("Dropped sessions: 0", "dropped sessions == 0"),
        ("Throughput stable at 1,500+ TPS", "throughput >= 1,500 tps"),
        ("CPU utilization 40-70%", "cpu utilization 40–70 %"),
        (">5 customer-reported incidents", "customer-reported incidents > 5"),
    ] {
        assert_eq!(shown(line), [want], "{line}");
    }
}

#[test]
fn two_limits_in_one_line() {
    assert_eq!(
        shown("**Success criteria**: <0.1% error rate, <90ms response time"),
        ["error rate < 0.1 %", "response time < 90 ms"]
    );
    assert_eq!(shown("Nodes healthy (CPU < 70%, memory < 75%)"), ["cpu < 70 %", "memory < 75 %"]);
    assert_eq!(shown("CPU<80%,disk>20%"), ["cpu < 80 %", "disk > 20 %"]);
    assert_eq!(shown("Error rate < 1% and p95 latency < 300ms"), ["error rate < 1 %", "latency q0.95 < 300 ms"]);
}

#[test]
fn words_and_relations_are_told_apart() {
    assert_eq!(shown("Error rate below 1%"), ["error rate < 1 % (worded)"]);
    assert_eq!(shown("Latency exceeds 800 ms"), ["latency > 800 ms (worded)"]);
    assert_eq!(shown("Errors > 5x baseline"), ["errors > 5x baseline (relative)"]);
    assert_eq!(shown("Latency < 110% of baseline"), ["latency < 110 % of baseline (relative)"]);
    assert_eq!(shown("Error rate does not exceed 2%"), ["error rate <= 2 % (worded)"]);
}

#[test]
fn figures_that_limit_nothing() {
    for line in [
        "Run with 3 replicas",
        "Min replicas: 3+",
        "CPU target: 70%",
        "Memory usage alerts (>85%)",
        "Takes 10-15 minutes",
        "Create 40+ indexes (20-30% quicker)",
        "Move 10% -> 25% of users",
        "Port: 8080",
        "v1.2 => v1.3",
        "Retention = 30",
        "errors <U+009B>31 min",
        "take <version>5",
    ] {
        assert_eq!(shown(line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn a_limit_alone_is_what_bindings_write() {
    assert_eq!(alone("< 500ms").map(|l| l.to_string()).as_deref(), Some("< 500 ms"));
    assert_eq!(alone(">= 99.9 %").map(|l| l.to_string()).as_deref(), Some(">= 99.9 %"));
    assert_eq!(alone("40-70%").map(|l| l.to_string()).as_deref(), Some("40–70 %"));
    for text in ["500ms", "< fast", "", "< 5% or so", "< 5x"] {
        assert_eq!(alone(text), None, "{text}");
    }
}

#[test]
fn a_key_may_carry_a_quantile() {
    assert_eq!(name("Latency p95"), ("latency".to_owned(), Some(0.95)));
    assert_eq!(name("error rate"), ("error rate".to_owned(), None));
}
