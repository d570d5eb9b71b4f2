//! Which requests are to be erased.

use crate::domain::ids::{Reference, TenantId, WorkspaceId};

/// What chooses the requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These.
    References(Vec<Reference>),
    /// Everything that this subject asked for.
    Creator(String),
    /// Everything with this contact address, in any case.
    Contact(String),
    /// A workspace's, a tenant's of it, or everybody's; only what came before a reference where one is given.
    Scope {
        /// Only this workspace's.
        workspace: Option<WorkspaceId>,
        /// Only this tenant's of it.
        tenant: Option<TenantId>,
        /// Only smaller references: times are part of them.
        before: Option<Reference>,
    },
}

/// What stands between `WHERE` and the end of a condition, with what is bound to `$1`, `$2`, ….
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    pub(super) sql: String,
    pub(super) values: Vec<String>,
    /// Whether to walk in the order of references. Where a person is searched for, what is erased is not found again, and
    /// asking for an order would tempt PostgreSQL to walk along the wrong index.
    pub(super) in_order: bool,
}

/// Most references of one condition.
const REFERENCES: usize = 200;

impl Selection {
    /// How the record of an erasure calls it. Never the value: that may be a name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::References(_) => "reference",
            Self::Creator(_) => "creator",
            Self::Contact(_) => "contact",
            Self::Scope { before: Some(_), .. } => "before",
            Self::Scope { tenant: Some(_), .. } => "tenant",
            Self::Scope { .. } => "workspace",
        }
    }

    /// The same in SQL, for requests that are not erased yet. Both databases have an index for each (migrations).
    pub(super) fn conditions(&self) -> Vec<Condition> {
        let one = |sql: &str, value: &str| {
            vec![Condition {
                sql: format!("salt IS NOT NULL AND {sql}"),
                values: vec![value.to_owned()],
                in_order: false,
            }]
        };
        match self {
            Self::Creator(subject) => one("creator_subject = $1", subject),
            Self::Contact(address) => one("contact_email IS NOT NULL AND lower(contact_email) = lower($1)", address),
            Self::References(all) => {
                all.chunks(REFERENCES).map(|some| among(some.iter().map(ToString::to_string).collect())).collect()
            }
            Self::Scope { workspace, tenant, before } => {
                let parts = [
                    ("workspace_id =", workspace.as_ref().map(ToString::to_string)),
                    ("tenant_id =", tenant.as_ref().map(ToString::to_string)),
                    ("reference <", before.as_ref().map(ToString::to_string)),
                ];
                let mut condition = Condition { sql: String::new(), values: Vec::new(), in_order: true };
                for (column, value) in parts.into_iter().filter_map(|(column, value)| Some((column, value?))) {
                    condition.values.push(value);
                    let place = condition.values.len().to_string();
                    condition.sql.extend([column, " $", &place, " AND "]);
                }
                // Last: in a file it stands behind the context, on another page.
                condition.sql.push_str("salt IS NOT NULL");
                vec![condition]
            }
        }
    }
}

/// Those of these references that are not erased yet.
pub(super) fn among(values: Vec<String>) -> Condition {
    let places: Vec<String> = (1..=values.len()).map(|place| format!("${place}")).collect();
    Condition { sql: format!("salt IS NOT NULL AND reference IN ({})", places.join(", ")), values, in_order: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selection_is_called_by_what_narrows_it_most() {
        let workspace = Some(WorkspaceId::parse("acme").unwrap());
        let tenant = Some(TenantId::parse("contoso").unwrap());
        let before = Some(Reference::parse("SR-01HF7YAT000000000000000001").unwrap());
        let scope = |workspace: &Option<_>, tenant: &Option<_>, before| Selection::Scope {
            workspace: Option::clone(workspace),
            tenant: Option::clone(tenant),
            before,
        };
        assert_eq!(scope(&workspace, &None, None).name(), "workspace");
        assert_eq!(scope(&workspace, &tenant, None).name(), "tenant");
        assert_eq!(scope(&workspace, &tenant, before).name(), "before");
        let condition = &scope(&workspace, &tenant, before).conditions()[0];
        assert_eq!(condition.sql, "workspace_id = $1 AND tenant_id = $2 AND reference < $3 AND salt IS NOT NULL");
        assert_eq!(condition.values, ["acme", "contoso", "SR-01HF7YAT000000000000000001"]);
    }

    #[test]
    fn many_references_are_asked_for_in_turns() {
        let one = Reference::parse("SR-01HF7YAT000000000000000001").unwrap();
        let turns = Selection::References(vec![one; 450]).conditions();
        assert_eq!(turns.iter().map(|turn| turn.values.len()).collect::<Vec<_>>(), [200, 200, 50]);
    }
}
