//! Who decided something about the archive, and why: what `erase`, `partition --drop-before` and `verify --accept` ask for.

use anyhow::bail;
use redaction::Redactor;

use crate::{
    domain::text::{ContactName, Summary, TextFault},
    redaction::{Redacted, redact_operators_text},
    store::Decision,
};

/// Reads both. They stand in the audit record for good, so secrets are taken out.
///
/// # Errors
/// One that is missing, blank or too long.
pub(super) fn read(redactor: &Redactor, reason: Option<&str>, by: Option<&str>) -> anyhow::Result<Decision> {
    let reason = given("--reason", reason)?;
    let reason = checked(redactor, "--reason", Summary::parse(reason).map(|text| text.as_str().to_owned()))?;
    let by = given("--by", by)?;
    let by = checked(redactor, "--by", ContactName::parse(by).map(|text| text.as_str().to_owned()))?;
    Ok(Decision { reason, by })
}

fn given<'a>(flag: &str, text: Option<&'a str>) -> anyhow::Result<&'a str> {
    match text {
        Some(text) => Ok(text),
        None => bail!("{flag} is required: it stands in the audit record"),
    }
}

fn checked(redactor: &Redactor, flag: &str, text: Result<String, TextFault>) -> anyhow::Result<Redacted<String>> {
    match text {
        Ok(text) => Ok(redact_operators_text(redactor, &text)),
        Err(TextFault::TooLong(max)) => bail!("{flag} has more than {max} characters"),
        Err(_) => bail!("{flag} is blank"),
    }
}
