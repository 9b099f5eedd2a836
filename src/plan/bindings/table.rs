//! A TOML table that is asked for its keys, and complains of those nobody asked for.

use super::{At, Observe};
use crate::order;
use crate::plan::suggest;
use crate::text::{Millis, Unit, duration};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Complaints, in no order.
#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) list: Vec<Problem>,
}

#[derive(Debug)]
pub(super) struct Problem {
    pub(super) span: Option<Range<usize>>,
    pub(super) message: String,
    pub(super) help: Option<String>,
}

pub(super) type Root<'i> = Spanned<DeTable<'i>>;

/// Parses as much as can be parsed; the rest is complained of.
pub(super) fn parse<'i>(text: &'i str, problems: &mut Problems) -> Option<Root<'i>> {
    let known = problems.list.len();
    let root = parse_all(text, problems);
    // What a broken text seems to say is no ground for further complaints.
    (problems.list.len() == known).then_some(root)
}

/// Parses what can be parsed, of a broken text too.
pub(super) fn parse_all<'i>(text: &'i str, problems: &mut Problems) -> Root<'i> {
    let (root, errors) = DeTable::parse_recoverable(text);
    if let Some(first) = first_box(text).filter(|_| !errors.is_empty()) {
        // One line of it is no nearer to TOML than another.
        problems.list.push(Problem {
            span: Some(first),
            message: "a checklist, where bindings are expected".to_owned(),
            help: Some("bindings are TOML: `warroom init CHECKLIST` writes a file to fill in".to_owned()),
        });
        return root;
    }
    problems.list.extend(errors.into_iter().map(|error| Problem {
        span: error.span(),
        message: format!("not TOML: {}", error.message()),
        help: None,
    }));
    root
}

/// The first box to tick: no TOML has one at the beginning of a line, but for a text of several lines.
fn first_box(text: &str) -> Option<Range<usize>> {
    let (mut from, mut is_inside) = (0, false);
    text.split_inclusive('\n').find_map(|line| {
        let at = from..from + line.trim_end().len();
        from += line.len();
        is_inside ^= (line.matches("\"\"\"").count() + line.matches("'''").count()) % 2 == 1;
        let item = line.trim_start().strip_prefix(['-', '*', '+']).unwrap_or_default();
        (!is_inside && ["[ ] ", "[x] ", "[X] "].iter().any(|mark| item.trim_start().starts_with(mark))).then_some(at)
    })
}

/// One table, with the keys that have been asked for.
#[derive(Debug)]
pub(super) struct Table<'a, 'p> {
    entries: &'a DeTable<'a>,
    /// How the table is written: `metric."error rate"`.
    path: String,
    span: Range<usize>,
    asked: Vec<String>,
    problems: &'p mut Problems,
}

impl<'a, 'p> Table<'a, 'p> {
    pub(super) fn root(root: &'a Root<'a>, problems: &'p mut Problems) -> Self {
        Self { entries: root.get_ref(), path: String::new(), span: root.span(), asked: Vec::new(), problems }
    }

    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    pub(super) fn complain(&mut self, span: &Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.problems.list.push(Problem { span: Some(span.clone()), message: message.into(), help });
    }

