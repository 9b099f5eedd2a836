//! The rest of a line, eaten from the left.

/// What is still to be read of one line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

/// What a backslash before a letter that means nothing stands for in a quoted text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StrayEscape {
    Refused,
    /// Both characters stay.
    Kept,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(rest: &'a str) -> Self {
        Self { rest }
    }

    pub(super) const fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn starts_with(&self, text: &str) -> bool {
        self.rest.starts_with(text)
    }

    pub(super) fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
    }

    /// Eats a text if it stands next.
    pub(super) fn eat(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Eats everything up to a blank or the end.
    pub(super) fn word(&mut self) -> &'a str {
        self.take(self.rest.find([' ', '\t']).unwrap_or(self.rest.len()))
    }

    /// Eats everything.
    pub(super) fn remainder(&mut self) -> &'a str {
        self.take(self.rest.len())
    }

    /// Eats a metric name, `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    pub(super) fn metric_name(&mut self) -> Result<&'a str, String> {
        self.identifier(|byte| byte == b':').ok_or_else(|| self.expected("a metric name"))
    }

    /// Eats a label name, `[a-zA-Z_][a-zA-Z0-9_]*`.
    pub(super) fn label_name(&mut self) -> Result<&'a str, String> {
        self.identifier(|_| false).ok_or_else(|| self.expected("a label name"))
    }

    /// Eats a text in double quotes and undoes its escapes `\\`, `\"` and `\n`.
    pub(super) fn quoted(&mut self, stray: StrayEscape) -> Result<String, String> {
        if !self.eat("\"") {
            return Err(self.expected("a text in double quotes"));
        }
        let mut text = String::new();
        loop {
            let plain =
                self.rest.find(['"', '\\']).ok_or("expected a closing double quote, got the end of the line")?;
            text.push_str(self.take(plain));
            if self.eat("\"") {
                return Ok(text);
            }
            let before = *self;
            let escape: [&str; 3] = ["\\\\", "\\\"", "\\n"];
            match escape.into_iter().find(|escape| self.eat(escape)) {
                Some("\\n") => text.push('\n'),
                Some(escape) => text.extend(escape.chars().nth(1)),
                None if stray == StrayEscape::Kept => text.push_str(self.take(1)),
                None => return Err(before.expected(r#"one of the escapes \\, \" and \n"#)),
            }
        }
    }

    /// Says what should have stood here, and what does.
    pub(super) fn expected(&self, what: &str) -> String {
        expected(what, self.rest)
    }

    fn identifier(&mut self, also: impl Fn(u8) -> bool) -> Option<&'a str> {
        let bytes = self.rest.as_bytes();
        let within = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || also(byte);
        let length = bytes.iter().position(|&byte| !within(byte)).unwrap_or(bytes.len());
        let starts = bytes.first().is_some_and(|byte| !byte.is_ascii_digit());
        (length > 0 && starts).then(|| self.take(length))
    }

    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }
}

/// Says what was expected and the beginning of what was got, escaped: it comes from outside.
pub(super) fn expected(what: &str, got: &str) -> String {
    if got.is_empty() {
        return format!("expected {what}, got the end of the line");
    }
    let shown: String = got.chars().take(40).collect();
    let more = if shown.len() < got.len() { "…" } else { "" };
    format!("expected {what}, got {shown:?}{more}")
}
