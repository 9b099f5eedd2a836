//! The log against the system: its writer killed at any moment, its disk full, its file size limited.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use warroom::session::log::{
    DiskState, Durability, Ending, Error, Health, Log, Opened, Owner, Reader, Settings, Writer, verify,
};

const HEADER: &str = r#"{"warroom":1}"#;
const LONG: Duration = Duration::from_secs(60);
/// Names the log of the process that is there to be killed.
const PATH: &str = "WARROOM_TEST_LOG";
/// What it puts before the number of the last event that is safe.
const SAVED: &str = "saved ";

fn owner() -> Owner {
    Owner::here("02:00:03Z")
}

fn body(seq: u64) -> String {
    format!(r#"{{"seq":{seq},"text":"{}"}}"#, "x".repeat(usize::try_from(seq * 37 % 700).unwrap()))
}

fn settings() -> Settings {
    Settings { flush: Duration::from_millis(2), retry: Duration::from_millis(1), ..Settings::default() }
}

fn wait_for(writer: &Writer, met: impl FnMut(&DiskState) -> bool) -> DiskState {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut state = writer.state();
    runtime.block_on(async {
        tokio::time::timeout(LONG, state.wait_for(met)).await.expect("the disk got there").unwrap().clone()
    })
}

/// Checks that a log is whole but for its tail, and holds the events that were written; gives their number.
fn events(path: &Path) -> u64 {
    let mut reader = Reader::open(path).unwrap();
    while let Some(line) = reader.next_line().unwrap() {
        assert_eq!(line.text.split_once(r#","crc":"#).unwrap().0.to_owned() + "}", body(line.seq));
    }
    let ending = reader.ending().unwrap();
    assert!(!matches!(ending, Ending::Damaged(_)), "{ending:?}");
    reader.place().seq
}

/// Starts this program again, in a shell, as the process to be killed.
fn start_writer(path: &Path, shell: &str) -> Child {
    Command::new("sh")
        .args(["-c", &format!("{shell} exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "log_crash::writes_until_it_is_killed", "--ignored", "--nocapture"])
        .env(PATH, path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
#[ignore = "not a test: the process that the others kill"]
fn writes_until_it_is_killed() {
    let path = PathBuf::from(std::env::var_os(PATH).expect("started by another test"));
    let log = match Log::open(&path, owner()) {
        Ok(opening) => opening.finish().unwrap().log,
        Err(Error::Missing { .. }) => Log::create(&path, HEADER, owner()).unwrap(),
        Err(error) => panic!("{error}"),
    };
    let mut seq = log.place().seq;
    let mut writer = Writer::start(log, settings()).unwrap();
    loop {
        for _ in 0..=seq % 5 {
            seq += 1;
            writer.append(seq, body(seq), Durability::Flush);
        }
        seq += 1;
        writer.append(seq, body(seq), Durability::Sync);
        let disk = wait_for(&writer, |disk| disk.durable == seq || disk.health != Health::Fine);
        println!("{SAVED}{}", disk.durable);
        if disk.health != Health::Fine {
            return;
        }
    }
}

/// The numbers that a writer reported as safe.
fn saved(writer: &mut Child) -> impl Iterator<Item = u64> + use<> {
    let lines = BufReader::new(writer.stdout.take().unwrap()).lines();
    lines.map_while(Result::ok).filter_map(|line| line.rsplit_once(SAVED)?.1.parse().ok())
}

#[test]
fn nothing_acknowledged_is_lost_to_a_kill_at_any_moment() {
    let place = TempDir::new().unwrap();
    let path = place.path().join("night.jsonl");
    let mut before = 0;
    for round in 0_u32..40 {
        let mut writer = start_writer(&path, "");
        let mut reports = saved(&mut writer);
        let first = reports.by_ref().nth((round * 7 % 11) as usize).expect("the writer writes");
        for _ in 0..round * 1_003 % 20_000 {
            std::hint::spin_loop();
        }
        writer.kill().unwrap();
        writer.wait().unwrap();
        let last = reports.last().unwrap_or(first);
        let kept = events(&path);
        assert!(last > before && kept >= last, "round {round}: {last} was acknowledged, {kept} are there");
        before = kept;
    }
    let Opened { log, .. } = Log::open(&path, owner()).unwrap().finish().unwrap();
    assert_eq!((log.place().seq, verify(&path).unwrap().ending), (before, Ending::Clean));
}

#[test]
fn a_file_size_limit_is_an_error_like_any_other() {
    let place = TempDir::new().unwrap();
    let path = place.path().join("night.jsonl");
    let mut writer = start_writer(&path, "ulimit -f 16;");
    let last = saved(&mut writer).last().expect("the writer writes");
    assert!(writer.wait().unwrap().success(), "it lived to say that the disk fails");
    assert!(last > 0 && events(&path) >= last);
    let mut writer = start_writer(&path, "");
    assert!(saved(&mut writer).next().expect("with the limit gone it goes on") > last);
    writer.kill().unwrap();
    writer.wait().unwrap();
}

/// A small disk of its own, in memory.
struct SmallDisk(TempDir);

impl SmallDisk {
    /// None where this user may not mount one.
    fn mount() -> Option<Self> {
        let disk = Self(TempDir::new().unwrap());
        disk.add("size=64k").then_some(disk)
    }

    /// Mounts one more over what is there.
    fn add(&self, options: &str) -> bool {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(self.0.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmount = || Command::new("umount").arg("-l").arg(self.0.path()).stderr(Stdio::null()).status();
        while unmount().is_ok_and(|status| status.success()) {}
    }
}

#[test]
fn a_full_disk_is_waited_for() {
    let Some(disk) = SmallDisk::mount() else { return };
    let (path, ballast) = (disk.0.path().join("night.jsonl"), disk.0.path().join("ballast"));
    let mut writer = Writer::start(Log::create(&path, HEADER, owner()).unwrap(), settings()).unwrap();
    fs::write(&ballast, vec![1; 40 << 10]).unwrap();
    let mut seq = 0;
    let failing = loop {
        seq += 1;
        writer.append(seq, body(seq), Durability::Sync);
        let state = wait_for(&writer, |disk| disk.durable == seq || disk.health != Health::Fine);
        if state.health != Health::Fine {
            break state;
        }
    };
    assert!(matches!(failing.health, Health::Failing { ref why } if why.contains("No space")), "{failing:?}");
    assert!(writer.unsaved() > 0 && events(&path) >= failing.durable);
    fs::remove_file(&ballast).unwrap();
    wait_for(&writer, |disk| disk.durable == seq && disk.health == Health::Fine);
    assert_eq!(writer.close(LONG).unsaved, []);
    assert_eq!((events(&path), verify(&path).unwrap().ending), (seq, Ending::Clean));
}

#[test]
fn a_disk_that_went_and_came_back_read_only_is_left_for_a_refuge() {
    let (Some(disk), refuge) = (SmallDisk::mount(), TempDir::new().unwrap()) else { return };
    let path = disk.0.path().join("night.jsonl");
    let mut writer = Writer::start(
        Log::create(&path, HEADER, owner()).unwrap(),
        Settings { refuges: vec![refuge.path().to_owned()], ..settings() },
    )
    .unwrap();
    writer.append(1, body(1), Durability::Sync);
    wait_for(&writer, |disk| disk.durable == 1);
    assert!(disk.add("ro"));
    writer.append(2, body(2), Durability::Sync);
    let moved = wait_for(&writer, |disk| disk.durable == 2);
    assert_eq!(moved.path, refuge.path().join("night.jsonl"));
    assert_eq!(writer.close(LONG).unsaved, []);
    assert_eq!(events(&moved.path), 2);
}
