//! `doctor`: everything that `serve` would refuse, and more, all looked at in one go: one fault never hides another.
//!
//! Where start refuses something, this calls the same function. Nothing is written, to the database or elsewhere.

mod cgroup; //   how much memory the system gives
mod clock; //    this machine's and the database's
mod database;
mod deadline;
mod defences; // the role's rights, and what the database does against change
mod files; //    whom files let in
mod finding;
mod keys;
mod machine; //  descriptors, memory, root certificates
mod provider;
mod settings;

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;

use self::{
    deadline::Deadline,
    finding::{Finding, is_anything_wrong, page, report},
};
use super::output::print;
use crate::config::{Environment, Settings};

/// Exit status 0: nothing is wrong. 1: something is.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Print a report for machines
    #[arg(long)]
    json: bool,
    /// How long the checks together may take, once the settings are read
    #[arg(long, default_value = "30s", value_name = "DURATION", value_parser = humantime::parse_duration)]
    timeout: Duration,
    /// Ask the diagnostics provider about a tenant of this workspace
    #[arg(long, value_name = "WORKSPACE", requires = "tenant")]
    workspace: Option<String>,
    /// The tenant to ask about
    #[arg(long, value_name = "TENANT", requires = "workspace")]
    tenant: Option<String>,
    /// Ask about this operation run of the tenant
    #[arg(long, value_name = "RUN", requires = "tenant")]
    run: Option<String>,
    /// A file with the token of somebody who may see diagnostics there, `-` for standard input: a provider at
    /// `https://BASE` is asked on their behalf
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let findings = Box::pin(look(settings, options)).await;
    print(&if options.json { report(&findings) } else { page(&findings) })?;
    Ok(if is_anything_wrong(&findings) { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Looks at everything. The parts do not wait for each other.
async fn look(settings: &Settings, options: &Options) -> Vec<Finding> {
    let read = settings.clone();
    // Some settings name files, and a file may be on a disk that does not answer.
    let config = match Deadline::after(options.timeout).within_blocking(move || read.for_doctor()).await {
        Ok(config) => config,
        Err(late) => return vec![late.finding("settings")],
    };
    let deadline = Deadline::after(options.timeout);
    let severity = Severity::of(config.environment);
    let mut findings = settings::look(&config);
    let (modes, machine, keys, provider, database, owner) = tokio::join!(
        files::look(config.secret_files, deadline),
        machine::look(config.keys.as_ref(), config.platform_needs_roots, deadline),
        keys::look(config.keys.as_ref(), deadline),
        provider::look(config.diagnostics, options, deadline),
        database::look(config.database.as_ref(), severity, deadline),
        database::owner(config.database.as_ref(), &config.owner_database, deadline),
    );
    for found in [modes, machine, keys, provider, database, owner] {
        findings.extend(found);
    }
    findings
}

/// What becomes of something that `serve` refuses in production and only warns of in development.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Severity {
    Refused,
    WarnedOf,
}

impl Severity {
    fn of(environment: Option<Environment>) -> Self {
        if environment == Some(Environment::Production) { Self::Refused } else { Self::WarnedOf }
    }

    fn finding(self, check: &'static str, detail: String, advice: &str) -> Finding {
        match self {
            Self::Refused => Finding::wrong(check, detail, advice),
            Self::WarnedOf => Finding::warning(check, detail + "; production would not start", advice),
        }
    }
}
