//! What a word is, asked of one table: a word may have several roles.

use std::collections::HashMap;
use std::sync::LazyLock;

use foldhash::fast::FixedState;

use crate::lexicon::heads::Heads;
use crate::lexicon::letters::lower_case;
use crate::lexicon::lists;
use crate::lexicon::members::{DECLARED, NAME_MEMBERS, VALUE_MEMBERS};
use crate::lexicon::stops::STOPS;
use crate::lexicon::things;
use crate::lexicon::vendor_names;

/// No word of a list is longer, in bytes.
const LONGEST: usize = 24;

macro_rules! roles {
    ($($role:ident, $words:path;)*) => {
        /// What a word can be; the list says what that means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Role { $($role),* }
        const LISTS: &[&[&str]] = &[$($words),*];
    };
}

roles! {
    Stop, STOPS;
    States, lists::STATES;
    Copula, lists::COPULAS;
    Denial, lists::DENIAL;
    TalksAfter, lists::TALKS_AFTER;
    TalksBefore, lists::TALKS_BEFORE;
    OtherToken, lists::OTHER_TOKEN;
    OtherKey, lists::OTHER_KEY;
    OtherPass, lists::OTHER_PASS;
    OfValue, lists::OF_VALUE;
    Purpose, lists::PURPOSE;
    Article, lists::ARTICLE;
    Which, lists::WHICH;
    Whose, lists::WHOSE;
    Ending, lists::ENDING;
    Function, lists::FUNCTION;
    Setting, lists::SETTING;
    Short, lists::SHORT;
    Conjunction, lists::CONJUNCTIONS;
    Abbreviation, lists::ABBREVIATION;
    WordingTag, lists::WORDING_TAG;
    TextType, lists::TEXT_TYPE;
    Inline, lists::INLINE;
    NameMember, NAME_MEMBERS;
    ValueMember, VALUE_MEMBERS;
    Declared, DECLARED;
    Vendor, vendor_names::NAMES;
    Standard, things::STANDARDS;
    Famous, things::FAMOUS;
    Unit, things::UNITS;
}

struct Table {
    /// Of each role: most words have none.
    heads: Vec<Heads>,
    roles: HashMap<&'static [u8], u32, FixedState>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut roles: HashMap<&'static [u8], u32, FixedState> = HashMap::default();
    for (role, list) in LISTS.iter().enumerate() {
        for word in *list {
            *roles.entry(word.as_bytes()).or_default() |= 1 << role;
        }
    }
    let heads = LISTS.iter().map(|list| Heads::of(list.iter().map(|word| word.as_bytes()))).collect();
    Table { heads, roles }
});

/// Whether `word`, capitals ignored, has the role.
pub(crate) fn has(word: &[u8], role: Role) -> bool {
    let table = &*TABLE;
    let mut buffer = [0_u8; LONGEST];
    table.heads[role as usize].may_hold(word)
        && lower_case(word, &mut buffer)
            .and_then(|word| table.roles.get(word))
            .is_some_and(|roles| roles >> role as u32 & 1 == 1)
}

/// A plain word that follows a secret word in sentences and in documentation.
pub(crate) fn is_stop(word: &[u8]) -> bool {
    has(word, Role::Stop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_holds_small_letters_and_nothing_twice_and_every_word_can_be_found() {
        for (role, list) in LISTS.iter().enumerate() {
            for (at, word) in list.iter().enumerate() {
                assert!(word.len() <= LONGEST && *word == word.to_ascii_lowercase(), "{word}");
                assert!(!list[..at].contains(word), "{word} stands there twice");
                assert!(TABLE.heads[role].may_hold(word.as_bytes()) && TABLE.roles[word.as_bytes()] >> role & 1 == 1);
            }
        }
        assert!(has(b"Is", Role::States) && !has(b"is", Role::Ending));
    }
}
