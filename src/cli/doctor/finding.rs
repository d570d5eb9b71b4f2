//! What a check came to, and how all of them are printed.

use serde_json::{Value, json};

use super::super::visible;

/// The version of the report for machines.
const VERSION: u32 = 1;

/// Longest name of a check, so that the details stand below each other.
const NAME_WIDTH: usize = 15;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    Ok,
    /// Nothing is wrong, and somebody should know.
    Note,
    /// It works, and may not always.
    Warning,
    /// `serve` would not start, or would not do what it is for.
    Wrong,
    /// What it depends on is wrong, or was not named.
    NotLookedAt,
}

impl Status {
    /// The name for machines.
    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Wrong => "wrong",
            Self::NotLookedAt => "not_looked_at",
        }
    }
}

/// What one check found. A check that finds several things has several of them, under one name.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) check: &'static str,
    pub(super) status: Status,
    detail: String,
    advice: Option<String>,
}

impl Finding {
    pub(super) fn ok(check: &'static str, detail: impl Into<String>) -> Self {
        Self { check, status: Status::Ok, detail: detail.into(), advice: None }
    }

    pub(super) fn note(check: &'static str, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, status: Status::Note, detail: detail.into(), advice: Some(advice.into()) }
    }

    pub(super) fn warning(check: &'static str, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, status: Status::Warning, detail: detail.into(), advice: Some(advice.into()) }
    }

    pub(super) fn wrong(check: &'static str, detail: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, status: Status::Wrong, detail: detail.into(), advice: Some(advice.into()) }
    }

    pub(super) fn not_looked_at(check: &'static str, why: &str) -> Self {
        Self { check, status: Status::NotLookedAt, detail: format!("not looked at: {why}"), advice: None }
    }

    /// A line for people.
    fn line(&self) -> String {
        let Self { check, status, detail, advice } = self;
        let status = if *status == Status::NotLookedAt { "-" } else { status.name() };
        let advice = advice.as_ref().map_or_else(String::new, |advice| format!("; to do: {advice}"));
        // Server messages and names of files come from elsewhere.
        visible::harmless(&format!("{status:<7}  {check:<NAME_WIDTH$}  {detail}{advice}"))
    }

    fn json(&self) -> Value {
        let Self { check, status, detail, advice } = self;
        json!({"check": check, "status": status.name(), "detail": detail, "advice": advice})
    }
}

/// Whether anything is wrong.
pub(super) fn is_anything_wrong(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| finding.status == Status::Wrong)
}

/// All of it for people: a line each, and one that sums up.
pub(super) fn page(findings: &[Finding]) -> String {
    let count = |wanted| findings.iter().filter(|finding| finding.status == wanted).count();
    let lines: String = findings.iter().map(|finding| finding.line() + "\n").collect();
    let (wrong, warnings) = (count(Status::Wrong), count(Status::Warning));
    let not_looked_at = count(Status::NotLookedAt);
    format!("{lines}{wrong} wrong, {warnings} warning(s), {not_looked_at} not looked at\n")
}

/// All of it for machines.
pub(super) fn report(findings: &[Finding]) -> String {
    let status = if is_anything_wrong(findings) {
        Status::Wrong
    } else if findings.iter().any(|finding| finding.status == Status::Warning) {
        Status::Warning
    } else {
        Status::Ok
    };
    let checks: Vec<Value> = findings.iter().map(Finding::json).collect();
    let report = json!({"version": VERSION, "status": status.name(), "checks": checks});
    let mut text = String::new();
    visible::append_json(&mut text, &format!("{report:#}\n"));
    text
}
