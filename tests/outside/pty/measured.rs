//! What the board costs, beside other programs that show figures in a terminal, in one run on one machine:
//!
//! ```text
//! cargo test --release --test outside -- --ignored --nocapture pty::measured
//! ```
//!
//! It takes some minutes, and prints the table of docs/performance.md. bottom and grafatui are measured where
//! they are installed; `WARROOM_MEASURED=FILE` names another build of warroom. Each runs in a terminal of
//! 200x50 with eight queries a second on a real Prometheus behind a proxy that misbehaves when told to.
//! Latency is from the key to the arrival of the bytes with which an emulator behind the terminal shows what
//! was expected.

#![expect(clippy::disallowed_methods, reason = "what it measures is the real time")]

use crate::support::misbehaving::{Misbehaving, Mode};
use crate::support::prometheus::Prometheus;
use crate::support::service::Service;
use crate::support::terminal::{Terminal, WARROOM};
use std::fmt::Write as _;
use std::io::Write as _;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fs, thread};

const STARTS: usize = 10;
const KEYS: usize = 60;
const KEYS_IN_A_FAULT: usize = 12;
const IDLE: Duration = Duration::from_secs(60);
/// Between two keys, as fast fingers are.
const BETWEEN: Duration = Duration::from_millis(120);

/// A program, and how it is handled.
struct Program {
    name: &'static str,
    /// Its command line; one that begins with a number of its own where it writes a file.
    command: Box<dyn Fn(usize) -> Vec<String>>,
    /// What a terminal answers to what it asks first, given before it asks: it would wait two seconds otherwise.
    answer: &'static str,
    /// What its first whole frame shows.
    ready: &'static str,
    /// A key, what it brings, and the key that takes that away.
    key: (&'static str, &'static str, &'static str),
    leave: &'static str,
    /// Whether it asks the Prometheus.
    asks: bool,
}

/// So many figures change each second.
const FIGURES: usize = 8;

/// What a service exposes at a second.
fn exposed(second: u32) -> String {
    let figure = |at| format!("figure{{n=\"{at}\"}} {}\n", f64::from(second * 7 % 100 + at) / 10.0);
    (0..8).map(figure).collect()
}

fn bindings(url: &str) -> String {
    let mut text = format!(
        "checklist = \"go-live.md\"\n[source.prod]\nkind = \"prometheus\"\nurl = \"{url}\"\nevery = \"1s\"\ntimeout = \"2s\"\n"
    );
    for at in 0..FIGURES {
        let _ = write!(
            text,
            "[metric.\"figure {at}\"]\nquery = 'sum(figure{{n=\"{at}\"}})'\nunit = \"count\"\n\
             [[gate]]\nmetric = \"figure {at}\"\nlimit = \"< 1000\"\nstages = \"ramp\"\n"
        );
    }
    text
}

fn dashboard() -> String {
    let panels = (0..FIGURES).map(|at| {
        serde_json::json!({
            "type": "timeseries",
            "title": format!("figure {at}"),
            "gridPos": { "x": at % 4 * 6, "y": at / 4 * 8, "w": 6, "h": 8 },
            "targets": [{ "expr": format!("sum(figure{{n=\"{at}\"}})") }],
        })
    });
    serde_json::json!({ "title": "Figures", "refresh": "1s", "panels": panels.collect::<Vec<_>>() }).to_string()
}

fn warroom() -> Program {
    let path = env::var("WARROOM_MEASURED").unwrap_or_else(|_| WARROOM.to_owned());
    let command = move |number| {
        let session = format!("night-{number}.jsonl");
        [path.as_str(), "run", "go-live.toml", "--as", "Ana", "--session", &session].map(str::to_owned).to_vec()
    };
    Program {
        name: "warroom",
        command: Box::new(command),
        answer: "",
        ready: " REC ",
        key: ("?", "can be done now", "\x1b"),
        leave: "\x03\x03",
        asks: true,
    }
}

fn grafatui(url: &str) -> Program {
    let command = ["grafatui", "--prometheus-url", url, "--grafana-json", "figures.json", "--refresh-rate", "1000"]
        .map(str::to_owned);
    Program {
        name: "grafatui",
        command: Box::new(move |_| command.to_vec()),
        answer: "",
        ready: "figure 7",
        key: ("/", "Search", "\x1b"),
        leave: "q",
        asks: true,
    }
}

fn bottom() -> Program {
    Program {
        name: "bottom",
        command: Box::new(|_| vec!["btm".to_owned()]),
        // The cursor is in the corner.
        answer: "\x1b[1;1R",
        ready: "Processes",
        key: ("?", "Close", "\x1b"),
        leave: "q",
        asks: false,
    }
}

/// What one program costs.
#[derive(Debug, Default)]
struct Figures {
    first: Vec<Duration>,
    keys: Vec<Duration>,
    leaving: Vec<Duration>,
    bytes: usize,
    cpu: Duration,
    resident: u64,
    faults: Vec<Fault>,
}

/// What it costs while the sources misbehave.
#[derive(Debug)]
struct Fault {
    name: &'static str,
    keys: Vec<Duration>,
    /// The most memory it had meanwhile, in kilobytes; what the fault before has left is part of it.
    peak: u64,
}

fn start(program: &Program, number: usize, folder: &Path) -> (Terminal, Duration) {
    let terminal = Terminal::open();
    terminal.resize(200, 50);
    let command = (program.command)(number);
    let arguments: Vec<&str> = command.iter().skip(1).map(String::as_str).collect();
    let began = Instant::now();
    let mut terminal = terminal.start(&command[0], &arguments, folder);
    terminal.press(program.answer);
    terminal.wait_for_text(program.ready);
    let took = terminal.came().saturating_duration_since(began);
    (terminal, took)
}

fn leave(program: &Program, terminal: &mut Terminal) -> Duration {
    let began = Instant::now();
    terminal.press(program.leave);
    terminal.ends();
    began.elapsed()
}

fn keys(program: &Program, terminal: &mut Terminal, count: usize) -> Vec<Duration> {
    let (opens, shows, closes) = program.key;
    let pairs = (0..count).map(|_| {
        thread::sleep(BETWEEN);
        let began = Instant::now();
        terminal.press(opens);
        terminal.wait_for_text(shows);
        let took = terminal.came().saturating_duration_since(began);
        thread::sleep(BETWEEN);
        terminal.press(closes);
        terminal.wait("an answer", |screen| !screen.contents().contains(shows));
        took
    });
    pairs.collect()
}

fn faults() -> Vec<(&'static str, Mode)> {
    let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    vec![
        ("silence", Mode::Stall),
        ("half an answer, then silence", Mode::StallBody),
        ("100 bytes a second", Mode::Slow(100)),
        ("half an answer, then the end", Mode::Partial),
        ("reset", Mode::Reset),
        ("refused", Mode::Refuse),
        ("a page of HTML instead", Mode::Says("502 Bad Gateway", "text/html", page)),
        ("redirected to itself", Mode::Redirect),
        ("no HTTP", Mode::Garbage),
        ("not gzip", Mode::BadGzip),
        ("a gzip bomb of 200 MB", Mode::GzipBomb(200)),
        ("answers of 30 MB", Mode::Huge(30)),
    ]
}

/// A line of a file of the kernel about a process, in kilobytes.
fn kilobytes(pid: i32, line: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let found = status.lines().find_map(|row| row.strip_prefix(line));
    found.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// Lets the kernel begin anew with the most memory a process has had.
fn forget_the_peak(pid: i32) {
    fs::write(format!("/proc/{pid}/clear_refs"), "5").expect("a process of one's own");
}

fn megabytes(kilobytes: u64) -> f64 {
    f64::from(u32::try_from(kilobytes).unwrap_or(u32::MAX)) / 1024.0
}

/// The time it has spent on processors so far, in hundredths of a second as the kernel counts it.
fn spent(pid: i32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: u64 = [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

fn measure(program: &Program, proxy: &mut Misbehaving, folder: &Path) -> Figures {
    let mut figures = Figures::default();
    for number in 0..STARTS {
        let (mut terminal, first) = start(program, number, folder);
        figures.first.push(first);
        thread::sleep(BETWEEN);
        figures.leaving.push(leave(program, &mut terminal));
    }
    let (mut terminal, _) = start(program, STARTS, folder);
    thread::sleep(Duration::from_secs(5));
    let pid = terminal.pid().as_raw_nonzero().get();
    let (bytes, cpu) = (terminal.count(), spent(pid));
    thread::sleep(IDLE);
    figures.bytes = terminal.count() - bytes;
    figures.cpu = spent(pid).saturating_sub(cpu);
    figures.resident = kilobytes(pid, "VmRSS:");
    figures.keys = keys(program, &mut terminal, KEYS);
    for (name, mode) in faults().into_iter().filter(|_| program.asks) {
        proxy.turn(&mode);
        forget_the_peak(pid);
        thread::sleep(Duration::from_secs(2));
        let keys = keys(program, &mut terminal, KEYS_IN_A_FAULT);
        figures.faults.push(Fault { name, keys, peak: kilobytes(pid, "VmHWM:") });
    }
    proxy.turn(&Mode::Pass);
    leave(program, &mut terminal);
    figures
}

fn at(sorted: &mut [Duration], percent: usize) -> f64 {
    sorted.sort_unstable();
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).map_or(0.0, |span| span.as_secs_f64() * 1_000.0)
}

fn table(all: &mut [(&'static str, Figures)]) -> String {
    let mut text = String::from(
        "\n| program | first frame p50 / p99 | key p50 / p99 | CPU a minute | memory | to the terminal a minute | leaving p99 |\n|---|---|---|---|---|---|---|\n",
    );
    for (name, figures) in &mut *all {
        let _ = writeln!(
            text,
            "| {name} | {:.0} / {:.0} ms | {:.1} / {:.1} ms | {:.2} s | {:.1} MB | {:.1} kB | {:.0} ms |",
            at(&mut figures.first, 50),
            at(&mut figures.first, 99),
            at(&mut figures.keys, 50),
            at(&mut figures.keys, 99),
            figures.cpu.as_secs_f64(),
            megabytes(figures.resident),
            f64::from(u32::try_from(figures.bytes).unwrap_or(u32::MAX)) / 1000.0,
            at(&mut figures.leaving, 99),
        );
    }
    for (name, figures) in all.iter_mut().filter(|(_, figures)| !figures.faults.is_empty()) {
        let _ =
            write!(text, "\n| the sources meanwhile | {name}: key p50 / slowest | memory at most |\n|---|---|---|\n");
        for Fault { name, keys, peak } in &mut figures.faults {
            let (middle, slowest) = (at(keys, 50), at(keys, 100));
            let _ = writeln!(text, "| {name} | {middle:.1} / {slowest:.1} ms | {:.1} MB |", megabytes(*peak));
        }
    }
    text
}

#[test]
#[ignore = "it measures, for minutes: its table is docs/performance.md"]
fn what_the_board_costs_beside_others() {
    let service = Service::start(&exposed(0));
    let Some(prometheus) = Prometheus::start(&[service.target()], Duration::from_secs(1)) else { return };
    let say = service.speaker();
    thread::spawn(move || {
        for second in 1.. {
            say(&exposed(second));
            thread::sleep(Duration::from_secs(1));
        }
    });
    let mut proxy = Misbehaving::before(&prometheus.url());
    let folder = crate::support::terminal::folder();
    fs::write(folder.path().join("go-live.toml"), bindings(&proxy.url())).expect("bindings");
    fs::write(folder.path().join("figures.json"), dashboard()).expect("a dashboard");
    let mut all = Vec::new();
    for program in [warroom(), bottom(), grafatui(&proxy.url())] {
        if Command::new(&(program.command)(0)[0]).arg("--version").output().is_err() {
            let _ = writeln!(std::io::stderr(), "{} is not installed and is left out", program.name);
            continue;
        }
        // A program that stands still for good is a figure, too, and no reason to lose the others.
        match panic::catch_unwind(AssertUnwindSafe(|| measure(&program, &mut proxy, folder.path()))) {
            Ok(figures) => all.push((program.name, figures)),
            Err(fault) if program.name == "warroom" => panic::resume_unwind(fault),
            Err(_) => drop(writeln!(std::io::stderr(), "{} did not answer and is left out", program.name)),
        }
    }
    let _ = writeln!(std::io::stderr(), "{}", table(&mut all));
}
