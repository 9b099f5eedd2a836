//! Which lines move traffic, and to what share: `10% traffic`, `Scale to 25%`, `5% → 25% → 50%`.

use crate::plan::tokens::{self, Token};
use crate::plan::words;

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

/// The shares that a line moves traffic to; empty for a line that only speaks of one.
pub(super) fn moved(line: &str) -> Vec<f64> {
    let shares = named(line);
    if shares.is_empty() || line.trim_end().ends_with('?') {
        return Vec::new();
    }
    let key = words::key(line);
    if words::is_not_moving(&key) { Vec::new() } else { shares }
}

/// Says whether a line, beside its share, speaks of traffic or of moving.
pub(super) fn speaks_of_moving(line: &str) -> bool {
    let key = words::key(line);
    words::is_moving(&key) || is_bare(line)
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
    const COMPARING: [&str; 14] = [
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
            "CPU 40-70%",
            "Capacity increased by 20%",
            "Traffic > 5%",
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
