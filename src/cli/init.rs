//! `warroom init`: a bindings file to fill in, made from what a checklist says.

mod draft;

use super::load::{self, Loaded};
use super::{exit, problems::Problems};
use crate::plan::{Compiled, Input, Text, compile};
use clap::Args;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes a bindings file with every metric that a checklist names, ready to fill in.
///
/// The file is written beside the checklist, under its name with `.toml`. A file that is there is
/// never overwritten.
#[derive(Debug, Args)]
pub struct Init {
    /// The checklist (Markdown).
    checklist: PathBuf,
    /// Where to write it.
    #[arg(short, long, value_name = "TOML")]
    output: Option<PathBuf>,
}

impl Init {
    /// Writes the file and says what to do next; returns the exit code.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
        let loaded = match load::read(&self.checklist, None) {
            Ok(loaded) if loaded.bindings.is_none() => loaded,
            Ok(_) => {
                writeln!(err, "error: {} is a bindings file already; give the checklist", self.checklist.display())?;
                return Ok(exit::USAGE);
            }
            Err(error) => {
                writeln!(err, "error: {error}")?;
                return Ok(exit::PLAN_INVALID);
            }
        };
        if !loaded.compiled.is_valid() {
            write!(err, "{}", Problems::of(&loaded))?;
            return Ok(exit::PLAN_INVALID);
        }
        let path = self.output.clone().unwrap_or_else(|| self.checklist.with_extension("toml"));
        match write_new(&path, &text(&loaded, &path)) {
            Ok(()) => {
                writeln!(out, "wrote {}", path.display())?;
                writeln!(out, "fill in the queries, then: warroom check {}", path.display())?;
                Ok(exit::OK)
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                writeln!(
                    err,
                    "error: {} is there already and is not overwritten; name another with -o",
                    path.display()
                )?;
                Ok(exit::USAGE)
            }
            Err(error) => {
                writeln!(err, "error: could not write {}: {error}", path.display())?;
                Ok(exit::INTERNAL)
            }
        }
    }
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// The draft, with its source switched on where the plan can be run with it.
fn text(loaded: &Loaded, path: &Path) -> String {
    let name = beside(&loaded.checklist.path, path);
    let with_source = draft::write(&loaded.compiled, &name, true);
    let read = |bindings: &str| -> Compiled {
        compile(Input {
            checklist: Text { name: &name, text: &loaded.checklist.text },
            bindings: Some(Text { name: "", text: bindings }),
        })
    };
    // A block of PromQL with a variable of its own needs its value before anything can be asked.
    if read(&with_source).is_valid() { with_source } else { draft::write(&loaded.compiled, &name, false) }
}

/// The checklist as the bindings name it: by its file name where both stand in one folder.
fn beside(checklist: &Path, bindings: &Path) -> String {
    let is_beside = checklist.parent() == bindings.parent();
    let name = checklist.file_name().filter(|_| is_beside).map_or_else(|| absolute(checklist), PathBuf::from);
    name.to_string_lossy().into_owned()
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
