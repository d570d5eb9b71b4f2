//! What the members of a JSON object say about each other: declared keys, name/value pairs.

use crate::json::{Json, Members};
use crate::lexicon::names::{Kind, Name, classify};
use crate::lexicon::roles::{Role, has};

/// A document may have so many different keys of which something is remembered.
pub(crate) const KEYS: usize = 1024;

/// A name in a pair is no longer, in bytes.
const NAME: usize = 80;

/// What is known of a key.
#[derive(Clone, Copy)]
pub(crate) struct Key {
    /// It holds no secret itself.
    pub stays: bool,
    /// What it means.
    pub name: Option<Name>,
    /// It may hold the value of a pair.
    pub is_value: bool,
}

/// Values that nothing but a strong name could make a secret: short ones, and words (`started_at`).
pub(crate) fn is_wordy(name: Name, text: &str) -> bool {
    let shortest = if name.kind == Kind::Password { 5 } else { 12 };
    text.len() < shortest || text.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-.".contains(&byte))
}

/// The secret that a `name`, `key` or `label` member of a pair announces.
pub(crate) fn pair_name(members: &Members<'_>, keys: &[Key]) -> Option<Name> {
    if !keys.iter().any(|key| key.is_value) {
        return None;
    }
    let announced = members.iter().filter(|(key, _)| has(key.as_bytes(), Role::NameMember));
    let names = announced.filter_map(|(_, value)| Json::as_str(value)).filter(|text| text.len() <= NAME);
    names.filter_map(|name| classify(name.as_bytes())).find(|name| name.strong)
}

#[cfg(test)]
mod tests {
    use crate::deadline::Deadline;
    use crate::engine::Engine;
    use crate::lexicon::members::DECLARED;
    use crate::lexicon::names::classify;
    use crate::lexicon::roles::{Role, has};

    #[test]
    fn no_key_that_is_not_looked_at_again_means_a_secret() {
        let engine = Engine::builtin();
        for key in DECLARED {
            let found = engine.find(key.as_bytes(), 0, &Deadline::never());
            assert!(classify(key.as_bytes()).is_none() && found.is_ok_and(|spans| spans.is_empty()), "{key}");
        }
        assert!(["key", "password"].into_iter().all(|key| !has(key.as_bytes(), Role::Declared)));
    }
}
