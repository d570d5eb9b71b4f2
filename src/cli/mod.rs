//! The commands: one file each.

mod confirm; //     asking once more before something goes for good
mod decision; //    who decided something, and why
mod doctor;
mod element;
mod erase;
mod export;
mod healthcheck;
mod migrate;
mod notify;
mod observe; //     how `serve` lets itself be watched
mod openapi;
pub mod output; //  standard output
mod partition;
mod printed; //     a stored request, as it is printed
mod redact;
mod serve;
mod show;
mod token;
mod verify;
mod visible; //     texts that can be printed anywhere
mod wait;
mod welcome;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Settings;

/// Takes in support requests for admin platforms: checks who asks, attaches redacted diagnostics, stores one immutable
/// row with its audit record, answers with a reference.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 120)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    settings: Settings,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the service (the default)
    Serve,
    /// Bring the database up to date; on PostgreSQL also make the runtime role and grant it what it needs
    Migrate,
    /// Cut both tables at a midnight, list the partitions, or drop old ones whole; PostgreSQL only, as the owner
    Partition(partition::Options),
    /// Print the OpenAPI document
    Openapi(openapi::Options),
    /// Print the hash of the drop-in form (Subresource Integrity) and the script element that loads it
    Element(element::Options),
    /// Print a development token, and nothing else
    Token(token::Options),
    /// Print one stored request
    Show(show::Options),
    /// Print stored requests, oldest first, as JSON Lines, CSV or Parquet
    Export(export::Options),
    /// Recompute every digest and chain: exit status 0, 1 and what is broken, or 2 when nothing can be said
    Verify(verify::Options),
    /// Erase what is personal in stored requests, for good, with an audit record of each; as the database's owner
    Erase(erase::Options),
    /// Take the secrets out of standard input, as is done before anything is stored
    Redact(redact::Options),
    /// Look at settings, keys, provider, database, role, defences and clock: a line each with what to do, exit status 0 or 1
    Doctor(doctor::Options),
    /// Ask a running service whether it is ready: exit status 0 or 1
    Healthcheck,
}

/// What kept a command from finding out what it was asked.
#[derive(Debug)]
pub struct CouldNot(&'static str);

impl std::fmt::Display for CouldNot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

/// The exit status of an error: 2 where a command could not find out what it was asked, else 1.
#[must_use]
pub fn exit_status(error: &anyhow::Error) -> u8 {
    if error.is::<CouldNot>() { 2 } else { 1 }
}

impl Cli {
    /// Runs the command.
    ///
    /// # Errors
    /// Whatever keeps it from doing its work, to be printed with its causes.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match self.command.unwrap_or(Command::Serve) {
            Command::Serve => serve::run(&self.settings).await?,
            Command::Migrate => migrate::run(&self.settings).await?,
            Command::Partition(options) => partition::run(&self.settings, &options).await?,
            Command::Openapi(options) => openapi::run(&options)?,
            Command::Element(options) => element::run(&options)?,
            Command::Token(options) => token::run(&self.settings, &options)?,
            Command::Show(options) => return show::run(&self.settings, &options).await,
            Command::Export(options) => return export::run(&self.settings, &options).await,
            Command::Verify(options) => verify::run(&self.settings, &options).await?,
            Command::Erase(options) => erase::run(&self.settings, &options).await?,
            Command::Redact(options) => redact::run(&self.settings, &options)?,
            Command::Doctor(options) => return Box::pin(doctor::run(&self.settings, &options)).await,
            Command::Healthcheck => healthcheck::run(&self.settings).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
