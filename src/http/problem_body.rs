//! A problem as it goes over the wire.

use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{FieldProblem, Problem, TYPE_PREFIX};

/// The body of every error (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// Which problem it is: a URI that the documentation explains.
    #[serde(rename = "type")]
    #[schema(format = "uri", example = "urn:support-requests:problem:not_found")]
    pub type_uri: String,
    /// What it is, in a few words; the same for every problem of this type.
    #[schema(example = "There is nothing here")]
    pub title: &'static str,
    /// The HTTP status.
    #[schema(example = 404, minimum = 400, maximum = 599)]
    pub status: u16,
    /// What to do.
    #[schema(example = "Check the workspace, the tenant and the run in the path.")]
    pub detail: &'a str,
    /// Which problem it is, machine-readable. Tolerate codes that a later version adds.
    #[schema(example = "not_found")]
    pub code: &'static str,
    /// The id of this request, as in the header `X-Request-Id`.
    #[schema(example = "01KG9X6M3ZQ0V4T8R2N5B7C1D9", max_length = 128)]
    pub request_id: &'a str,
    /// The faults of the fields, all of them; empty unless `code` is `invalid_fields`.
    #[schema(max_items = 100)]
    pub errors: &'a [FieldProblem],
}

impl<'a> ProblemBody<'a> {
    /// The body of `problem` in the answer to the request of that id.
    #[must_use]
    pub fn of(problem: &'a Problem, request_id: &'a str) -> Self {
        let row = problem.kind.row();
        Self {
            type_uri: format!("{TYPE_PREFIX}{}", row.code),
            title: row.title,
            status: row.status,
            detail: &problem.detail,
            code: row.code,
            request_id,
            errors: &problem.errors,
        }
    }
}
