//! What a caller may do, and where.

use std::collections::BTreeMap;

use super::ids::{TenantId, WorkspaceId};

/// One thing that a token can allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// `support_requests.create`: may create support requests.
    CreateSupportRequests,
    /// `support_diagnostics.view`: the diagnostic snapshot is attached to what they create.
    ViewDiagnostics,
}

impl Capability {
    /// The name in tokens, documents and answers.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CreateSupportRequests => "support_requests.create",
            Self::ViewDiagnostics => "support_diagnostics.view",
        }
    }

    /// The capability of that name; `None` for one that this service does not know, which is ignored.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::CreateSupportRequests, Self::ViewDiagnostics].into_iter().find(|capability| capability.as_str() == name)
    }
}

/// The capabilities that a token gives in one tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Capabilities {
    create: bool,
    view: bool,
}

impl Capabilities {
    /// Whether `capability` is among them.
    #[must_use]
    pub fn allow(self, capability: Capability) -> bool {
        match capability {
            Capability::CreateSupportRequests => self.create,
            Capability::ViewDiagnostics => self.view,
        }
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        capabilities.into_iter().fold(Self::default(), |mut all, capability| {
            match capability {
                Capability::CreateSupportRequests => all.create = true,
                Capability::ViewDiagnostics => all.view = true,
            }
            all
        })
    }
}

/// The `workspaces` claim: workspace, then tenant or `*`, then capabilities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grants(BTreeMap<String, BTreeMap<String, Capabilities>>);

/// The tenant entry that stands for every tenant of its workspace.
pub const EVERY_TENANT: &str = "*";

impl Grants {
    /// Grants as a token states them. Names that no path id can equal are kept: they match nothing.
    #[must_use]
    pub fn new(workspaces: BTreeMap<String, BTreeMap<String, Capabilities>>) -> Self {
        Self(workspaces)
    }

    /// What is allowed in `tenant`. An exact entry wins over `*`, also where it allows less.
    /// `None` when the caller does not belong there at all, which must look like a tenant that does not exist.
    #[must_use]
    pub fn within(&self, workspace: &WorkspaceId, tenant: &TenantId) -> Option<Capabilities> {
        let tenants = self.0.get(workspace.as_str())?;
        tenants.get(tenant.as_str()).or_else(|| tenants.get(EVERY_TENANT)).copied()
    }
}

/// Who asks, as their token says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Creator {
    /// The `sub` claim: 1 to 255 characters, none of them a control character.
    pub subject: String,
    /// The `name` claim, for people to read; 1 to 200 characters, none of them a control character.
    pub name: Option<String>,
}
