//! The table of figures in `specs/redaction.md`, of the sets in `tests/corpus`: for the test that holds it and the bench that writes it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::sets::{Case, First, Set, Since, Verdict};

/// A set and what became of each of its texts.
pub struct Read {
    pub set: Set,
    pub verdicts: Vec<Verdict>,
}

impl Read {
    /// Each text and what became of it.
    pub fn each(&self) -> impl Iterator<Item = (&Case, &Verdict)> {
        self.set.cases.iter().zip(&self.verdicts)
    }
}

/// What the table says of one set.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Texts that hold a secret, and those of which it is gone.
    pub secrets: usize,
    pub gone: usize,
    /// Texts that hold none, and those that changed all the same.
    pub harmless: usize,
    pub changed: usize,
    /// Characters that are not the secret, in texts that hold one, and those of them that were taken with it.
    pub around: usize,
    pub over: usize,
    /// Texts that lost such a character.
    pub touched: usize,
}

impl Row {
    /// Counts.
    pub fn of(read: &Read) -> Self {
        let mut row = Self::default();
        for (case, verdict) in read.each() {
            let right = usize::from(verdict.is_right(case));
            let Some(secret) = &case.secret else {
                row.harmless += 1;
                row.changed += 1 - right;
                continue;
            };
            row.secrets += 1;
            row.gone += right;
            let of_secrets = case.text.matches(secret.as_str()).count() * secret.chars().count();
            row.around += case.text.chars().count() - of_secrets;
            let over = verdict.over(case).map(|(_, characters)| characters).sum::<usize>();
            row.over += over;
            row.touched += usize::from(over > 0);
        }
        row
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a few million at most")]
pub fn percent(part: usize, whole: usize) -> String {
    if whole == 0 { String::new() } else { format!("{:.2} %", part as f64 * 100.0 / whole as f64) }
}

/// What stands around the table in the specification.
pub const BEGIN: &str = "<!-- figures: `cargo bench -p redaction -- verdicts` writes what follows -->\n";
pub const END: &str = "<!-- figures: end -->\n";

/// The specification.
pub fn specification() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/redaction.md")
}

/// The table.
pub fn table(all: &[Read]) -> String {
    let mut out = String::from(
        "| set | first measured | used since for | secrets | gone | harmless | changed | over-redaction: texts | characters |\n|---|---|---|---|---|---|---|---|---|\n",
    );
    for read in all {
        let row = Row::of(read);
        let first = match read.set.described.first {
            First::Seen => "seen",
            First::Unseen => "unseen",
        };
        let since = match read.set.described.since {
            Since::Tuning => "tuning",
            Since::Mending => "mending",
            Since::Measuring => "measuring",
        };
        let cells = [
            read.set.described.name.clone(),
            first.to_owned(),
            since.to_owned(),
            row.secrets.to_string(),
            percent(row.gone, row.secrets),
            row.harmless.to_string(),
            percent(row.changed, row.harmless),
            percent(row.touched, row.secrets),
            percent(row.over, row.around),
        ];
        // Writing to a String cannot fail.
        let _ = writeln!(out, "| {} |", cells.join(" | ").replace("  ", " "));
    }
    out
}

/// The specification with this table in it; nothing when its marks are not there.
pub fn replaced(specification: &str, table: &str) -> Option<String> {
    let from = specification.find(BEGIN)? + BEGIN.len();
    let to = from + specification[from..].find(END)?;
    Some(format!("{}{table}{}", &specification[..from], &specification[to..]))
}
