//! A pseudo terminal with an emulator behind it, and the program in it.

#![expect(clippy::disallowed_methods, reason = "a test's patience is not the program's clock")]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};
use vt100::{MouseProtocolMode, Parser, Screen};

/// How long anything may take on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
/// How often something that does not tell is looked at.
pub(crate) const LOOK: Duration = Duration::from_millis(20);
/// A question is deaf in its first moments: Enter is pressed again after this.
const AGAIN: Duration = Duration::from_millis(400);

pub(crate) const WARROOM: &str = env!("CARGO_BIN_EXE_warroom");

const FRAME_BEGINS: &[u8] = b"\x1b[?2026h";
const FRAME_ENDS: &[u8] = b"\x1b[?2026l";

/// What the reader of the terminal has seen.
struct Seen {
    emulator: Parser,
    bytes: Vec<u8>,
    /// When the last of them came.
    came: Instant,
    reader: Reader,
}

impl Seen {
    /// Whether a frame has begun and not ended. Nobody sees a terminal then: a frame that draws everything
    /// begins with a screen on which nothing is left.
    fn is_amid_a_frame(&self) -> bool {
        last(&self.bytes, FRAME_BEGINS) > last(&self.bytes, FRAME_ENDS)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reader {
    Reads,
    /// It is there and takes nothing.
    Stalled,
    Gone,
}

type Shared = Arc<(Mutex<Seen>, Condvar)>;

/// The terminal, and whatever runs in it, which is killed when this is dropped.
pub(crate) struct Terminal {
    master: Box<dyn MasterPty + Send>,
    slave: Box<dyn SlavePty + Send>,
    keys: Box<dyn Write + Send>,
    child: Option<Box<dyn Child + Send + Sync>>,
    seen: Shared,
    /// The kernel's settings of it before anything ran.
    settings: String,
}

impl Terminal {
    /// A terminal of 120x36 in which nothing runs yet.
    pub(crate) fn open() -> Self {
        let size = PtySize { rows: 36, cols: 120, ..PtySize::default() };
        let pair = native_pty_system().openpty(size).expect("a pseudo terminal");
        let emulator = Parser::new(size.rows, size.cols, 0);
        let seen = Seen { emulator, bytes: Vec::new(), came: Instant::now(), reader: Reader::Reads };
        let seen: Shared = Arc::new((Mutex::new(seen), Condvar::new()));
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let shared = Arc::clone(&seen);
        thread::spawn(move || read(&mut *reader, &shared));
        let keys = pair.master.take_writer().expect("a writer");
        let settings = settings(&*pair.master);
        Self { master: pair.master, slave: pair.slave, keys, child: None, seen, settings }
    }

    /// The board of a command line of `warroom`, once it is shown.
    pub(crate) fn board(arguments: &[&str], folder: &Path) -> Self {
        let terminal = Self::open().start(WARROOM, arguments, folder);
        terminal.wait_for_board();
        terminal
    }

    /// Waits until a board is shown and listens: it forgets what is typed before its first frame is seen.
    pub(crate) fn wait_for_board(&self) {
        self.wait_for_text(" REC ");
        until("one more frame", || {
            let seen = self.seen.0.lock().expect("the reader is well");
            count(&seen.bytes, FRAME_ENDS) >= 3
        });
    }

    /// Starts a program as the one that leads the terminal's session.
    pub(crate) fn start(mut self, program: &str, arguments: &[&str], folder: &Path) -> Self {
        let mut command = CommandBuilder::new(program);
        command.args(arguments);
        command.cwd(folder);
        command.env("TERM", "xterm-256color");
        command.env_remove("NO_COLOR");
        self.child = Some(self.slave.spawn_command(command).expect("the program starts"));
        self
    }

    /// Where the side is that programs see.
    pub(crate) fn path(&self) -> PathBuf {
        self.master.tty_name().expect("a terminal has a name")
    }

    /// Presses keys, as bytes.
    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).and_then(|()| self.keys.flush()).expect("a terminal takes keys");
    }

    /// Presses a key, waits for the question that it asks, answers it with the button of that name and
    /// waits until the question is gone.
    pub(crate) fn decide(&mut self, key: &str, title: &str, button: &str) {
        self.press(key);
        self.wait_for_text(title);
        self.answer(title, button);
    }

