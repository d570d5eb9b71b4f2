//! Is a word, looking so and standing there, what the name means?

use super::Around;
use super::place::{Lead, Place};
use crate::redact::names::Kind;
use crate::redact::scan;
use crate::redact::values::{self, Shape, Suspicion, is_long_hex, is_placeholder, looks_chosen, looks_random};
use crate::redact::verdict::is_id;

impl Around<'_> {
    pub(super) fn fits(&self, shown: &[u8], level: Suspicion, place: Place) -> bool {
        // `:remember_me`
        if place.symbol && shown.iter().all(|b| b.is_ascii_lowercase() || *b == b'_') {
            return false;
        }
        let sure = level == Suspicion::Sure;
        if place.column && !sure
            || place.coded && !(sure || level == Suspicion::Marked) && !place.close && place.lead <= Lead::Alone
        {
            return false;
        }
        match self.name.kind {
            Kind::Password if self.name.term == "passcode" => {
                self.password(shown, level, place) || self.code(shown, level, place)
            }
            Kind::Password => self.password(shown, level, place),
            Kind::Secret if self.is_wireless() => self.password(shown, level, place) || self.key(shown, level, place),
            Kind::Secret | Kind::Token => self.key(shown, level, place),
            Kind::Code => self.code(shown, level, place),
            _ => false,
        }
    }

    /// "network Larkfield-Guest, key plumtree-2209"
    pub(super) fn is_wireless(&self) -> bool {
        *self.wireless.get_or_init(|| self.speaks_of_wireless())
    }

    fn speaks_of_wireless(&self) -> bool {
        const WIRELESS: &[&str] = &[
            "wifi",
            "wi-fi",
            "wlan",
            "wireless",
            "ssid",
            "netzwerk",
            "netwerk",
            "red ",
            "rete",
            "rede",
            "r\u{e9}seau",
            "router",
            "sticker",
            "aufkleber",
            "etiquett",
            "pegatina",
            "autocolante",
            "etichett",
        ];
        let line = &self.text[scan::line_start(self.text, self.from, 120)..scan::line_end(self.text, self.to, 60)];
        // A card in a guest room: the network in one line, its key in another.
        let card = &self.text[self.from.saturating_sub(120)..self.from];
        let carded = ["wlan", "wi-fi", "wifi", "ssid"].iter().any(|word| scan::contains_word(card, word.as_bytes()));
        carded
            || (self.name.term.len() <= 10 || self.name.term.starts_with("netz") || self.name.term.starts_with("netw"))
                && WIRELESS.iter().any(|word| scan::contains_word(line, word.as_bytes()))
    }

    fn password(&self, shown: &[u8], level: Suspicion, place: Place) -> bool {
        let phrase = self.name.is_phrase() && shown.split(|b| *b == b'-').count() > 3;
        match level {
            Suspicion::Sure => true,
            Suspicion::Marked if self.name.strong || place.lead == Lead::Alone && self.asks() => {
                place.near || place.lead > Lead::None
            }
            Suspicion::Marked => place.near && place.lead > Lead::Apart,
            // "Gerätekennwort, das ist bei mir 4xy60360uqtt"
            Suspicion::Mixed
                if place.near
                    && self.name.strong
                    && !place.coded
                    && looks_random(shown)
                    && !is_id(shown)
                    && !shown.contains(&b'=') =>
            {
                true
            }
            Suspicion::Mixed if place.beyond => {
                place.lead == Lead::Alone && (looks_chosen(shown) || self.asks()) || place.lead == Lead::Led
            }
            Suspicion::Mixed if self.name.term.is_empty() && Shape::of(shown).symbol > 0 => place.lead == Lead::Led,
            Suspicion::Mixed if place.lead == Lead::Apart => {
                place.near && self.name.strong && (Shape::of(shown).symbol == 0 || place.close)
            }
            Suspicion::Mixed => place.lead == Lead::Led || place.near && place.lead > Lead::Apart,
            Suspicion::Chained
                if place.lead == Lead::Led
                    && memchr::memchr_iter(b'-', shown).count() >= 2
                    && shown[shown.len() - 1].is_ascii_digit()
                    && (!self.is_vague() || self.is_wireless()) =>
            {
                true
            }
            Suspicion::Chained if self.is_vague() => false,
            Suspicion::Chained if place.close && place.lead == Lead::Apart => shown.iter().any(u8::is_ascii_digit),
            Suspicion::Chained if place.near => {
                place.lead > Lead::Alone
                    && (phrase || place.named || Shape::of(shown).symbol >= 2 || shown.iter().any(u8::is_ascii_digit))
            }
            Suspicion::Chained if phrase && place.near && place.lead > Lead::None => true,
            Suspicion::Chained if place.beyond => {
                let words = memchr::memchr_iter(b'-', shown).count() >= 2 && place.lead == Lead::Alone && self.asks();
                words
                    || (self.asks() || self.announces())
                        && (place.lead == Lead::Led
                            || place.lead == Lead::Alone && shown.iter().any(u8::is_ascii_digit))
            }
            Suspicion::Chained | Suspicion::None => false,
        }
    }

    fn key(&self, shown: &[u8], level: Suspicion, place: Place) -> bool {
        let shape = Shape::of(shown);
        let padding = shown.iter().rev().take_while(|b| **b == b'=').count();
        if shape.len >= 60 && is_base64_line(shown, place) {
            return false;
        }
        if shown.starts_with(b"sha256/") {
            return false;
        }
        if shape.len < 16 || is_placeholder(shown) || shown[..shape.len - padding].iter().any(|b| b":=".contains(b)) {
            // "the key on the back of the router is n4kq-83xz-t6ww"
            let printed = shape.len >= 8
                && shape.digit > 0
                && shape.symbol < 4
                && shape.digit < shape.len
                && !is_id(shown)
                && place.lead == Lead::Led
                && place.near
                && self.name.term != "token"
                && self.is_wireless();
            return printed && !is_placeholder(shown)
                || level == Suspicion::Sure && place.near && place.lead == Lead::Led;
        }
        let dashes = shown.iter().filter(|b| **b == b'-').count();
        let uuid = shape.len == 36 && is_id(shown) && dashes == 4;
        let strong = self.name.strong;
        // A token of one time, the number of a network.
        let number = shape.digit == shape.len;
        if number
            && (shape.len == 6 && self.name.kind == Kind::Token && place.near && place.lead == Lead::Led
                || (16..=24).contains(&shape.len) && strong && place.near && self.is_wireless())
        {
            return true;
        }
        // "the key 9f3c… of the API"
        let line = &self.text[scan::line_start(self.text, self.from, 80)..scan::line_end(self.text, self.to, 20)];
        if !strong
            && self.name.term == "key"
            && is_long_hex(shown)
            && place.close
            && place.near
            && place.lead == Lead::Led
            && scan::contains_word(line, b"api")
        {
            return true;
        }
        if values::is_product_key(shown, &shape) {
            return strong;
        }
        if is_id(shown) && place.beyond {
            return place.lead == Lead::Alone && self.asks() && (is_long_hex(shown) || uuid);
        }
        if is_id(shown) {
            return strong && (is_long_hex(shown) && shape.len <= 64 || uuid) && place.near && place.lead > Lead::Apart;
        }
        // "this is the key:", and the next line is the key.
        let next = self.text[self.to..].iter().take(200).position(|b| *b == b'\n').map_or(0, |line| self.to + line + 1);
        let below = place.beyond && place.lead == Lead::Alone && strong && shape.turns >= 6 && dashes == 0;
        if below && self.text[next..].starts_with(shown) && looks_random(shown) {
            return true;
        }
        let told = place.lead > Lead::Alone || place.lead == Lead::Alone && shape.len <= 60 && self.asks();
        looks_random(shown)
            && if place.beyond { told && strong } else { told || strong && place.near && shape.turns >= 5 }
    }

    fn code(&self, shown: &[u8], level: Suspicion, place: Place) -> bool {
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
        let error =
            shown.iter().take_while(|b| b.is_ascii_uppercase()).count() >= 2 && shown.contains(&b'-') && digits <= 3;
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

/// A line of a certificate.
fn is_base64_line(shown: &[u8], place: Place) -> bool {
    place.lead == Lead::Alone
        && !place.bracketed
        && shown.len() <= 76
        && shown.iter().all(|b| scan::is_base64(*b) || *b == b'=')
}
