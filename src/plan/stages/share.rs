//! Which lines move traffic, and to what share: `10% traffic`, `Scale to 25%`, `5% → 25% → 50%`.

use crate::plan::signs::{Sign, Signs};
use crate::plan::tokens::{self, Token};
use crate::plan::words;

const PERCENT: &[u8] = b"percent";

/// The shares of the traffic that a line names, in its order, each once.
pub(super) fn named(line: &str) -> Vec<f64> {
    let tokens = tokens::cut(line);
    let mut shares: Vec<f64> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        if let Some(share) = token.number().filter(|share| is_share(&tokens, at, *share))
            && !shares.contains(&share)
        {
            shares.push(share);
        }
    }
    shares
}

/// Says whether a line with those signs may name a share: most name none.
pub(super) fn may_be_named(line: &str, signs: Signs) -> bool {
    let says_percent = || line.as_bytes().windows(PERCENT.len()).any(|word| word.eq_ignore_ascii_case(PERCENT));
    signs.has(Sign::Percent) || (signs.has(Sign::Figure) && says_percent())
}

/// The shares that a line moves traffic to; empty for a line that only speaks of one.
pub(super) fn moved(line: &str) -> Vec<f64> {
    if !may_be_named(line, Signs::of(line)) {
        return Vec::new();
    }
    let line = without_condition(line);
    let shares = named(line);
    if shares.is_empty() || line.trim_end().ends_with('?') {
        return Vec::new();
    }
    let key = words::key(until_said(line));
    if words::is_not_moving(&key) || is_allotted(line) { Vec::new() } else { of_the_new(line, shares) }
}

/// A line as far as it speaks of its shares: `25% traffic` of `25% traffic - watch the error rate`.
fn until_said(line: &str) -> &str {
    const ENDS: [&str; 7] = [" - ", " – ", " — ", ", ", "; ", ": ", " ("];
    let Some(last) = line.rfind('%') else { return line };
    let (said, behind) = line.split_at(last);
    let end = ENDS.iter().filter(|end| behind.contains(**end)).filter_map(|end| behind.find(end)).min();
    end.and_then(|end| line.get(..said.len() + end)).unwrap_or(line)
}

/// `Green: 100%, Blue: 0%` says how it is shared out, as `0% to the old one` does not.
fn is_allotted(line: &str) -> bool {
    let tokens = tokens::cut(line);
    let is_zero =
        |at: usize| tokens[at].number() == Some(0.0) && tokens.get(at + 1).is_some_and(|t| t.sign() == Some('%'));
    (1..tokens.len()).any(|at| is_zero(at) && tokens[at - 1].sign() == Some(':'))
}

/// `If all is quiet, increase to 25%`, `25% traffic (if 5% was quiet)`: what is done, without when.
fn without_condition(line: &str) -> &str {
    let is_condition = |text: &str| {
        let first = text.split([' ', ',']).next().unwrap_or_default();
        ["if", "once", "when", "after", "assuming", "falls", "wenn", "se", "si"]
            .iter()
            .any(|word| first.eq_ignore_ascii_case(word))
    };
    if is_condition(line)
        && let Some((_, done)) = line.split_once(", ")
    {
        return done;
    }
    let cuts = [" (if ", " if ", " once ", " when ", " assuming "];
    let cut = cuts.iter().filter(|word| line.contains(**word)).filter_map(|word| line.find(word)).min();
    cut.and_then(|at| line.get(..at)).filter(|done| done.contains('%')).unwrap_or(line)
}

/// Of two shares that make a whole, the one of the new version: `10% canary, 90% stable`.
fn of_the_new(line: &str, shares: Vec<f64>) -> Vec<f64> {
    let [first, second] = shares[..] else { return shares };
    if (first + second - 100.0).abs() > 1e-9 || is_listing(line) {
        return shares;
    }
    let key = words::key(line);
    let is_old =
        |text: &str| words::has(text, &["stable", "old", "blue", "v1", "legacy", "baseline", "existing", "previous"]);
    let old_first = key.split_once(',').or_else(|| key.split_once('/')).is_some_and(|(before, _)| is_old(before));
    vec![if old_first { second } else { first }]
}

/// Says whether a line, beside its share, speaks of traffic or of moving.
pub(super) fn speaks_of_moving(line: &str) -> bool {
    let key = words::key(line);
    words::is_moving(&key) || is_bare(line) || goes_to(line)
}

/// `10% to green`: a share and where it goes.
fn goes_to(line: &str) -> bool {
    let tokens = tokens::cut(line);
    let is_goal = |at: usize| tokens.get(at).is_some_and(|t| t.is_word("to") || t.is_word("on") || t.is_word("auf"));
    (0..tokens.len()).any(|at| {
        tokens[at].number().is_some_and(|value| is_share(&tokens, at, value))
            && is_goal(at + 2)
            && tokens.get(at + 3).is_some_and(|t| t.word().is_some())
    })
}

