//! `warroom note` and `warroom tick`: one line of the command language from a script, while others
//! sit at the board.

mod afterwards;

use super::out::Out;
use super::{exit, night, session};
use crate::clock::Clock;
use crate::room::seats::Line;
use crate::room::seats::wire::{Asked, Refused, Told, validate};
use crate::session::event::show_clock;
use crate::text::Millis;
use clap::Args;
use std::io::{self, Read};
use std::path::Path;

/// A holder that has not answered for so long hangs.
const PATIENCE: Millis = Millis::from_secs(10);

/// So much of standard input is a note; more is no note.
const LONGEST: u64 = 16 << 10;

/// The only command of a script's line.
const ID: u64 = 1;

/// What is said, and where.
#[derive(Debug, Args)]
struct Words {
    /// What to record; before it the session, where it is not the only live one
    #[arg(value_name = "[SESSION] TEXT", num_args = 1..=2, required = true)]
    words: Vec<String>,
    /// Who says so
    #[arg(long = "as", value_name = "NAME", env = "WARROOM_AS", default_value = "")]
    by: String,
}

/// Writes a note into a session, live or closed.
#[derive(Debug, Args)]
#[command(after_help = NOTE)]
pub struct NoteArguments {
    #[command(flatten)]
    words: Words,
}

const NOTE: &str = "\
Examples:
  warroom note \"database failover is done\" --as Ana
  ./migrate.sh 2>&1 | tail -n 1 | warroom note -
  warroom note payments \"the canary is back\"

Exit codes: 0 recorded, 1 kept by the holder and not saved yet, 2 no such session, or refused.";

/// Ticks an item of a session: live, with the evidence of this second, or closed.
#[derive(Debug, Args)]
#[command(after_help = TICK)]
pub struct TickArguments {
    #[command(flatten)]
    words: Words,
}

const TICK: &str = "\
Examples:
  warroom tick \"Backups verified\" --as ci
  pg_dump -f backup.sql shop && warroom tick @42 --as ci
  warroom tick payments \"Backups verified\"
  warroom tick 20260314-0200-payments \"Old servers switched off\" --as Ana   (weeks after it was closed)

Exit codes: 0 recorded, 1 kept by the holder and not saved yet, 2 no such session, or refused.";

/// Runs `warroom note` and returns its exit code.
#[must_use]
pub fn note(NoteArguments { words }: &NoteArguments, out: &Out) -> u8 {
    run("note", words, out)
}

/// Runs `warroom tick` and returns its exit code.
#[must_use]
pub fn tick(TickArguments { words }: &TickArguments, out: &Out) -> u8 {
    run("tick", words, out)
}

fn run(word: &str, words: &Words, out: &Out) -> u8 {
    let (named, text) = match words.words.as_slice() {
        [session, text] => (Some(session.as_str()), text),
        [text] => (None, text),
        _ => return exit::USAGE,
    };
    let text = match text.as_str() {
        "-" => match standard_input() {
            Ok(text) => text,
            Err(error) => {
                out.error(&format!("cannot read standard input: {error}"));
                return exit::USAGE;
            }
        },
        text => text.to_owned(),
    };
    let line = format!("{word} {}", text.trim());
    night::block_on(out, async {
        let said = async {
            let path = session::find(named, out).await?;
            Ok(say(&path, line, words.by.clone(), out).await)
        };
        said.await.unwrap_or_else(|code| code)
    })
}

fn standard_input() -> io::Result<String> {
    let mut text = String::new();
    io::stdin().lock().take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// Says a line to whoever holds a session, and waits until it is on disk or known not to be.
async fn say(path: &Path, line: String, by: String, out: &Out) -> u8 {
    let said = line.clone();
    let asked = Asked::Command { id: ID, line, by: by.clone(), seen: None };
    if let Err(why) = validate(&asked) {
        out.error(&why);
        return exit::USAGE;
    }
    let answered = async {
        let mut line = Line::call(path).await?;
        line.ask(asked)?;
        settle(&mut line).await
    };
    match Clock::real().within(PATIENCE, answered).await {
        Some(Ok(answer)) => tell(answer, out),
        Some(Err(error)) if error.kind() == io::ErrorKind::TimedOut => {
            out.error(&format!("whoever holds {} does not answer", path.display()));
            exit::INTERNAL
        }
        Some(Err(_)) if afterwards::is_closed(path) => match afterwards::say(path, &said, by, out).await {
            Ok(answer) => tell(answer, out),
            Err(code) => code,
        },
        Some(Err(error)) => {
            let path = path.display();
            out.error(&format!("nobody holds {path}: {error}; \"warroom run --resume {path}\" goes on with it"));
            exit::USAGE
        }
        None => {
            out.error("whoever holds the session does not answer: look at its board whether it was recorded");
            exit::INTERNAL
        }
    }
}

/// What came of it.
enum Answer {
    Saved,
    NotSaved(String),
    Refused(Refused),
}

async fn settle(line: &mut Line) -> io::Result<Answer> {
    let (mut decided, mut disk) = (None, None);
    loop {
        match line.hear().await? {
            Told::Decided { id: ID, seq } => decided = Some(seq),
            Told::Refused { id: ID, why } => return Ok(Answer::Refused(why)),
            Told::Disk(news) => disk = Some(news),
            Told::Sorry { why } => return Err(io::Error::other(why)),
            _ => {}
        }
        match (decided, &disk) {
            (Some(seq), Some(disk)) if disk.saved >= seq => return Ok(Answer::Saved),
            (Some(_), Some(disk)) => {
                if let Some((why, _)) = &disk.failing {
                    return Ok(Answer::NotSaved(why.clone()));
                }
            }
            _ => {}
        }
    }
}

fn tell(answer: Answer, out: &Out) -> u8 {
    match answer {
        Answer::Saved => {
            out.line(&format!("{}  recorded", show_clock(Clock::real().now().at)));
            exit::OK
        }
        Answer::NotSaved(why) => {
            out.error(&format!("NOT SAVED yet, the session log cannot be written: {why}; its holder keeps it"));
            exit::INTERNAL
        }
        Answer::Refused(why) => {
            out.error(&format!("refused: {}", crate::session::Refusal::from(why)));
            exit::USAGE
        }
    }
}
