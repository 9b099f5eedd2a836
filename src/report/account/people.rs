//! Who was there, and how much each of them did.

use super::Telling;
use serde::Serialize;

/// Somebody who acted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Person {
    pub name: String,
    /// Entries of the timeline.
    pub entries: usize,
}

impl Telling<'_> {
    /// Everybody who acted, in the order of their first entry. A name is the same person's, however
    /// it is typed.
    pub(super) fn people(&self) -> Vec<Person> {
        let mut people: Vec<Person> = Vec::new();
        for (event, _) in self.entries().filter(|(event, _)| !event.by.trim().is_empty()) {
            let name = event.by.trim();
            match people.iter_mut().find(|person| person.name.to_lowercase() == name.to_lowercase()) {
                Some(person) => person.entries += 1,
                None => people.push(Person { name: name.to_owned(), entries: 1 }),
            }
        }
        people
    }
}