/// `25%`, `25% (10 min)`: nothing but a share and perhaps its soak.
fn is_bare(line: &str) -> bool {
    let tokens = tokens::cut(line);
    let times = tokens::spans(&tokens);
    let is_time = |at: usize| times.iter().any(|span| span.at.contains(&at));
    !tokens.iter().enumerate().any(|(at, token)| {
        token
            .word()
            .is_some_and(|word| !is_time(at) && !words::is_monitoring(&words::key(word)) && !token.is_word("for"))
    })
}

/// Says whether the line's shares stand in a row: `10% → 25% → 50%`.
pub(super) fn is_listing(line: &str) -> bool {
    line.contains('→') || line.contains("->") || line.contains("=>") || line.contains('➜') || line.contains(" then ")
}

fn is_share(tokens: &[Token<'_>], at: usize, value: f64) -> bool {
    let is_percent = |at: usize| tokens.get(at).is_some_and(|t| t.sign() == Some('%') || t.is_word("percent"));
    let in_range = value > 0.0 && value <= 100.0;
    // In `40-70%` neither end is a share; in `(0-10%)` neither.
    let ends_range = |at: usize| {
        at > 1 && tokens[at - 1].is_dash() && !tokens[at - 1].is_word("to") && tokens[at - 2].number().is_some()
    };
    in_range && is_percent(at + 1) && !ends_range(at) && !is_compared(tokens, at)
}

/// Says whether a comparison stands before a figure.
fn is_compared(tokens: &[Token<'_>], at: usize) -> bool {
    const COMPARING: [&str; 24] = [
        "within",
        "below",
        "above",
        "under",
        "over",
        "exceeds",
        "exceed",
        "exceeding",
        "than",
        "least",
        "most",
        "max",
        "min",
        "by",
        "before",
        "after",
        "from",
        "until",
        "após",
        "después",
        "nach",
        "vor",
        "après",
        "avant",
    ];
    let Some(before) = at.checked_sub(1).map(|at| &tokens[at]) else { return false };
    let is_arrow = |at: usize| at > 0 && tokens[at].glued && matches!(tokens[at - 1].sign(), Some('-' | '='));
    match before.sign() {
        Some('<' | '≤' | '≥' | '≈' | '±' | '$') => true,
        Some('>') => !is_arrow(at - 1),
        Some('=') => at > 1 && tokens[at - 1].glued && matches!(tokens[at - 2].sign(), Some('<' | '>')),
        _ => COMPARING.iter().any(|word| before.is_word(word)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_move_traffic() {
        for (line, want) in [
            ("10% traffic to v2, watch 5 min", vec![10.0]),
            ("Step 2: Beta (25% of users)", vec![25.0]),
            ("Ramp 1% → 5% → 50%", vec![1.0, 5.0, 50.0]),
            ("Shift 0.5 % of requests", vec![0.5]),
            ("Scale to 100 percent", vec![100.0]),
            ("Complete rollout to 100%", vec![100.0]),
            ("If all is quiet, increase to 25%", vec![25.0]),
            ("30% of traffic (if 10% was quiet)", vec![30.0]),
            ("Increase to 50% if the error rate is low", vec![50.0]),
            ("Initial: 10% canary, 90% stable", vec![10.0]),
            ("Everything: 100% to green, 0% to blue", vec![100.0]),
            ("20% to green", vec![20.0]),
            ("25% traffic - monitor error rate for 10 min", vec![25.0]),
            ("25% of users, watch CPU and errors", vec![25.0]),
            ("Route 10% → 50% of traffic (monitor p95, error rate)", vec![10.0, 50.0]),
        ] {
            assert_eq!(moved(line), want, "{line}");
            assert!(speaks_of_moving(line), "{line}");
        }
    }

    #[test]
    fn a_share_of_something_else_moves_nothing() {
        for line in [
            "Error rate < 5% of traffic",
            "Traffic within 10% of normal",
            "Test coverage 80%",
            "Rollout 40% complete",
            "Success rate of canary at 99%",
            "10% canary stable for 20 minutes",
            "Send 100% of traffic back to the old version",
            "Proceed to 50% traffic or stop?",
            "Traffic: currently on blue (100%)",
            "Weights: green: 100% traffic, blue: 0% traffic",
            "CPU 40-70%",
            "Capacity increased by 20%",
            "Traffic > 5%",
            "Canary error rate: 5% (of its requests)",
            "Rollout to 50% successful, next week more",
        ] {
            assert_eq!(moved(line), Vec::<f64>::new(), "{line}");
        }
    }

    #[test]
    fn a_bare_share_is_enough_where_nothing_else_is_said() {
        assert!(speaks_of_moving("25% (10 min)"));
        assert!(!speaks_of_moving("25% of invoices"));
    }
}
