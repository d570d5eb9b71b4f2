//! What a word is put together from: letters, numbers, marks.

/// Marks that they have as well.
const SOFT: &[u8] = b"-_./=@~+";

/// What a word is put together from.
pub(super) struct Parts {
    pub(super) words: usize,
    pub(super) numbers: usize,
    pub(super) longest: usize,
    pub(super) shortest_word: usize,
    pub(super) soft: usize,
    /// Lengths of the runs of letters and of digits, in order; letters count positive.
    pub(super) first_runs: [usize; 3],
    pub(super) runs: usize,
    pub(super) upper_words: usize,
}

impl Parts {
    pub(super) fn of(word: &[u8]) -> Self {
        let mut out = Self {
            words: 0,
            numbers: 0,
            longest: 0,
            shortest_word: usize::MAX,
            soft: 0,
            first_runs: [0; 3],
            runs: 0,
            upper_words: 0,
        };
        let letter = |b: u8| b.is_ascii_alphabetic() || b >= 0x80;
        let mut at = 0;
        while at < word.len() {
            let from = at;
            if letter(word[at]) {
                while at < word.len() && letter(word[at]) {
                    at += 1;
                }
                out.words += 1;
                out.longest = out.longest.max(at - from);
                out.shortest_word = out.shortest_word.min(at - from);
                out.upper_words += usize::from(word[from].is_ascii_uppercase());
            } else if word[at].is_ascii_digit() {
                while at < word.len() && word[at].is_ascii_digit() {
                    at += 1;
                }
                out.numbers += 1;
            } else {
                out.soft += usize::from(SOFT.contains(&word[at]));
                at += 1;
                continue;
            }
            if let Some(slot) = out.first_runs.get_mut(out.runs) {
                *slot = at - from;
            }
            out.runs += 1;
        }
        out
    }

    /// `Exchange-2019`, `Windows_10`: one word and a number, as products are called.
    pub(super) fn is_release(&self) -> bool {
        self.words == 1 && self.numbers == 1
    }

    /// `wolke4712keller`: a number inside words.
    pub(super) fn is_sandwich(&self, word: usize, number: usize) -> bool {
        self.runs == 3
            && self.words == 2
            && self.soft == 0
            && self.first_runs[0] >= word
            && self.first_runs[1] >= number
            && self.first_runs[2] >= word
    }
}
