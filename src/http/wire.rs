//! What goes over the wire, as the published document describes it.
//!
//! The request type is never deserialized (`fields` reads the JSON, so that every fault is found at once); it is the
//! document's source, and a test holds the two together.

use redaction::PointerTaken;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::intake::Receipt;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "high")]
pub enum Severity {
    /// An inconvenience.
    Low,
    /// What is meant where nothing is said.
    Normal,
    /// Work suffers.
    High,
    /// Work has stopped.
    Blocking,
}

/// What a person says when they ask for support. Unknown fields are refused. For every optional field `null`, an empty
/// text and one in which nothing can be seen mean absent, as if nobody had filled it in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupportRequestInput {
    /// How bad it is; `normal` where it is left out.
    #[schema(inline = false, nullable = false, example = "high")]
    pub severity: Option<Severity>,
    /// What happened, in one line of 1 to 200 characters. Needs something that can be seen; see "Texts" above.
    /// Secrets in it are replaced before it is stored.
    #[schema(
        min_length = 1,
        max_length = 200,
        example = "Policy synchronisation fails for Contoso since this morning"
    )]
    pub summary: String,
    /// How to see it again, in up to 10,000 characters. Line breaks and tabs are kept; see "Texts" above.
    /// Secrets in it are replaced before it is stored.
    #[schema(
        nullable = false,
        max_length = 10_000,
        example = "1. Open the run.\n2. Press 'Retry'.\n3. It fails at step 3."
    )]
    pub reproduction_notes: Option<String>,
    /// Whom to ask back, in one line of up to 120 characters; see "Texts" above. Secrets in it are replaced before it
    /// is stored.
    #[schema(nullable = false, max_length = 120, example = "Ada Fischer")]
    pub contact_name: Option<String>,
    /// Where to answer: an e-mail address of up to 254 characters, as HTML's `<input type=email>` takes it, and letters
    /// beyond ASCII alike before and behind the @. What stands around it and cannot be seen is taken off; apart from
    /// that it is kept as it is given. One that holds something that looks like a secret is refused.
    #[schema(nullable = false, max_length = 254, example = "ada.fischer@acme.example")]
    pub contact_email: Option<String>,
    /// Attach the diagnostic snapshot if the caller has `support_diagnostics.view` in this tenant; `true` where it is
    /// left out.
    #[schema(nullable = false, example = true)]
    pub include_diagnostics: Option<bool>,
}

/// A support request that is stored, for good.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupportRequestReceipt {
    /// What to quote from now on.
    #[schema(
        pattern = "^SR-[0-7][0-9A-HJKMNP-TV-Z]{25}$",
        min_length = 29,
        max_length = 29,
        example = "SR-01KG9X6M3ZQ0V4T8R2N5B7C1D9"
    )]
    pub reference: String,
    /// When it was taken in: the reference's own time. RFC 3339, UTC, milliseconds.
    #[schema(format = "date-time", example = "2026-01-31T09:00:00.127Z")]
    pub created_at: String,
    /// How bad it is: `low`, `normal`, `high` or `blocking`.
    #[schema(example = "high")]
    pub severity: String,
    /// What it is about.
    pub primary_context: PrimaryContext,
    /// Whether the diagnostic snapshot is attached, and why or why not.
    pub attachment: Attachment,
    /// What was taken out of the caller's own text: an entry for each field and rule; empty when nothing was.
    // Each takes a character at least, and these are all that three texts may have.
    #[schema(max_items = 10_320)]
    pub redactions: Vec<Redaction>,
    /// SHA-256 over the canonical JSON (RFC 8785) of the stored record, in lower-case hexadecimal.
    #[schema(
        pattern = "^[0-9a-f]{64}$",
        min_length = 64,
        max_length = 64,
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    pub record_digest: String,
}

/// What a support request is about.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PrimaryContext {
    /// `tenant` or `operation_run`.
    #[serde(rename = "type")]
    #[schema(example = "tenant")]
    pub kind: String,
    /// The tenant's or the run's id.
    #[schema(example = "contoso", max_length = 64)]
    pub id: String,
}

/// Whether the diagnostic snapshot is attached, and why or why not.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Attachment {
    /// `diagnostic_snapshot_attached` or `canonical_context_only`. Tolerate values that a later version adds.
    #[schema(example = "diagnostic_snapshot_attached")]
    pub mode: String,
    /// `attached`; or why not: `capability_missing` (the caller may not view diagnostics), `not_requested`,
    /// `no_diagnostics` (there are none for this scope), `diagnostics_unavailable` (the platform did not answer),
    /// `diagnostics_rejected` (what it answered did not fit). Tolerate values that a later version adds.
    #[schema(example = "attached")]
    pub reason: String,
}

/// Something that was taken out of the caller's text and replaced by `[redacted:<rule>]`. Never the text itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Redaction {
    /// Which field: an RFC 6901 pointer into the body that was sent.
    #[schema(example = "/reproduction_notes")]
    pub pointer: String,
    /// Which rule.
    #[schema(example = "password")]
    pub rule: String,
    /// How often.
    #[schema(example = 1, minimum = 1)]
    pub count: u64,
}

impl From<PointerTaken> for Redaction {
    fn from(taken: PointerTaken) -> Self {
        Self { pointer: taken.pointer, rule: taken.rule, count: taken.count }
    }
}

impl From<Receipt> for SupportRequestReceipt {
    fn from(receipt: Receipt) -> Self {
        Self {
            reference: receipt.reference,
            created_at: receipt.created_at,
            severity: receipt.severity,
            primary_context: PrimaryContext { kind: receipt.primary_context_type, id: receipt.primary_context_id },
            attachment: Attachment {
                mode: receipt.attachment.mode().to_owned(),
                reason: receipt.attachment.reason().to_owned(),
            },
            redactions: receipt.redactions.into_iter().map(Redaction::from).collect(),
            record_digest: receipt.record_digest,
        }
    }
}
