//! The account as JSON: the members of [`Account`], for programs.

use super::Account;

/// One JSON object, indented, with a line end.
#[must_use]
pub fn write(account: &Account) -> String {
    // Text, figures and lists are always JSON: what is not finite is never in an account.
    let mut text = serde_json::to_string_pretty(account).unwrap_or_default();
    text.push('\n');
    text
}
