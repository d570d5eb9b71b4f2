//! `openapi`: the published document, as committed under `openapi/`.

use clap::{Args, ValueEnum};

use super::output::print;
use crate::http::openapi;

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The version of the OpenAPI Specification to write it in: 3.0 is for tools that do not read 3.1
    #[arg(long, value_name = "VERSION", default_value = "3.1")]
    oas: Version,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Version {
    #[value(name = "3.1")]
    V3_1,
    #[value(name = "3.0")]
    V3_0,
}

pub(super) fn run(options: &Options) -> anyhow::Result<()> {
    print(match options.oas {
        Version::V3_1 => openapi::json(),
        Version::V3_0 => openapi::json_3_0(),
    })?;
    Ok(())
}
