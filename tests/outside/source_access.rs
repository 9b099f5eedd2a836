//! How sources let us in: nginx with TLS and client certificates in front of a real Prometheus, with
//! tokens, passwords and tenants; proxies from the environment; and no secret in anything we write.

use crate::support::http::{Request, Server, respond};
use crate::support::nginx::{Nginx, PASSWORD, TOKEN};
use crate::support::plan;
use crate::support::prometheus::Prometheus;
use crate::support::service::Service;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use warroom::clock::Clock;
use warroom::judge::{Got, Why};
use warroom::observe;
use warroom::plan::Access;
use warroom::plan::access::{Header, HeaderValue, Identity, Login, Secret};

fn name(path: &Path) -> String {
    path.display().to_string()
}

/// What a query through a source gives, or the reason why there is nothing.
async fn ask(url: &str, access: &Access) -> Result<f64, (Why, String)> {
    let mut plan = plan::asking(url, &["vector(7)"]);
    plan.sources[0].access = access.clone();
    match observe::once(&plan, Clock::real()).await.readings.remove(0).got {
        Got::Sample(sample) => Ok(sample.value),
        Got::Miss(miss) => Err((miss.why, miss.detail)),
    }
}

#[track_caller]
fn assert_refused(got: Result<f64, (Why, String)>, why: Why, words: &str) {
    let (refused, detail) = got.expect_err("no way in");
    assert!(refused == why && detail.contains(words), "{refused:?}: {detail} does not say {words}");
    assert!(!detail.contains(TOKEN) && !detail.contains(PASSWORD), "{detail}");
}

#[tokio::test]
async fn nginx_with_certificates_tokens_passwords_and_tenants() {
    let service = Service::start("");
    let Some(server) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let Some(nginx) = Nginx::before(&server.url()) else { return };
    let trusting = Access { ca_file: Some(name(&nginx.file("ca.pem"))), ..Access::default() };

    assert_eq!(ask(&nginx.url("/open"), &trusting).await, Ok(7.0));
    assert_refused(ask(&nginx.url("/open"), &Access::default()).await, Why::SourceDown, "invalid peer certificate");
    let missing = Access { ca_file: Some(name(&nginx.file("none.pem"))), ..Access::default() };
    assert_refused(ask(&nginx.url("/open"), &missing).await, Why::Config, "none.pem cannot be read");

    let identity = Identity { cert_file: name(&nginx.file("client.pem")), key_file: name(&nginx.file("client.key")) };
    let known = Access { identity: Some(identity), ..trusting.clone() };
    assert_eq!(ask(&nginx.strict_url(), &known).await, Ok(7.0));
    assert_refused(ask(&nginx.strict_url(), &trusting).await, Why::Config, "HTTP 400");
    let no_key = Identity { cert_file: name(&nginx.file("client.pem")), key_file: name(&nginx.file("ca.pem")) };
    let halved = Access { identity: Some(no_key), ..trusting.clone() };
    assert_refused(ask(&nginx.strict_url(), &halved).await, Why::Config, "no certificate with its key");

    let token = nginx.file("token");
    let bearer = Login::Bearer { token: Secret::File { path: name(&token) } };
    let bearer = Access { login: Some(bearer), ..trusting.clone() };
    fs::write(&token, format!("{TOKEN}\n")).expect("a file");
    assert_eq!(ask(&nginx.url("/bearer"), &bearer).await, Ok(7.0));
    // The server repeats what it refuses.
    fs::write(&token, format!("{TOKEN}-of-yesterday\n")).expect("a file");
    assert_refused(
        ask(&nginx.url("/bearer"), &bearer).await,
        Why::Config,
        "HTTP 401: bad credentials: Bearer [hidden]",
    );

    let password = nginx.file("password");
    let basic = Login::Basic { username: "ana".to_owned(), password: Secret::File { path: name(&password) } };
    let basic = Access { login: Some(basic), ..trusting.clone() };
    fs::write(&password, PASSWORD).expect("a file");
    assert_eq!(ask(&nginx.url("/basic"), &basic).await, Ok(7.0));
    fs::write(&password, "wrong").expect("a file");
    assert_refused(ask(&nginx.url("/basic"), &basic).await, Why::Config, "HTTP 401");

    assert_refused(ask(&nginx.url("/tenant"), &trusting).await, Why::Config, "no org id; name the tenant: headers");
    let tenant = Header { name: "X-Scope-OrgID".to_owned(), value: HeaderValue::Plain { text: "shop".to_owned() } };
    let tenant = Access { headers: vec![tenant], ..trusting.clone() };
    assert_eq!(ask(&nginx.url("/tenant"), &tenant).await, Ok(7.0));

    // A gateway that only lets reads through is asked by GET.
    assert_eq!(ask(&nginx.url("/reads"), &trusting).await, Ok(7.0));
}

