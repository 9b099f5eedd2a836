//! What tells one series from another.

use super::Target;
use std::fmt;

/// The label that holds the metric's name.
pub(in crate::promql) const NAME: &str = "__name__";

/// The labels of a series, sorted by name, each once and none empty; the metric's name is one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Labels(Vec<(String, String)>);

impl Labels {
    /// The value of a label; empty where there is none, as matchers see it.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.binary_search_by(|(key, _)| key.as_str().cmp(name)).ok().map_or("", |at| self.0[at].1.as_str())
    }

    /// The metric's name; empty for what was computed.
    #[must_use]
    pub fn name(&self) -> &str {
        self.get(NAME)
    }

    /// Names and values, the metric's name among them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// These labels without the metric's name.
    #[must_use]
    pub fn unnamed(mut self) -> Self {
        self.set(NAME, "");
        self
    }

    /// Those labels of which the name passes.
    #[must_use]
    pub fn keep(&self, passes: impl Fn(&str) -> bool) -> Self {
        Self(self.0.iter().filter(|(name, _)| passes(name)).cloned().collect())
    }

    /// Sets a label, or takes it away if the value is empty.
    pub fn set(&mut self, name: &str, value: &str) {
        match self.0.binary_search_by(|(key, _)| key.as_str().cmp(name)) {
            Ok(at) if value.is_empty() => {
                self.0.remove(at);
            }
            Ok(at) => value.clone_into(&mut self.0[at].1),
            Err(_) if value.is_empty() => {}
            Err(at) => self.0.insert(at, (name.to_owned(), value.to_owned())),
        }
    }

    /// The labels of a series that a target showed. Where it has a `job` or `instance` of its own,
    /// that one is called `exported_job`, as Prometheus does.
    pub(super) fn scraped(target: &Target, name: &str, shown: Vec<(String, String)>) -> Self {
        let mut labels = Self(shown.into_iter().filter(|(_, value)| !value.is_empty()).collect());
        for (label, value) in [("job", &target.job), ("instance", &target.instance)] {
            let own = labels.get(label).to_owned();
            if !own.is_empty() {
                let mut renamed = format!("exported_{label}");
                while !labels.get(&renamed).is_empty() {
                    renamed = format!("exported_{renamed}");
                }
                labels.set(&renamed, &own);
            }
            labels.set(label, value);
        }
        labels.set(NAME, name);
        labels
    }
}

impl<'a> FromIterator<(&'a str, &'a str)> for Labels {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a str)>>(pairs: I) -> Self {
        let mut labels = Self::default();
        for (name, value) in pairs {
            labels.set(name, value);
        }
        labels
    }
}

/// Shows the labels without the metric's name: `region="eu", pod="a-1"`.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, value)) in self.iter().filter(|(name, _)| *name != NAME).enumerate() {
            write!(f, "{}{name}={value:?}", if at > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}
