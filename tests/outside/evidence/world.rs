//! Services whose requests flow until something happens to them.

use crate::support::service::Service;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What a service says of itself.
#[derive(Clone, Default)]
struct Said {
    /// Whole lines, beside its requests.
    lines: String,
    /// Written behind each sample by those that write when it was taken: unix milliseconds.
    time: Option<i64>,
    requests: u64,
    /// It goes on answering, and always the same.
    is_stuck: bool,
    ended: bool,
}

/// A service whose requests flow, fifty a second, until it is frozen.
pub(crate) struct World {
    said: Arc<Mutex<Said>>,
    pub(crate) service: Service,
    thread: Option<JoinHandle<()>>,
}

/// The error counter of a service that has counted none of late.
pub(crate) const NO_NEW_ERRORS: &str = "http_requests_total{status=\"500\"} 3\n";

impl World {
    pub(crate) fn start(lines: &str) -> Self {
        let service = Service::start("");
        let said = Arc::new(Mutex::new(Said { lines: lines.to_owned(), ..Said::default() }));
        let (say, shared) = (service.speaker(), Arc::clone(&said));
        let thread = thread::spawn(move || {
            loop {
                let mut said = shared.lock().expect("no test panicked with it");
                if said.ended {
                    return;
                }
                if !said.is_stuck {
                    said.requests += 5;
                    said.time = said.time.map(|_| now());
                }
                say(&text(&said));
                drop(said);
                thread::sleep(Duration::from_millis(100));
            }
        });
        Self { said, service, thread: Some(thread) }
    }

    /// Writes behind each sample when it was taken.
    pub(crate) fn stamps(self) -> Self {
        self.change(|said| said.time = Some(now()));
        self
    }

    fn change(&self, change: impl FnOnce(&mut Said)) {
        change(&mut self.said.lock().expect("no test panicked with it"));
    }

    pub(crate) fn say(&self, lines: &str) {
        self.change(|said| lines.clone_into(&mut said.lines));
    }

    /// The same samples from here on, with the same times where it writes them.
    pub(crate) fn freeze(&self) {
        self.change(|said| said.is_stuck = true);
    }

    pub(crate) fn thaw(&self) {
        self.change(|said| said.is_stuck = false);
    }

    pub(crate) fn requests(&self) -> u64 {
        self.said.lock().expect("no test panicked with it").requests
    }

    /// The process behind it begins again, and its counters with it.
    pub(crate) fn reset(&self) {
        self.change(|said| said.requests = 0);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Ok(mut said) = self.said.lock() {
            said.ended = true;
        }
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn text(said: &Said) -> String {
    let requests = format!("http_requests_total{{status=\"200\"}} {}", said.requests);
    let lines = std::iter::once(requests.as_str()).chain(said.lines.lines());
    let time = said.time.map(|time| format!(" {time}")).unwrap_or_default();
    lines.flat_map(|line| [line, time.as_str(), "\n"]).collect()
}

/// Unix milliseconds.
pub(crate) fn now() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "a test's world has the machine's own time")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
    i64::try_from(now.as_millis()).expect("a time")
}
