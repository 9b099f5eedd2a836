//! Comparisons in words: `at most 5 %`, `unter 1 %`, `menos de 200 ms`.
//!
//! They mean a limit often, and often something else: they are suggestions that a binding turns on.

use crate::plan::limit::Op;
use crate::plan::tokens::Token;

/// What may stand before a figure.
const PHRASES: &[(&[&str], Op)] = &[
    (&["below"], Op::Below),
    (&["under"], Op::Below),
    (&["less", "than"], Op::Below),
    (&["lower", "than"], Op::Below),
    (&["fewer", "than"], Op::Below),
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
    (&["not", "more", "than"], Op::AtMost),
    (&["no", "higher", "than"], Op::AtMost),
    (&["min"], Op::AtLeast),
    (&["minimum"], Op::AtLeast),
    (&["at", "least"], Op::AtLeast),
    (&["no", "less", "than"], Op::AtLeast),
    (&["not", "less", "than"], Op::AtLeast),
    // German.
    (&["unter"], Op::Below),
    (&["unterhalb", "von"], Op::Below),
    (&["weniger", "als"], Op::Below),
    (&["kleiner", "als"], Op::Below),
    (&["über"], Op::Above),
    (&["oberhalb", "von"], Op::Above),
    (&["mehr", "als"], Op::Above),
    (&["größer", "als"], Op::Above),
    (&["höchstens"], Op::AtMost),
    (&["maximal"], Op::AtMost),
    (&["nicht", "mehr", "als"], Op::AtMost),
    (&["mindestens"], Op::AtLeast),
    (&["nicht", "weniger", "als"], Op::AtLeast),
    (&["minimal"], Op::AtLeast),
    // French.
    (&["moins", "de"], Op::Below),
    (&["inférieur", "à"], Op::Below),
    (&["inférieure", "à"], Op::Below),
    (&["sous"], Op::Below),
    (&["plus", "de"], Op::Above),
    (&["supérieur", "à"], Op::Above),
    (&["supérieure", "à"], Op::Above),
    (&["au", "plus"], Op::AtMost),
    (&["au", "maximum"], Op::AtMost),
    (&["pas", "plus", "de"], Op::AtMost),
    (&["au", "moins"], Op::AtLeast),
    (&["au", "minimum"], Op::AtLeast),
    (&["pas", "moins", "de"], Op::AtLeast),
    // Spanish and Portuguese.
    (&["menos", "de"], Op::Below),
    (&["menor", "que"], Op::Below),
    (&["inferior", "a"], Op::Below),
    (&["por", "debajo", "de"], Op::Below),
    (&["abaixo", "de"], Op::Below),
    (&["más", "de"], Op::Above),
    (&["mais", "de"], Op::Above),
    (&["mayor", "que"], Op::Above),
    (&["maior", "que"], Op::Above),
    (&["superior", "a"], Op::Above),
    (&["por", "encima", "de"], Op::Above),
    (&["acima", "de"], Op::Above),
    (&["no", "más", "de"], Op::AtMost),
    (&["não", "mais", "de"], Op::AtMost),
    (&["como", "máximo"], Op::AtMost),
    (&["no", "máximo"], Op::AtMost),
    (&["no", "menos", "de"], Op::AtLeast),
    (&["não", "menos", "de"], Op::AtLeast),
    (&["como", "mínimo"], Op::AtLeast),
    (&["al", "menos"], Op::AtLeast),
    (&["pelo", "menos"], Op::AtLeast),
    (&["no", "mínimo"], Op::AtLeast),
];

/// Words of the longest of them.
const LONGEST: usize = 3;

/// The comparison that the words at a place mean, and the place behind them.
pub(super) fn operator(tokens: &[Token<'_>], at: usize) -> Option<(Op, usize)> {
    let rest = tokens.get(at..)?;
    rest.first()?.word()?;
    // Most words of most lines stand far from a figure.
    rest.iter().skip(1).take(LONGEST).find(|token| token.number().is_some())?;
    let stands =
        |words: &[&str]| words.len() < rest.len() && words.iter().zip(rest).all(|(word, token)| token.is_word(word));
    PHRASES.iter().find(|(words, _)| stands(words)).map(|(words, op)| (*op, at + words.len()))
}

#[cfg(test)]
mod tests {
    use super::super::{Certainty, read};

    #[test]
    fn a_limit_in_words_is_a_suggestion_in_five_languages() {
        for (line, metric, limit) in [
            ("Error rate below 1%", "error rate", "< 1 %"),
            ("Queue wait no more than 300 ms", "queue wait", "<= 300 ms"),
            ("Fehlerrate nicht mehr als 1 %", "fehlerrate", "<= 1 %"),
            ("Fehlerrate unter 1 %", "fehlerrate", "< 1 %"),
            ("Auslastung höchstens 80 %", "auslastung", "<= 80 %"),
            ("Taux d'erreur inférieur à 1 %", "taux d'erreur", "< 1 %"),
            ("Disponibilité au moins 99,9 %", "disponibilité", ">= 99.9 %"),
            ("Latencia menos de 200 ms", "latencia", "< 200 ms"),
            ("Uso de CPU por debajo de 80%", "uso de cpu", "< 80 %"),
            ("Taxa de erro abaixo de 1%", "taxa de erro", "< 1 %"),
            ("Disponibilidade no mínimo 99%", "disponibilidade", ">= 99 %"),
        ] {
            let found = read(line);
            let found: Vec<_> = found.iter().map(|c| (c.metric.as_str(), c.limit.to_string(), c.certainty)).collect();
            assert_eq!(found, [(metric, limit.to_owned(), Certainty::Worded)], "{line}");
        }
    }
}
