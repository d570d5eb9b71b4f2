//! The rule table, one file a family. Earlier rows win where two claim the same text.

mod ai;
mod chat;
mod ci;
mod clouds;
mod formats;
mod generic;
mod handed;
mod hosting;
mod keys;
#[cfg(test)]
mod lookalikes;
mod mail;
mod monitoring;
mod payment;
mod platforms;
mod registries;
pub(crate) mod rule_file;
mod spelled_out;
mod spoken;
pub(crate) mod table;
mod tools;

use crate::rules::table::{Compiled, Rule};

/// Changes with every change of a rule, so that a stored manifest says what was applied.
pub(super) const VERSION: &str = "2026.12.3";

/// Every built-in rule, ready to run. One that cannot run must not be left out in silence: a secret would be stored for good.
pub(super) fn compiled() -> Vec<Compiled> {
    all().map(|rule| rule.compile().unwrap_or_else(|error| panic!("the rule {}: {error}", rule.id))).collect()
}

/// Every built-in rule.
fn all() -> impl Iterator<Item = &'static Rule> {
    [
        generic::RULES,
        keys::RULES,
        spelled_out::RULES,
        spoken::RULES,
        handed::RULES,
        clouds::RULES,
        hosting::RULES,
        chat::RULES,
        payment::RULES,
        mail::RULES,
        ai::RULES,
        ci::RULES,
        monitoring::RULES,
        registries::RULES,
        platforms::RULES,
        formats::RULES,
        tools::RULES,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_row_of_the_table_compiles() {
        for rule in super::all() {
            assert!(rule.compile().is_ok(), "{}: {:?}", rule.id, rule.compile().err());
        }
    }
}
