//! One line for each file of texts: how many secrets are gone, how many harmless texts changed.

use std::path::Path;

use redaction::Redactor;

use crate::corpora;

/// `cargo bench -p redaction -- sets FILE…`; with `SHOW` set, prints what was missed and harmed.
pub fn print(redactor: &Redactor, files: impl Iterator<Item = String>) {
    for file in files {
        let cases = corpora::load("a set", Path::new(&file)).cases;
        let (mut secrets, mut gone, mut harmless, mut changed) = (0, 0, 0, 0);
        for case in &cases {
            let cleaned = redactor.text(&case.text).value;
            let fine = case.secret.as_ref().map_or(cleaned == case.text, |secret| !cleaned.contains(secret));
            if case.secret.is_some() {
                secrets += 1;
                gone += usize::from(fine);
            } else {
                harmless += 1;
                changed += usize::from(!fine);
            }
            if std::env::var_os("KINDS").is_some() && !fine {
                println!("  {} {}", case.kind, case.secret.as_ref().map_or(0, String::len));
            }
            if std::env::var_os("SHOW").is_some() && !fine {
                println!(
                    "  {} {:?}\n     -> {cleaned:?}",
                    if case.secret.is_some() { "MISSED" } else { "HARMED" },
                    case.text
                );
            }
        }
        let share = |part: usize, whole: usize| corpora::percent(part, whole);
        println!(
            "{file}: {secrets} secrets, gone {}; {harmless} harmless, changed {}",
            share(gone, secrets),
            share(changed, harmless)
        );
    }
}
