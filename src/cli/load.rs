//! From the files somebody names to a plan, or to the problems that stand against it.

use super::problems::Problems;
use crate::plan::notify::Notify;
use crate::plan::{self, Compiled, Diagnostic, File, Plan, Severity, Text};
use crate::session;
use std::io;
use std::path::{Path, PathBuf};
use std::str::Utf8Error;
use std::sync::Arc;
use thiserror::Error;

/// A plan with the texts it was made from.
#[derive(Debug)]
pub struct Loaded {
    pub compiled: Compiled,
    pub checklist: Arc<Source>,
    pub bindings: Option<Arc<Source>>,
}

/// A file and its text.
#[derive(Clone, Debug)]
pub struct Source {
    /// As it was named.
    pub path: PathBuf,
    pub text: String,
}

impl Source {
    /// The path as messages show it.
    #[must_use]
    pub fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// The text as a session records it, with where it stands.
    #[must_use]
    pub fn recorded(&self) -> session::Text {
        let path = std::path::absolute(&self.path).ok().and_then(|path| path.to_str().map(str::to_owned));
        session::Text { name: self.name(), path, text: self.text.clone() }
    }
}

/// Why a file gives no text.
#[derive(Debug, Error)]
pub enum LoadError {
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("{} is a directory, not a checklist", path.display())]
    Directory { path: PathBuf },
    #[error("{} is empty", path.display())]
    Empty { path: PathBuf },
    #[error("{} is not UTF-8: line {line}, column {column} holds the byte 0x{byte:02X}; {}", path.display(), saved_as(*byte, *line, *column))]
    NotText { path: PathBuf, line: usize, column: usize, byte: u8 },
    /// Bindings that are no TOML, or whose `checklist` is no name: to be shown with their lines.
    #[error("{}", problems.brief())]
    Broken { problems: Box<Problems> },
    #[error("{} names no checklist: add checklist = \"FILE\", or give the checklist and -b {}", path.display(), path.display())]
    NoChecklist { path: PathBuf },
    #[error("{} is a bindings file, and so is {}: only one can be", path.display(), bindings.display())]
    TwoBindings { path: PathBuf, bindings: PathBuf },
}

/// Reads a plan that must be runnable: for `warroom run`.
///
/// `path` is the checklist, or the bindings file that names one.
///
/// # Errors
/// A file that cannot be read, or [`Problems`] that stand against running.
pub fn plan(path: &Path, bindings: Option<&Path>) -> Result<Loaded, PlanError> {
    let loaded = read(path, bindings)?;
    if loaded.compiled.is_valid() { Ok(loaded) } else { Err(PlanError::Invalid(Problems::of(&loaded))) }
}

/// Why there is no plan to run.
#[derive(Debug, Error)]
pub enum PlanError {
    #[error(transparent)]
    Load(#[from] LoadError),
    /// To be shown with the lines they are about.
    #[error("the plan is not valid")]
    Invalid(Problems),
}

/// Reads and compiles a plan, valid or not.
///
/// # Errors
/// A file that cannot be read.
pub fn read(path: &Path, bindings: Option<&Path>) -> Result<Loaded, LoadError> {
    let (checklist, bindings) = sources(path, bindings)?;
    let name =
        |source: &Source| source.path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (list_name, bindings_name) = (name(&checklist), bindings.as_ref().map(name).unwrap_or_default());
    let mut compiled = plan::compile(plan::Input {
        checklist: Text { name: &list_name, text: &checklist.text },
        bindings: bindings.as_ref().map(|source| Text { name: &bindings_name, text: &source.text }),
    });
    if let Some(bindings) = &bindings {
        place_files(&mut compiled.plan, &bindings.path);
    }
    Ok(Loaded { compiled, checklist: Arc::new(checklist), bindings: bindings.map(Arc::new) })
}

/// Secrets and certificates are named as seen from the bindings; a session that is resumed from
/// elsewhere must find them, too.
fn place_files(plan: &mut Plan, bindings: &Path) {
    let folder = bindings.parent().unwrap_or(Path::new(""));
    let of_sources = plan.sources.iter_mut().flat_map(|source| source.access.files_mut());
    for file in of_sources.chain(plan.notify.iter_mut().flat_map(Notify::files_mut)) {
        if let Ok(path) = std::path::absolute(folder.join(&*file)) {
            *file = path.display().to_string();
        }
    }
}

fn sources(path: &Path, bindings: Option<&Path>) -> Result<(Source, Option<Source>), LoadError> {
    let first = source(path)?;
    let is_bindings = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
    match (is_bindings, bindings) {
        (false, bindings) => Ok((first, bindings.map(source).transpose()?)),
        (true, Some(bindings)) => Err(LoadError::TwoBindings { path: path.to_owned(), bindings: bindings.to_owned() }),
        (true, None) => {
            let Some(named) = plan::bindings::checklist_of(&first.text) else {
                return Err(without_checklist(first));
            };
            // A relative name is seen from the file that says it.
            let place = path.parent().map_or_else(|| PathBuf::from(&named), |folder| folder.join(&named));
            Ok((source(&place)?, Some(first)))
        }
    }
}

/// What is wrong with bindings that name no checklist: where they cannot be read, that comes first.
fn without_checklist(bindings: Source) -> LoadError {
    let wrong = plan::bindings::why_no_checklist(&bindings.text);
    if wrong.is_empty() {
        return LoadError::NoChecklist { path: bindings.path };
    }
    LoadError::Broken { problems: Box::new(Problems::of_bindings(bindings, wrong)) }
}

fn source(path: &Path) -> Result<Source, LoadError> {
    let path = path.to_owned();
    if path.is_dir() {
        return Err(LoadError::Directory { path });
    }
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => return Err(LoadError::Unreadable { path, error }),
    };
    let text = String::from_utf8(bytes).map_err(|error| not_text(&path, error.as_bytes(), error.utf8_error()))?;
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(LoadError::Empty { path });
    }
    Ok(Source { path, text })
}

