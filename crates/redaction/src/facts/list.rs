//! The facts by their names. What each means is in one line here, how it is found out in the rooms beside.

use crate::facts::around;
use crate::facts::candidate::Facts;
use crate::facts::code;
use crate::facts::everyday;
use crate::facts::logins;
use crate::facts::machine;
use crate::facts::matches;
use crate::facts::named;
use crate::facts::place;
use crate::facts::said;
use crate::facts::values;
use crate::facts::written;
use crate::lexicon::names::Kind;
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
    Spaced, "blanks before the operator", |f| f.candidate.setting.spaced;
    Assign, "assigned", |f| f.candidate.setting.tie == Tie::Assign;
    Colon, "behind a colon", |f| f.candidate.setting.tie == Tie::Colon;
    Entry, "a member of an object", |f| f.candidate.setting.tie == Tie::Entry;
    Element, "in an element", |f| f.candidate.setting.tie == Tie::Element;
    Comma, "behind a comma", |f| f.candidate.setting.tie == Tie::Comma;
    Flag, "behind a flag", |f| f.candidate.setting.tie == Tie::Flag;
    Announced, "announced by its place", |f| f.candidate.announced;
    // What it is called.
    Strong, "the name means nothing but a secret", |f| f.candidate.name.is_some_and(|name| name.strong);
    OfPassword, "of a password", |f| f.candidate.kind() == Some(Kind::Password);
    OfCode, "of a code", |f| f.candidate.kind() == Some(Kind::Code);
    OfSecret, "of a key", |f| f.candidate.kind() == Some(Kind::Secret);
    OfToken, "of a token", |f| named::is_token(f);
    // What it looks like.
    Denied, "the text around says what else it is", |f| around::is_denied(f);
    Placeholder, "a placeholder", |f| values::is_placeholder(f.value());
    Dummy, "a made-up example", |f| matches::is_dummy(f.value());
    StopWord, "a word of sentences", |f| said::is_stop_word(f);
    Everyday, "what people name all day", |f| values::is_everyday(f.value(), &f.shape);
    Standard, "the name of a standard", |f| values::is_standard(f.value());
    Chosen, "chosen by a person", |f| values::looks_chosen(f.value());
    Random, "made by a machine", |f| values::looks_random(f.value());
    AsAsked, "looks as the pattern asks", |f| matches::looks_right(f.candidate.looks, f.value());
    Words, "several words", |f| f.shape.blank > 0;
    Number, "a number", |f| f.shape.digit == f.shape.len;
    Dash, "begins with a dash", |f| f.value().starts_with(b"-");
    Short, "one character", |f| f.shape.len < 2;
    Path, "where something lies", |f| everyday::is_path(f);
    // What stands around it.
    Listed, "a list of names", |f| place::is_listed(f);
    Sealed, "sealed for a cluster", |f| place::is_sealed(f);
    OfManager, "the name of a secret in a manager", |f| place::is_of_manager(f);
    ApiKey, "the text speaks of an API", |f| place::is_api_key(f);
    Source, "source code around it", |f| place::is_source(f);
    Usage, "help for a command", |f| place::is_usage(f);
    Cut, "cut short by who wrote it", |f| place::is_cut(f);
    Compared, "compared, not given", |f| place::is_compared(f);
    Masked, "a mask in words", |f| place::is_masked(f);
    Opened, "what the secret is for", |f| around::is_opened(f);
    // What code, forms and packages put there.
    Code, "code", |f| code::is_code(f);
    Constant, "a name of code", |f| code::is_name(f);
    Variable, "a variable called like it", |f| code::is_variable(f);
    Label, "a label", |f| code::is_label(f);
    Version, "a version", |f| everyday::is_version(f);
    Measure, "a measure", |f| everyday::is_measure(f);
    Count, "a count", |f| everyday::is_count(f);
    Tallied, "counted beside what failed", |f| everyday::is_tallied(f);
    Time, "a time", |f| everyday::is_time(f);
    Colour, "a colour", |f| everyday::is_colour(f);
    Counted, "counted by a program", |f| everyday::is_counted(f);
    Object, "an object of a program", |f| everyday::is_object(f);
    Encrypted, "encrypted", |f| everyday::is_encrypted(f);
    Example, "an example of documentation", |f| everyday::is_example(f);
    Reference, "a reference", |f| everyday::is_reference(f);
    Account, "an account", |f| everyday::is_account(f);
    // What it says.
    Answer, "yes or no", |f| said::is_answer(f);
    Asked, "what a form asks for", |f| said::is_asked(f);
    Translation, "a word for the secret itself", |f| said::is_translation(f);
    Caption, "a caption", |f| said::is_caption(f);
    Title, "a title", |f| said::is_title(f);
    Role, "the name of a group", |f| said::is_role(f);
    Famous, "a password that is a word as well", |f| said::is_famous(f);
    Passphrase, "words that are no message", |f| said::is_passphrase(f);
    QuotedPhrase, "a phrase in quotation marks", |f| said::is_quoted_phrase(f);
    Begun, "only how it begins", |f| said::is_begun(f);
    // What a name of its kind asks for.
    TooShort, "too short for this name", |f| named::is_too_short(f);
    WeakRandom, "random enough for a weak name", |f| named::is_weak_random(f);
    WeakHex, "figures of sixteen", |f| named::is_weak_hex(f);
    Abbreviated, "pass and pw mean other things too", |f| named::is_abbreviated(f);
    Bound, "tied to the name", |f| named::is_bound(f);
    Given, "all that a cell holds", |f| named::is_given(f);
    Figures, "figures of a code", |f| named::is_code(f);
    Bare, "bare behind a colon", |f| named::is_bare(f);
    KeyAlone, "long, and all there is", |f| named::is_key_alone(f);
    Tiny, "two characters", |f| f.shape.len < 3;
    LongNumber, "a number long enough", |f| named::is_long_number(f);
    TokenAlone, "a token, and all there is", |f| named::is_token_alone(f);
    TokenLike, "letters and figures, or long", |f| named::is_token_like(f);
    ParameterLike, "what parameters carry", |f| named::is_parameter(f);
    // Of commands, headers and cells.
    Figured, "figures and colons only", |f| logins::is_figured(f);
    LongHex, "a long run of figures of sixteen", |f| values::is_long_hex(f.value());
    OtherFlag, "a flag of its own", |f| logins::is_other_flag(f);
    UserLike, "a user that looks like a token", |f| logins::is_user(f);
    Named, "the word for it, where it belongs", |f| logins::is_named(f);
    NoCell, "no value of a table", |f| logins::is_no_cell(f);
    Credential, "long enough for a header", |f| written::is_credential(f);
    HeaderName, "a name where a scheme could stand", |f| written::is_header_name(f);
    SchemeLike, "the characters of a token", |f| written::is_scheme_like(f);
    Preference, "a setting", |f| written::is_preference(f);
    Emptied, "a cookie that was taken away", |f| written::is_emptied(f);
    // Of machines.
    Public, "an id that says what it is", |f| machine::is_public(f);
    Monotone, "few different characters", |f| f.shape.distinct < 6;
    HexKey, "figures of sixteen, long enough", |f| machine::is_hex_key(f);
    MixedKey, "letters and figures, long", |f| machine::is_mixed_key(f);
}
