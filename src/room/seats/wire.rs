//! What goes over the socket: JSON objects, one a line, and how long such a line may be.
//!
//! The holder believes nothing of what comes in: a line that is too long, is no JSON, says something
//! unknown or carries more than a person would is refused in words, and ends the connection where
//! nothing sensible can follow it.

use crate::judge::Call;
use crate::room::company::People;
use crate::room::status::Status;
use crate::session::Refusal;
use crate::session::event::Seen;
use serde::{Deserialize, Serialize};
use std::io;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};

/// The version of what is said here.
pub const VERSION: u32 = 1;

/// No message is longer, in bytes. Nearly all of it is room for the reasons that a seat has on its screen.
pub const LONGEST: usize = 256 << 10;

/// No command is longer, in bytes; a note is no novel.
pub const LONGEST_COMMAND: usize = 16 << 10;

/// No name is longer, in characters.
pub const LONGEST_NAME: usize = 80;

/// What a seat says to the holder.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case", deny_unknown_fields)]
pub enum Asked {
    /// Who sits here. Whoever does not say so watches.
    Hello { version: u32, name: String },
    /// A line of the command language.
    Command {
        /// The answer carries it too.
        id: u64,
        line: String,
        /// Empty for nobody.
        #[serde(default)]
        by: String,
        /// The reasons on the screen of whoever says it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seen: Option<Seen>,
    },
    /// Where the session stands.
    Status,
}

/// What the holder says to a seat.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "say", rename_all = "snake_case")]
pub enum Told {
    Welcome(Welcome),
    /// A command was carried out by this event; it is acknowledged once that is saved.
    Decided {
        id: u64,
        seq: u64,
    },
    Refused {
        id: u64,
        why: Refused,
    },
    Status(Box<Status>),
    Disk(Disk),
    People(People),
    /// Something was said that cannot be; the connection ends.
    Sorry {
        why: String,
    },
}

/// The holder's first words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Welcome {
    pub version: u32,
    pub program: String,
    /// The holder's clock, unix milliseconds, and how many times faster than real it runs.
    pub at: i64,
    pub speed: u32,
}

/// How far the log is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    /// Where the log is; another place than at first where it had to move.
    pub path: String,
    /// Events up to this one are on disk.
    pub saved: u64,
    /// Why nothing can be written, with how many events are kept in memory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing: Option<(String, u64)>,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "for", rename_all = "snake_case")]
pub enum Refused {
    NotGo { call: Call, reasons: Vec<String> },
    Worse { news: Vec<String> },
    Other { text: String },
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotGo { call, reasons, .. } => Self::NotGo { call, reasons },
            Refusal::Worse { news } => Self::Worse { news },
            other => Self::Other { text: other.to_string() },
        }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::NotGo { call, reasons } => {
                Self::NotGo { call, reasons, instead: "say it with \"!\" and a reason to go against that" }
            }
            Refused::Worse { news } => Self::Worse { news },
            Refused::Other { text } => Self::NotNow(text),
        }
    }
}

/// Says what is wrong with something that was asked, whatever it says.
///
/// # Errors
/// What is wrong, in words.
pub fn validate(asked: &Asked) -> Result<(), String> {
    match asked {
        Asked::Status => Ok(()),
        Asked::Hello { version, .. } if *version > VERSION => {
            Err(format!("the holder speaks version {VERSION}, and was greeted in {version}"))
        }
        Asked::Hello { name, .. } => validate_name(name),
        Asked::Command { line, .. } if line.len() > LONGEST_COMMAND => {
            Err(format!("a command of {} bytes is too long, {LONGEST_COMMAND} is the most", line.len()))
        }
        Asked::Command { by, .. } => validate_name(by),
    }
}

fn validate_name(name: &str) -> Result<(), String> {
    if name.chars().count() > LONGEST_NAME {
        return Err(format!("a name of more than {LONGEST_NAME} characters is too long"));
    }
    if name.chars().any(char::is_control) {
        return Err("a name has no control characters".to_owned());
    }
    Ok(())
}

/// Messages read from a stream, one after the other. Dropping a read loses nothing.
#[derive(Debug)]
pub struct Messages<R> {
    input: R,
    /// What was read of the next one.
    begun: Vec<u8>,
}

impl<R: AsyncBufRead + Unpin> Messages<R> {
    pub fn of(input: R) -> Self {
        Self { input, begun: Vec::new() }
    }

    /// Reads the next message; none where the other side has gone.
    ///
    /// # Errors
    /// A stream that breaks, or a line that is too long or none of these messages.
    pub async fn next<T: serde::de::DeserializeOwned>(&mut self) -> io::Result<Option<T>> {
        loop {
            let bytes = self.input.fill_buf().await?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let end = bytes.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(bytes.len(), |at| at + 1);
            if self.begun.len() + taken > LONGEST {
                return Err(invalid(format!("a message of more than {LONGEST} bytes is too long")));
            }
            self.begun.extend_from_slice(bytes.get(..taken).unwrap_or_default());
            self.input.consume(taken);
            if end.is_some() {
                let line = std::mem::take(&mut self.begun);
                let message = serde_json::from_slice(&line);
                return message.map(Some).map_err(|error| invalid(format!("no message: {error}")));
            }
        }
    }
}

/// Writes one message.
///
/// # Errors
/// A stream that takes nothing.
pub async fn send(output: &mut (impl AsyncWrite + Unpin), message: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    output.write_all(&line).await
}

fn invalid(what: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}
