//! Which requests, as the command line says it: exactly one way.

use anyhow::{Context as _, bail};
use clap::Args;
use time::{Date, macros::format_description};
use ulid::Ulid;

use crate::{
    domain::ids::{Reference, TenantId, WorkspaceId},
    store::Selection,
};

/// The ways to choose.
pub(super) const WAYS: &str = "--reference SR-… (also several times), --creator SUBJECT, --contact ADDRESS, \
     --workspace ID with or without --tenant ID, or --before DAY, which may be narrowed by the two";

#[derive(Debug, Args)]
pub(super) struct Which {
    /// This request; may be given several times
    #[arg(long, value_name = "SR-…")]
    reference: Vec<String>,
    /// Everything that this subject (the token's `sub`) asked for; `-` reads it from standard input
    #[arg(long, value_name = "SUBJECT", allow_hyphen_values = true)]
    creator: Option<String>,
    /// Everything with this contact address, in any case; `-` reads it from standard input
    #[arg(long, value_name = "ADDRESS", allow_hyphen_values = true)]
    contact: Option<String>,
    /// Everything of this workspace
    #[arg(long, value_name = "ID")]
    workspace: Option<String>,
    /// Everything of this tenant of the workspace
    #[arg(long, value_name = "ID", requires = "workspace")]
    tenant: Option<String>,
    /// Everything before this day, UTC: 2026-01-31
    #[arg(long, value_name = "DAY")]
    before: Option<String>,
}

impl Which {
    /// The one way that was chosen; none where none was.
    pub(super) fn selection(&self) -> anyhow::Result<Option<Selection>> {
        let has_scope = self.workspace.is_some() || self.before.is_some();
        let ways = [!self.reference.is_empty(), self.creator.is_some(), self.contact.is_some(), has_scope];
        if ways.iter().filter(|chosen| **chosen).count() > 1 {
            bail!("these do not go together; choose one way: {WAYS}");
        }
        if !self.reference.is_empty() {
            let references = self.reference.iter().map(|text| Reference::parse(text.trim()));
            return Ok(Some(Selection::References(references.collect::<Result<_, _>>().context("--reference")?)));
        }
        if let Some(subject) = &self.creator {
            return Ok(Some(Selection::Creator(value(subject).context("--creator")?)));
        }
        if let Some(address) = &self.contact {
            return Ok(Some(Selection::Contact(value(address).context("--contact")?.trim().to_owned())));
        }
        has_scope.then(|| self.scope()).transpose()
    }

    fn scope(&self) -> anyhow::Result<Selection> {
        Ok(Selection::Scope {
            workspace: self.workspace.as_deref().map(WorkspaceId::parse).transpose().context("--workspace")?,
            tenant: self.tenant.as_deref().map(TenantId::parse).transpose().context("--tenant")?,
            before: self.before.as_deref().map(first_of).transpose().context("--before")?,
        })
    }
}

/// The value itself, or the first line of standard input: a command line is read by others, and kept by shells.
fn value(given: &str) -> anyhow::Result<String> {
    let mut value = given.to_owned();
    if given == "-" {
        value.clear();
        std::io::stdin().read_line(&mut value).context("standard input cannot be read")?;
    }
    let value = value.trim_end_matches(['\r', '\n']);
    if value.trim().is_empty() {
        bail!("must not be blank");
    }
    if value.contains('\0') {
        bail!("holds a character that nothing stored has");
    }
    Ok(value.to_owned())
}

/// The smallest reference of a day: references sort by the time that is in them.
fn first_of(day: &str) -> anyhow::Result<Reference> {
    let Ok(day) = Date::parse(day, format_description!("[year]-[month]-[day]")) else {
        bail!("must be a day such as 2026-01-31");
    };
    let seconds = u64::try_from(day.midnight().assume_utc().unix_timestamp()).context("must not be before 1970")?;
    Ok(Reference::from_ulid(Ulid::from_parts(seconds * 1000, 0)))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        which: Which,
    }

    fn chosen(args: &[&str]) -> anyhow::Result<Option<Selection>> {
        Line::try_parse_from([&["erase"], args].concat())?.which.selection()
    }

    #[test]
    fn exactly_one_way_is_taken() {
        assert_eq!(chosen(&[]).unwrap(), None);
        assert_eq!(chosen(&["--creator", "-u"]).unwrap(), Some(Selection::Creator("-u".to_owned())));
        assert_eq!(
            chosen(&["--contact", " a@b.example "]).unwrap(),
            Some(Selection::Contact("a@b.example".to_owned()))
        );
        assert!(chosen(&["--tenant", "t"]).is_err());
        assert!(chosen(&["--creator", " "]).is_err());
        for pair in [["--creator", "--contact"], ["--creator", "--workspace"], ["--contact", "--before"]] {
            let said = chosen(&[pair[0], "a", pair[1], "2026-01-31"]).unwrap_err().to_string();
            assert!(said.contains("choose one way"), "{said}");
        }
        assert!(chosen(&["--reference", "SR-01HF7YAT000000000000000001", "--creator", "a"]).is_err());
    }

    #[test]
    fn a_day_is_its_first_reference_in_utc() {
        let before = chosen(&["--before", "2026-01-31", "--workspace", "acme", "--tenant", "t"]).unwrap().unwrap();
        let Selection::Scope { workspace: Some(_), tenant: Some(_), before: Some(reference) } = before else {
            panic!("{before:?}")
        };
        assert_eq!(reference.timestamp_ms(), 1_769_817_600_000);
        assert!(reference.to_string().ends_with("0000000000000000"));
        for wrong in ["yesterday", "2026-02-30", "1969-12-31", "2026-01-31T00:00:00Z"] {
            assert!(chosen(&["--before", wrong]).is_err(), "{wrong}");
        }
    }
}
