//! Requests that flow: counters that grow while a test goes on.

use super::service::Say;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// Traffic until it is dropped: fifty requests a second to each service, all of them good and fast.
pub(crate) struct Traffic {
    ends: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Traffic {
    pub(crate) fn to(speakers: Vec<Say>) -> Self {
        let ends = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&ends);
        let thread = thread::spawn(move || {
            let mut requests = 0;
            while !ended.load(Ordering::Relaxed) {
                requests += 5;
                for say in &speakers {
                    say(&metrics(requests));
                }
                thread::sleep(Duration::from_millis(100));
            }
        });
        Self { ends, thread: Some(thread) }
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn metrics(requests: u64) -> String {
    let fast = requests * 9 / 10;
    format!(
        "# TYPE http_requests_total counter\n\
         http_requests_total{{status=\"200\"}} {requests}\n\
         http_requests_total{{status=\"500\"}} 0\n\
         # TYPE http_request_duration_seconds histogram\n\
         http_request_duration_seconds_bucket{{le=\"0.05\"}} {fast}\n\
         http_request_duration_seconds_bucket{{le=\"0.1\"}} {requests}\n\
         http_request_duration_seconds_bucket{{le=\"+Inf\"}} {requests}\n\
         http_request_duration_seconds_sum {requests}\n\
         http_request_duration_seconds_count {requests}\n"
    )
}
