//! What a person may write, field by field. The rules are the contract's: what people paste is mended where that takes
//! nothing from it (`pasted`), then measured by `validator` in characters (Unicode scalar values).

mod address;
mod pasted;
mod visible;

pub use address::EMAIL_PATTERN;
pub use pasted::{lines, one_line};
use validator::ValidateLength as _;
pub use visible::{is_blank, is_invisible};

/// Why a text was not taken. Never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing can be seen in it. Of an optional field this means that nobody filled it in.
    Blank,
    /// More than this many characters (Unicode scalar values).
    TooLong(u64),
    /// Not an e-mail address ([`EMAIL_PATTERN`]), or one with a secret in it.
    NotAnEmail,
}

impl TextFault {
    /// The stable, machine-readable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong(_) => "too_long",
            Self::NotAnEmail => "invalid_email",
        }
    }
}

/// Most characters of a summary.
pub const SUMMARY_MAX: u64 = 200;
/// Most characters of the reproduction notes.
pub const NOTES_MAX: u64 = 10_000;
/// Most characters of a contact name.
pub const CONTACT_NAME_MAX: u64 = 120;
/// Most characters of an e-mail address (RFC 5321, 4.5.3.1.3 less the angle brackets).
pub const EMAIL_MAX: u64 = 254;

fn is_at_most(text: &str, max: u64) -> bool {
    text.validate_length(None, Some(max), None)
}

/// Takes a text that was made ready, if there is something in it and not too much.
fn measured(text: String, max: u64) -> Result<String, TextFault> {
    if is_blank(&text) {
        return Err(TextFault::Blank);
    }
    if is_at_most(&text, max) { Ok(text) } else { Err(TextFault::TooLong(max)) }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $made_ready:expr, $max:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// Makes the text ready, then measures it.
            ///
            /// # Errors
            /// `Blank`, `TooLong`.
            pub fn parse(text: &str) -> Result<Self, TextFault> {
                measured($made_ready(text), $max).map(Self)
            }

            /// The text as it was taken.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

text!(
    /// What happened: one line of 1 to 200 characters.
    Summary,
    one_line,
    SUMMARY_MAX
);
text!(
    /// How to see it again: up to 10,000 characters, line breaks and tabs among them.
    Notes,
    lines,
    NOTES_MAX
);
text!(
    /// Whom to ask back: one line of 1 to 120 characters.
    ContactName,
    one_line,
    CONTACT_NAME_MAX
);

/// Where to answer: an address of up to 254 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactEmail(String);

impl ContactEmail {
    /// Takes off what stands around the address and means nothing; the address itself is kept to the character.
    ///
    /// # Errors
    /// `Blank`, `TooLong`, `NotAnEmail`.
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        let is_short = |text: &str| is_at_most(text, EMAIL_MAX);
        match address::find(text) {
            Some("") => Err(TextFault::Blank),
            Some(address) if is_short(address) => Ok(Self(address.to_owned())),
            None if is_short(text) => Err(TextFault::NotAnEmail),
            _ => Err(TextFault::TooLong(EMAIL_MAX)),
        }
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_made_ready_before_it_is_measured() {
        let padded = format!("  \u{1b}[31m{}\u{1b}[0m\n", "x".repeat(200));
        assert_eq!(Summary::parse(&padded).map(|s| s.as_str().len()), Ok(200));
        assert_eq!(Summary::parse(&"x".repeat(201)), Err(TextFault::TooLong(200)));
        assert_eq!(ContactName::parse(&format!("{}\r\n\tx", "x".repeat(118))).map(|n| n.as_str().len()), Ok(120));
        assert_eq!(Notes::parse(&format!("{}\u{1b}[0m", "y".repeat(10_000))).map(|n| n.as_str().len()), Ok(10_000));
        assert_eq!(Notes::parse(&"y".repeat(10_001)), Err(TextFault::TooLong(10_000)));
    }

    #[test]
    fn characters_are_unicode_scalar_values_not_bytes() {
        assert!(Summary::parse(&"💥".repeat(200)).is_ok());
        assert!(Summary::parse(&"💥".repeat(201)).is_err());
    }

    #[test]
    fn a_text_in_which_nothing_can_be_seen_is_blank() {
        for blank in ["", " \u{2003}\t", "\u{1b}[0m", "\u{3164}", "\u{2060}\u{feff}"] {
            assert_eq!(Summary::parse(blank), Err(TextFault::Blank));
            assert_eq!(Notes::parse(blank), Err(TextFault::Blank));
            assert_eq!(ContactName::parse(blank), Err(TextFault::Blank));
            assert_eq!(ContactEmail::parse(blank), Err(TextFault::Blank));
        }
    }

    #[test]
    fn an_address_is_measured_without_what_stands_around_it() {
        let longest = format!("{}@{}.{}.{}.example", "a".repeat(64), "b".repeat(60), "c".repeat(60), "d".repeat(59));
        assert_eq!(ContactEmail::parse(&format!(" {longest}\n")).map(|a| a.as_str().to_owned()), Ok(longest.clone()));
        assert_eq!(ContactEmail::parse(&format!("{longest}x")), Err(TextFault::TooLong(254)));
        assert_eq!(ContactEmail::parse(&"x".repeat(255)), Err(TextFault::TooLong(254)));
        assert_eq!(ContactEmail::parse("x"), Err(TextFault::NotAnEmail));
    }
}
