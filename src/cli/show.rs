//! `show SR-…`: one stored request, for people; `--json` for machines.

use std::io::{IsTerminal, Write};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use crate::{
    config::Settings,
    domain::{ids::Reference, record::StoredRecord},
    store::Archive,
};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The reference, as it was answered: SR- and 26 characters
    reference: String,
    /// Print the record as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> anyhow::Result<()> {
    let reference = Reference::parse(options.reference.trim())?;
    let archive = Archive::open(&settings.database()?).await?;
    let Some(stored) = archive.find(reference).await? else {
        bail!("there is no support request {reference} in this database");
    };
    let mut out = std::io::stdout().lock();
    if options.json {
        serde_json::to_writer_pretty(&mut out, &stored).context("the record cannot be printed")?;
        writeln!(out)?;
    } else {
        let paper = Paper { colours: out.is_terminal() && no_color_is_unset() };
        paper.print(&mut out, &stored)?;
    }
    Ok(())
}

/// <https://no-color.org>: set and not empty means none.
#[expect(clippy::disallowed_methods, reason = "a convention of terminals, not a setting of this service")]
fn no_color_is_unset() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints a record as a page. Everything that a person or a provider wrote goes through [`harmless`].
struct Paper {
    colours: bool,
}

impl Paper {
    fn print(&self, out: &mut impl Write, stored: &StoredRecord) -> std::io::Result<()> {
        let r = &stored.record;
        writeln!(out, "{}  {}", self.bold(&r.reference), self.dim(&r.created_at))?;
        writeln!(out, "{}", self.bold(&harmless(&r.summary)))?;
        writeln!(out)?;
        let by = r.creator_name.as_ref().map_or(r.creator_subject.clone(), |name| format!("{name} ({})", r.creator_subject));
        let contact = [r.contact_name.as_deref(), r.contact_email.as_deref()];
        let contact = contact.into_iter().flatten().collect::<Vec<_>>().join(", ");
        for (label, value) in [
            ("Severity", r.severity.as_str()),
            ("Workspace", &r.workspace_id),
            ("Tenant", &r.tenant_id),
            ("About", &format!("{} {}", r.primary_context_type.replace('_', " "), r.primary_context_id)),
            ("By", &by),
            ("Contact", if contact.is_empty() { "-" } else { &contact }),
            ("Attachment", &format!("{} ({})", r.attachment_mode, r.attachment_reason)),
            ("Request id", &r.request_id),
            ("Digest", &stored.record_digest),
        ] {
            self.line(out, 0, label, value)?;
        }
        if let Some(notes) = &r.reproduction_notes {
            self.heading(out, "Reproduction notes")?;
            for line in notes.lines() {
                writeln!(out, "  {}", harmless(line))?;
            }
        }
        self.references(out, &r.context["references"])?;
        self.diagnostics(out, &r.context["diagnostics"])?;
        self.redaction(out, &r.context["redaction"])
    }

    fn references(&self, out: &mut impl Write, references: &Value) -> std::io::Result<()> {
        self.heading(out, "References")?;
        for (name, facts) in references.as_object().into_iter().flatten() {
            let facts: Vec<String> =
                facts.as_object().into_iter().flatten().map(|(key, value)| format!("{key} {}", scalar(value))).collect();
            self.line(out, 1, &name.replace('_', " "), &facts.join(", "))?;
        }
        Ok(())
    }

    fn diagnostics(&self, out: &mut impl Write, bundle: &Value) -> std::io::Result<()> {
        if bundle.is_null() {
            return Ok(());
        }
        self.heading(out, "Diagnostics")?;
        self.line(out, 1, "Generated", &scalar(&bundle["generated_at"]))?;
        self.line(out, 1, "Headline", &scalar(&bundle["headline"]))?;
        for section in items(&bundle["sections"]) {
            writeln!(out)?;
            let title = harmless(&scalar(&section["title"]));
            writeln!(out, "  {} {}", self.bold(&title), self.dim(&harmless(&scalar(&section["status"]))))?;
            if let Some(summary) = section["summary"].as_str() {
                writeln!(out, "  {}", harmless(summary))?;
            }
            for fact in items(&section["facts"]) {
                let label = fact["label"].as_str().or(fact["key"].as_str()).unwrap_or("-");
                self.line(out, 2, label, &scalar(&fact["value"]))?;
            }
            for reference in items(&section["references"]) {
                let said = format!("{} {}", scalar(&reference["id"]), scalar(&reference["label"]));
                self.line(out, 2, &scalar(&reference["type"]), &said)?;
            }
        }
        for note in items(&bundle["notes"]) {
            self.line(out, 1, "Note", &scalar(note))?;
        }
        for omission in items(&bundle["omissions"]) {
            self.line(out, 1, "Left out", &format!("{}: {}", scalar(&omission["key"]), scalar(&omission["reason"])))?;
        }
        Ok(())
    }

    fn redaction(&self, out: &mut impl Write, redaction: &Value) -> std::io::Result<()> {
        self.heading(out, "Redaction")?;
        self.line(out, 1, "Rule set", &scalar(&redaction["rule_set"]))?;
        self.line(out, 1, "Dropped keys", &scalar(&redaction["dropped_keys"]))?;
        for taken in items(&redaction["taken"]) {
            let said = format!("{} x {}", scalar(&taken["count"]), scalar(&taken["rule"]));
            self.line(out, 1, &scalar(&taken["pointer"]), &said)?;
        }
        Ok(())
    }

    fn heading(&self, out: &mut impl Write, text: &str) -> std::io::Result<()> {
        writeln!(out, "\n{}", self.bold(text))
    }

    fn line(&self, out: &mut impl Write, depth: usize, label: &str, value: &str) -> std::io::Result<()> {
        let label = format!("{}{}", "  ".repeat(depth), harmless(label));
        // Padded before it is coloured: escape sequences have no width.
        writeln!(out, "{}  {}", self.dim(&format!("{label:<18}")), harmless(value))
    }

    fn bold(&self, text: &str) -> String {
        if self.colours { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn dim(&self, text: &str) -> String {
        if self.colours { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "-".to_owned(),
        other => other.to_string(),
    }
}

/// A text that cannot move the cursor, colour the terminal or turn the writing direction of the page.
fn harmless(text: &str) -> String {
    let tricky = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    text.chars()
        .map(|c| match c {
            '\t' => ' ',
            c if tricky(c) => '\u{FFFD}',
            c => c,
        })
        .collect()
}
