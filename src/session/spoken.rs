//! A command as a line of the command language: what [`Command::parse`] reads.

use super::command::Command;
use std::fmt;

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start { stage } => write!(f, "start {stage}"),
            Self::StartAnyway { stage_and_reason } => write!(f, "start! {stage_and_reason}"),
            Self::Moved => f.write_str("moved"),
            Self::Promote => f.write_str("promote"),
            Self::PromoteAnyway { reason } => write!(f, "promote! {reason}"),
            Self::Hold { reason } => write!(f, "hold {reason}"),
            Self::Resume => f.write_str("resume"),
            Self::Rollback { reason } => write!(f, "rollback {reason}"),
            Self::Tick { item } => write!(f, "tick {item}"),
            Self::Untick { item } => write!(f, "untick {item}"),
            Self::NotApplicable { item_and_reason } => write!(f, "na {item_and_reason}"),
            Self::Attest { section_and_reason } => write!(f, "attest {section_and_reason}"),
            Self::Note { text } => write!(f, "note {text}"),
            Self::Waive { gate_and_reason } => write!(f, "waive {gate_and_reason}"),
            Self::Approve => f.write_str("approve"),
            Self::Reject { reason } => write!(f, "reject {reason}"),
            Self::Trip { trigger_and_reason } => write!(f, "trip {trigger_and_reason}"),
            Self::Dismiss { trigger_and_reason } => write!(f, "dismiss {trigger_and_reason}"),
            // Whoever decides it reads the files.
            Self::Reload { reason, .. } => write!(f, "reload {reason}"),
            Self::Said(said) if said.text.is_empty() => f.write_str(said.word.name()),
            Self::Said(said) => write!(f, "{} {}", said.word.name(), said.text),
            Self::Finish { outcome } => write!(f, "finish {}", outcome.word()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_read_back_as_it_was_meant() {
        for line in [
            "start 10%",
            "start! 25%: known: see the channel",
            "moved",
            "promote",
            "promote! alerts are known",
            "hold the database: slow",
            "resume",
            "rollback errors",
            "tick @42",
            "untick Backups",
            "na DNS: not ours",
            "attest Before: done",
            "note two\nlines  with room",
            "waive latency 30m: known",
            "approve",
            "reject too early",
            "trip @12: seen",
            "dismiss @12: false alarm",
            "reload new limit",
            "finish rolled-back",
            "sign Engineering Lead",
        ] {
            let command = Command::parse(line).expect("a command");
            assert_eq!(command.to_string(), line);
            assert_eq!(Command::parse(&command.to_string()).expect("a command"), command);
        }
    }
}
