//! Examples in full: what may be sent, and what is answered to it. A test sends or provokes each of them, and holds the
//! answers to these but for ids, times and digests.

use std::{borrow::Cow, collections::BTreeMap};

use serde_json::{Value, json};
use utoipa::openapi::{RefOr, example::Example};

use crate::{
    auth::TokenFault,
    http::{
        problem::{FieldProblem, Kind, Problem, ProblemBody, Row},
        requests::RUN_PATH,
    },
};

/// As `utoipa` keeps them: by name.
type Examples = BTreeMap<String, RefOr<Example>>;

const ID: &str = "01KG9X6M3ZQ0V4T8R2N5B7C1D9";

fn example(summary: &str, value: Value) -> RefOr<Example> {
    let mut example = Example::new();
    summary.clone_into(&mut example.summary);
    example.value = Some(value);
    example.into()
}

/// What may be sent, to either endpoint.
pub(super) fn requests() -> Examples {
    let secret = "Policies are not synchronised";
    [
        ("smallest", "The one field that is needed", json!({"summary": "Policies are not synchronised"})),
        (
            "full",
            "Every field",
            json!({
                "severity": "high",
                "summary": "Policy synchronisation fails for Contoso since this morning",
                "reproduction_notes": "1. Open the run.\n2. Press 'Retry'.\n3. It fails at step 3.",
                "contact_name": "Ada Fischer",
                "contact_email": "ada.fischer@acme.example",
                "include_diagnostics": true,
            }),
        ),
        (
            "with_a_secret",
            "A password in what was pasted: it is replaced before anything is stored, and the answer says so",
            json!({
                "summary": secret,
                "reproduction_notes": "The job runs with\nDB_PASSWORD=plover-72-Quince\nand gets a 403.",
            }),
        ),
        (
            "without_diagnostics",
            "The caller does not want the diagnostic snapshot attached",
            json!({"summary": secret, "include_diagnostics": false}),
        ),
    ]
    .map(|(name, summary, value)| (name.to_owned(), example(summary, value)))
    .into()
}

/// The receipt of each reason for an attachment, and one of a request in which a secret was.
pub(super) fn receipts(path: &str) -> Examples {
    let (kind, id) = if path == RUN_PATH { ("operation_run", "run-1042") } else { ("tenant", "contoso") };
    let receipt = |severity: &str, reason: &str, redactions: Value| {
        let mode = if reason == "attached" { "diagnostic_snapshot_attached" } else { "canonical_context_only" };
        json!({
            "reference": format!("SR-{ID}"),
            "created_at": "2026-01-31T09:00:00.127Z",
            "severity": severity,
            "primary_context": {"type": kind, "id": id},
            "attachment": {"mode": mode, "reason": reason},
            "redactions": redactions,
            "record_digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        })
    };
    let secret = json!([{"pointer": "/reproduction_notes", "rule": "password", "count": 1}]);
    let mut examples: Examples = [
        ("attached", "The diagnostic snapshot is attached"),
        ("capability_missing", "The caller may not view diagnostics"),
        ("not_requested", "The caller did not want it"),
        ("no_diagnostics", "There are no diagnostics of this tenant or run"),
        ("diagnostics_unavailable", "The platform's diagnostics could not be had"),
        ("diagnostics_rejected", "The platform's diagnostics did not fit"),
    ]
    .map(|(reason, summary)| (reason.to_owned(), example(summary, receipt("normal", reason, json!([])))))
    .into();
    let with_a_secret = receipt("normal", "attached", secret);
    examples.insert("with_a_secret".to_owned(), example("A password was taken out", with_a_secret));
    examples
}

/// The body of a problem.
pub(super) fn problem(row: &Row) -> Example {
    let problem = match row.kind {
        Kind::InvalidFields => Problem::fields(vec![FieldProblem {
            pointer: Cow::Borrowed("/summary"),
            code: "required",
            detail: "Say in one line what happened.".to_owned(),
        }]),
        Kind::InvalidToken => Problem::invalid_token(TokenFault::Expired.description()),
        kind => kind.into(),
    };
    let mut example = Example::new();
    row.title.clone_into(&mut example.summary);
    example.value = serde_json::to_value(ProblemBody::of(&problem, ID)).ok();
    example
}
