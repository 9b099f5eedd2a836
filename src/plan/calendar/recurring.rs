//! `Check the board every 30 minutes first 2 hours`.

use super::Recurring;
use crate::plan::checklist::Checklist;
use crate::plan::markdown::{Entry, Kind};
use crate::plan::tokens::{self, Token};
use crate::plan::words::{self, List};
use crate::text::Millis;

/// The checks of a checklist that come back.
pub(in crate::plan) fn read(list: &Checklist) -> Vec<Recurring> {
    let lines = list.having(List::Look).filter(|(_, entry)| is_watched(entry));
    lines
        .filter_map(|(at, entry)| {
            let (every, span) = rhythm(&entry.text)?;
            Some(Recurring { line: entry.line, text: entry.text.clone(), item: list.item(at), every, span })
        })
        .collect()
}

/// A line that says what people do, not how a machine is set up.
fn is_watched(entry: &Entry) -> bool {
    let can_ask = matches!(entry.kind, Kind::Item { .. } | Kind::Paragraph);
    can_ask && !words::is_machine(entry.key())
}

/// How often, and for how long.
fn rhythm(line: &str) -> Option<(Millis, Option<Millis>)> {
    let tokens = tokens::cut(line);
    let (every, end) = (0..tokens.len()).find_map(|at| every(&tokens, at))?;
    let mut rest = tokens::spans(tokens.get(end..)?).into_iter();
    let begins = |at: usize| end.checked_add(at)?.checked_sub(1).and_then(|before| tokens.get(before));
    let is_span = |token: &Token<'_>| {
        ["first", "next", "for", "during", "over", "the", "pendant", "durante", "während", "pelas", "por"]
            .iter()
            .any(|word| token.is_word(word))
    };
    let span = rest.find(|span| begins(span.at.start).is_some_and(is_span)).map(|span| span.low);
    Some((every, span))
}

/// `every 30 minutes`, `every hour`, `hourly`: the span and the place behind it.
fn every(tokens: &[Token<'_>], at: usize) -> Option<(Millis, usize)> {
    let here = tokens[at].word()?.to_lowercase();
    match here.as_str() {
        "hourly" => return Some((Millis::from_mins(60), at + 1)),
        "daily" => return Some((Millis::from_mins(24 * 60), at + 1)),
        "weekly" => return Some((Millis::from_mins(7 * 24 * 60), at + 1)),
        "every" | "each" | "cada" | "alle" | "jede" => {}
        "les" if at > 0 && tokens[at - 1].is_word("toutes") => {}
        _ => return None,
    }
    if let Some(timed) = tokens::timed(tokens, at + 1) {
        return Some(timed);
    }
    let minutes = match tokens.get(at + 1)?.word()?.to_lowercase().as_str() {
        "minute" => 1,
        "hour" | "hora" | "heure" | "stunde" => 60,
        "day" | "dia" | "día" | "jour" | "tag" => 24 * 60,
        _ => return None,
    };
    Some((Millis::from_mins(minutes), at + 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rhythms_are_read_as_people_say_them() {
        for (line, every, span) in [
            ("Look at the board every 30 minutes first 2 hours", 1_800, Some(7_200)),
            ("Check the queue every 5 min for 1 hour", 300, Some(3_600)),
            ("Status update every hour", 3_600, None),
            ("Review the logs hourly for the next 6 hours", 3_600, Some(21_600)),
            ("Daily health checks", 86_400, None),
            ("Verificar métricas a cada 15 minutos durante 2 horas", 900, Some(7_200)),
            ("Vérifier les métriques toutes les 10 minutes", 600, None),
            ("Fehlerrate prüfen alle 20 Minuten", 1_200, None),
        ] {
            let found = read(&Checklist::read(&format!("- [ ] {line}\n")));
            let found: Vec<_> = found.iter().map(|r| (r.every.as_secs(), r.span.map(Millis::as_secs))).collect();
            assert_eq!(found, [(every, span)], "{line}");
        }
    }

    #[test]
    fn what_machines_do_is_no_check() {
        for line in [
            "Backups every 6 hours verified",
            "Prometheus scrapes every 15 seconds",
            "Check each region",
            "Keys rotated daily",
        ] {
            assert!(read(&Checklist::read(&format!("- [ ] {line}\n"))).is_empty(), "{line}");
        }
    }
}
