//! What a service shows at `/metrics`, in text 0.0.4.

use super::Service;
use super::shop::{BOUNDS, Shop, Stream};
use std::fmt::Write;

/// Writes the metrics of a service.
pub(super) fn metrics(service: Service, shop: &Shop) -> String {
    let mut page = Page { service, text: String::with_capacity(8_192) };
    match service {
        Service::Storefront => {
            page.requests(&[("v1", &shop.storefront)]);
            page.head("checkouts_total", "counter", "Checkouts by how they ended.");
            for (result, count) in ["completed", "abandoned", "failed"].into_iter().zip(shop.checkouts) {
                page.count("checkouts_total", &format!("result=\"{result}\""), count);
            }
            page.head("cache_requests_total", "counter", "Look-ups in a cache.");
            for (result, count) in ["hit", "miss"].into_iter().zip(shop.catalogue) {
                page.count("cache_requests_total", &format!("cache=\"catalogue\",result=\"{result}\""), count);
            }
        }
        Service::Payments => {
            let [old, new] = &shop.payments;
            page.requests(&[("v1", old), ("v2", new)]);
            page.head("payments_total", "counter", "Payments by how they ended.");
            for (version, taken) in ["v1", "v2"].into_iter().zip(shop.taken) {
                for (result, count) in ["captured", "declined", "failed"].into_iter().zip(taken) {
                    page.count("payments_total", &format!("version=\"{version}\",result=\"{result}\""), count);
                }
            }
            page.head("payments_traffic_share_percent", "gauge", "What the balancer was told to send to v2.");
            let _ = writeln!(page.text, "payments_traffic_share_percent{{version=\"v2\"}} {}", shop.share());
        }
        Service::Ledger => {
            page.requests(&[("v1", &shop.ledger)]);
            page.head("ledger_queue_depth", "gauge", "Bookings that wait.");
            page.count("ledger_queue_depth", "queue=\"bookings\"", shop.queue);
        }
    }
    page.text
}

struct Page {
    service: Service,
    text: String,
}

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string does not fail; so below.
        let _ = write!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn count(&mut self, name: &str, labels: &str, count: f64) {
        let _ = writeln!(self.text, "{name}{{{labels}}} {:.0}", count.floor());
    }

    /// What every service shows of its requests, by version.
    fn requests(&mut self, versions: &[(&str, &Stream)]) {
        let service = self.service.name();
        self.head("app_info", "gauge", "The versions that run.");
        for (version, _) in versions {
            self.count("app_info", &format!("service=\"{service}\",version=\"{version}\""), 1.0);
        }
        self.head("http_requests_total", "counter", "Requests answered, by status.");
        let refused = if self.service == Service::Payments { "422" } else { "404" };
        for (version, stream) in versions {
            for (status, count) in ["200", refused, "500"].into_iter().zip(stream.answered) {
                let labels = format!("service=\"{service}\",version=\"{version}\",status=\"{status}\"");
                self.count("http_requests_total", &labels, count);
            }
        }
        self.head("http_request_duration_seconds", "histogram", "How long answering took.");
        for (version, stream) in versions {
            self.durations(&format!("service=\"{service}\",version=\"{version}\""), stream);
        }
    }

    fn durations(&mut self, labels: &str, stream: &Stream) {
        let name = "http_request_duration_seconds";
        for (bound, count) in BOUNDS.into_iter().zip(stream.within) {
            self.count(&format!("{name}_bucket"), &format!("{labels},le=\"{bound}\""), count);
        }
        self.count(&format!("{name}_bucket"), &format!("{labels},le=\"+Inf\""), stream.all);
        let _ = writeln!(self.text, "{name}_sum{{{labels}}} {:.3}", stream.seconds);
        self.count(&format!("{name}_count"), labels, stream.all);
    }
}
