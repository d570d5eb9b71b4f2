//! Is a word, looking so and standing there, what the name means?

use super::Around;
use super::place::{Lead, Place};
use crate::facts::values::is_id;
use crate::facts::values::{self, Shape, Suspicion, is_long_hex, is_placeholder, looks_chosen, looks_random};
use crate::lexicon::names::{Kind, is_camel};
use crate::text::scan;

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
                place.near || place.lead > Lead::None || place.said && is_varied(shown)
            }
            Suspicion::Marked if place.said && is_varied(shown) => true,
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
        // `PrefKeyEncryptionScheme.AES256_SIV`: a member of a class.
        let class = shown.split(|b| *b == b'.').next().unwrap_or_default();
        if class.len() < shown.len() && class.iter().all(u8::is_ascii_alphabetic) && is_camel(class) {
            return false;
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
        let public = scan::contains_word(line, b"public key");
        let below = !public && place.beyond && place.lead == Lead::Alone && strong && shape.turns >= 6 && dashes == 0;
        if below && self.text[next..].starts_with(shown) && looks_random(shown) {
            return true;
        }
        let told = place.lead > Lead::Alone || place.lead == Lead::Alone && shape.len <= 60 && self.asks();
        looks_random(shown)
            && if place.beyond { told && strong } else { told || strong && place.near && shape.turns >= 5 }
    }
}

/// Capitals, small letters and digits, but no name of a thing: `LUKS2-Datenträger`, `256-bit-Schlüssel`,
/// `tls.VersionTLS12`.
fn is_varied(shown: &[u8]) -> bool {
    let shape = Shape::of(shown);
    let code = |part: &[u8]| {
        let capitals = part.iter().take_while(|b| b.is_ascii_uppercase()).count();
        capitals >= 2 && part[capitals..].iter().all(u8::is_ascii_digit)
    };
    let parts = || shown.split(|b| b"-./".contains(b));
    shape.upper > 0
        && shape.lower > 2
        && shape.digit > 1
        && shape.len >= 8
        && !shown[0].is_ascii_digit()
        && !shown.iter().any(|b| b"=%/".contains(b))
        && !parts().any(code)
        && parts().next().is_none_or(|first| !matches!(first, b"tls" | b"vm" | b"self" | b"this"))
}

/// A line of a certificate.
fn is_base64_line(shown: &[u8], place: Place) -> bool {
    place.lead == Lead::Alone
        && !place.bracketed
        && shown.len() <= 76
        && shown.iter().all(|b| scan::is_base64(*b) || *b == b'=')
}
