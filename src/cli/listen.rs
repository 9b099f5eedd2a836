//! `--listen`: the session's own metrics, from whoever sits at it.

use super::exit;
use super::out::Out;
use crate::notify::Deliveries;
use crate::notify::listen::{self, Listener};
use crate::room::Live;
use clap::Args;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use tokio::sync::watch;

/// Where the session's own metrics are served.
#[derive(Clone, Debug, Args)]
pub(super) struct Listen {
    /// Serve the session's own /metrics: a port of this host alone, or an address such as 127.0.0.1:9464
    #[arg(long, value_name = "ADDRESS", env = "WARROOM_LISTEN", value_parser = address)]
    listen: Option<SocketAddr>,
    /// Let --listen name an address that other hosts can reach
    #[arg(long, env = "WARROOM_LISTEN_BEYOND")]
    listen_beyond: bool,
}

/// An address, or a port of loopback.
fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    text.parse().map_err(|_| "expected a port such as 9464, or an address such as 127.0.0.1:9464".to_owned())
}

impl Listen {
    /// Takes the address, before a session is begun that nobody could scrape.
    ///
    /// # Errors
    /// The exit code: an address that others can reach and was not meant to be, or that is not free.
    pub(super) fn bind(&self, out: &Out) -> Result<Option<TcpListener>, u8> {
        let Some(address) = self.listen else { return Ok(None) };
        if !address.ip().is_loopback() && !self.listen_beyond {
            out.error(&format!(
                "--listen {address} can be reached from other hosts, and what a session knows is theirs to read \
                 then; --listen-beyond allows it"
            ));
            return Err(exit::USAGE);
        }
        let listener = listen::bind(address).map_err(|error| {
            out.error(&format!("cannot listen on {address}: {error}"));
            exit::USAGE
        })?;
        let address = listener.local_addr().unwrap_or(address);
        out.line(&format!("metrics   http://{address}/metrics"));
        Ok(Some(listener))
    }
}

/// Begins to serve, where somebody is to be served.
pub(super) fn serve(
    listener: Option<TcpListener>,
    live: watch::Receiver<Arc<Live>>,
    deliveries: &Deliveries,
    out: &Out,
) -> Option<Listener> {
    let opened = Listener::open(listener?, live, deliveries.clone());
    opened.map_err(|error| out.error(&format!("cannot serve /metrics: {error}"))).ok()
}
