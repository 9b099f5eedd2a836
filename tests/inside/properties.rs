//! What must hold for every night, not only for those that somebody has thought of.
//!
//! Random nights are played through a session; then their logs are folded again (P2), their
//! readings are taken away (P1), and everybody's boxes are ticked.

mod draw;
mod facts;
mod night;
mod papers;

use self::draw::night;
use self::night::{Night, Played, Seen, Step};
use proptest::prelude::*;
use warroom::judge::ramp::Course;
use warroom::judge::{Alerts, Baseline, Batch, Call, Class, Got, HealthGot, Miss, Verdict, Why};
use warroom::plan::{GateId, ItemId, Limit, Op, Plan};
use warroom::session::command::{Command, split_actor};
use warroom::session::{Core, Event, Fact, Intent, Refusal, State, When};
use warroom::text::{Millis, Unit};

/// The log, written and read back.
fn read_back(events: &[Event]) -> Vec<Event> {
    events.iter().map(|event| Event::from_json(&event.to_json()).expect("an event that was written")).collect()
}

fn bytes(verdict: &Verdict) -> String {
    serde_json::to_string(verdict).expect("a verdict is JSON")
}

/// The state after more facts, so long after each other, by both clocks.
fn after(seen: &Seen, millis: u64, facts: impl IntoIterator<Item = Fact>) -> State {
    let (mut state, mut mono) = (seen.state.clone(), seen.mono);
    for fact in facts {
        mono += Millis(millis);
        let at = state.at + i64::try_from(millis).expect("a short time");
        let event = Event { seq: state.seq + 1, at, mono, by: String::new(), fact };
        state.apply(&event);
    }
    state
}

/// P2, in one night: the log alone gives every state and verdict that was seen, and every verdict
/// that was recorded is the one that its log gives.
fn fold_again(played: &Played) {
    let plan = &played.plan;
    let mut state = State::new(plan.clone(), night::BEGAN_AT);
    let mut seen = played.seen.iter().peekable();
    for (at, event) in read_back(&played.events).iter().enumerate() {
        if let Fact::VerdictChanged { call, reasons } = &event.fact {
            let verdict = state.verdict();
            assert_eq!((verdict.call, &verdict.reasons), (*call, reasons), "the verdict of event {}", event.seq);
        }
        state.apply(event);
        while let Some(Seen { state: was, verdict, .. }) = seen.next_if(|seen| seen.events == at + 1) {
            assert_eq!(&state, was, "the state after event {}", event.seq);
            assert_eq!(bytes(&state.verdict()), bytes(verdict), "the verdict after event {}", event.seq);
        }
    }
    assert!(seen.next().is_none(), "every event was folded");
}

/// The batch without the readings of a set of probes, the health endpoints, the alerts, or the old version
/// beside the new one: nothing is known of them any more, not even their traffic.
fn without(plan: &Plan, batch: &Batch, taken: usize, why: Why) -> Batch {
    // Behind the metrics stand the share and the build.
    let (health, alerts, old) = (night::METRICS.len() + 2, night::METRICS.len() + 3, night::METRICS.len() + 4);
    let miss = || Miss { why, detail: "taken away".to_owned() };
    let is_taken = |at: usize| taken >> at & 1 == 1;
    let mut batch = batch.clone();
    for reading in batch.readings.iter_mut().filter(|reading| is_taken(reading.probe.index())) {
        reading.got = Got::Miss(miss());
        reading.traffic = None;
        reading.baseline = None;
    }
    for reading in batch.readings.iter_mut().filter(|_| is_taken(old)) {
        if plan.probe(reading.probe).measures_old_version() {
            reading.baseline = Some(Baseline::Unknown(miss()));
        }
    }
    for answer in batch.health.iter_mut().filter(|_| is_taken(health)) {
        answer.got = HealthGot::Down { why: "taken away".to_owned() };
    }
    if is_taken(alerts) && batch.alerts.is_some() {
        batch.alerts = Some(Alerts::Miss(miss()));
    }
    batch
}

