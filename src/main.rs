//! Parse, run the command, print what went wrong with its causes, exit.

use std::process::ExitCode;

use clap::Parser;
use support_requests::{causes::Causes, cli::Cli};

/// A request makes and drops hundreds of small texts; this allocator saves a fifth of its time (specs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    match Cli::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("support-requests: {}", Causes(error.as_ref()));
            ExitCode::FAILURE
        }
    }
}