    /// Answers the question that is asked with the button of that name, and waits until it is gone.
    pub(crate) fn answer(&mut self, title: &str, button: &str) {
        let wanted = format!("▸[ {button} ]");
        loop {
            let now = chosen(&self.screen());
            if now == wanted {
                break;
            }
            self.press("\t");
            self.wait("the next button", |screen| chosen(&screen.contents()) != now);
        }
        self.press("\r");
        self.looks_until(AGAIN, |screen| !screen.contents().contains(title));
        self.insist("\r", |screen| !screen.contains(title));
    }

    /// Presses a key again and again until the screen is so.
    pub(crate) fn insist(&mut self, key: &str, is_so: impl Fn(&str) -> bool) {
        let until = Instant::now() + PATIENCE;
        while !is_so(&self.screen()) {
            assert!(Instant::now() < until, "pressed {key:?} in vain\n{}", self.screen());
            self.press(key);
            self.looks_until(AGAIN, |screen| is_so(&screen.contents()));
        }
    }

    /// Writes a note, as far as the board's own word that it was sent.
    pub(crate) fn note(&mut self, text: &str) {
        self.press("n");
        self.wait_for_text("Write it down");
        self.press(text);
        self.answer("Write it down", "Write it down");
    }

    /// Looks at the help and back.
    pub(crate) fn look_at_help(&mut self) {
        self.press("?");
        self.wait_for_text("can be done now");
        self.press("\x1b");
        self.wait("an answer to Esc", |screen| !screen.contents().contains("can be done now"));
    }

    /// Waits until the screen is so.
    pub(crate) fn wait(&self, what: &str, is_so: impl Fn(&Screen) -> bool) {
        assert!(self.looks_until(PATIENCE, is_so), "waited for {what} in vain\n{}", self.screen());
    }

    pub(crate) fn wait_for_text(&self, text: &str) {
        self.wait(&format!("{text:?}"), |screen| screen.contents().contains(text));
    }

    fn looks_until(&self, patience: Duration, is_so: impl Fn(&Screen) -> bool) -> bool {
        let (seen, news) = &*self.seen;
        let guard = seen.lock().expect("the reader is well");
        let waits =
            news.wait_timeout_while(guard, patience, |seen| seen.is_amid_a_frame() || !is_so(seen.emulator.screen()));
        !waits.expect("the reader is well").1.timed_out()
    }

    /// The screen as text, as somebody sees it: between two frames.
    pub(crate) fn screen(&self) -> String {
        let (seen, news) = &*self.seen;
        let guard = seen.lock().expect("the reader is well");
        let waits = news.wait_timeout_while(guard, AGAIN, |seen| seen.is_amid_a_frame());
        waits.expect("the reader is well").0.emulator.screen().contents()
    }

    /// Waits until the terminal's title begins so: with the verdict.
    pub(crate) fn wait_for_title(&self, title: &str) {
        let (seen, news) = &*self.seen;
        let guard = seen.lock().expect("the reader is well");
        let is_other = |seen: &mut Seen| !last_title(&seen.bytes).starts_with(title);
        let (guard, waited) = news.wait_timeout_while(guard, PATIENCE, is_other).expect("the reader is well");
        let screen = guard.emulator.screen().contents();
        let last = last_title(&guard.bytes);
        assert!(!waited.timed_out(), "waited for the title {title:?} in vain, it is {last:?}\n{screen}");
    }

    /// So many bytes have come so far.
    pub(crate) fn count(&self) -> usize {
        self.seen.0.lock().expect("the reader is well").bytes.len()
    }

    /// When the last byte came.
    pub(crate) fn came(&self) -> Instant {
        self.seen.0.lock().expect("the reader is well").came
    }

