//! The log on a real file system: cut, damaged, deleted, replaced, held twice.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;
use warroom::session::log::{
    DiskState, Durability, Ending, Error, Health, Log, Opened, Owner, Reader, Settings, Writer, verify,
};

const HEADER: &str = r#"{"warroom":1,"title":"Payments v2.1.0"}"#;
const LONG: Duration = Duration::from_secs(60);

fn owner() -> Owner {
    Owner::here("02:00:03Z")
}

fn body(seq: u64) -> String {
    format!(r#"{{"seq":{seq},"by":"Ana","kind":"noted","text":"line {seq}"}}"#)
}

fn hasty(refuges: Vec<PathBuf>) -> Settings {
    Settings { flush: Duration::from_millis(5), retry: Duration::from_millis(1), patience: Duration::ZERO, refuges }
}

fn append(log: Log, seqs: std::ops::RangeInclusive<u64>) -> DiskState {
    let mut writer = Writer::start(log, hasty(Vec::new())).unwrap();
    for seq in seqs {
        writer.append(seq, body(seq), Durability::Flush);
    }
    let closed = writer.close(LONG);
    assert_eq!(closed.unsaved, []);
    closed.disk
}

/// A closed log with this many events.
fn log_of(events: u64) -> (TempDir, PathBuf) {
    let place = TempDir::new().unwrap();
    let path = place.path().join("night.jsonl");
    append(Log::create(&path, HEADER, owner()).unwrap(), 1..=events);
    (place, path)
}

fn reopen(path: &Path) -> Result<Opened, Error> {
    Log::open(path, owner())?.finish()
}

/// The events of a log that has to be clean.
fn events(path: &Path) -> Vec<String> {
    let mut reader = Reader::open(path).unwrap();
    let mut events = Vec::new();
    while let Some(line) = reader.next_line().unwrap() {
        events.push(line.text.split_once(r#","crc":"#).unwrap().0.to_owned() + "}");
    }
    assert_eq!(reader.ending().unwrap(), Ending::Clean);
    events
}

fn bodies(seqs: std::ops::RangeInclusive<u64>) -> Vec<String> {
    seqs.map(body).collect()
}

/// Waits until a condition holds that the writer announces.
fn wait_for(writer: &Writer, met: impl FnMut(&DiskState) -> bool) -> DiskState {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let mut state = writer.state();
    runtime.block_on(async {
        tokio::time::timeout(LONG, state.wait_for(met)).await.expect("the disk got there").unwrap().clone()
    })
}

#[test]
fn a_new_log_is_ours_alone_and_never_overwrites() {
    let place = TempDir::new().unwrap();
    let path = place.path().join("state/warroom/night.jsonl");
    drop(Log::create(&path, HEADER, owner()).unwrap());
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let bytes = fs::read(&path).unwrap();
    let error = Log::create(&path, HEADER, owner()).unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_header_that_is_none_leaves_no_file() {
    let place = TempDir::new().unwrap();
    let path = place.path().join("night.jsonl");
    let error = Log::create(&path, r#"{"title":"no version"}"#, owner()).unwrap_err();
    assert!(matches!(error, Error::NotASession { .. }), "{error}");
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
}

#[test]
fn sha256sum_alone_follows_the_chain_to_the_head() {
    let (_place, path) = log_of(5);
    let script =
        r#"tail -n +2 "$0" | sed 's/.*"prev":"\(.*\)"}$/\1/'; tail -n 1 "$0" | tr -d '\n' | sha256sum | cut -c1-64"#;
    let named = Command::new("sh").args(["-c", script]).arg(&path).output().unwrap();
    let script = r#"while IFS= read -r line; do printf %s "$line" | sha256sum | cut -c1-64; done <"$0""#;
    let hashed = Command::new("sh").args(["-c", script]).arg(&path).output().unwrap();
    assert_eq!(String::from_utf8(named.stdout).unwrap(), String::from_utf8(hashed.stdout.clone()).unwrap());
    let head = verify(&path).unwrap().head.to_string();
    assert!(String::from_utf8(hashed.stdout).unwrap().trim_end().ends_with(&head));
}

#[test]
fn one_process_holds_a_log_and_any_may_read_it() {
    let (_place, path) = log_of(2);
    let held = reopen(&path).unwrap();
    let error = Log::open(&path, owner()).unwrap_err();
    let want = format!("{} is held by process {} on ", path.display(), std::process::id());
    assert!(error.to_string().starts_with(&want) && error.to_string().ends_with(" since 02:00:03Z"), "{error}");
    assert_eq!(events(&path), bodies(1..=2));
    drop(held);
    append(reopen(&path).unwrap().log, 3..=4);
    assert_eq!(events(&path), bodies(1..=4));
}

#[test]
fn a_log_cut_at_any_byte_opens_and_goes_on() {
    let (place, path) = log_of(12);
    let bytes = fs::read(&path).unwrap();
    let header = bytes.iter().position(|&byte| byte == b'\n').unwrap() + 1;
    for cut in header..=bytes.len() {
        let tail: &[u8] = [&b""[..], b"\0\0\0", b"\x1b\xff\n{}\n"][cut % 3];
        let torn = [&bytes[..cut], tail].concat();
        let whole = bytes[..cut].iter().rposition(|&byte| byte == b'\n').unwrap() + 1;
        let path = place.path().join(format!("cut-{cut}.jsonl"));
        fs::write(&path, &torn).unwrap();
        let Opened { log, torn: aside } = reopen(&path).unwrap();
        assert_eq!(log.place().offset, whole as u64, "cut at {cut}");
        let kept = torn[whole..].to_vec();
        match aside {
            None => assert!(kept.is_empty(), "cut at {cut}"),
            Some(aside) => {
                assert_eq!((aside.offset, aside.length), (whole as u64, kept.len() as u64), "cut at {cut}");
                assert_eq!(fs::read(&aside.path).unwrap(), kept, "cut at {cut}");
            }
        }
        let next = log.place().seq + 1;
        append(log, next..=next);
        assert_eq!(events(&path), bodies(1..=next), "cut at {cut}");
    }
}

#[test]
fn tails_torn_at_the_same_byte_are_all_kept() {
    let (_place, path) = log_of(1);
    let tails = ["{\"seq\":2,\"by", "{\"seq\":2,\"by\":\"Ben\""];
    let paths: Vec<_> = tails
        .map(|tail| {
            fs::write(&path, [&fs::read(&path).unwrap(), tail.as_bytes()].concat()).unwrap();
            reopen(&path).unwrap().torn.unwrap().path
        })
        .into();
    assert_eq!(paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect::<Vec<_>>(), tails);
    assert!(paths[1].to_string_lossy().ends_with("-2"), "{paths:?}");
}

#[test]
fn a_damaged_log_is_named_read_up_to_there_and_left_alone() {
    let (place, path) = log_of(6);
    let text = fs::read_to_string(&path).unwrap();
    for damaged in [text.replace("line 3", "line 8"), text.replace("\"seq\":3", "\"sex\":3"), {
        text.split_inclusive('\n').enumerate().filter(|(at, _)| *at != 3).map(|(_, line)| line).collect()
    }] {
        fs::write(&path, &damaged).unwrap();
        let Err(Error::Damaged { broken, .. }) = reopen(&path) else { panic!("{damaged}") };
        assert_eq!(broken.line, 4);
        let report = verify(&path).unwrap();
        assert_eq!((report.records, report.ending), (2, Ending::Damaged(broken)));
        assert_eq!(fs::read_to_string(&path).unwrap(), damaged);
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing is set aside");
    }
}

#[test]
fn a_log_of_a_newer_format_is_read_and_not_appended_to() {
    let place = TempDir::new().unwrap();
    let path = place.path().join("night.jsonl");
    append(Log::create(&path, r#"{"warroom":2}"#, owner()).unwrap(), 1..=2);
    let error = reopen(&path).unwrap_err();
    assert!(matches!(error, Error::TooNew { found: 2, .. }), "{error}");
    assert_eq!((Reader::open(&path).unwrap().version(), events(&path)), (2, bodies(1..=2)));
}

#[test]
fn a_deleted_log_is_written_anew_under_its_name() {
    let (place, path) = log_of(3);
    let mut writer = Writer::start(reopen(&path).unwrap().log, hasty(Vec::new())).unwrap();
    fs::remove_file(&path).unwrap();
    writer.append(4, body(4), Durability::Sync);
    let disk = wait_for(&writer, |disk| disk.durable == 4);
    assert_eq!((disk.path.as_path(), disk.health), (path.as_path(), Health::Fine));
    assert!(matches!(Log::open(&path, owner()), Err(Error::Locked { .. })), "the new file is held too");
    drop(writer.close(LONG));
    assert_eq!(events(&path), bodies(1..=4));
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1);
}

#[test]
fn a_log_whose_name_was_taken_goes_on_beside_it() {
    let (_place, path) = log_of(3);
    let mut writer = Writer::start(reopen(&path).unwrap().log, hasty(Vec::new())).unwrap();
    fs::remove_file(&path).unwrap();
    fs::write(&path, "somebody's own\n").unwrap();
    writer.append(4, body(4), Durability::Sync);
    let disk = wait_for(&writer, |disk| disk.durable == 4);
    assert_eq!(disk.path, path.with_file_name("night.moved-1.jsonl"));
    drop(writer.close(LONG));
    assert_eq!(events(&disk.path), bodies(1..=4));
    assert_eq!(fs::read_to_string(&path).unwrap(), "somebody's own\n");
}

#[test]
fn a_log_whose_directory_is_gone_goes_to_a_refuge() {
    let (place, _) = log_of(0);
    let (home, refuge) = (place.path().join("home"), place.path().join("refuge/logs"));
    let log = Log::create(&home.join("night.jsonl"), HEADER, owner()).unwrap();
    let mut writer = Writer::start(log, hasty(vec![PathBuf::from("/proc/nowhere"), refuge.clone()])).unwrap();
    writer.append(1, body(1), Durability::Sync);
    wait_for(&writer, |disk| disk.durable == 1);
    fs::remove_dir_all(&home).unwrap();
    fs::write(&home, "a file stands in its place").unwrap();
    writer.append(2, body(2), Durability::Sync);
    let disk = wait_for(&writer, |disk| disk.durable == 2);
    assert_eq!(disk.path, refuge.join("night.jsonl"));
    drop(writer.close(LONG));
    assert_eq!(events(&disk.path), bodies(1..=2));
}

#[test]
fn lines_of_another_hand_are_cut_off_again() {
    use std::io::Write as _;
    let (_place, path) = log_of(3);
    let mut writer =
        Writer::start(reopen(&path).unwrap().log, Settings { patience: LONG, ..hasty(Vec::new()) }).unwrap();
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"hello\n").unwrap();
    writer.append(4, body(4), Durability::Sync);
    wait_for(&writer, |disk| disk.durable == 4);
    drop(writer.close(LONG));
    assert_eq!(events(&path), bodies(1..=4));
}

#[test]
fn a_log_cut_short_by_another_hand_is_not_said_to_be_saved() {
    let (_place, path) = log_of(3);
    let mut writer = Writer::start(reopen(&path).unwrap().log, hasty(Vec::new())).unwrap();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(60).unwrap();
    writer.append(4, body(4), Durability::Sync);
    wait_for(&writer, |disk| disk.health != Health::Fine);
    let closed = writer.close(LONG);
    assert_eq!(closed.unsaved.iter().map(|record| record.seq).collect::<Vec<_>>(), [4]);
    assert_eq!(closed.disk.durable, 3);
}
