//! What the members of a JSON object say about each other: known keys, name/value pairs.

use crate::json::{Json, Members};
use crate::lexicon::names::{Kind, Name, classify_str};

/// What a member is in a name/value pair.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Name,
    Value,
}

/// What the member `key` may be in a pair, capitals ignored.
#[rustfmt::skip]
pub(crate) fn part(key: &str) -> Option<Part> {
    let mut buffer = [0_u8; 12];
    let lower = buffer.get_mut(..key.len())?;
    lower.copy_from_slice(key.as_bytes());
    lower.make_ascii_lowercase();
    match &*lower {
        b"name" | b"key" | b"label" | b"field" | b"id" | b"header" | b"param" | b"parameter" | b"variable" | b"var"
        | b"option" | b"setting" | b"property" | b"attribute" | b"title" | b"k" | b"n" => Some(Part::Name),
        b"value" | b"val" | b"content" | b"data" | b"text" | b"secret" | b"default" | b"v" | b"defaultvalue"
        | b"currentvalue" | b"stringvalue" | b"values" | b"input" | b"answer" => Some(Part::Value),
        _ => None,
    }
}

/// The keys of the declared schemas, nearly all that ever come here, which mean no secret: judged once, by a test.
#[rustfmt::skip]
pub(crate) fn is_known(key: &str) -> bool {
    matches!(key,
        "references" | "workspace" | "tenant" | "operation_run" | "provider_connection" | "id" | "name" | "type"
        | "status" | "outcome" | "started_at" | "finished_at" | "state" | "diagnostics" | "schema_version"
        | "generated_at" | "headline" | "sections" | "title" | "summary" | "facts" | "label" | "value" | "notes"
        | "omissions" | "reason")
}

/// Values that nothing but a strong name could make a secret: short ones, and words (`started_at`).
pub(crate) fn is_wordy(name: Name, text: &str) -> bool {
    let shortest = if name.kind == Kind::Password { 5 } else { 12 };
    let wordy = |byte: u8| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-' | b'.');
    text.len() < shortest || (text.bytes().all(wordy) && text.bytes().any(|byte| (b'g'..=b'z').contains(&byte)))
}

/// The secret that a `name`, `key` or `label` member of a pair announces.
pub(crate) fn pair_name(members: &Members<'_>) -> Option<Name> {
    if !members.iter().any(|(key, _)| part(key) == Some(Part::Value)) {
        return None;
    }
    let announced = members.iter().filter(|(key, _)| part(key) == Some(Part::Name));
    let names = announced.filter_map(|(_, value)| Json::as_str(value)).filter(|text| text.len() <= 80);
    names.filter_map(classify_str).find(|name| name.strong)
}

#[cfg(test)]
mod tests {
    use super::is_known;
    use crate::deadline::Deadline;
    use crate::engine::Engine;
    use crate::lexicon::names::classify_str;

    #[test]
    fn no_key_that_is_not_looked_at_again_means_a_secret() {
        const DECLARED: &str = "references workspace tenant operation_run provider_connection id name type status \
            outcome started_at finished_at state diagnostics schema_version generated_at headline sections title \
            summary facts label value notes omissions reason";
        let engine = Engine::builtin();
        for key in DECLARED.split(' ') {
            assert!(is_known(key), "{key}");
            assert!(
                classify_str(key).is_none()
                    && engine.find(key.as_bytes(), 0, &Deadline::never()).is_ok_and(|spans| spans.is_empty()),
                "{key}"
            );
        }
        assert!(!is_known("key") && !is_known("password"));
    }
}
