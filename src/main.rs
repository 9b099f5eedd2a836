//! The `warroom` program. All of it is in the library; see its documentation for the house.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(warroom::cli::main())
}
