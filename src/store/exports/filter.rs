//! Which requests are wanted, as conditions of SQL.

use serde::Serialize;

/// Which stored requests are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    /// Only this workspace's.
    pub workspace: Option<String>,
    /// Only this tenant's.
    pub tenant: Option<String>,
    /// Only references from this one on; times are part of references.
    pub from: Option<String>,
    /// Only references before this one.
    pub before: Option<String>,
    /// Only those of the person with this `sub`.
    pub creator: Option<String>,
    /// Only those with this contact address, in whatever case.
    pub contact: Option<String>,
    /// Only what came with this HTTP request.
    pub request_id: Option<String>,
}

/// A text of SQL and what is bound to it. Only constants of this crate go into the text.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    pub(super) text: String,
    pub(super) values: Vec<String>,
}

impl Conditions {
    /// Adds a condition, in which `?` stands for the value.
    pub(super) fn and(&mut self, condition: &str, value: &str) {
        self.text.push_str(if self.text.is_empty() { "WHERE " } else { " AND " });
        for piece in condition.split_inclusive('?') {
            match piece.strip_suffix('?') {
                Some(before) => {
                    self.values.push(value.to_owned());
                    self.text.push_str(before);
                    self.text.push('$');
                    self.text.push_str(&self.values.len().to_string());
                }
                None => self.text.push_str(piece),
            }
        }
    }
}

impl Filter {
    /// What is not asked for is no condition at all, so that the database can use the index of what is.
    pub(super) fn conditions(&self) -> Conditions {
        let mut conditions = Conditions::default();
        for (condition, value) in [
            ("workspace_id = ?", &self.workspace),
            ("tenant_id = ?", &self.tenant),
            ("reference >= ?", &self.from),
            ("reference < ?", &self.before),
            ("creator_subject = ?", &self.creator),
            ("contact_email IS NOT NULL AND lower(contact_email) = lower(?)", &self.contact),
            ("request_id = ?", &self.request_id),
        ] {
            if let Some(value) = value {
                conditions.and(condition, value);
            }
        }
        conditions
    }
}
