//! What `export` can be asked for.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use time::{Date, OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};
use ulid::Ulid;

use super::format::Format;
use crate::cli::erase::selection::value;
use crate::{
    domain::ids::{Reference, TenantId, WorkspaceId},
    store::Filter,
};

#[derive(Debug, Args)]
pub(in crate::cli) struct Options {
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Jsonl)]
    pub(super) format: Format,
    /// Begin CSV with a byte order mark: without one, Excel does not read it as UTF-8
    #[arg(long)]
    pub(super) bom: bool,
    /// Only this workspace's
    #[arg(long, value_name = "ID")]
    workspace: Option<String>,
    /// Only this tenant's, of that workspace
    #[arg(long, value_name = "ID", requires = "workspace")]
    tenant: Option<String>,
    /// Only from this time on: 2026-01-31, or 2026-01-31T09:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Only before this time
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Only what this subject (the token's `sub`) asked for; `-` reads it from standard input
    #[arg(long, value_name = "SUBJECT", allow_hyphen_values = true)]
    creator: Option<String>,
    /// Only what has this contact address, in any case; `-` reads it from standard input
    #[arg(long, value_name = "ADDRESS", allow_hyphen_values = true)]
    contact: Option<String>,
    /// Only what came with this HTTP request. Reads everything from --since on, so name a time shortly before it
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
    /// Go on behind this reference: what the last line of an earlier export said
    #[arg(long, value_name = "SR-…", conflicts_with = "cursor")]
    after: Option<String>,
    /// Go on where the last export with this file ended, and note there how far this one came. Holds whatever clocks did
    #[arg(long, value_name = "FILE", conflicts_with = "including_recent")]
    pub(super) cursor: Option<PathBuf>,
    /// Print also what is so new that something older may still become visible. It comes again with --after
    #[arg(long)]
    pub(super) including_recent: bool,
}

impl Options {
    /// Which requests are wanted.
    pub(super) fn filter(&self) -> anyhow::Result<Filter> {
        let workspace = self.workspace.as_deref().map(WorkspaceId::parse).transpose().context("--workspace")?;
        let tenant = self.tenant.as_deref().map(TenantId::parse).transpose().context("--tenant")?;
        let contact = self.contact.as_deref().map(|text| value(text).map(|address| address.trim().to_owned()));
        Ok(Filter {
            workspace: workspace.map(|id| id.to_string()),
            tenant: tenant.map(|id| id.to_string()),
            from: self.since.as_deref().map(time).transpose().context("--since")?.map(first_reference),
            before: self.until.as_deref().map(time).transpose().context("--until")?.map(first_reference),
            creator: self.creator.as_deref().map(value).transpose().context("--creator")?,
            contact: contact.transpose().context("--contact")?,
            request_id: self.request_id.clone(),
        })
    }

    /// Behind which reference to begin.
    pub(super) fn after(&self) -> anyhow::Result<Option<String>> {
        let reference = self.after.as_deref().map(|text| Reference::parse(text.trim())).transpose();
        Ok(reference.context("--after")?.map(|reference| reference.to_string()))
    }
}

/// A time as people write it, in milliseconds since 1970.
fn time(text: &str) -> anyhow::Result<u64> {
    let day = Date::parse(text, format_description!("[year]-[month]-[day]")).map(|date| date.midnight().assume_utc());
    let Ok(time) = day.or_else(|_| OffsetDateTime::parse(text, &Rfc3339)) else {
        bail!("must be a day such as 2026-01-31 or a time such as 2026-01-31T09:00:00Z");
    };
    milliseconds(time)
}

/// Milliseconds since 1970.
pub(super) fn milliseconds(time: OffsetDateTime) -> anyhow::Result<u64> {
    u64::try_from(time.unix_timestamp_nanos().div_euclid(1_000_000)).context("must not be before 1970")
}

/// The smallest reference of a time: references sort by the time that is in them.
pub(super) fn first_reference(milliseconds: u64) -> String {
    Reference::from_ulid(Ulid::from_parts(milliseconds, 0)).to_string()
}

/// The largest reference before a time.
pub(super) fn last_reference_before(milliseconds: u64) -> String {
    Reference::from_ulid(Ulid::from_parts(milliseconds.saturating_sub(1), u128::MAX)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_its_first_millisecond_in_utc() {
        assert_eq!(time("2026-01-31").unwrap(), time("2026-01-31T01:00:00+01:00").unwrap());
        assert!(time("yesterday").is_err());
        assert!(time("1969-12-31").is_err());
    }

    #[test]
    fn nothing_lies_between_the_last_reference_before_a_time_and_its_first() {
        let now = time("2026-01-31").unwrap();
        let (last, first) = (last_reference_before(now), first_reference(now));
        assert!(last < first && last.ends_with("ZZZZZZZZZZZZZZZZ") && first.ends_with("0000000000000000"));
        assert_eq!(Reference::parse(&last).unwrap().timestamp_ms() + 1, now);
    }
}
