//! Who decided something about the archive, and why: what `erase`, `partition --drop-before` and `verify --accept` ask for.

use anyhow::bail;
use redaction::Redactor;

use crate::{
    domain::text::{ContactName, Summary, TextFault},
    redaction::redact_operators_text,
    store::Decision,
};

/// Reads both.
///
/// # Errors
/// One that is missing, blank or too long.
pub(super) fn read(redactor: &Redactor, reason: Option<&str>, by: Option<&str>) -> anyhow::Result<Decision> {
    Ok(Given::parse(reason, by)?.redacted(redactor))
}

/// What was given, and what stands in it is valid.
pub(super) struct Given {
    reason: String,
    by: String,
}

impl Given {
    /// # Errors
    /// As [`read`].
    pub(super) fn parse(reason: Option<&str>, by: Option<&str>) -> anyhow::Result<Self> {
        let reason = given("--reason", reason)?;
        let reason = checked("--reason", Summary::parse(reason).map(|text| text.as_str().to_owned()))?;
        let by = given("--by", by)?;
        let by = checked("--by", ContactName::parse(by).map(|text| text.as_str().to_owned()))?;
        Ok(Self { reason, by })
    }

    /// Both stand in the audit record for good, so secrets are taken out.
    pub(super) fn redacted(&self, redactor: &Redactor) -> Decision {
        let [reason, by] = [&self.reason, &self.by].map(|text| redact_operators_text(redactor, text));
        Decision { reason, by }
    }
}

fn given<'a>(flag: &str, text: Option<&'a str>) -> anyhow::Result<&'a str> {
    match text {
        Some(text) => Ok(text),
        None => bail!("{flag} is required: it stands in the audit record"),
    }
}

fn checked(flag: &str, text: Result<String, TextFault>) -> anyhow::Result<String> {
    match text {
        Ok(text) => Ok(text),
        Err(TextFault::TooLong(max)) => bail!("{flag} has more than {max} characters"),
        Err(_) => bail!("{flag} is blank"),
    }
}
