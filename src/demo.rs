//! A small world to practise in: a shop that moves its payments to a new version, and has bad nights
//! on cue.
//!
//! Three services answer `/metrics` and `/health` on loopback. The storefront takes orders, the
//! payments service takes money in an old version `v1` and a new one `v2`, the ledger books it. The
//! world does what the operator does: [`World::set_share`] moves traffic between the versions, and
//! what goes wrong depends on how far the ramp has come. [`scenario`] has the scripts.
//!
//! It knows nobody and has no clock: it is told how much of its time has passed, so a night can be
//! run in a minute. With the same moves at the same times its counters are the same.

mod page;
pub mod scenario;
mod server;
mod shop;

pub use scenario::Scenario;

use server::Endpoint;
use shop::Shop;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// The first of the three ports that `config/demo.toml` names.
pub const FIRST_PORT: u16 = 18_081;

/// The services, in the order of their ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Storefront,
    Payments,
    Ledger,
}

impl Service {
    pub const ALL: [Self; 3] = [Self::Storefront, Self::Payments, Self::Ledger];

    /// Its label in the metrics.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Storefront => "storefront",
            Self::Payments => "payments",
            Self::Ledger => "ledger",
        }
    }
}

/// Where the services listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ports {
    /// This one and the two that follow it.
    From(u16),
    /// Any that are free.
    Free,
}

/// The running services. They end when it is dropped.
#[derive(Debug)]
pub struct World {
    shop: Arc<Time>,
    addresses: [SocketAddr; 3],
    _servers: JoinSet<()>,
}

/// The shop, and what says how late it is there.
struct Time {
    shop: Mutex<Shop>,
    elapsed: Box<dyn Fn() -> Duration + Send + Sync>,
}

impl World {
    /// Starts the services. `elapsed` says how much of the world's time has passed since.
    ///
    /// # Errors
    /// A port that is taken.
    pub async fn start(
        scenario: Scenario,
        ports: Ports,
        elapsed: impl Fn() -> Duration + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let shop = Arc::new(Time { shop: Mutex::new(Shop::new(scenario.script())), elapsed: Box::new(elapsed) });
        let mut servers = JoinSet::new();
        let mut addresses = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)); 3];
        for ((service, address), offset) in Service::ALL.into_iter().zip(&mut addresses).zip(0..) {
            let port = match ports {
                Ports::From(first) => first.saturating_add(offset),
                Ports::Free => 0,
            };
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            *address = listener.local_addr()?;
            servers.spawn(server::serve(listener, Arc::new(Endpoint { service, shop: Arc::clone(&shop) })));
        }
        Ok(Self { shop, addresses, _servers: servers })
    }

    /// Where a service listens.
    #[must_use]
    pub const fn address(&self, service: Service) -> SocketAddr {
        self.addresses[service as usize]
    }

    /// Moves this percentage of the payments to the new version; 0 is a rollback.
    pub fn set_share(&self, percent: f64) {
        self.shop.now().set_share(percent.clamp(0.0, 100.0));
    }

    /// The percentage of the payments that goes to the new version.
    #[must_use]
    pub fn share(&self) -> f64 {
        self.shop.now().share()
    }

    /// Puts the addresses of this world in the place of those that `config/demo.toml` names.
    #[must_use]
    pub fn adapt(&self, bindings: &str) -> String {
        // By way of a mark, so that an address just written is not taken for one to replace.
        let mark = |service: Service| format!("\u{1}{}\u{1}", service.name());
        let named = |service: Service| format!("127.0.0.1:{}", usize::from(FIRST_PORT) + service as usize);
        let marked = Service::ALL.iter().fold(bindings.to_owned(), |text, &s| text.replace(&named(s), &mark(s)));
        Service::ALL.iter().fold(marked, |text, &s| text.replace(&mark(s), &self.address(s).to_string()))
    }
}

impl Time {
    /// The shop as it is now.
    fn now(&self) -> MutexGuard<'_, Shop> {
        // Figures that a panic left half counted are still figures.
        let mut shop = self.shop.lock().unwrap_or_else(PoisonError::into_inner);
        shop.advance((self.elapsed)());
        shop
    }
}

impl std::fmt::Debug for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Time").field("shop", &self.shop).finish_non_exhaustive()
    }
}
