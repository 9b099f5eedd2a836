//! What holds for every subcommand's flags, said once instead of at each.

use clap::builder::FalseyValueParser;
use clap::{Arg, ArgAction, Command};

const MORE: &str = "--help has more: examples, exit codes.";

/// Gives every flag an environment variable, and keeps examples and exit codes to `--help`, so that `-h`
/// stays short.
#[must_use]
pub(super) fn finish(command: Command) -> Command {
    command.mut_subcommands(|sub| {
        let name = upper(sub.get_name());
        let examples = sub.get_after_help().cloned();
        let sub = match examples {
            Some(examples) => sub.after_help(MORE).after_long_help(examples),
            None => sub,
        };
        sub.mut_args(|arg| with_variable(&name, arg))
    })
}

/// The variable is named for the subcommand and the flag where the flag names none itself.
fn with_variable(subcommand: &str, arg: Arg) -> Arg {
    let Some(long) = arg.get_long().map(upper) else { return arg };
    let arg = if arg.get_env().is_none() { arg.env(format!("WARROOM_{subcommand}_{long}")) } else { arg };
    // `1` and `yes` are as good as `true`, and nothing is as good as `false`.
    let arg = match arg.get_action() {
        ArgAction::SetTrue => arg.value_parser(FalseyValueParser::new()),
        _ => arg,
    };
    arg.hide_env_values(true)
}

fn upper(name: &str) -> String {
    name.to_uppercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::super::Arguments;
    use super::*;
    use clap::CommandFactory;
    use std::collections::BTreeMap;

    #[test]
    fn the_command_line_is_sound() {
        finish(Arguments::command()).debug_assert();
    }

    #[test]
    fn every_flag_has_a_variable_and_says_what_it_is_for() {
        let command = finish(Arguments::command());
        let mut seen = BTreeMap::new();
        for sub in command.get_subcommands() {
            assert!(sub.get_about().is_some(), "{}", sub.get_name());
            for arg in sub.get_arguments().filter(|arg| arg.get_long().is_some()) {
                let variable = arg.get_env().unwrap_or_else(|| panic!("{} --{}", sub.get_name(), arg.get_id()));
                let variable = variable.to_string_lossy().into_owned();
                assert!(variable.starts_with("WARROOM_"), "{variable}");
                assert!(arg.get_help().is_some(), "{} --{}", sub.get_name(), arg.get_id());
                seen.entry(variable).or_insert_with(Vec::new).push(arg.get_long().unwrap_or_default().to_owned());
            }
        }
        // One that several subcommands know means the same in each.
        for (variable, flags) in seen {
            assert!(flags.windows(2).all(|pair| pair[0] == pair[1]), "{variable}: {flags:?}");
        }
    }
}
