//! `warroom backtest`: a plan's limits and soaks over nights that are over.

mod json;
mod page;
mod text;
mod when;

use super::exit;
use super::load::{self, PlanError};
use crate::backtest::Backtest;
use crate::clock::Clock;
use crate::judge::Got;
use crate::observe::past::Past;
use crate::observe::span::Span;
use crate::plan::{Plan, ProbeId};
use crate::text::{Millis, duration, sanitize};
use clap::{Args, ValueEnum};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Says how often each limit would have been broken in the past, and how long each soak would have
/// taken, so that limits are set right before the night instead of overridden in it.
///
/// The plan's sources are asked for what they remember, by range queries; every moment goes through
/// the same judge as on the night. Each stage is tried by itself, again and again. Health endpoints,
/// alerts, the share of the traffic, the build and what people do are left out: no source remembers
/// them. Exits with 0, with 4 where nothing could be measured, with 5 where the plan is not valid.
///
/// warroom backtest cutover.toml --from 24h
/// warroom backtest cutover.toml --from 2026-03-14T02:00:00Z --to 2026-03-14T06:00:00Z --page night.html
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub struct BacktestArguments {
    /// The checklist (Markdown), or a bindings file (.toml) that names one.
    plan: PathBuf,
    /// What the checklist's words mean here.
    #[arg(short, long, value_name = "TOML")]
    bindings: Option<PathBuf>,
    /// Where the past begins: 2026-03-14T02:00:00Z, or how long ago: 24h.
    #[arg(long, value_name = "TIME")]
    from: String,
    /// Where it ends.
    #[arg(long, value_name = "TIME", default_value = "now")]
    to: String,
    /// The time between two looks. Without it as often as on the night, but at most 20 000 times.
    #[arg(long, value_name = "SPAN")]
    step: Option<String>,
    /// How to print what was found.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Also writes a page with pictures (HTML, in one file).
    #[arg(long, value_name = "FILE")]
    page: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

/// More looks than this are not taken unless they are asked for.
const MOST_LOOKS: u64 = 20_000;

/// The values of one probe at the moments that were looked at, for the pictures.
pub(super) type Line = Vec<(i64, Option<f64>)>;

/// What was found, with what the pictures are drawn of.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) backtest: Backtest,
    /// By probe.
    pub(super) lines: Vec<Line>,
}

impl BacktestArguments {
    /// Looks into the past and prints what was there; returns the exit code.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn run(&self, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
        let loaded = match load::plan(&self.plan, self.bindings.as_deref()) {
            Ok(loaded) => loaded,
            Err(PlanError::Load(error)) => {
                writeln!(err, "error: {error}")?;
                return Ok(exit::PLAN_INVALID);
            }
            Err(PlanError::Invalid(problems)) => {
                write!(err, "{problems}")?;
                return Ok(exit::PLAN_INVALID);
            }
        };
        let plan = &loaded.compiled.plan;
        let clock = Clock::real();
        let span = match self.span(plan, clock.now().at) {
            Ok(span) => span,
            Err(problem) => {
                writeln!(err, "error: {problem}")?;
                return Ok(exit::USAGE);
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let found = runtime.block_on(look(plan, span, clock));
        match self.format {
            Format::Text => text::write(&found, out)?,
            Format::Json => json::write(&found, out)?,
        }
        if let Some(path) = &self.page {
            write_page(path, &found, err)?;
        }
        Ok(if found.backtest.has_measured() { exit::OK } else { exit::HOLD })
    }

    fn span(&self, plan: &Plan, now: i64) -> Result<Span, String> {
        let (from, to) = (when::parse("--from", &self.from, now)?, when::parse("--to", &self.to, now)?);
        if from >= to {
            return Err("--from must be before --to".to_owned());
        }
        let least = Millis(from.abs_diff(to) / MOST_LOOKS);
        let step = match &self.step {
            Some(text) => duration::parse(text).map_err(|problem| format!("--step: {problem}"))?,
            // Whole seconds, so that the moments are moments that people say.
            None => plan.poll.max(Millis(least.0.div_ceil(1_000) * 1_000)),
        };
        if step.is_zero() {
            return Err("--step must be longer than nothing".to_owned());
        }
        Ok(Span::new(from, to, step))
    }
}

async fn look(plan: &Plan, span: Span, clock: Clock) -> Found {
    let mut past = Past::new(plan, span, clock);
    let mut found =
        Found { backtest: Backtest::new(plan, span.from, span.step), lines: vec![Line::new(); plan.probes.len()] };
    while let Some((at, batch)) = past.next().await {
        found.backtest.take(at, &batch);
        for reading in &batch.readings {
            found.lines[reading.probe.index()].push((at, value(&reading.got)));
        }
    }
    found
}

fn write_page(path: &Path, found: &Found, err: &mut dyn Write) -> io::Result<()> {
    match std::fs::write(path, page::draw(found)) {
        Ok(()) => writeln!(err, "the page is {}", path.display()),
        Err(error) => {
            writeln!(err, "error: cannot write {}: {error}", path.display())?;
            Err(error)
        }
    }
}

/// The values of a probe.
pub(super) fn line(found: &Found, probe: ProbeId) -> &Line {
    &found.lines[probe.index()]
}

/// A share of one as people say it.
pub(super) fn percent(share: f64) -> String {
    match share * 100.0 {
        percent if percent <= 0.0 => "0 %".to_owned(),
        percent if percent < 0.1 => "less than 0.1 %".to_owned(),
        percent => format!("{percent:.1} %"),
    }
}

pub(super) fn safe(text: &str) -> String {
    sanitize::line(text).into_owned()
}

fn value(got: &Got) -> Option<f64> {
    match got {
        Got::Sample(sample) => Some(sample.value),
        Got::Miss(_) => None,
    }
}
