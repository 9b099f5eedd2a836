//! Did you mean …?

/// The known word that a wrong one most likely stands for; none where nothing is near.
pub(super) fn closest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = wrong.to_lowercase();
    let scored = known.into_iter().map(|word| (strsim::jaro_winkler(&wrong, &word.to_lowercase()), word));
    scored.filter(|(score, _)| *score > 0.8).max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, word)| word)
}

/// The same as a sentence.
pub(super) fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(wrong, known).map(|word| format!("did you mean \"{word}\"?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_near_is_suggested() {
        assert_eq!(closest("qurey", ["query", "unit"]), Some("query"));
        assert_eq!(closest("zebra", ["query", "unit"]), None);
    }
}
