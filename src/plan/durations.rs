//! How long a phase is to take: `**Duration:** 10-15 minutes`.

use super::checklist::Checklist;
use super::markdown::Kind;
use super::tokens;
use crate::text::Millis;
use serde::{Deserialize, Serialize};

/// A planned duration of the section it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    pub line: u32,
    pub least: Millis,
    /// The same as `least` where no range is given.
    pub most: Millis,
}

pub(super) fn read(list: &Checklist) -> Vec<Duration> {
    let lines = list.lines().filter(|(_, entry)| matches!(entry.kind, Kind::Paragraph));
    lines
        .filter_map(|(_, entry)| {
            let (_, value) = entry.text.split_once(':').filter(|_| is_duration(entry.key()))?;
            let span = tokens::spans(&tokens::cut(value)).into_iter().next()?;
            Some(Duration { line: entry.line, least: span.low, most: span.high.unwrap_or(span.low) })
        })
        .collect()
}

fn is_duration(key: &str) -> bool {
    let label = key.split(':').next().unwrap_or_default().trim();
    matches!(label, "duration" | "estimated duration" | "expected duration" | "planned duration")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_says_how_long_it_takes() {
        let found =
            read(&Checklist::read("## A\n**Duration:** 10-15 minutes\n\nDuration: ____\n- Duration: 5 minutes\n"));
        let spans: Vec<_> = found.iter().map(|d| (d.line, d.least.as_secs(), d.most.as_secs())).collect();
        assert_eq!(spans, [(2, 600, 900)]);
    }
}
