//! Members of JSON that say something about each other.

/// The member of a pair that holds a name.
#[rustfmt::skip]
pub(crate) const NAME_MEMBERS: &[&str] = &[
    "name", "key", "field", "label", "id", "header", "param", "parameter", "variable", "var", "option", "setting",
    "property", "attribute", "env", "title", "k", "n",
];

/// The member of a pair that holds the value.
#[rustfmt::skip]
pub(crate) const VALUE_MEMBERS: &[&str] = &[
    "value", "val", "content", "data", "text", "secret", "default", "v", "defaultvalue", "currentvalue",
    "default_value", "stringvalue", "string_value", "input", "answer", "values",
];

/// Members that may stand between the two.
#[rustfmt::skip]
pub(crate) const OTHER_MEMBERS: &[&str] = &[
    "label", "type", "title", "description", "sensitive", "secure", "secret", "required", "kind", "scope", "encrypted",
    "hidden", "protected", "enabled", "masked", "is_secret", "issecret",
];

/// The keys of the declared schemas, nearly all that ever come here, which mean no secret: judged once, by a test.
#[rustfmt::skip]
pub(crate) const DECLARED: &[&str] = &[
    "references", "workspace", "tenant", "operation_run", "provider_connection", "id", "name", "type", "status",
    "outcome", "started_at", "finished_at", "state", "diagnostics", "schema_version", "generated_at", "headline",
    "sections", "title", "summary", "facts", "label", "value", "notes", "omissions", "reason",
];
