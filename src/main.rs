//! Parse, run the command, print what went wrong with its causes, exit.

use std::process::ExitCode;

use clap::Parser;
use support_requests::{
    causes::Causes,
    cli::{Cli, exit_status, output},
    telemetry,
};

/// A request makes and drops hundreds of small texts; this allocator saves a fifth of its time (specs/performance.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let outcome = match Cli::try_parse() {
        Ok(cli) => run(cli),
        // Whoever asks for help reads it on standard output.
        Err(help) if !help.use_stderr() => output::print_help(&help.render()).map(|()| ExitCode::SUCCESS),
        Err(wrong) => wrong.exit(),
    };
    match outcome {
        Ok(status) => status,
        Err(error) if output::was_closed(error.as_ref()) => ExitCode::from(output::CLOSED_STATUS),
        Err(error) => {
            telemetry::say_last(format!("support-requests: {}", Causes(error.as_ref())));
            ExitCode::from(exit_status(&error))
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let outcome = runtime.block_on(cli.run());
    // What is still waiting for a disk or a network that does not answer is not waited for.
    runtime.shutdown_background();
    outcome
}