/// Every set of metrics, with and without all that is beside them, and each of that alone.
fn takings() -> impl Iterator<Item = usize> {
    let metrics = 1_usize << night::METRICS.len();
    let (beside, alone) = (0b1111 * metrics, [0, 1, 2, 3, 4].map(|at| metrics << at));
    (1..metrics).chain((0..metrics).map(move |taken| taken | beside)).chain(alone)
}

/// P1, in one night: every poll is judged again with every subset of its readings taken away.
fn take_away(played: &Played, why: Why) {
    let plan = &played.plan;
    let mut state = State::new(plan.clone(), night::BEGAN_AT);
    for event in &played.events {
        let before = state.clone();
        state.apply(event);
        let Fact::Polled(batch) = &event.fact else { continue };
        let verdict = state.verdict();
        for taken in takings() {
            let mut blind = before.clone();
            let fact = Fact::Polled(without(before.plan(), batch, taken, why));
            blind.apply(&Event { fact, ..event.clone() });
            let less = blind.verdict();
            assert!(
                verdict.call == Call::Go || less.call != Call::Go,
                "event {}: with all readings {:?}, without {taken:b} GO",
                event.seq,
                verdict.reasons
            );
        }
    }
}

/// Whether the state's GO would have to rest on measurements: a stage runs, and not all that it
/// measures has been waived.
fn must_measure(state: &State) -> bool {
    let plan: &Plan = state.plan();
    let is_waived = |gate: GateId| state.ramp.gates[gate.index()].waiver.is_some();
    let mut gates = state.ramp.counting_gates(plan);
    state.ramp.course == Course::Running && gates.any(|gate| !is_waived(gate) || plan.gate(gate).hard.is_some())
}