    /// Everything that has come so far.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.seen.0.lock().expect("the reader is well").bytes.clone()
    }

    /// Somebody makes the window another size.
    pub(crate) fn resize(&self, cols: u16, rows: u16) {
        self.seen.0.lock().expect("the reader is well").emulator.screen_mut().set_size(rows, cols);
        self.master.resize(PtySize { rows, cols, ..PtySize::default() }).expect("a terminal can be resized");
    }

    /// The terminal's user goes away and leaves it open.
    pub(crate) fn stall(&self) {
        self.set_reader(Reader::Stalled);
    }

    /// The user comes back.
    pub(crate) fn read_on(&self) {
        self.set_reader(Reader::Reads);
    }

    fn set_reader(&self, reader: Reader) {
        let (seen, news) = &*self.seen;
        seen.lock().expect("the reader is well").reader = reader;
        news.notify_all();
    }

    /// The process that leads the session.
    pub(crate) fn pid(&self) -> Pid {
        let id = self.child.as_ref().and_then(|child| child.process_id()).expect("it runs");
        Pid::from_raw(id.try_into().expect("an id")).expect("an id")
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).expect("it runs");
    }

    /// Waits until the program has ended; gives its exit code.
    pub(crate) fn ends(&mut self) -> u32 {
        let mut ended = None;
        until("its end", || {
            ended = self.child.as_mut().and_then(|child| child.try_wait().expect("it can be asked"));
            ended.is_some()
        });
        ended.map_or(0, |status| status.exit_code())
    }

    /// Waits until the terminal is as it was before the program.
    pub(crate) fn wait_until_given_back(&self) {
        self.wait("the terminal's return", |screen| {
            let is_quiet = screen.mouse_protocol_mode() == MouseProtocolMode::None && !screen.bracketed_paste();
            !screen.alternate_screen() && !screen.hide_cursor() && is_quiet
        });
        until("its settings", || settings(&*self.master) == self.settings);
        let bytes = &self.seen.0.lock().expect("the reader is well").bytes;
        assert!(last(bytes, FRAME_BEGINS) < last(bytes, FRAME_ENDS), "no frame is left open");
        assert_eq!(count(bytes, b"\x1b[22;2t"), count(bytes, b"\x1b[23;2t"), "the title is kept and given back");
    }

    /// The terminal is gone at once, with everything that kept it.
    pub(crate) fn vanish(self) {
        self.set_reader(Reader::Gone);
        let seen = Arc::clone(&self.seen);
        drop(self);
        // The reader's own handle goes with it.
        until("the end of the reader", || Arc::strong_count(&seen) == 1);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

fn read(reader: &mut dyn Read, (seen, news): &(Mutex<Seen>, Condvar)) {
    let mut buffer = [0; 4096];
    loop {
        let guard = seen.lock().expect("a test is well");
        let guard = news.wait_while(guard, |seen| seen.reader == Reader::Stalled).expect("a test is well");
        if guard.reader == Reader::Gone {
            return;
        }
        drop(guard);
        let Ok(count @ 1..) = reader.read(&mut buffer) else { return };
        let came = Instant::now();
        let mut seen = seen.lock().expect("a test is well");
        seen.came = came;
        let bytes = buffer.get(..count).unwrap_or_default();
        seen.emulator.process(bytes);
        seen.bytes.extend(bytes);
        news.notify_all();
    }
}

fn settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios())
}

fn count(bytes: &[u8], what: &[u8]) -> usize {
    bytes.windows(what.len()).filter(|window| *window == what).count()
}

/// Where these bytes stand last.
fn last(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

/// The button that Enter presses; empty where it is in none.
fn chosen(screen: &str) -> String {
    let at = screen.split_once("▸[").and_then(|(_, rest)| rest.split_once(']'));
    at.map_or_else(String::new, |(name, _)| format!("▸[{name}]"))
}

/// The title that was set last.
fn last_title(bytes: &[u8]) -> String {
    let begin = b"\x1b]2;";
    let text = last(bytes, begin).and_then(|at| bytes.get(at + begin.len()..)).unwrap_or_default();
    let text = text.split(|byte| *byte == b'\x1b').next().unwrap_or_default();
    String::from_utf8_lossy(text).into_owned()
}

/// Waits until something is so that nobody tells.
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < until, "waited for {what} in vain");
        thread::sleep(LOOK);
    }
}

/// How often the sources were polled, by the log.
pub(crate) fn polls(log: &Path) -> usize {
    fs::read_to_string(log).unwrap_or_default().matches("\"kind\":\"polled\"").count()
}

/// A folder with a checklist and no bindings: `go-live.md`.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let checklist = "# Go-live\n\n## Before\n- [ ] Backups\n\n## Ramp\n- [ ] 10% traffic - Monitor 10 minutes\n";
    fs::write(folder.path().join("go-live.md"), checklist).expect("a checklist");
    folder
}

/// The command line of a board on that checklist.
pub(crate) const RUN: [&str; 6] = ["run", "go-live.md", "--as", "Ana", "--session", "night.jsonl"];
