//! Says which commit a release is made from, for `--version` and for reports of faults.

use std::process::Command;

fn main() {
    println!("cargo:rerun-if-env-changed=WARROOM_COMMIT");
    println!("cargo:rustc-env=WARROOM_COMMIT={}", commit());
}

/// The commit, as far as it can be known: packagers say it, a checkout has it. While it is worked on it is
/// not asked for: everything would be compiled anew after each commit.
fn commit() -> String {
    if let Ok(commit) = std::env::var("WARROOM_COMMIT") {
        return commit;
    }
    if std::env::var("PROFILE").as_deref() != Ok("release") {
        return "development".to_owned();
    }
    for place in ["HEAD", "index"] {
        if let Some(path) = git(&["rev-parse", "--git-path", place]) {
            println!("cargo:rerun-if-changed={path}");
        }
    }
    git(&["describe", "--always", "--dirty", "--abbrev=9"]).unwrap_or_else(|| "unknown".to_owned())
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
}
