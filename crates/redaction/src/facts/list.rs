//! The facts by their names. What each means is in one line here, how it is found out in the rooms beside.

use crate::facts::candidate::Facts;
use crate::facts::encoded::is_sentence;
use crate::facts::matches;
use crate::facts::named;
use crate::facts::place;
use crate::facts::said;
use crate::facts::values;
use crate::lexicon::names::Kind;
use crate::lexicon::roles::{Role, has};
use crate::lexicon::things::is_flag;
use crate::text::separator::Tie;

macro_rules! facts {
    ($($name:ident, $text:literal, $of:expr;)*) => {
        /// Something that holds of a candidate or does not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Fact { $($name),* }
        /// What each says, for people.
        pub(crate) const TEXTS: &[&str] = &[$($text),*];
        /// How each is found out.
        pub(crate) const OF: &[fn(&Facts<'_, '_>) -> bool] = &[$($of),*];
        /// How many there are.
        pub(crate) const COUNT: usize = TEXTS.len();
    };
}

#[rustfmt::skip]
facts! {
    // How it stands there.
    Quoted, "in quotation marks", |f| f.candidate.setting.quoted;
    Assign, "assigned", |f| f.candidate.setting.tie == Tie::Assign;
    Entry, "a member of an object", |f| f.candidate.setting.tie == Tie::Entry;
    Element, "in an element", |f| f.candidate.setting.tie == Tie::Element;
    Comma, "behind a comma", |f| f.candidate.setting.tie == Tie::Comma;
    Flag, "behind a flag", |f| f.candidate.setting.tie == Tie::Flag;
    Bare, "bare behind a colon", |f| named::is_bare(f);
    Alone, "all there is", |f| named::is_alone(f);
    Given, "all that stands behind a colon", |f| f.candidate.setting.alone && f.candidate.setting.tie == Tie::Colon;
    Announced, "announced by its place", |f| f.candidate.announced;
    // What it is called.
    Strong, "the name means nothing but a secret", |f| f.candidate.name.is_some_and(|name| name.strong);
    Abbreviated, "a word behind pass and its kin, which mean other things too", |f| named::is_abbreviated(f);
    Role, "the name of a group", |f| named::is_role(f);
    OfPassword, "of a password", |f| f.candidate.kind() == Some(Kind::Password);
    OfCode, "of a code", |f| f.candidate.kind() == Some(Kind::Code);
    OfSecret, "of a key", |f| f.candidate.kind() == Some(Kind::Secret);
    OfToken, "of a token", |f| named::is_token(f);
    // What it looks like.
    Placeholder, "a placeholder", |f| values::is_placeholder(f.value());
    Dummy, "a made-up example", |f| matches::is_dummy(f.value());
    StopWord, "a word of sentences", |f| said::is_stop_word(f);
    Famous, "a password that is a word as well", |f| !f.candidate.setting.spaced && has(f.value(), Role::Famous);
    Standard, "the name of a standard or a type", |f| has(f.value(), Role::Standard);
    Chosen, "chosen by a person", |f| values::looks_chosen(f.value());
    Random, "made by a machine", |f| values::looks_random(f.value());
    Joined, "joined words with capitals, all that stands there", |f| named::is_joined(f);
    WeakRandom, "random enough for a weak name", |f| named::is_weak_random(f);
    Figured, "figures, and no measure", |f| named::is_figured(f);
    Keyish, "a figure, or long, and nothing of every day", |f| named::is_keyish(f);
    AsAsked, "looks as the pattern asks", |f| matches::looks_right(f.candidate.looks, f.value());
    Words, "several words", |f| f.shape.blank > 0;
    Prose, "plain words", |f| said::is_prose(f);
    OtherFlag, "a flag of its own", |f| f.candidate.text[..f.candidate.start].ends_with(b"p") && is_flag(f.value());
    Port, "a short number", |f| f.shape.digit == f.shape.len && f.shape.len < 6;
    Number, "a number", |f| f.shape.digit == f.shape.len;
    Long, "six characters and more", |f| f.shape.len >= 6;
    Count, "a count", |f| named::is_count(f);
    Letter, "a letter", |f| named::is_letter(f);
    Figures, "figures of a code", |f| named::is_code(f);
    Example, "an example of documentation", |f| f.value().ends_with(b"EXAMPLEKEY");
    Version, "a version", |f| named::is_version(f);
    Path, "where something lies", |f| named::is_path(f);
    Reference, "a reference", |f| named::is_reference(f);
    // What stands beside it.
    Member, "the next name, or code", |f| place::is_member(f);
    Cut, "cut short by who wrote it", |f| place::is_cut(f);
    Masked, "a mask in words", |f| place::is_masked(f);
    Caption, "a word, and more behind it", |f| place::is_caption(f);
    Denied, "the text around says what else it is", |f| place::is_denied(f);
    Tallied, "counted beside what failed", |f| place::is_tallied(f);
    Opened, "what it is for, what an object is called, or a sentence in base64", |f| place::is_opened(f) || is_sentence(f.value());
    // What it says.
    Code, "code", |f| said::is_code(f);
    Variable, "a variable called like it", |f| said::is_variable(f);
    Translation, "a word for the secret itself", |f| said::is_translation(f);
    Passphrase, "words that are no message", |f| said::is_passphrase(f);
    // Of headers, URLs and users.
    Credential, "long enough for a header", |f| named::is_credential(f);
    SchemeLike, "the characters of a token", |f| named::is_scheme_like(f);
    Preference, "a setting", |f| named::is_preference(f);
    ParameterLike, "letters and figures", |f| named::is_parameter(f);
}
