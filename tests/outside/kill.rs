//! `kill -9` at random moments of a night, with notes, ticks and readings in flight: whatever was
//! acknowledged is in the log afterwards.
//!
//! Two hundred times here; a thousand before a release:
//! `WARROOM_KILLS=1000 cargo test --release --test outside kill`.

use crate::support::service::Service;
use crate::support::traffic::Traffic;
use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use warroom::session::log::Ending;
use warroom::session::{Fact, store};

/// So many times in CI.
const KILLS: usize = 200;
/// Says how many instead.
const WANTED: &str = "WARROOM_KILLS";
/// So many nights at once.
const NIGHTS: usize = 4;

/// In so many acknowledgements something is read, on any machine.
const LONG: u64 = 20_000;

const CHECKLIST: &str = "\
# Shop go-live

## Before
- [ ] Backups restored once

## Ramp
- [ ] 10% traffic to new version - Monitor 10 minutes
  - [ ] Error rate < 1%
";

fn bindings(target: &str) -> String {
    format!(
        r#"
checklist = "shop.md"
[source.shop]
kind = "scrape"
targets = ["http://{target}/metrics"]
every = "100ms"
[metric."error rate"]
query = 'sum(rate(http_requests_total{{status=~"5.."}}[1s])) / sum(rate(http_requests_total[1s]))'
unit = "ratio"
empty = "zero"
"#
    )
}

/// The same row at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// One night, killed and gone on with again and again.
struct Night {
    plan: PathBuf,
    log: PathBuf,
    dice: Dice,
    /// The numbers of the notes that were acknowledged.
    noted: BTreeSet<u64>,
    /// How many ticks were.
    ticked: usize,
    last: u64,
    has_readings: bool,
}

impl Night {
    /// Goes on with it, and kills it after so many acknowledgements and a moment.
    fn round(&mut self) {
        let mut child = self.start();
        let (lines, said) = (BufReader::new(child.stdout.take().expect("its output")).lines(), self.last);
        let talks = talk(child.stdin.take().expect("its input"), said);
        let mut lines = lines.map_while(Result::ok);
        let wanted = self.dice.below(25);
        let mut heard = 0;
        // The first one lives until something was read: then readings are in flight in all of them.
        while heard < wanted || (heard < LONG && !self.has_readings()) {
            let Some(line) = lines.next() else { panic!("it has ended by itself: {:?}", child.wait()) };
            heard += u64::from(self.acknowledged(&line));
        }
        for _ in 0..self.dice.below(200_000) {
            std::hint::spin_loop();
        }
        child.kill().and_then(|()| child.wait()).expect("it was running");
        // What it had said before it died was said.
        for line in lines {
            self.acknowledged(&line);
        }
        self.last = talks.join().expect("somebody talked to it");
    }

    fn start(&self) -> Child {
        let mut warroom = Command::new(env!("CARGO_BIN_EXE_warroom"));
        if self.log.exists() {
            warroom.args(["run", "--resume"]).arg(&self.log);
        } else {
            warroom.arg("run").arg(&self.plan).arg("--session").arg(&self.log);
        }
        warroom.args(["--plain", "--as", "Ana"]).stdin(Stdio::piped()).stdout(Stdio::piped());
        warroom.spawn().expect("warroom runs")
    }

    /// Whether the log holds a reading; once it does, it always will.
    fn has_readings(&mut self) -> bool {
        if !self.has_readings {
            let log = fs::read_to_string(&self.log);
            self.has_readings = log.is_ok_and(|log| log.contains("\"got\":"));
        }
        self.has_readings
    }

    /// Takes down what a line acknowledges.
    fn acknowledged(&mut self, line: &str) -> bool {
        assert!(!line.contains("NOT SAVED"), "{line}");
        if let Some((_, number)) = line.split_once("Ana noted: number ") {
            self.noted.insert(number.parse().expect("a number"));
            return true;
        }
        let is_tick = line.contains("Ana ticked \"Backups");
        self.ticked += usize::from(is_tick);
        is_tick
    }

    /// Holds what was acknowledged against the log.
    fn check(&self) {
        let recorded = store::read(&self.log).expect("a session");
        assert!(!matches!(recorded.ending, Ending::Damaged(_)), "{:?}", recorded.ending);
        assert_eq!(recorded.strays, [], "it folds to what was shown");
        let timeline = &recorded.core.state().timeline;
        let noted: BTreeSet<u64> = timeline
            .iter()
            .filter_map(|event| match &event.fact {
                Fact::Noted { text } => text.strip_prefix("number ")?.parse().ok(),
                _ => None,
            })
            .collect();
        let lost: Vec<_> = self.noted.difference(&noted).collect();
        assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
        let ticked = timeline.iter().filter(|event| matches!(event.fact, Fact::ItemTicked { .. })).count();
        assert!(ticked >= self.ticked, "{} ticks were acknowledged, {ticked} are there", self.ticked);
    }
}

/// Says notes and ticks until nobody listens any more; gives the number of the last note.
fn talk(mut input: ChildStdin, mut last: u64) -> thread::JoinHandle<u64> {
    thread::spawn(move || {
        loop {
            last += 1;
            let lines = format!("note number {last}\ntick Backups\nuntick Backups\n");
            if input.write_all(lines.as_bytes()).is_err() {
                return last;
            }
        }
    })
}

fn night(folder: &Path, number: usize, kills: usize) -> (usize, usize) {
    let log = folder.join(format!("night-{number}.jsonl"));
    let dice = Dice(0x9e37_79b9_7f4a_7c15 ^ number as u64);
    let (plan, noted) = (folder.join("shop.toml"), BTreeSet::new());
    let mut night = Night { plan, log, dice, noted, ticked: 0, last: 0, has_readings: false };
    for _ in 0..kills {
        night.round();
        night.check();
    }
    (night.noted.len(), night.ticked)
}

#[test]
fn nothing_acknowledged_is_lost_to_a_kill_at_any_moment_of_a_night() {
    let kills = std::env::var(WANTED).map_or(KILLS, |wanted| wanted.parse().expect("a number of kills"));
    let service = Service::start("");
    let _traffic = Traffic::to(vec![service.speaker()]);
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("shop.md"), CHECKLIST).expect("a checklist");
    fs::write(folder.path().join("shop.toml"), bindings(&service.target())).expect("bindings");
    let nights: Vec<_> = (0..NIGHTS)
        .map(|number| {
            let folder = folder.path().to_owned();
            thread::spawn(move || night(&folder, number, kills.div_ceil(NIGHTS)))
        })
        .collect();
    let kept: Vec<_> = nights.into_iter().map(|night| night.join().expect("a night")).collect();
    assert!(kept.iter().all(|(noted, ticked)| *noted > kills / NIGHTS && *ticked > 0), "{kept:?}");
    let polled = fs::read_to_string(folder.path().join("night-0.jsonl")).expect("a log");
    assert!(polled.contains("\"got\":"), "readings were in flight");
}
