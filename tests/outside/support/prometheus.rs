//! A real Prometheus with a data directory of its own, on a loopback port of its own.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

/// It is looked at so often, and with so much between, before it counts as failed.
const LOOKS: usize = 3_000;
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// The server; it is killed, and its data removed, when this is dropped.
pub(crate) struct Prometheus {
    port: u16,
    folder: tempfile::TempDir,
    child: Option<Child>,
}

impl Prometheus {
    /// Starts one that scrapes targets (`127.0.0.1:PORT`) as the job `api`, and waits until it is
    /// ready. None where the program is missing, with a word on how to install it; in CI that fails.
    pub(crate) fn start(targets: &[String], scrape_interval: Duration) -> Option<Self> {
        Self::start_with_rules(targets, scrape_interval, "")
    }

    /// As [`Prometheus::start`], with rules that it evaluates as often as it scrapes.
    pub(crate) fn start_with_rules(targets: &[String], scrape_interval: Duration, rules: &str) -> Option<Self> {
        if Command::new("prometheus").arg("--version").output().is_err() {
            assert!(std::env::var_os("CI").is_none(), "prometheus is missing: apt-get install prometheus");
            let _ = writeln!(std::io::stderr(), "skipped, prometheus is missing: apt-get install prometheus");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder for the data");
        fs::write(folder.path().join("prometheus.yml"), configuration(targets, scrape_interval)).expect("a file");
        fs::write(folder.path().join("rules.yml"), rules).expect("a file");
        let mut prometheus = Self { port: free_port(), folder, child: None };
        prometheus.restart();
        Some(prometheus)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Stops it at once, as a crash would.
    pub(crate) fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            drop(child.kill());
            drop(child.wait());
        }
    }

    /// Starts it on the same port and data, and waits until it is ready.
    pub(crate) fn restart(&mut self) {
        self.stop();
        let folder = self.folder.path();
        let log = fs::File::create(folder.join("log")).expect("a log");
        let child = Command::new("prometheus")
            .arg(format!("--config.file={}", folder.join("prometheus.yml").display()))
            .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
            .arg(format!("--web.listen-address=127.0.0.1:{}", self.port))
            .arg("--log.level=warn")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .spawn();
        self.child = Some(child.expect("prometheus runs"));
        self.wait_until_ready();
    }

    fn wait_until_ready(&mut self) {
        let log = self.folder.path().join("log");
        for _ in 0..LOOKS {
            if is_ready(self.port) {
                return;
            }
            let ended = self.child.as_mut().and_then(|child| child.try_wait().ok().flatten());
            assert!(ended.is_none(), "prometheus has ended: {}", read(&log));
            thread::sleep(BETWEEN_LOOKS);
        }
        panic!("prometheus does not get ready: {}", read(&log));
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        self.stop();
    }
}

fn configuration(targets: &[String], scrape_interval: Duration) -> String {
    let every = format!("{}ms", scrape_interval.as_millis());
    let mut text = format!(
        "global:\n  scrape_interval: {every}\n  scrape_timeout: {every}\n  evaluation_interval: {every}\n\
         rule_files: [rules.yml]\n\
         scrape_configs:\n  - job_name: api\n    static_configs:\n      - targets:\n"
    );
    for target in targets {
        let _ = writeln!(text, "          - {target}");
    }
    text
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a loopback port");
    listener.local_addr().expect("a bound address").port()
}

fn is_ready(port: u16) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET /-/ready HTTP/1.0\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200"))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

// Each test needs a part of this.
const _: fn(&[String], Duration, &str) -> Option<Prometheus> = Prometheus::start_with_rules;
const _: [fn(&mut Prometheus); 2] = [Prometheus::stop, Prometheus::restart];
