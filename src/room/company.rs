//! Who is at a session, and what this seat is to it.

use serde::{Deserialize, Serialize};

/// Everybody who is here, as far as this seat knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Company {
    pub post: Post,
    pub people: People,
}

/// What a seat is to a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Post {
    /// This process polls, decides and records.
    #[default]
    Holds,
    /// Another process does, and this one asks it.
    Joined,
    /// It looks on and sends nothing.
    Watches,
    /// It follows, and nobody answers it.
    Alone { why: String },
}

/// The seats of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    /// Who may act, the holder first. A seat that nobody has named is an empty name.
    pub here: Vec<String>,
    /// So many seats only watch.
    pub watching: usize,
}

impl People {
    /// Says who is here where that is not one person alone: `Ana, Ben, 2 watch`.
    #[must_use]
    pub fn say(&self) -> Option<String> {
        if self.here.len() < 2 && self.watching == 0 {
            return None;
        }
        let name = |name: &String| if name.is_empty() { "somebody".to_owned() } else { name.clone() };
        let mut parts: Vec<String> = self.here.iter().map(name).collect();
        match self.watching {
            0 => {}
            1 => parts.push("1 watches".to_owned()),
            count => parts.push(format!("{count} watch")),
        }
        Some(parts.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_alone_is_not_worth_a_word() {
        let people =
            |here: &[&str], watching| People { here: here.iter().map(ToString::to_string).collect(), watching };
        assert_eq!(people(&["Ana"], 0).say(), None);
        assert_eq!(people(&["Ana", ""], 0).say().as_deref(), Some("Ana, somebody"));
        assert_eq!(people(&["Ana", "Ben"], 2).say().as_deref(), Some("Ana, Ben, 2 watch"));
        assert_eq!(people(&["Ana"], 1).say().as_deref(), Some("Ana, 1 watches"));
    }
}
