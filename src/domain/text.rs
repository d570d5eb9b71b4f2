//! What a person may write, field by field. The rules are the contract's; `validator` does the measuring.

use validator::{ValidateEmail, ValidateLength, ValidateNonControlCharacter};

/// Why a text was not taken. Never holds the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextFault {
    /// Nothing in it but white space.
    Blank,
    /// More than this many characters (Unicode scalar values).
    TooLong(u64),
    /// A control character that the field does not allow.
    ControlCharacter,
    /// Not an e-mail address as HTML's `<input type=email>` takes it.
    NotAnEmail,
}

impl TextFault {
    /// The stable, machine-readable name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Blank => "blank",
            Self::TooLong(_) => "too_long",
            Self::ControlCharacter => "control_character",
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

fn at_most(text: &str, max: u64) -> Result<(), TextFault> {
    if text.validate_length(None, Some(max), None) { Ok(()) } else { Err(TextFault::TooLong(max)) }
}

fn no_control_characters(text: &str) -> Result<(), TextFault> {
    if text.validate_non_control_character() { Ok(()) } else { Err(TextFault::ControlCharacter) }
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(String);

        impl $name {
            /// The text as it was taken.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
    };
}

text!(
    /// What happened, in one line: 1 to 200 characters after trimming, no control characters.
    Summary
);
text!(
    /// How to see it again: up to 10,000 characters, line breaks and tabs among them.
    Notes
);
text!(
    /// Whom to ask back: 1 to 120 characters.
    ContactName
);
text!(
    /// Where to answer: an address of up to 254 characters.
    ContactEmail
);

impl Summary {
    /// Trims, then checks.
    ///
    /// # Errors
    /// `Blank`, `TooLong`, `ControlCharacter`.
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextFault::Blank);
        }
        at_most(text, SUMMARY_MAX)?;
        no_control_characters(text)?;
        Ok(Self(text.to_owned()))
    }
}

impl Notes {
    /// Checks; the text is kept to the character.
    ///
    /// # Errors
    /// `TooLong`, `ControlCharacter` (any but tab, line feed and carriage return).
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        at_most(text, NOTES_MAX)?;
        let forbidden = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r');
        if text.chars().any(forbidden) {
            return Err(TextFault::ControlCharacter);
        }
        Ok(Self(text.to_owned()))
    }
}

impl ContactName {
    /// Checks; the text is kept to the character.
    ///
    /// # Errors
    /// `Blank`, `TooLong`, `ControlCharacter`.
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        if text.trim().is_empty() {
            return Err(TextFault::Blank);
        }
        at_most(text, CONTACT_NAME_MAX)?;
        no_control_characters(text)?;
        Ok(Self(text.to_owned()))
    }
}

impl ContactEmail {
    /// Checks; the address is kept to the character.
    ///
    /// # Errors
    /// `TooLong`, `NotAnEmail`.
    pub fn parse(text: &str) -> Result<Self, TextFault> {
        at_most(text, EMAIL_MAX)?;
        // Control characters first: a regular expression's `$` may be kinder to a trailing line break than a mail header is.
        if text.validate_non_control_character() && text.validate_email() {
            Ok(Self(text.to_owned()))
        } else {
            Err(TextFault::NotAnEmail)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_is_trimmed_before_it_is_measured() {
        let padded = format!("  {}\n", "x".repeat(200));
        assert_eq!(Summary::parse(&padded).map(|s| s.as_str().len()), Ok(200));
        assert_eq!(Summary::parse(&"x".repeat(201)), Err(TextFault::TooLong(200)));
        assert_eq!(Summary::parse(" \u{2003}\t"), Err(TextFault::Blank));
        assert_eq!(Summary::parse("a\nb"), Err(TextFault::ControlCharacter));
    }

    #[test]
    fn characters_are_unicode_scalar_values_not_bytes() {
        assert!(Summary::parse(&"💥".repeat(200)).is_ok());
        assert!(Summary::parse(&"💥".repeat(201)).is_err());
    }

    #[test]
    fn notes_keep_line_breaks_and_tabs_and_refuse_other_control_characters() {
        assert_eq!(Notes::parse("a\r\n\tb ").map(|n| n.as_str().to_owned()), Ok("a\r\n\tb ".to_owned()));
        for bad in ["\0", "\u{1b}[31m", "\u{7f}", "\u{85}"] {
            assert_eq!(Notes::parse(bad), Err(TextFault::ControlCharacter), "{bad:?}");
        }
    }

    #[test]
    fn addresses_that_mail_could_not_carry_are_refused() {
        for good in ["a@b.example", "x+y@example.com", "o'hara@example.co.uk"] {
            assert!(ContactEmail::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "a", "a@", "@b", "a b@c.d", "a@b.c\n", "a@b.c\nBcc: x@y.z", "a@b\0.c", "<a@b.c>"] {
            assert_eq!(ContactEmail::parse(bad), Err(TextFault::NotAnEmail), "{bad:?}");
        }
        assert!(matches!(ContactEmail::parse(&format!("a@{}.example", "b".repeat(250))), Err(TextFault::TooLong(254))));
    }
}
