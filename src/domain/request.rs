//! A support request on its way in: what was asked, about what, and by whom.

use super::{
    bundle::Bundle,
    context::{Attachment, References},
    grants::{Capabilities, Creator},
    ids::{RequestId, RunId, TenantId, Traceparent, WorkspaceId},
    text::{ContactEmail, ContactName, Notes, Summary},
};

/// How bad it is. Closed on input; a reader should tolerate values that a later version adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Severity {
    /// An inconvenience.
    Low,
    /// The default.
    #[default]
    Normal,
    /// Work suffers.
    High,
    /// Work has stopped.
    Blocking,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Normal, Self::High, Self::Blocking];

    /// The name on the wire and in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
            Self::Blocking => "blocking",
        }
    }

    /// The severity of that exact name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == name)
    }
}

/// The page that the person was looking at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// The tenant dashboard.
    Tenant,
    /// The detail page of one operation run.
    Run(RunId),
}

/// What a request is about: always a tenant of a workspace, perhaps one run of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The tenant.
    pub tenant: TenantId,
    /// The page.
    pub subject: Subject,
}

impl Scope {
    /// `tenant` or `operation_run`: the name of the primary context's kind.
    #[must_use]
    pub fn primary_context_type(&self) -> &'static str {
        match self.subject {
            Subject::Tenant => "tenant",
            Subject::Run(_) => "operation_run",
        }
    }

    /// The id of the primary context: the tenant's or the run's.
    #[must_use]
    pub fn primary_context_id(&self) -> &str {
        match &self.subject {
            Subject::Tenant => self.tenant.as_str(),
            Subject::Run(run) => run.as_str(),
        }
    }
}

/// Whether the person wants the diagnostic snapshot attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DiagnosticsWish {
    /// Attach it if the caller may.
    #[default]
    Attach,
    /// Leave it out.
    LeaveOut,
}

/// What the person wrote, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// How bad it is.
    pub severity: Severity,
    /// What happened.
    pub summary: Summary,
    /// How to see it again.
    pub notes: Option<Notes>,
    /// Whom to ask back.
    pub contact_name: Option<ContactName>,
    /// Where to answer.
    pub contact_email: Option<ContactEmail>,
    /// Whether to attach diagnostics.
    pub diagnostics: DiagnosticsWish,
}

/// The bearer token that came with the request, for a provider that lets the platform decide again. Never printed.
#[derive(Clone)]
pub struct CallerToken(String);

impl CallerToken {
    /// Wraps a verified token.
    #[must_use]
    pub fn new(token: String) -> Self {
        Self(token)
    }

    /// The token itself, for an `Authorization` header and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for CallerToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CallerToken(…)")
    }
}

/// A checked request of a caller who may create, before anything was looked up.
#[derive(Debug, Clone)]
pub struct Submission {
    /// About what.
    pub scope: Scope,
    /// By whom.
    pub creator: Creator,
    /// What they may do in that tenant.
    pub capabilities: Capabilities,
    /// Their token, to pass on to the platform.
    pub token: CallerToken,
    /// What they wrote.
    pub report: Report,
    /// Which HTTP request it was.
    pub request_id: RequestId,
    /// Where in a trace of the caller's it belongs.
    pub traceparent: Option<Traceparent>,
}

/// A submission with everything that was found about its scope. Still as it came in: nothing of it may be stored. The
/// texts are those of the submission and of the provider's documents.
#[derive(Debug, Clone)]
pub struct Draft<'d> {
    /// What was submitted.
    pub submission: &'d Submission,
    /// Proof that the scope exists, and its identifying facts.
    pub references: References<'d>,
    /// Whether diagnostics are attached, and why or why not.
    pub attachment: Attachment,
    /// The bundle, exactly when `attachment` says so.
    pub diagnostics: Option<Bundle<'d>>,
    /// Keys that the schemas do not declare and that were therefore left behind.
    pub dropped_keys: u64,
}

impl Draft<'_> {
    /// How long the texts are that redaction has to read, in bytes, about.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        let Report { summary, notes, contact_name, .. } = &self.submission.report;
        let own = summary.as_str().len()
            + notes.as_ref().map_or(0, |notes| notes.as_str().len())
            + contact_name.as_ref().map_or(0, |name| name.as_str().len())
            + self.submission.creator.name.as_ref().map_or(0, String::len);
        own + self.references.kept_bytes() + self.diagnostics.as_ref().map_or(0, Bundle::kept_bytes)
    }
}
