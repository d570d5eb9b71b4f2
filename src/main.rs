//! Parse, run the command, print what went wrong with its causes, exit.

use std::process::ExitCode;

use clap::Parser;
use support_requests::{
    causes::Causes,
    cli::{Cli, exit_status},
    telemetry,
};

/// A request makes and drops hundreds of small texts; this allocator saves a fifth of its time (specs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let outcome = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => {
            let outcome = runtime.block_on(cli.run());
            // What is still waiting for a disk or a network that does not answer is not waited for.
            runtime.shutdown_background();
            outcome
        }
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            telemetry::say_last(format!("support-requests: {}", Causes(error.as_ref())));
            ExitCode::from(exit_status(&error))
        }
    }
}
