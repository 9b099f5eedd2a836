//! A service to be measured: `/metrics` and `/health` say what the test says.

use super::http::{Request, Server, respond};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};

#[derive(Clone)]
struct Said {
    metrics: String,
    health: (u16, String),
}

/// Says what a service exposes.
pub(crate) type Say = Box<dyn Fn(&str) + Send>;

/// The service; it can be shut down and brought back on the same port.
pub(crate) struct Service {
    said: Arc<Mutex<Said>>,
    address: SocketAddr,
    server: Option<Server>,
}

impl Service {
    /// A healthy service that exposes a text.
    pub(crate) fn start(metrics: &str) -> Self {
        let said = Said { metrics: metrics.to_owned(), health: (200, r#"{"status":"UP"}"#.to_owned()) };
        let said = Arc::new(Mutex::new(said));
        let server = Server::start(handler(&said));
        Self { said, address: server.address(), server: Some(server) }
    }

    /// What it exposes from now on, in the exposition format.
    pub(crate) fn expose(&self, metrics: &str) {
        metrics.clone_into(&mut self.said.lock().expect("no test panicked with it").metrics);
    }

    /// Says from elsewhere what it exposes, for as long as somebody wants to.
    pub(crate) fn speaker(&self) -> Say {
        let said = Arc::clone(&self.said);
        Box::new(move |metrics| metrics.clone_into(&mut said.lock().expect("no test panicked with it").metrics))
    }

    /// What `/health` answers from now on.
    pub(crate) fn health(&self, status: u16, body: &str) {
        self.said.lock().expect("no test panicked with it").health = (status, body.to_owned());
    }

    /// `127.0.0.1:PORT`, as a scrape target and as the `instance` label.
    pub(crate) fn target(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn health_url(&self) -> String {
        format!("http://{}/health", self.address)
    }

    /// Refuses connections from now on.
    pub(crate) fn shut(&mut self) {
        self.server = None;
    }

    /// Accepts connections again.
    pub(crate) fn reopen(&mut self) {
        self.server = Some(Server::on(self.address, Arc::new(handler(&self.said))));
    }
}

fn handler(said: &Arc<Mutex<Said>>) -> impl Fn(&Request, &mut TcpStream) + Send + Sync + 'static {
    let said = Arc::clone(said);
    move |request, stream| {
        let Said { metrics, health: (status, health) } = said.lock().expect("no test panicked with it").clone();
        match request.path.as_str() {
            "/metrics" => respond(stream, "200 OK", "text/plain; version=0.0.4", metrics.as_bytes()),
            "/health" => respond(stream, &format!("{status} Said"), "application/json", health.as_bytes()),
            _ => respond(stream, "404 Not Found", "text/plain", b"not here"),
        }
    }
}

// Each test needs a part of this.
const _: fn(&Service, &str) = Service::expose;
const _: fn(&Service, u16, &str) = Service::health;
const _: fn(&Service) -> String = Service::health_url;
const _: [fn(&mut Service); 2] = [Service::shut, Service::reopen];
const _: fn(&Service) -> Say = Service::speaker;
