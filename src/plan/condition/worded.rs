//! Comparisons in words: `at most 5 %`, `unter 1 %`, `menos de 200 ms`.
//!
//! They mean a limit often, and often something else: they are suggestions that a binding turns on.

use super::figure::{self, Figure};
use crate::plan::limit::Op;
use crate::plan::tokens::Token;
use crate::text::Unit;

type Phrases = &'static [(&'static [&'static str], Op)];

/// What may stand before a figure.
const ENGLISH: Phrases = &[
    (&["below"], Op::Below),
    (&["under"], Op::Below),
    (&["less", "than"], Op::Below),
    (&["above"], Op::Above),
    (&["over"], Op::Above),
    (&["exceeds"], Op::Above),
    (&["exceed"], Op::Above),
    (&["exceeding"], Op::Above),
    (&["greater", "than"], Op::Above),
    (&["more", "than"], Op::Above),
    (&["higher", "than"], Op::Above),
    (&["max"], Op::AtMost),
    (&["maximum"], Op::AtMost),
    (&["at", "most"], Op::AtMost),
    (&["no", "more", "than"], Op::AtMost),
    (&["no", "greater", "than"], Op::AtMost),
    (&["no", "higher", "than"], Op::AtMost),
    (&["not", "more", "than"], Op::AtMost),
    (&["not", "higher", "than"], Op::AtMost),
    (&["min"], Op::AtLeast),
    (&["minimum"], Op::AtLeast),
    (&["at", "least"], Op::AtLeast),
    (&["no", "less", "than"], Op::AtLeast),
    (&["no", "lower", "than"], Op::AtLeast),
    (&["no", "fewer", "than"], Op::AtLeast),
    (&["not", "less", "than"], Op::AtLeast),
    (&["not", "lower", "than"], Op::AtLeast),
];

/// The same in German, French, Spanish and Portuguese.
const ABROAD: Phrases = &[
    (&["unter"], Op::Below),
    (&["weniger", "als"], Op::Below),
    (&["kleiner", "als"], Op::Below),
    (&["über"], Op::Above),
    (&["Über"], Op::Above),
    (&["mehr", "als"], Op::Above),
    (&["größer", "als"], Op::Above),
    (&["höchstens"], Op::AtMost),
    (&["maximal"], Op::AtMost),
    (&["mindestens"], Op::AtLeast),
    (&["moins", "de"], Op::Below),
    (&["inférieur", "à"], Op::Below),
    (&["inférieure", "à"], Op::Below),
    (&["inférieurs", "à"], Op::Below),
    (&["plus", "de"], Op::Above),
    (&["supérieur", "à"], Op::Above),
    (&["supérieure", "à"], Op::Above),
    (&["supérieurs", "à"], Op::Above),
    (&["au", "plus"], Op::AtMost),
    (&["au", "maximum"], Op::AtMost),
    (&["au", "moins"], Op::AtLeast),
    (&["au", "minimum"], Op::AtLeast),
    (&["menos", "de"], Op::Below),
    (&["menos", "del"], Op::Below),
    (&["menor", "que"], Op::Below),
    (&["inferior", "a"], Op::Below),
    (&["inferior", "al"], Op::Below),
    (&["por", "debajo", "de"], Op::Below),
    (&["por", "debajo", "del"], Op::Below),
    (&["abaixo", "de"], Op::Below),
    (&["más", "de"], Op::Above),
    (&["más", "del"], Op::Above),
    (&["mais", "de"], Op::Above),
    (&["mayor", "que"], Op::Above),
    (&["maior", "que"], Op::Above),
    (&["superior", "a"], Op::Above),
    (&["superior", "al"], Op::Above),
    (&["por", "encima", "de"], Op::Above),
    (&["por", "encima", "del"], Op::Above),
    (&["acima", "de"], Op::Above),
    (&["como", "máximo"], Op::AtMost),
    (&["no", "máximo"], Op::AtMost),
    (&["como", "mínimo"], Op::AtLeast),
    (&["al", "menos"], Op::AtLeast),
    (&["pelo", "menos"], Op::AtLeast),
    (&["no", "mínimo"], Op::AtLeast),
];

/// Words of the longest of them.
const LONGEST: usize = 3;

/// What turns a comparison round, wherever it stands before it.
const NEGATIONS: &[&str] = &[
    "nicht",
    "kein",
    "keine",
    "keinen",
    "nie",
    "niemals",
    "keinesfalls",
    "ohne",
    "pas",
    "jamais",
    "ne",
    "sans",
    "não",
    "nunca",
    "nem",
    "sem",
    "no",
    "jamás",
    "ni",
    "sin",
];

/// The comparison that the words at a place mean, with its figure.
pub(super) fn read(tokens: &[Token<'_>], at: usize) -> Option<(Op, Figure)> {
    let rest = tokens.get(at..)?;
    rest.first()?.word()?;
    // Most words of most lines stand far from a figure.
    rest.iter().skip(1).take(LONGEST).find(|token| token.number().is_some())?;
    let behind = |phrases: Phrases| {
        let stands =
            |words: &[&str]| words.len() < rest.len() && words.iter().zip(rest).all(|(word, own)| own.is_word(word));
        let (words, op) = phrases.iter().find(|(words, _)| stands(words))?;
        let figure = figure::read(tokens, at + words.len())?;
        (figure.unit != Unit::Count && figure.high.is_none()).then_some((*op, figure))
    };
    behind(ENGLISH).or_else(|| behind(ABROAD).filter(|(_, figure)| is_sure(tokens, at, figure)))
}

/// Says whether words of another language mean a limit: `nicht unter 99 %` would be its opposite, and a time in
/// minutes is how long somebody watches, or has time.
fn is_sure(tokens: &[Token<'_>], at: usize, figure: &Figure) -> bool {
    let is_negated = || {
        let before = tokens.get(..at).unwrap_or_default();
        before.iter().any(|token| NEGATIONS.iter().any(|word| token.is_word(word)))
    };
    matches!(figure.unit, Unit::Percent | Unit::Millis | Unit::Tps) && !is_negated()
}

#[cfg(test)]
mod tests {
    use super::super::{Certainty, read};
    use super::*;

    fn shown(line: &str) -> Vec<(String, String, Certainty)> {
        read(line).into_iter().map(|c| (c.metric, c.limit.to_string(), c.certainty)).collect()
    }

    #[test]
    fn a_limit_in_words_is_a_suggestion_in_five_languages() {
        for (line, metric, limit) in [
            ("Error rate below 1%", "error rate", "< 1 %"),
            ("Queue wait no more than 300 ms", "queue wait", "<= 300 ms"),
            ("Availability no lower than 99%", "availability", ">= 99 %"),
            ("Fehlerrate unter 1 %", "fehlerrate", "< 1 %"),
            ("Auslastung höchstens 80 %", "auslastung", "<= 80 %"),
            ("Taux d'erreur inférieur à 1 %", "taux d'erreur", "< 1 %"),
            ("Disponibilité au moins 99,9 %", "disponibilité", ">= 99.9 %"),
            ("Latencia menos de 200 ms", "latencia", "< 200 ms"),
            ("Uso de CPU por debajo del 80%", "uso de cpu", "< 80 %"),
            ("Taxa de erro abaixo de 1%", "taxa de erro", "< 1 %"),
            ("Disponibilidade no mínimo 99%", "disponibilidade", ">= 99 %"),
        ] {
            assert_eq!(shown(line), [(metric.to_owned(), limit.to_owned(), Certainty::Worded)], "{line}");
        }
    }

    #[test]
    fn what_is_negated_or_a_time_abroad_is_no_limit() {
        for line in [
            "Verfügbarkeit nicht unter 99 %",
            "Verfügbarkeit niemals unter 99 %",
            "Fehlerrate darf nicht größer als 1 % sein",
            "La latence ne doit pas être supérieure à 200 ms",
            "Latencia no superior a 200 ms",
            "A latência não deve ser superior a 200 ms",
            "Mindestens 30 Minuten beobachten",
            "Surveiller pendant au moins 10 minutes",
            "Monitorar por pelo menos 15 minutos",
            "Retour arrière en moins de 10 minutes",
        ] {
            assert!(shown(line).is_empty(), "{line}: {:?}", shown(line));
        }
    }

    #[test]
    fn how_long_a_signed_limit_must_hold_may_be_said_in_words() {
        let found = read("Fehlerrate > 5 % für mehr als 5 Minuten");
        let found: Vec<_> =
            found.iter().map(|c| (c.metric.as_str(), c.hold.map(crate::text::Millis::as_secs))).collect();
        assert_eq!(found, [("fehlerrate", Some(300))]);
    }

    #[test]
    fn no_phrase_is_longer_than_it_is_looked_for() {
        assert_eq!(ENGLISH.iter().chain(ABROAD).map(|(words, _)| words.len()).max(), Some(LONGEST));
    }
}
