//! `--serve-only`: the services alone, for a Prometheus of one's own.

use super::super::exit;
use super::super::out::Out;
use super::super::plain::{Input, Signals};
use super::{DemoArguments, Ports, world};
use crate::clock::Clock;
use crate::demo::Service;

/// Serves until a signal comes. A line with a percentage moves the traffic.
pub(super) async fn run(arguments: &DemoArguments, clock: Clock, out: &Out) -> Result<u8, u8> {
    let world = world(arguments.scenario, Ports::From(arguments.port), clock, out).await?;
    world.set_share(arguments.share);
    for service in Service::ALL {
        out.line(&format!("{:<10} http://{}/metrics", service.name(), world.address(service)));
    }
    out.line(&format!("{} % of the payments go to v2; type another percentage to move them", world.share()));
    let (mut input, mut signals) = (Input::standard(), Signals::listen());
    loop {
        tokio::select! {
            number = signals.next() => return Ok(exit::SIGNAL.saturating_add(number)),
            line = input.next() => match line.as_deref().map(|line| line.trim_end_matches('%').trim().parse::<f64>()) {
                Some(Ok(percent)) if (0.0..=100.0).contains(&percent) => {
                    world.set_share(percent);
                    out.line(&format!("{} % of the payments go to v2", world.share()));
                }
                Some(_) => out.error("expected a percentage from 0 to 100"),
                // Nobody types any more: it serves on.
                None => return Ok(exit::SIGNAL.saturating_add(signals.next().await)),
            },
        }
    }
}
