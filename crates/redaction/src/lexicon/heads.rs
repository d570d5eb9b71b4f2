//! Words begin and are long in few ways: asks that before a table of words is asked, because most words are in none.

/// A filter over the lengths and the first two letters and the last of the words of a table, capitals ignored.
#[derive(Debug)]
pub(crate) struct Heads([u64; SLOTS / 64]);

const SLOTS: usize = 8192;

impl Heads {
    /// The filter of the words `list`.
    pub(crate) fn of<'w>(list: impl Iterator<Item = &'w [u8]>) -> Self {
        let mut heads = Self([0; SLOTS / 64]);
        for word in list {
            let slot = slot(word);
            heads.0[slot / 64] |= 1 << (slot % 64);
        }
        heads
    }

    /// Whether a word of the table may be `word`; if not, none is.
    pub(crate) fn may_hold(&self, word: &[u8]) -> bool {
        let slot = slot(word);
        self.0[slot / 64] >> (slot % 64) & 1 != 0
    }
}

fn slot(word: &[u8]) -> usize {
    let letter = |at: usize| usize::from(word.get(at).map_or(0, u8::to_ascii_lowercase));
    (word.len() * 1031 + letter(0) * 61 + letter(1) * 257 + letter(word.len().saturating_sub(1)) * 2039) % SLOTS
}

#[cfg(test)]
mod tests {
    use super::Heads;

    #[test]
    fn every_word_of_the_table_passes_and_most_others_do_not() {
        let words = ["is", "lautet", "était", "kennt"];
        let heads = Heads::of(words.iter().map(|word| word.as_bytes()));
        assert!(
            words.iter().all(|word| heads.may_hold(word.as_bytes()) && heads.may_hold(word.to_uppercase().as_bytes())
                || !word.is_ascii())
        );
        let others = ["password", "token", "secret", "key", "kettle", "harbour"];
        assert!(others.iter().filter(|word| heads.may_hold(word.as_bytes())).count() < 2);
    }
}