fn not_text(path: &Path, bytes: &[u8], error: Utf8Error) -> LoadError {
    let offset = error.valid_up_to();
    let valid = String::from_utf8_lossy(bytes.get(..offset).unwrap_or_default());
    let line = valid.matches('\n').count() + 1;
    let column = valid.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    LoadError::NotText { path: path.to_owned(), line, column, byte: bytes.get(offset).copied().unwrap_or_default() }
}

/// What to do about a text in another encoding: UTF-16 begins with a mark of its own.
fn saved_as(byte: u8, line: usize, column: usize) -> &'static str {
    match (byte, line, column) {
        (0xFE | 0xFF, 1, 1) => "it looks like UTF-16: save it as UTF-8, or `iconv -f UTF-16 -t UTF-8`",
        _ => "save it as UTF-8, or `iconv -f WINDOWS-1252 -t UTF-8`",
    }
}

/// A file that gives no text, as the diagnostic that `check --format json` prints.
#[must_use]
pub fn diagnostic(error: &LoadError) -> Diagnostic {
    let line = match error {
        LoadError::NotText { line, .. } => u32::try_from(*line).ok(),
        _ => None,
    };
    let file = File::Checklist;
    Diagnostic { severity: Severity::Error, file, line, span: None, message: error.to_string(), help: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_named_by_line_and_offset() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.md");
        std::fs::write(&path, b"# A\nb\xFFc\n").unwrap();
        let error = read(&path, None).unwrap_err();
        assert!(
            error.to_string().contains("a.md is not UTF-8: line 2, column 2 holds the byte 0xFF; save it"),
            "{error}"
        );
    }

    #[test]
    fn a_bindings_file_is_enough() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.md"), "- [ ] a\n").unwrap();
        let path = folder.path().join("b.toml");
        std::fs::write(&path, "checklist = \"a.md\"\n").unwrap();
        let loaded = plan(&path, None).unwrap();
        assert_eq!(loaded.compiled.plan.items.len(), 1);
        assert_eq!(loaded.checklist.text, "- [ ] a\n");
        assert_eq!(loaded.bindings.as_ref().map(|source| source.text.as_str()), Some("checklist = \"a.md\"\n"));
    }

    #[test]
    fn secrets_are_sought_beside_the_bindings() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("a.md"), "- [ ] a\n").unwrap();
        let path = folder.path().join("b.toml");
        let source = "[source.p]\nkind = \"prometheus\"\nurl = \"http://p\"\nbearer_token_file = \"run/token\"\n";
        std::fs::write(&path, format!("checklist = \"a.md\"\n{source}ca_file = \"/etc/ca.pem\"\n")).unwrap();
        let mut plan = plan(&path, None).unwrap().compiled.plan;
        let files: Vec<String> = plan.sources[0].access.files_mut().map(|file| file.clone()).collect();
        assert_eq!(files, ["/etc/ca.pem".to_owned(), folder.path().join("run/token").display().to_string()]);
    }

    #[test]
    fn what_cannot_be_read_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let empty = folder.path().join("empty.md");
        std::fs::write(&empty, " \n").unwrap();
        assert!(matches!(read(folder.path(), None), Err(LoadError::Directory { .. })));
        assert!(matches!(read(&empty, None), Err(LoadError::Empty { .. })));
        assert!(matches!(read(&folder.path().join("none.md"), None), Err(LoadError::Unreadable { .. })));
    }
}
