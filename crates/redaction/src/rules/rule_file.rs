//! A file of additional rules: the columns of the built-in table, as JSON.
//!
//! ```json
//! { "version": "acme-3", "rules": [ { "id": "acme-token", "about": "tokens of our portal",
//!   "keywords": ["acme_"], "pattern": "acme_(?P<secret>[a-z0-9]{20})",
//!   "goes": ["key acme_0123456789abcdefghij"], "stays": ["acme_portal"] } ] }
//! ```

use serde::Deserialize;

use crate::Redactor;
use crate::rules::table::{Compiled, Looks, Matcher, RuleSummary};
use crate::text::pattern::Pattern;
use crate::text::shape::expand;

/// Keywords shorter than this would wake a rule everywhere.
const SHORTEST_KEYWORD: usize = 3;

/// Why a file of additional rules was refused.
#[derive(Debug, thiserror::Error)]
pub enum RuleFileError {
    /// Not of the documented form.
    #[error("the rules file is not of the documented form")]
    Form(#[source] serde_json::Error),
    /// The version is empty or holds other characters than letters, digits, `.` and `-`.
    #[error("the rules file needs a version of letters, digits, dots and dashes")]
    Version,
    /// An id that is not `[a-z0-9-]+`.
    #[error("rule {rule:?}: an id is made of a to z, 0 to 9 and dashes")]
    Id {
        /// The rule.
        rule: String,
    },
    /// An id that another rule has.
    #[error("rule {rule:?}: another rule has this id")]
    Duplicate {
        /// The rule.
        rule: String,
    },
    /// No keyword, or one that is too short.
    #[error("rule {rule:?}: needs keywords of at least three characters")]
    Keywords {
        /// The rule.
        rule: String,
    },
    /// A pattern that does not compile.
    #[error("rule {rule:?}: the pattern does not compile")]
    Pattern {
        /// The rule.
        rule: String,
        /// What is wrong with it.
        #[source]
        source: regex::Error,
    },
    /// No example, or an example that does not behave.
    #[error("rule {rule:?}: example {number} under {list:?} does not behave")]
    Example {
        /// The rule.
        rule: String,
        /// `goes` or `stays`.
        list: &'static str,
        /// Which one, from 1.
        number: usize,
    },
}

/// A file, checked as far as it can be without the other rules.
pub(crate) struct RuleFile {
    pub version: String,
    pub rules: Vec<Compiled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: String,
    rules: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    about: String,
    keywords: Vec<String>,
    pattern: String,
    goes: Vec<String>,
    #[serde(default)]
    stays: Vec<String>,
}

/// Reads a file and compiles its rules.
pub(crate) fn parse(source: &str) -> Result<RuleFile, RuleFileError> {
    let document: Document = serde_json::from_str(source).map_err(RuleFileError::Form)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    if document.version.is_empty() || document.version.len() > 40 || !document.version.chars().all(plain) {
        return Err(RuleFileError::Version);
    }
    let rules = document.rules.into_iter().map(row).collect::<Result<Vec<_>, _>>()?;
    Ok(RuleFile { version: document.version, rules })
}

fn row(row: Row) -> Result<Compiled, RuleFileError> {
    let rule = row.id;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if rule.is_empty() || rule.len() > 60 || !rule.chars().all(plain) {
        return Err(RuleFileError::Id { rule });
    }
    if row.keywords.is_empty() || row.keywords.iter().any(|word| word.len() < SHORTEST_KEYWORD) {
        return Err(RuleFileError::Keywords { rule });
    }
    if row.goes.is_empty() {
        return Err(RuleFileError::Example { rule, list: "goes", number: 1 });
    }
    let pattern = Pattern::one(&row.pattern).map_err(|source| RuleFileError::Pattern { rule: rule.clone(), source })?;
    let Row { about, keywords, goes, stays, .. } = row;
    let matcher = Matcher::Window(vec![pattern], Looks::Any);
    Ok(Compiled { row: RuleSummary { id: rule, about, keywords, goes, stays }, matcher })
}

/// Runs the examples of a file's rules against the whole table.
pub(crate) fn check_examples(redactor: &Redactor, source: &str) -> Result<(), RuleFileError> {
    let document: Document = serde_json::from_str(source).map_err(RuleFileError::Form)?;
    for row in document.rules {
        let takes = |example: &String| {
            let plain = expand(example).replace(['«', '»'], "");
            redactor.explain(&plain).iter().any(|finding| finding.rule == row.id)
        };
        if let Some(at) = row.goes.iter().position(|example| !takes(example)) {
            return Err(RuleFileError::Example { rule: row.id, list: "goes", number: at + 1 });
        }
        if let Some(at) = row.stays.iter().position(takes) {
            return Err(RuleFileError::Example { rule: row.id, list: "stays", number: at + 1 });
        }
    }
    Ok(())
}
