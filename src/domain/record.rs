//! A support request as it stands in the database for good, and the audit record that goes with it.
//!
//! Both are plain texts, column by column: what is verified must be readable also after somebody broke it. Every list of
//! columns, in SQL, in the digests, in JSON and CSV, is made from the two below.

mod columns;

use columns::{Cell, row};
pub use columns::{Column, Kind, Part, Unreadable, Value};

/// The members of the context that are personal; the others stay when they are erased.
pub const PERSONAL_CONTEXT: [&str; 2] = ["diagnostics", "references"];

row! {
    /// One row of `support_requests`. The field names are the column names, in the database and wherever a record is
    /// printed, so a pointer such as `/context/diagnostics/notes/0` leads somewhere.
    Record {
        /// `SR-<ULID>`.
        reference: String = Text Public,
        /// RFC 3339, UTC, milliseconds: the reference's own time.
        created_at: String = Time Public,
        /// The workspace.
        workspace_id: String = Text Public,
        /// The tenant.
        tenant_id: String = Text Public,
        /// `tenant` or `operation_run`.
        primary_context_type: String = Label Public,
        /// The tenant's or the run's id.
        primary_context_id: String = Text Public,
        /// `low`, `normal`, `high`, `blocking`.
        severity: String = Label Public,
        /// `diagnostic_snapshot_attached` or `canonical_context_only`.
        attachment_mode: String = Label Public,
        /// Why.
        attachment_reason: String = Label Public,
        /// Which HTTP request it was.
        request_id: String = Text Public,
        /// What happened, redacted. Absent only once it is erased.
        summary: Option<String> = Text Personal,
        /// How to see it again, redacted.
        reproduction_notes: Option<String> = Text Personal,
        /// Whom to ask back, redacted.
        contact_name: Option<String> = Text Personal,
        /// Where to answer.
        contact_email: Option<String> = Text Personal,
        /// The token's `sub`. Absent only once it is erased.
        creator_subject: Option<String> = Text Personal,
        /// The token's `name`, redacted.
        creator_name: Option<String> = Text Personal,
        /// The stored context, `schema_version` 1. Once it is erased without [`PERSONAL_CONTEXT`].
        context: String = Json Mixed,
        /// 32 random bytes, in lower-case hexadecimal. Absent exactly when the row is erased.
        salt: Option<String> = Text Salt,
        /// The commitment to what is personal.
        personal_digest: String = Text Public,
        /// SHA-256 over the canonical JSON of the rest, in lower-case hexadecimal.
        record_digest: String = Text Digest,
    }
}

impl Record {
    /// Whether what is personal was erased.
    #[must_use]
    pub fn is_erased(&self) -> bool {
        self.salt.is_none()
    }
}

/// What the audit record of a request that was taken in says happened.
pub const CREATED_EVENT: &str = "support_request.created";
/// What the audit record of an erasure says happened. Inserting it is what erases: the database does both or neither.
pub const ERASED_EVENT: &str = "support_request.erased";
/// What the audit record of a restore says happened: what was stored after the backup is gone.
pub const RESTORED_EVENT: &str = "archive.restored";
/// What the audit record of a cut says happened: ends of chains are gone.
pub const CUT_EVENT: &str = "archive.cut";
/// What the audit record of a dropped partition says happened: what is older is gone.
pub const DROPPED_EVENT: &str = "archive.partition_dropped";
/// What may happen to the archive as a whole.
pub const ARCHIVE_EVENTS: [&str; 3] = [RESTORED_EVENT, CUT_EVENT, DROPPED_EVENT];

row! {
    /// One row of `audit_events`. Nothing of what the person wrote or is called is in it.
    AuditRecord {
        /// The chain: one a writer, named by the ULID of its start.
        chain: String = Text Public,
        /// 1 for a chain's first link, then one more each.
        sequence: i64 = Number Public,
        /// The digest of the link before; 64 zeros before the first.
        previous: String = Text Public,
        /// What happened.
        event: String = Label Public,
        /// When: for a request that was taken in, the record's `created_at`.
        occurred_at: String = Time Public,
        /// The workspace; empty for what concerns the archive as a whole, of which the next nine columns say nothing.
        workspace_id: String = Text Public,
        /// The tenant.
        tenant_id: Option<String> = Text Public,
        /// The support request.
        reference: Option<String> = Text Public,
        /// `tenant` or `operation_run`.
        primary_context_type: Option<String> = Label Public,
        /// The tenant's or the run's id.
        primary_context_id: Option<String> = Text Public,
        /// The request's severity.
        severity: Option<String> = Label Public,
        /// The request's attachment mode.
        attachment_mode: Option<String> = Label Public,
        /// The request's attachment reason.
        attachment_reason: Option<String> = Label Public,
        /// Which HTTP request the support request came with.
        request_id: Option<String> = Text Public,
        /// The digest of the request's record, which ties the two together.
        record_digest: Option<String> = Text Public,
        /// The W3C trace id that the request came with, where one came.
        trace_id: Option<String> = Text Public,
        /// What else is to be said of an event that is not a request's creation: why, and how far it reaches.
        details: Option<String> = Json Public,
        /// Who: the token's `sub`, or whoever an operator's command names. Absent once it is erased.
        actor_subject: Option<String> = Text Personal,
        /// 32 random bytes, in lower-case hexadecimal. Absent exactly when who it was is erased.
        actor_salt: Option<String> = Text Salt,
        /// The commitment to who it was.
        actor_digest: String = Text Public,
        /// SHA-256 over the canonical JSON of the rest, in lower-case hexadecimal.
        digest: String = Text Digest,
    }
}
