//! Is a word a PIN, a one-time code or a code of a door, standing there?

use super::Around;
use super::place::{Lead, Place};
use crate::detect::typed::opens_with_code;
use crate::facts::values::{self, Suspicion, looks_random};
use crate::text::scan;

impl Around<'_> {
    pub(super) fn code(&self, shown: &[u8], level: Suspicion, place: Place) -> bool {
        if values::is_standard(shown) {
            return false;
        }
        let strong = self.name.strong || &self.text[self.from..self.to] == b"TAN";
        let digits = shown.iter().filter(|b| b.is_ascii_digit()).count();
        let number = digits == shown.len() && (4..=8).contains(&digits);
        let year = digits == 4 && (shown.starts_with(b"19") || shown.starts_with(b"20"));
        let grouped = shown.len() <= 12
            && digits >= 6
            && shown.iter().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b' '))
            && shown.split(|b| matches!(b, b'-' | b' ')).all(|group| (2..=6).contains(&group.len()))
            && !is_date(shown)
            && !is_years(shown);
        if number && !year || grouped {
            return if strong {
                place.lead == Lead::Led
                    || place.lead > Lead::None && (place.near || digits == 6)
                    || place.beyond && place.lead == Lead::Alone
            } else {
                place.beyond && place.lead == Lead::Alone && digits == 6 && self.asks()
                    || place.near
                        && place.lead == Lead::Led
                        && (6..=8).contains(&digits)
                        && !self.text[self.from..self.to].ends_with(b"s")
                        && (place.close || !shown.contains(&b'-'))
                        && !self.is_other_code()
                    || number && place.near && place.lead == Lead::Led && self.opens(shown.len())
            };
        }
        // `59#3107`: typed on the keys of a door.
        let keys = digits >= 4
            && shown.len() <= 10
            && digits < shown.len()
            && shown.iter().all(|b| b.is_ascii_digit() || matches!(b, b'#' | b'*'))
            && shown[0].is_ascii_digit();
        if keys && (strong || place.lead == Lead::Led) && place.near {
            return true;
        }
        let letters = shown.len() - digits;
        // `VER-12`: errors are called so.
        // `C-004417`: the number of a customer.
        let customer = shown.get(1) == Some(&b'-') && shown[0].is_ascii_uppercase();
        let error = customer
            || shown.iter().take_while(|b| b.is_ascii_uppercase()).count() >= 2 && shown.contains(&b'-') && digits <= 3;
        let mixed = !error
            && (4..=12).contains(&shown.len())
            && digits >= 1
            && letters >= 1
            && shown.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
        let spelled = shown.iter().any(u8::is_ascii_uppercase) != shown.iter().any(u8::is_ascii_lowercase);
        let password = self.name.term.contains("wort") && level >= Suspicion::Marked && place.lead > Lead::None;
        if level == Suspicion::Sure && place.near || level == Suspicion::Marked && place.lead == Lead::Alone {
            return true;
        }
        let spare = ["backup", "notfall", "recup", "recover", "herstel", "secours", "wiederherst", "respaldo"]
            .iter()
            .any(|part| self.name.term.contains(part));
        if spare
            && (2..=4).contains(&shown.split(|b| *b == b'-').count())
            && digits >= 2
            && shown
                .split(|b| *b == b'-')
                .all(|group| (4..=5).contains(&group.len()) && group.iter().all(u8::is_ascii_alphanumeric))
        {
            return true;
        }
        if spare && place.near && shown.len() >= 12 && looks_random(shown) {
            return true;
        }
        // "wat is de code van het kastje?", and the next line is the code.
        if place.beyond && place.lead == Lead::Alone && self.asks() && mixed && digits >= 3 && shown.len() <= 8 {
            return true;
        }
        let numeric = matches!(self.name.term, "pin" | "otp" | "totp" | "tan" | "puk" | "cvv" | "cvc" | "cvv2");
        password
            || self.name.strong
                && !numeric
                && mixed
                && spelled
                && (digits >= 2 || shown.len() >= 8)
                && place.near
                && place.lead > Lead::Alone
    }

    /// "o código da porta da garagem é 7093": something is spoken of that opens with a code.
    fn opens(&self, length: usize) -> bool {
        length >= 4
            && !self.is_other_code()
            && opens_with_code(&self.text[self.from..self.text.len().min(self.to + 40)])
    }

    /// "code d'erreur", "código de cliente"
    fn is_other_code(&self) -> bool {
        const OTHER: &[&str] =
            &["err", "fehl", "fout", "client", "kunde", "klant", "postal", "status", "promo", "fiscal"];
        let ahead = &self.text[self.to..self.text.len().min(self.to + 20)];
        OTHER.iter().any(|word| scan::contains_word(ahead, word.as_bytes()))
    }
}

/// `17-10-2024`, `2024-10-17`.
fn is_date(shown: &[u8]) -> bool {
    let mut groups = shown.split(|b| *b == b'-').map(<[u8]>::len);
    matches!((groups.next(), groups.next(), groups.next()), (Some(4), Some(2), Some(2)) | (Some(2), Some(2), Some(4)))
}

/// `2019-2024`
fn is_years(shown: &[u8]) -> bool {
    shown.len() == 9
        && shown[4] == b'-'
        && [&shown[..4], &shown[5..]].iter().all(|year| year.starts_with(b"19") || year.starts_with(b"20"))
}
