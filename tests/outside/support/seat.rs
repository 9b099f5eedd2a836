//! The program, driven by lines: what it prints is waited for, never for a time.

#![expect(clippy::disallowed_methods, reason = "a test's patience is not the program's clock")]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long a line may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(90);

/// A running `warroom`; it is killed when this is dropped.
pub(crate) struct Seat {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
    heard: Vec<String>,
    /// Lines before this one were waited for already.
    read: usize,
}

impl Seat {
    pub(crate) fn take(arguments: &[&str]) -> Self {
        Self::take_as(env!("CARGO_BIN_EXE_warroom"), arguments)
    }

    /// Takes a seat by a program that runs `warroom`.
    pub(crate) fn take_as(program: &str, arguments: &[&str]) -> Self {
        let mut child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("warroom runs");
        let output = child.stdout.take().expect("its output");
        let (sender, lines) = channel();
        thread::spawn(move || {
            BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
        });
        let input = child.stdin.take();
        Self { child, input, lines, heard: Vec::new(), read: 0 }
    }

    /// The process it is.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn say(&mut self, command: &str) {
        let input = self.input.as_mut().expect("it listens");
        writeln!(input, "{command}").and_then(|()| input.flush()).expect("it listens");
    }

    /// Waits for a line that fits, among those that were not waited for yet.
    pub(crate) fn wait(&mut self, what: &str, fits: impl Fn(&str) -> bool) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.heard.iter().skip(self.read).position(|line| fits(line)) {
                self.read += at + 1;
                return self.heard[self.read - 1].clone();
            }
            match self.lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => self.heard.push(line),
                Err(RecvTimeoutError::Timeout) => self.give_up(what, "no such line came"),
                Err(RecvTimeoutError::Disconnected) => self.give_up(what, "it has ended"),
            }
        }
    }

    /// Says a decision, and says it again where the verdict has got worse meanwhile.
    pub(crate) fn insist(&mut self, words: &str, done: &str) {
        for _ in 0..10 {
            self.say(words);
            let answer = self.wait(done, |line| line.contains(done) || line.contains("has got worse since you looked"));
            if answer.contains(done) {
                return;
            }
        }
        self.give_up(done, "it was refused again and again");
    }

    /// Waits until a verdict is printed.
    pub(crate) fn wait_verdict(&mut self, call: &str) {
        self.wait(&format!("the verdict {call}"), |line| verdict(line) == Some(call));
    }

    /// Waits until something else is so.
    pub(crate) fn until(&mut self, what: &str, is_so: impl Fn() -> bool) {
        let until = Instant::now() + PATIENCE;
        while !is_so() {
            if Instant::now() > until {
                self.give_up(what, "it never came");
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// All lines so far.
    pub(crate) fn heard(&self) -> &[String] {
        &self.heard
    }

    /// The verdicts printed so far, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        self.heard.iter().filter_map(|line| verdict(line)).map(str::to_owned).collect()
    }

    /// Kills it as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().and_then(|()| self.child.wait()).expect("it was running");
    }

    /// Closes its input and waits for its exit code.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.input = None;
        self.child.wait().expect("it ends").code()
    }

    fn give_up(&self, what: &str, why: &str) -> ! {
        panic!("waited for {what}: {why}\n{}", self.heard.join("\n"));
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The verdict a line prints: `02:14:07Z  GO`.
fn verdict(line: &str) -> Option<&str> {
    let (_, call) = line.split_once("Z  ")?;
    ["GO", "HOLD", "ROLLBACK"].contains(&call).then_some(call)
}

// Each test needs a part of this.
const _: fn(&Seat) -> &[String] = Seat::heard;
const _: fn(&Seat) -> Vec<String> = Seat::calls;
const _: fn(Seat) = Seat::kill;
const _: fn(&Seat) -> u32 = Seat::id;
const _: fn(&mut Seat, &str, fn() -> bool) = Seat::until;
const _: fn(&str, &[&str]) -> Seat = Seat::take_as;
const _: fn(&mut Seat, &str) = Seat::wait_verdict;
const _: fn(Seat) -> Option<i32> = Seat::end;
