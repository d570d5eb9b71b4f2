//! Parse, run the command, print what went wrong with its causes, exit.

use std::process::ExitCode;

use clap::Parser;
use support_requests::cli::Cli;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("support-requests: {error:#}");
            ExitCode::FAILURE
        }
    }
}
