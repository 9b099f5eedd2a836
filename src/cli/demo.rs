//! `warroom demo`: a small world to practise in, with nothing but this program.

mod autopilot;
mod serve;

use super::listen::Listen;
use super::night::{self, Front};
use super::out::Out;
use super::plain::{self, How, Input};
use super::{exit, place};
use crate::clock::Clock;
use crate::demo::{FIRST_PORT, Ports, Scenario, World};
use crate::judge::Status;
use crate::judge::ramp::Course;
use crate::plan::{self, Plan};
use crate::room::{Live, Seat};
use crate::session::store::Held;
use crate::session::{Mode, Text};
use crate::text::{Millis, duration};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// The checklist and the bindings that a newcomer copies.
const CHECKLIST: &str = include_str!("../../config/demo.md");
const BINDINGS: &str = include_str!("../../config/demo.toml");

/// Starts three small services on loopback and runs a go-live against them.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DemoArguments {
    /// What goes wrong: healthy, error-spike, latency-creep, blind, flapping, low-traffic
    #[arg(long, value_name = "NAME", default_value = "healthy", value_parser = scenario)]
    scenario: Scenario,
    /// Time runs so many times faster
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=600))]
    speed: u32,
    #[command(flatten)]
    front: Front,
    #[command(flatten)]
    listen: Listen,
    /// Tick and promote on GO by itself, roll back on ROLLBACK, and leave when it is over
    #[arg(long, requires = "plain")]
    auto: bool,
    /// Leave when HOLD has lasted for so long, in the demo's time
    #[arg(long, value_name = "SPAN", default_value = "10m", value_parser = duration::parse, requires = "auto")]
    give_up: Millis,
    /// Only start the services, for a Prometheus of your own; type a percentage to move the traffic
    #[arg(long, conflicts_with_all = ["plain", "auto"])]
    serve_only: bool,
    /// The first of the three ports of --serve-only
    #[arg(long, value_name = "PORT", default_value_t = FIRST_PORT, requires = "serve_only")]
    port: u16,
    /// The new version's share of the traffic that --serve-only begins with, percent
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, requires = "serve_only")]
    share: f64,
    /// Where to record the session
    #[arg(long, value_name = "FILE", env = "WARROOM_SESSION")]
    session: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  warroom demo
  warroom demo --scenario error-spike --speed 10
  warroom demo --plain --auto --speed 60
  warroom demo --serve-only --share 25

Exit codes of --auto: 0 succeeded, 3 rolled back, 4 left on HOLD.";

fn scenario(name: &str) -> Result<Scenario, String> {
    Scenario::named(name).ok_or_else(|| {
        let names: Vec<_> = Scenario::ALL.iter().map(|scenario| scenario.script().name).collect();
        format!("expected one of {}", names.join(", "))
    })
}

/// Runs the subcommand and returns its exit code.
#[must_use]
pub fn run(arguments: &DemoArguments, out: &Out) -> u8 {
    let clock = Clock::faster(arguments.speed);
    let run = async {
        if arguments.serve_only {
            return serve::run(arguments, clock, out).await;
        }
        arguments.front.look_for_a_terminal(out)?;
        let scraped = arguments.listen.bind(out)?;
        let world = world(arguments.scenario, Ports::Free, clock, out).await?;
        let held = begin(arguments, &world, clock, out)?;
        let drive = async |seat: Seat| drive(seat, &world, arguments, clock, out).await;
        Ok(night::run(held, clock, arguments.front.actor(), scraped, out, drive).await)
    };
    night::block_on(out, async { run.await.unwrap_or_else(|code| code) })
}

async fn world(scenario: Scenario, ports: Ports, clock: Clock, out: &Out) -> Result<World, u8> {
    let began = clock.now().mono;
    let elapsed = move || Duration::from(clock.now().mono - began);
    World::start(scenario, ports, elapsed).await.map_err(|error| {
        out.error(&format!("could not start the demo's services: {error}"));
        exit::INTERNAL
    })
}

fn begin(arguments: &DemoArguments, world: &World, clock: Clock, out: &Out) -> Result<Held, u8> {
    let bindings = world.adapt(BINDINGS);
    let checklist = plan::Text { name: "demo.md", text: CHECKLIST };
    let input = plan::Input { checklist, bindings: Some(plan::Text { name: "demo.toml", text: &bindings }) };
    let plan: Plan = plan::compile(input).plan;
    let checklist = Text::new("demo.md", CHECKLIST);
    let bindings = Text::new("demo.toml", bindings);
    let header = night::header(plan, Mode::Rehearsal, clock.now().at, checklist, Some(bindings));
    place::begin(arguments.session.as_ref(), header, night::owner(clock), out)
}

async fn drive(seat: Seat, world: &World, arguments: &DemoArguments, clock: Clock, out: &Out) -> How {
    let about = arguments.scenario.script();
    if arguments.front.plain {
        out.line(&format!("scenario {}: {}", about.name, about.about));
    }
    let follow = follow(seat.clone(), world);
    if arguments.auto {
        let pilot = autopilot::fly(seat.clone(), clock, arguments.give_up);
        let told = plain::run(seat, "autopilot".to_owned(), clock, Input::none(), out);
        tokio::select! { how = told => how, () = pilot => How::Quit, () = follow => How::Quit }
    } else {
        let told = arguments.front.sit(seat, clock, out);
        tokio::select! { how = told => how, () = follow => How::Quit }
    }
}

/// The world does what the operator does: it moves the traffic when a stage is started, and takes it
/// back when it is rolled back. Ends with the session.
async fn follow(mut seat: Seat, world: &World) {
    loop {
        let share = share(&seat.live.borrow_and_update());
        if (share - world.share()).abs() > f64::EPSILON {
            world.set_share(share);
        }
        if seat.live.changed().await.is_err() {
            return;
        }
    }
}

/// The new version's share of the traffic as the session has it, percent.
fn share(live: &Live) -> f64 {
    let ramp = &live.state.ramp;
    if matches!(ramp.course, Course::RolledBack { .. }) {
        return 0.0;
    }
    let moved = live.plan.stages.iter().zip(&ramp.stages).rev();
    let mut begun =
        moved.filter(|(_, track)| matches!(track.status, Status::Shifting | Status::Active | Status::Passed));
    begun.find_map(|(stage, _)| stage.share).unwrap_or(0.0)
}