    fn get(&mut self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key.to_owned());
        self.entries.get(key)
    }

    /// A value of one type; anything else under the key is complained of.
    fn value<T>(&mut self, key: &str, expected: &str, read: impl Fn(&'a DeValue<'a>) -> Option<T>) -> Option<At<T>> {
        let found = self.get(key)?;
        let value = read(found.get_ref());
        if value.is_none() {
            self.complain(&found.span(), format!("`{key}` must be {expected}"), None);
        }
        value.map(|value| At { value, span: found.span() })
    }

    /// What a key must have; its absence is complained of at the table.
    pub(super) fn required<T>(&mut self, key: &str, read: impl FnOnce(&mut Self, &str) -> Option<T>) -> Option<T> {
        let value = read(self, key);
        if !self.entries.contains_key(key) {
            let (span, message) = (self.span(), format!("[{}] needs `{key}`", self.path));
            self.complain(&span, message, None);
        }
        value
    }

    pub(super) fn text(&mut self, key: &str) -> Option<At<String>> {
        self.value(key, "a text in quotes", |value| value.as_str().map(str::to_owned))
    }

    pub(super) fn flag(&mut self, key: &str) -> Option<bool> {
        self.value(key, "true or false", DeValue::as_bool).map(|at| at.value)
    }

    pub(super) fn number(&mut self, key: &str) -> Option<f64> {
        self.value(key, "a number that is not negative", |value| figure(value).filter(|n| *n >= 0.0)).map(|at| at.value)
    }

    pub(super) fn percent(&mut self, key: &str) -> Option<f64> {
        self.value(key, "a number from 0 to 100", |value| figure(value).filter(|n| (0.0..=100.0).contains(n)))
            .map(|at| at.value)
    }

    pub(super) fn count(&mut self, key: &str) -> Option<u32> {
        let whole =
            |value: &DeValue<'_>| value.as_integer().and_then(|n| u32::from_str_radix(n.as_str(), n.radix()).ok());
        self.value(key, "a whole number", whole).map(|at| at.value)
    }

    pub(super) fn texts(&mut self, key: &str) -> Vec<At<String>> {
        let list = self.value(key, "a list of texts", |value| value.as_array());
        let Some(list) = list else { return Vec::new() };
        let texts = list.value.iter().map(|item| (item.get_ref().as_str().map(str::to_owned), item.span()));
        let (texts, wrong): (Vec<_>, Vec<_>) = texts.partition(|(text, _)| text.is_some());
        for (_, span) in wrong {
            self.complain(&span, format!("`{key}` holds texts in quotes only"), None);
        }
        texts.into_iter().filter_map(|(value, span)| Some(At { value: value?, span })).collect()
    }

    pub(super) fn text_or_texts(&mut self, key: &str) -> Option<Vec<At<String>>> {
        let is_text = self.entries.get(key)?.get_ref().is_str();
        if is_text { self.text(key).map(|text| vec![text]) } else { Some(self.texts(key)) }
    }

    pub(super) fn duration(&mut self, key: &str) -> Option<Millis> {
        let expected = "a time in quotes, such as \"30s\" or \"10m\"";
        let text = self.value(key, expected, |value| value.as_str().map(str::to_owned))?;
        match duration::parse(&text.value) {
            Ok(span) => Some(span),
            Err(message) => {
                self.complain(&text.span, format!("`{key}`: {message}"), None);
                None
            }
        }
    }

    /// `true`, `false`, or a span of time.
    pub(super) fn observe(&mut self, key: &str) -> Option<Observe> {
        let expected = "true, false or a time such as \"4h\"";
        let read = |value: &DeValue<'_>| match value.as_bool() {
            Some(said) => Some(Observe::Said(said)),
            None => value.as_str().and_then(|text| duration::parse(text).ok()).map(Observe::For),
        };
        self.value(key, expected, read).map(|at| at.value)
    }

    pub(super) fn unit(&mut self, key: &str) -> Option<At<Unit>> {
        let text = self.text(key)?;
        let unit = Unit::parse(&text.value);
        if unit.is_none() {
            let (message, help) = (format!("unknown unit \"{}\"", text.value), format!("units are {}", Unit::WORDS));
            self.complain(&text.span, message, Some(help));
        }
        unit.map(|value| At { value, span: text.span })
    }

    /// One of a few words.
    pub(super) fn word<T: Copy>(&mut self, key: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(key)?;
        let found = words.iter().find(|(word, _)| *word == text.value).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            let help = format!("`{key}` is one of \"{}\"", known.join("\", \""));
            self.complain(&text.span, format!("`{key}` cannot be \"{}\"", text.value), Some(help));
        }
        found
    }

    /// An `http://` or `https://` address without user and password.
    pub(super) fn url(&mut self, key: &str) -> Option<String> {
        let text = self.text(key)?;
        self.checked_url(&text)
    }

    pub(super) fn urls(&mut self, key: &str) -> Option<Vec<String>> {
        let texts = self.texts(key);
        let urls: Vec<_> = texts.iter().filter_map(|text| self.checked_url(text)).collect();
        if texts.is_empty() && self.entries.contains_key(key) {
            let span = self.span();
            self.complain(&span, format!("`{key}` must not be empty"), None);
        }
        (!urls.is_empty()).then_some(urls)
    }

    fn checked_url(&mut self, text: &At<String>) -> Option<String> {
        let Some((scheme, rest)) =
            text.value.split_once("://").filter(|(scheme, _)| matches!(*scheme, "http" | "https"))
        else {
            self.complain(&text.span, "not an address that starts with http:// or https://", None);
            return None;
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        if host.contains('@') {
            let help = "whatever stands in the bindings is recorded with the session".to_owned();
            self.complain(&text.span, "a user or password must not stand in an address", Some(help));
            return None;
        }
        if host.is_empty() || text.value.contains(char::is_whitespace) {
            self.complain(&text.span, "not an address: the host is missing", None);
            return None;
        }
        Some(format!("{scheme}://{}", rest.trim_end_matches('/')))
    }

    /// A table of texts; numbers are taken as written.
    pub(super) fn strings(&mut self, key: &str) -> BTreeMap<String, String> {
        let mut strings = BTreeMap::new();
        self.inner(key, |table| {
            for name in table.keys() {
                let text = table.value(&name, "a text in quotes or a number", |value| match value {
                    DeValue::String(text) => Some(text.to_string()),
                    DeValue::Integer(number) => Some(number.to_string()),
                    DeValue::Float(number) => Some(number.to_string()),
                    _ => None,
                });
                strings.extend(text.map(|text| (name, text.value)));
            }
        });
        strings
    }

    /// A table of JSON pointers with the value each must have.
    pub(super) fn json(&mut self, key: &str) -> Vec<(String, serde_json::Value)> {
        let mut wanted = Vec::new();
        self.inner(key, |table| {
            for pointer in table.keys() {
                let value = table.value(&pointer, "a text, a number, true or false", json_of);
                let Some(value) = value else { continue };
                if pointer.starts_with('/') || pointer.is_empty() {
                    wanted.push((pointer, value.value));
                } else {
                    let help = Some(format!("write \"/{}\"", pointer.replace('.', "/")));
                    table.complain(&value.span, format!("\"{pointer}\" is no JSON pointer"), help);
                }
            }
        });
        wanted
    }

    /// Visits every key of the table `[key]`, in the order of the text.
    pub(super) fn entries(&mut self, key: &str, mut visit: impl FnMut(At<String>, &mut Table<'_, '_>)) {
        self.inner(key, |table| {
            for name in table.keys() {
                let span = table.entries.get_key_value(name.as_str()).map_or(0..0, |(key, _)| key.span());
                visit(At { value: name, span }, table);
            }
        });
    }

    /// Says whether a text stands under the key.
    pub(super) fn is_text(&self, key: &str) -> bool {
        self.entries.get(key).is_some_and(|found| found.get_ref().is_str())
    }

    /// All tables `[key.NAME]`, in the order of the text.
    pub(super) fn tables<T>(
        &mut self,
        key: &str,
        read: impl Fn(At<String>, &mut Table<'_, '_>) -> Option<T>,
    ) -> Vec<T> {
        let mut found = Vec::new();
        self.inner(key, |outer| {
            for name in outer.keys() {
                let span = outer.entries.get_key_value(name.as_str()).map_or(0..0, |(key, _)| key.span());
                outer.inner(&name, |table| found.extend(read(At { value: name.clone(), span }, table)));
            }
        });
        found
    }

    /// The table `[key]`, if there is one.
    pub(super) fn table<T>(&mut self, key: &str, read: impl FnOnce(&mut Table<'_, '_>) -> Option<T>) -> Option<T> {
        let mut found = None;
        self.inner(key, |table| found = read(table));
        found
    }

    /// All tables `[[key]]`.
    pub(super) fn array_of_tables<T>(&mut self, key: &str, read: impl Fn(&mut Table<'_, '_>) -> Option<T>) -> Vec<T> {
        let Some(list) = self.value(key, "written as [[…]]", |value| value.as_array()) else { return Vec::new() };
        let mut found = Vec::new();
        for item in list.value {
            match item.get_ref().as_table() {
                Some(table) => found.extend(self.within(key.to_owned(), table, item.span(), |table| read(table))),
                None => self.complain(&item.span(), format!("`{key}` must be written as [[{key}]]"), None),
            }
        }
        found
    }

    /// Refuses a key that is known and not served, so that nobody relies on it.
    pub(super) fn refuse(&mut self, key: &str, why: &str) {
        if let Some(found) = self.get(key) {
            let help = Some("remove it, or what it guards is believed to be guarded".to_owned());
            self.complain(&found.span(), format!("[{key}] {why}"), help);
        }
    }

    /// Complains of the keys that nobody asked for.
    pub(super) fn finish(self) {
        let unknown =
            self.entries.iter().filter(|(key, _)| !self.asked.iter().any(|asked| asked.as_str() == key.get_ref()));
        for (key, _) in unknown {
            let place = if self.path.is_empty() { String::new() } else { format!(" in [{}]", self.path) };
            let help = suggest::closest(key.get_ref(), self.asked.iter().map(String::as_str))
                .map(|known| format!("did you mean `{known}`?"))
                .or_else(|| Some(format!("known here: {}", self.asked.join(", "))));
            self.problems.list.push(Problem {
                span: Some(key.span()),
                message: format!("unknown key `{}`{place}", key.get_ref()),
                help,
            });
        }
    }

    /// The keys in the order of the text.
    fn keys(&self) -> Vec<String> {
        let mut keys: Vec<_> = self.entries.keys().collect();
        order::by_key(&mut keys, |key| key.span().start);
        keys.into_iter().map(|key| key.get_ref().to_string()).collect()
    }

    fn inner(&mut self, key: &str, read: impl FnOnce(&mut Table<'_, '_>)) {
        let Some(found) = self.value(key, "a table", |value| value.as_table()) else { return };
        let name = if key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-') {
            key.to_owned()
        } else {
            format!("\"{key}\"")
        };
        let path = if self.path.is_empty() { name } else { format!("{}.{name}", self.path) };
        let span = self.entries.get_key_value(key).map_or(found.span, |(key, _)| key.span());
        self.within(path, found.value, span, read);
    }

    fn within<T>(
        &mut self,
        path: String,
        table: &DeTable<'_>,
        span: Range<usize>,
        read: impl FnOnce(&mut Table<'_, '_>) -> T,
    ) -> T {
        let mut inner = Table { entries: table, path, span, asked: Vec::new(), problems: &mut *self.problems };
        let found = read(&mut inner);
        inner.finish();
        found
    }
}

fn figure(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
        DeValue::Float(number) => number.as_str().parse().ok().filter(|number: &f64| number.is_finite()),
        _ => None,
    }
}

fn json_of(value: &DeValue<'_>) -> Option<serde_json::Value> {
    match value {
        DeValue::String(text) => Some(text.to_string().into()),
        DeValue::Boolean(flag) => Some((*flag).into()),
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(Into::into),
        DeValue::Float(_) => figure(value).map(Into::into),
        _ => None,
    }
}