#[tokio::test]
async fn a_packed_answer_is_unpacked() {
    let server = Server::start(|_, stream| {
        let series = r#"{"metric":{"warroom":"value"},"value":[1700000000,"5"]},{"metric":{"warroom":"now"},"value":[1700000000,"1700000000"]}"#;
        let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{series}]}}}}"#);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(body.as_bytes()).expect("memory");
        let packed = packed.finish().expect("memory");
        let head = format!("content-encoding: gzip\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", packed.len());
        drop(write!(stream, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n{head}"));
        drop(stream.write_all(&packed));
    });
    assert_eq!(ask(&server.url(), &Access::default()).await, Ok(5.0));
}

const CHECKLIST: &str = "# Shop v2\n\n## Ramp\n- [ ] 10% traffic - monitor 1 hour\n  - [ ] Error rate < 1%\n";

/// A night in a folder of its own, run until its log says something; then everything it wrote.
struct Night {
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Night {
    fn new(source: &str, variables: &[(&'static str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a file");
        let bindings = format!(
            "checklist = \"shop.md\"\n[source.prod]\nevery = \"200ms\"\ntimeout = \"5s\"\n{source}\n\
             [metric.\"error rate\"]\nquery = \"max(errors)\"\nunit = \"ratio\"\n"
        );
        fs::write(folder.path().join("shop.toml"), bindings).expect("a file");
        let variables = variables.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        Self { folder, variables }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_warroom"));
        command.current_dir(self.folder.path()).args(arguments);
        for name in
            ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"]
        {
            command.env_remove(name);
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs it until the log holds a text.
    fn run_until(&self, text: &str) {
        let out = |name| fs::File::create(self.file(name)).expect("a file");
        let mut child = self
            .command(&["run", "shop.toml", "--plain", "--as", "Ana", "--session", "night.jsonl"])
            .stdin(Stdio::piped())
            .stdout(out("out"))
            .stderr(out("err"))
            .spawn()
            .expect("warroom runs");
        let found = (0..3_000).any(|_| {
            thread::sleep(Duration::from_millis(20));
            fs::read_to_string(self.file("night.jsonl")).is_ok_and(|log| log.contains(text))
        });
        let log = fs::read_to_string(self.file("night.jsonl")).unwrap_or_default();
        let mut input = child.stdin.take().expect("its input");
        drop(writeln!(input, "status"));
        drop(input);
        drop(child.wait());
        let said = |name| fs::read_to_string(self.file(name)).unwrap_or_default();
        assert!(found, "{text} never came\n{log}\n{}{}", said("out"), said("err"));
    }

    /// Runs a subcommand and keeps what it says.
    fn keep(&self, name: &str, arguments: &[&str]) {
        let output = self.command(arguments).output().expect("warroom runs");
        fs::write(self.file(name), [output.stdout, output.stderr].concat()).expect("a file");
    }
}

#[test]
fn no_secret_is_in_anything_that_is_written() {
    let (token, key) = ("tok-1f3a-never-to-be-seen", "key-77d2-never-to-be-seen");
    // It repeats every header that it gets, in an error of its own.
    let server = Echo::start();
    let source = format!(
        "kind = \"prometheus\"\nurl = \"{}\"\nbearer_token_file = \"token\"\nheaders = {{ X-Api-Key = {{ env = \"SHOP_KEY\" }} }}",
        server.url()
    );
    let night = Night::new(&source, &[("SHOP_KEY", key)]);
    fs::write(night.file("token"), token).expect("a file");
    night.run_until("you sent [hidden] and [hidden]");
    night.keep("check", &["check", "shop.toml"]);
    night.keep("check.json", &["check", "shop.toml", "--format", "json"]);
    night.keep("verify", &["verify", "night.jsonl"]);
    night.keep("backtest", &["backtest", "shop.toml", "--from", "1m", "--page", "page.html"]);
    night.keep("backtest.json", &["backtest", "shop.toml", "--from", "1m", "--format", "json"]);
    for format in ["md", "html", "csv", "json"] {
        night.keep(&format!("report.{format}"), &["report", "night.jsonl", "--format", format]);
    }
    // What a screen of that night shows, drawn from the cells of the board.
    for view in ["board", "gates", "timeline", "info"] {
        night.keep(&format!("{view}.svg"), &["screenshot", "night.jsonl", "--view", view, "--size", "200x60"]);
        assert!(fs::read_to_string(night.file(&format!("{view}.svg"))).expect("a file").contains("<svg"), "{view}");
    }
    fs::remove_file(night.file("token")).expect("it was there");
    let mut looked = 0;
    for entry in fs::read_dir(night.folder.path()).expect("a folder").flatten() {
        let text = String::from_utf8_lossy(&fs::read(entry.path()).unwrap_or_default()).into_owned();
        assert!(!text.contains(token) && !text.contains(key), "{}:\n{text}", entry.path().display());
        looked += usize::from(!text.is_empty());
    }
    assert!(looked >= 16, "only {looked} files hold anything");
}

/// A server that answers every request with an error that repeats its secrets.
struct Echo {
    address: std::net::SocketAddr,
}

impl Echo {
    fn start() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            use std::io::BufRead;
            for mut stream in listener.incoming().flatten() {
                let mut lines = std::io::BufReader::new(stream.try_clone().expect("a stream")).lines();
                let mut secrets = [String::new(), String::new()];
                while let Some(Ok(line)) = lines.next().filter(|line| line.as_ref().is_ok_and(|line| !line.is_empty()))
                {
                    let lower = line.to_lowercase();
                    if let Some(value) = lower.strip_prefix("authorization: bearer ") {
                        value.clone_into(&mut secrets[0]);
                    }
                    if let Some(value) = lower.strip_prefix("x-api-key: ") {
                        value.clone_into(&mut secrets[1]);
                    }
                }
                let error = format!("you sent {} and {}", secrets[0], secrets[1]);
                let body = format!(r#"{{"status":"error","errorType":"bad_data","error":"{error}"}}"#);
                respond(&mut stream, "401 Unauthorized", "application/json", body.as_bytes());
            }
        });
        Self { address }
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// A server that answers every query, and remembers what it was asked for.
fn answering() -> (Server, Arc<Mutex<Vec<String>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let server = Server::start(move |request: &Request, stream| {
        log.lock().expect("no panic").push(request.path.clone());
        let part =
            |name: &str, value: u32| format!(r#"{{"metric":{{"warroom":"{name}"}},"value":[1700000000,"{value}"]}}"#);
        let now = 1_700_000_000;
        let result = [part("value", 0), part("now", now), part("0 newest", now), part("0 samples", 5)].join(",");
        let body = format!(r#"{{"status":"success","data":{{"resultType":"vector","result":[{result}]}}}}"#);
        respond(stream, "200 OK", "application/json", body.as_bytes());
    });
    (server, asked)
}

#[test]
fn the_proxy_of_the_environment_is_asked_and_never_for_loopback() {
    let ((proxy, through), (direct, straight)) = (answering(), answering());
    let polled = r#""sample":{"#;
    let elsewhere =
        Night::new("kind = \"prometheus\"\nurl = \"http://prometheus.invalid:9090\"", &[("HTTP_PROXY", &proxy.url())]);
    elsewhere.run_until(polled);
    let first = through.lock().expect("no panic").first().cloned();
    assert_eq!(first.as_deref(), Some("http://prometheus.invalid:9090/api/v1/query"));

    let before = through.lock().expect("no panic").len();
    let here = format!("kind = \"prometheus\"\nurl = \"{}\"", direct.url());
    Night::new(&here, &[("HTTP_PROXY", &proxy.url()), ("ALL_PROXY", &proxy.url())]).run_until(polled);
    assert_eq!(through.lock().expect("no panic").len(), before, "loopback is nobody else's");
    assert!(!straight.lock().expect("no panic").is_empty());
}
