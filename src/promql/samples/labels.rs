//! What tells one series from another.

use super::Target;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// The label that holds the metric's name.
pub(in crate::promql) const NAME: &str = "__name__";

/// The labels of a series, sorted by name, each once and none empty; the metric's name is one of them.
///
/// Cheap to clone and to rob of its name: a query does both to every series it reads.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    pairs: Arc<[(Arc<str>, Arc<str>)]>,
    nameless: bool,
}

impl Labels {
    /// The value of a label; empty where there is none, as matchers see it.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        if self.nameless && name == NAME {
            return "";
        }
        self.pairs.binary_search_by(|(key, _)| (**key).cmp(name)).ok().map_or("", |at| &*self.pairs[at].1)
    }

    /// The metric's name; empty for what was computed.
    #[must_use]
    pub fn name(&self) -> &str {
        self.get(NAME)
    }

    /// Names and values, the metric's name among them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs().map(|(name, value)| (&**name, &**value))
    }

    fn pairs(&self) -> impl Iterator<Item = &(Arc<str>, Arc<str>)> {
        self.pairs.iter().filter(|(name, _)| !(self.nameless && **name == *NAME))
    }

    /// These labels without the metric's name.
    #[must_use]
    pub fn unnamed(self) -> Self {
        Self { nameless: true, ..self }
    }

    /// Those labels of which the name passes.
    #[must_use]
    pub fn keep(&self, passes: impl Fn(&str) -> bool) -> Self {
        self.pairs().filter(|(name, _)| passes(name)).cloned().collect()
    }

    /// Sets a label, or takes it away if the value is empty.
    pub fn set(&mut self, name: &str, value: &str) {
        let mut pairs: Vec<(Arc<str>, Arc<str>)> = self.pairs().cloned().collect();
        match pairs.binary_search_by(|(key, _)| (**key).cmp(name)) {
            Ok(at) if value.is_empty() => drop(pairs.remove(at)),
            Ok(at) => pairs[at].1 = value.into(),
            Err(_) if value.is_empty() => {}
            Err(at) => pairs.insert(at, (name.into(), value.into())),
        }
        *self = pairs.into_iter().collect();
    }

    /// The labels of a series that a target showed, sorted. Where it has a `job` or `instance` of its
    /// own, that one is called `exported_job`, as Prometheus does.
    pub(super) fn scraped(target: &Target, name: &str, mut shown: Vec<(String, String)>) -> Self {
        shown.retain(|(_, value)| !value.is_empty());
        for (label, value) in [("job", &target.job), ("instance", &target.instance)] {
            if let Some(own) = shown.iter().position(|(key, _)| key == label) {
                let mut renamed = format!("exported_{label}");
                while shown.iter().any(|(key, _)| *key == renamed) {
                    renamed = format!("exported_{renamed}");
                }
                shown[own].0 = renamed;
            }
            shown.push((label.to_owned(), value.clone()));
        }
        shown.push((NAME.to_owned(), name.to_owned()));
        shown.retain(|(_, value)| !value.is_empty());
        shown.sort_unstable();
        shown.into_iter().map(|(name, value)| (Arc::from(name), Arc::from(value))).collect()
    }

    /// What tells these from all others that were pooled, as long as they live.
    pub(super) fn id(&self) -> usize {
        self.pairs.as_ptr().addr()
    }

    /// The same labels, their texts shared with all others that were pooled.
    pub(super) fn pooled(&self, pool: &mut BTreeSet<Arc<str>>) -> Self {
        let mut shared = |text: &Arc<str>| {
            if let Some(known) = pool.get(text) {
                return Arc::clone(known);
            }
            pool.insert(Arc::clone(text));
            Arc::clone(text)
        };
        self.pairs().map(|(name, value)| (shared(name), shared(value))).collect()
    }
}

/// From pairs that are sorted.
impl FromIterator<(Arc<str>, Arc<str>)> for Labels {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Arc<str>)>>(pairs: I) -> Self {
        Self { pairs: pairs.into_iter().collect(), nameless: false }
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

impl PartialEq for Labels {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Labels {}

impl PartialOrd for Labels {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Labels {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.pairs, &other.pairs) && self.nameless == other.nameless {
            return Ordering::Equal;
        }
        self.iter().cmp(other.iter())
    }
}

impl Hash for Labels {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.iter().for_each(|pair| pair.hash(state));
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
