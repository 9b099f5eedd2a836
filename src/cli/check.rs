//! `warroom check`: the plan as it was understood, and what stands against running it.

mod json;
mod live;
mod overview;

use super::exit;
use super::load::{self, LoadError, Loaded};
use super::problems::Problems;
use crate::cores;
use crate::plan::Severity;
use clap::{Args, ValueEnum};
use live::Live;
use std::io::{self, Write};
use std::path::PathBuf;

/// A plan of more items takes longer to drop than somebody should wait.
const MANY: usize = 10_000;

/// Shows how a checklist and its bindings are understood, and what is wrong with them.
///
/// Exits with 0 where the plan can be run, warnings or not, and with 5 where it cannot or where a
/// file cannot be read. With `--live` every query is asked once; exits with 4 where one of them, an
/// endpoint or the alerts cannot be told.
///
/// warroom check cutover.toml
/// warroom check cutover.toml --live
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct Check {
    /// The checklist (Markdown), or a bindings file (.toml) that names one.
    plan: PathBuf,
    /// What the checklist's words mean here.
    #[arg(short, long, value_name = "TOML")]
    bindings: Option<PathBuf>,
    /// How to print what was understood.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Also asks every query, endpoint and the alerts once, and says what each of them stands at.
    #[arg(long)]
    live: bool,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

impl Check {
    /// Prints the plan and its problems; returns the exit code.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
        match load::read(&self.plan, self.bindings.as_deref()) {
            Ok(loaded) => {
                let is_valid = loaded.compiled.is_valid();
                // A plan that cannot be run is mended first: its queries may be the wrong ones.
                let live = if self.live && is_valid { Some(live::ask(&loaded.compiled.plan)?) } else { None };
                match self.format {
                    Format::Text => text(&loaded, live.as_ref(), out, err)?,
                    Format::Json => json::write(&loaded.compiled, live.as_ref(), out)?,
                }
                cores::let_go(loaded.compiled.plan.items.len() > MANY, loaded);
                Ok(match live {
                    _ if !is_valid => exit::PLAN_INVALID,
                    Some(live) if !live.is_whole() => exit::HOLD,
                    _ => exit::OK,
                })
            }
            Err(error) => {
                self.refuse(&error, out, err)?;
                Ok(exit::PLAN_INVALID)
            }
        }
    }

    fn refuse(&self, error: &LoadError, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<()> {
        if matches!(self.format, Format::Json) {
            json::write_refused(&load::diagnostic(error), out)?;
        }
        match error {
            LoadError::Broken { problems } => write!(err, "{problems}"),
            _ => writeln!(err, "error: {error}"),
        }
    }
}

/// The plan goes to standard output, the problems to standard error.
fn text(loaded: &Loaded, live: Option<&Live>, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<()> {
    overview::write(&loaded.compiled, out)?;
    if let Some(live) = live {
        live::write(&loaded.compiled.plan, live, out)?;
    }
    out.flush()?;
    let problems = Problems::of(loaded);
    if !problems.is_empty() {
        write!(err, "\n{problems}")?;
    }
    match (problems.count(Severity::Error), problems.count(Severity::Warning)) {
        (0, 0) => Ok(()),
        (0, warnings) => writeln!(err, "the plan can be run; {}", counted(warnings, "warning")),
        (errors, warnings) => {
            let warnings = if warnings > 0 { format!(", {}", counted(warnings, "warning")) } else { String::new() };
            writeln!(err, "the plan cannot be run: {}{warnings}", counted(errors, "error"))
        }
    }
}

fn counted(count: usize, what: &str) -> String {
    match what.split_once(' ') {
        _ if count == 1 => format!("1 {what}"),
        Some((first, rest)) => format!("{count} {first}s {rest}"),
        None => format!("{count} {what}s"),
    }
}
