//! What a word of the command language is: how it is written, and what it means.

use super::{Command, NoCommand, WORDS};
use crate::session::decide::{Case, Refusal};
use crate::session::event::Fact;

/// One word of the language.
#[derive(Debug)]
pub struct Word {
    /// `start! STAGE: REASON`.
    pub usage: &'static str,
    pub what: &'static str,
    meaning: Meaning,
}

#[derive(Debug)]
enum Meaning {
    /// A command that other rooms know by its type.
    Typed(fn(&Word, &str) -> Result<Command, NoCommand>),
    /// One that is known by its word alone.
    Said { rule: Rule, by: By },
}

/// What a word makes happen with what was said after it.
pub type Rule = fn(&Case<'_>, &str) -> Result<Vec<Fact>, Refusal>;

/// Whether a word must be said by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Name,
    Anybody,
}

/// A word with what was said after it; never nothing, where its usage names something.
#[derive(Clone, Debug)]
pub struct Said {
    pub word: &'static Word,
    pub text: String,
}

impl PartialEq for Said {
    fn eq(&self, other: &Self) -> bool {
        self.word.usage == other.word.usage && self.text == other.text
    }
}

impl Said {
    /// Whether it is refused when nobody acts.
    #[must_use]
    pub fn needs_name(&self) -> bool {
        matches!(self.word.meaning, Meaning::Said { by: By::Name, .. })
    }

    /// What it makes happen.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn decide(&self, case: &Case<'_>) -> Result<Vec<Fact>, Refusal> {
        let Meaning::Said { rule, by } = self.word.meaning else { return Ok(Vec::new()) };
        if by == By::Name {
            case.named(self.word.name())?;
        }
        rule(case, &self.text)
    }
}

impl Word {
    pub(super) const fn typed(
        usage: &'static str,
        what: &'static str,
        read: fn(&Word, &str) -> Result<Command, NoCommand>,
    ) -> Self {
        Self { usage, what, meaning: Meaning::Typed(read) }
    }

    /// A word that the file it stands in decides.
    pub(in crate::session) const fn said(usage: &'static str, what: &'static str, by: By, rule: Rule) -> Self {
        Self { usage, what, meaning: Meaning::Said { rule, by } }
    }

    /// The word itself: `start!`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.usage.split_whitespace().next().unwrap_or_default()
    }

    /// What its usage names first: `STAGE`.
    #[must_use]
    pub fn object(&self) -> &'static str {
        self.usage.split(' ').nth(1).unwrap_or_default().trim_end_matches([':', '['])
    }

    /// Reads what stands after the word.
    pub(super) fn read(&'static self, rest: &str) -> Result<Command, NoCommand> {
        match self.meaning {
            Meaning::Typed(read) => read(self, rest),
            Meaning::Said { .. } if self.object().is_empty() => {
                self.nothing(rest)?;
                Ok(Command::Said(Said { word: self, text: String::new() }))
            }
            Meaning::Said { .. } => Ok(Command::Said(Said { word: self, text: self.wanted(rest)? })),
        }
    }

    /// What must stand after it.
    pub(super) fn wanted(&self, rest: &str) -> Result<String, NoCommand> {
        if rest.is_empty() {
            return Err(NoCommand { message: format!("expected \"{}\"", self.usage) });
        }
        Ok(rest.to_owned())
    }

    pub(super) fn nothing(&self, rest: &str) -> Result<(), NoCommand> {
        if rest.is_empty() {
            return Ok(());
        }
        Err(NoCommand { message: format!("\"{}\" takes nothing after it, got \"{rest}\"", self.name()) })
    }
}

/// The word of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Word> {
    WORDS.iter().copied().find(|word| word.name() == name)
}