proptest! {
    // A night is long: half as many as usual. PROPTEST_CASES draws more.
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 2, ..ProptestConfig::default() })]

    #[test]
    fn the_log_folds_to_what_was_seen(night in night()) {
        fold_again(&night.play());
    }

    #[test]
    fn taking_readings_away_never_makes_go(night in night(), why in draw::why()) {
        take_away(&night.play(), why);
    }

    /// Sources that hang bring empty polls, and after a while nothing is fresh any more.
    #[test]
    fn nothing_read_for_longer_than_fresh_is_never_go(night in night()) {
        let played = night.play();
        for seen in &played.seen {
            let hung = std::iter::repeat_n(Fact::Polled(Batch::default()), 8);
            let state = after(seen, night::POLL.0, hung);
            let verdict = state.verdict();
            prop_assert!(verdict.call != Call::Go || !must_measure(&state));
        }
    }

    /// Whoever resumes a session knows what was said, and nothing of what is.
    #[test]
    fn nothing_is_go_after_a_crash(night in night()) {
        let played = night.play();
        for seen in &played.seen {
            let fact = Fact::SessionResumed { host: "here".to_owned(), program: "warroom".to_owned() };
            let state = after(seen, 1_000, [fact]);
            prop_assert!(state.verdict().call != Call::Go || !must_measure(&state));
        }
    }

    #[test]
    fn the_call_is_that_of_the_worst_reason(night in night()) {
        for Seen { verdict, .. } in night.play().seen {
            let classes: Vec<Class> = verdict.reasons.iter().map(|reason| reason.class).collect();
            prop_assert!(classes.is_sorted(), "{classes:?}");
            let call = match classes.first() {
                None => Call::Go,
                Some(Class::Rollback) => Call::Rollback,
                Some(_) => Call::Hold,
            };
            prop_assert_eq!(verdict.call, call);
        }
    }

    /// The same night with other noise: the advisory gates differ, the verdicts do not.
    #[test]
    fn advisory_gates_never_count(night in night(), noise in prop::collection::vec(draw::answer(), 60)) {
        let mut other = night.clone();
        for (step, noise) in other.steps.iter_mut().zip(noise) {
            if let Step::Poll { answers, .. } = step {
                answers[night::NOISE] = noise;
            }
        }
        let verdicts = |night: &Night| night.play().seen.iter().map(|seen| bytes(&seen.verdict)).collect::<Vec<_>>();
        prop_assert_eq!(verdicts(&night), verdicts(&other));
    }

    /// All boxes at once, and not a measured reason falls.
    #[test]
    fn ticks_never_outvote_a_gate(night in night()) {
        let played = night.play();
        let measured = |verdict: &Verdict| {
            let mut reasons = verdict.reasons.clone();
            reasons.retain(|reason| reason.class != Class::Person);
            reasons
        };
        for seen in &played.seen {
            let items = (0..seen.state.plan().items.len()).map(ItemId::at);
            let state = after(seen, 0, items.map(|item| Fact::ItemTicked { item, evidence: None }));
            prop_assert_eq!(measured(&state.verdict()), measured(&seen.verdict));
        }
    }

    /// Who decided on a screen that showed no reasons has not seen those that there are.
    #[test]
    fn what_moves_the_night_on_is_refused_on_an_old_screen(night in night()) {
        let played = night.play();
        for seen in &played.seen {
            for line in ["promote! we must", "start! 100%: we must", "finish succeeded"] {
                let intent = Intent {
                    command: Command::parse(line).expect("a command"),
                    by: "Ana".to_owned(),
                    seen: Some(Vec::new()),
                };
                let decided = warroom::session::decide::decide(&seen.state, &intent);
                prop_assert!(seen.verdict.call == Call::Go || decided.is_err(), "{line}: {decided:?}");
                let current = Intent { seen: Some(seen.verdict.keys()), ..intent };
                let decided = warroom::session::decide::decide(&seen.state, &current);
                prop_assert!(!matches!(decided, Err(Refusal::Worse { .. })), "{line}: {decided:?}");
            }
        }
    }

    #[test]
    fn every_event_is_read_back_as_it_was_written(event in facts::event()) {
        let line = event.to_json();
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(Event::from_json(&line).expect("an event"), event);
    }

    /// Whatever is typed is done or refused, never a panic; rollback, hold and notes are done.
    #[test]
    fn any_line_is_done_or_refused(night in night(), typed in typed()) {
        let played = night.play();
        let (by, words) = split_actor(&typed);
        let Ok(command) = Command::parse(words) else { return Ok(()) };
        let never_refused = matches!(command, Command::Rollback { .. } | Command::Hold { .. } | Command::Note { .. });
        let mut core = Core::new(played.plan.clone(), night::BEGAN_AT);
        played.events.iter().for_each(|event| core.replay(event));
        let when = played.events.last().map_or(night::BEGINNING, |event| When { at: event.at, mono: event.mono });
        let intent = Intent { command, by: by.unwrap_or_default().to_owned(), seen: None };
        let done = core.intend(when, &intent);
        prop_assert!(done.is_ok() || !never_refused, "{typed}: {done:?}");
    }

    /// What is printed beside a limit is on the same side of it as the raw value.
    #[test]
    fn the_printed_comparison_is_visibly_true(
        op in prop::sample::select(vec![Op::Below, Op::AtMost, Op::Above, Op::AtLeast, Op::Equal]),
        hundredths in 0_u32..20_000,
        factor in prop_oneof![Just(1.0), 0.99_f64..1.01, 0.0_f64..20.0],
    ) {
        let bound = f64::from(hundredths) / 100.0;
        let (limit, printed) = (Limit::new(op, bound, Unit::Percent), Unit::Percent);
        let limit = limit.against(Unit::Ratio).expect("both are shares");
        let raw = printed.convert(bound, Unit::Ratio).expect("both are shares") * factor;
        let text = limit.show(raw);
        let shown: f64 = text.trim_end_matches('%').trim().replace(',', "").parse().expect("a figure");
        prop_assert_eq!(Limit::new(op, bound, printed).holds(shown), limit.holds(raw), "{} against {}", text, limit);
    }
}

/// Lines of all kinds: commands, commands with anything behind them, and anything.
fn typed() -> impl Strategy<Value = String> {
    let words = "(as [A-Zé]{0,3}: )?(start|start!|moved|promote|promote!|hold|resume|rollback|tick|untick|na|attest|note\
                 |waive|approve|reject|trip|dismiss|finish)( [ -~é%:@!]{0,20})?";
    prop_oneof![words, "\\PC*"]
}
