//! The weights of the words around candidates: most words stand around several, and in texts that are made to cost much
//! the same few stand there again and again.

use crate::TABLE;
use crate::parts::{far, near};
use crate::table::weight;

/// So many are kept.
const KEPT: usize = 256;

/// What was worked out last, each in the place of its word and of the candidate's kind.
#[derive(Debug, Default)]
pub struct Around(Vec<Known>);

/// What a word is worth around a candidate of a kind: anywhere, and besides near on each side.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Its stem and the kind; no word has this one at first.
    key: u64,
    far: i32,
    near: [i32; 2],
}

impl Around {
    /// What the word with this stem is worth on this side of a candidate of this kind.
    #[inline]
    pub fn points(&mut self, stem: u32, side: usize, is_near: bool, coarse: u64) -> i32 {
        if self.0.is_empty() {
            self.0.resize(KEPT, Known { key: u64::MAX, far: 0, near: [0; 2] });
        }
        let key = u64::from(stem) << 8 | coarse;
        let place = usize::try_from((u64::from(stem) + 29 * coarse) % KEPT as u64).unwrap_or(0);
        let known = &mut self.0[place];
        if known.key != key {
            *known = Known::of(key, stem.into(), coarse);
        }
        known.far + if is_near { known.near[side] } else { 0 }
    }
}

impl Known {
    fn of(key: u64, stem: u64, coarse: u64) -> Self {
        let mut known = Self { key, far: 0, near: [0; 2] };
        far(stem, coarse, &mut |part, value| known.far += weight(TABLE, part, value));
        for side in 0..2 {
            near(stem, side, coarse, &mut |part, value| known.near[side] += weight(TABLE, part, value));
        }
        known
    }
}
