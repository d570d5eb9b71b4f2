//! `show SR-…`: one stored request, for people; `--json` for machines.

use std::{io::Write, process::ExitCode};

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use super::{
    output::{Output, say},
    printed::Printed,
    visible::{append_json, harmless},
};
use crate::{
    config::Settings,
    domain::{ids::Reference, record::Record},
    store::{Archive, Filter},
};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The reference, as it was answered: SR- and 26 characters
    reference: String,
    /// Print the record as JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(settings: &Settings, options: &Options) -> anyhow::Result<ExitCode> {
    let reference = Reference::parse(options.reference.trim())?;
    let archive = Archive::open(&settings.for_reading()?).await?;
    let page = archive.page_of(&Filter::default(), &[reference.to_string()]).await?;
    let Some(stored) = page.read().pop() else {
        bail!("there is no support request {reference} in this database");
    };
    let erasure = if stored.record.is_erased() { archive.erasure_of(reference).await? } else { None };
    let printed = Printed::new(stored, erasure.as_ref());
    let mut out = Output::open()?;
    if options.json {
        let json = serde_json::to_string_pretty(&printed).context("the record cannot be printed")?;
        let mut visible = String::with_capacity(json.len());
        append_json(&mut visible, &json);
        writeln!(out, "{visible}")?;
    } else {
        let paper = Paper { colours: out.is_terminal() && no_color_is_unset() };
        paper.print(&mut out, &printed)?;
    }
    out.flush()?;
    let Some(fault) = &printed.fault else { return Ok(ExitCode::SUCCESS) };
    say(&format!("{reference} is not what was written: {fault}. Run `verify`"));
    Ok(ExitCode::FAILURE)
}

/// <https://no-color.org>: set and not empty means none.
#[expect(clippy::disallowed_methods, reason = "a convention of terminals, not a setting of this service")]
fn no_color_is_unset() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Prints a record as a page: blocks of labelled lines, the labels of a block all of one width.
/// Everything that a person or a provider wrote goes through [`harmless`].
struct Paper {
    colours: bool,
}

/// The lines of a block: label and value.
type Lines = Vec<(String, String)>;

impl Paper {
    fn print(&self, out: &mut impl Write, printed: &Printed) -> std::io::Result<()> {
        let r = &printed.record;
        let context: Value = serde_json::from_str(&r.context).unwrap_or_default();
        writeln!(out, "{}  {}", self.bold(&harmless(&r.reference)), self.dim(&harmless(&r.created_at)))?;
        writeln!(out, "{}\n", self.bold(&harmless(r.summary.as_deref().unwrap_or("(erased)"))))?;
        let fault = printed.fault.as_ref().map(|fault| format!("NOT AS IT WAS WRITTEN: {fault}"));
        for warning in fault.into_iter().chain(printed.erased()) {
            writeln!(out, "{}\n", self.red(&harmless(&warning)))?;
        }
        self.lines(out, 0, &facts(r))?;
        if let Some(notes) = &r.reproduction_notes {
            self.heading(out, "Reproduction notes")?;
            for line in notes.lines() {
                writeln!(out, "  {}", harmless(line))?;
            }
        }
        self.heading(out, "References")?;
        self.lines(out, 1, &references(&context["references"]))?;
        self.diagnostics(out, &context["diagnostics"])?;
        self.heading(out, "Redaction")?;
        self.lines(out, 1, &redaction(&context["redaction"]))
    }

    fn diagnostics(&self, out: &mut impl Write, bundle: &Value) -> std::io::Result<()> {
        if bundle.is_null() {
            return Ok(());
        }
        self.heading(out, "Diagnostics")?;
        self.lines(out, 1, &[line("Generated", &bundle["generated_at"]), line("Headline", &bundle["headline"])])?;
        for section in items(&bundle["sections"]) {
            let (title, status) = (harmless(&scalar(&section["title"])), harmless(&scalar(&section["status"])));
            writeln!(out, "\n  {}  {}", self.bold(&title), self.dim(&status))?;
            if let Some(summary) = section["summary"].as_str() {
                writeln!(out, "  {}", harmless(summary))?;
            }
            self.lines(out, 2, &section_lines(section))?;
        }
        let notes = items(&bundle["notes"]).map(|note| line("Note", note));
        let left_out = items(&bundle["omissions"])
            .map(|left| ("Left out".to_owned(), format!("{}: {}", scalar(&left["key"]), scalar(&left["reason"]))));
        let rest: Lines = notes.chain(left_out).collect();
        if !rest.is_empty() {
            writeln!(out)?;
        }
        self.lines(out, 1, &rest)
    }

    fn heading(&self, out: &mut impl Write, text: &str) -> std::io::Result<()> {
        writeln!(out, "\n{}", self.bold(text))
    }

    fn lines(&self, out: &mut impl Write, depth: usize, lines: &[(String, String)]) -> std::io::Result<()> {
        let width = lines.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
        for (label, value) in lines {
            // Padded before it is coloured: escape sequences have no width.
            let label = format!("{}{:width$}", "  ".repeat(depth), harmless(label));
            writeln!(out, "{}  {}", self.dim(&label), harmless(value))?;
        }
        Ok(())
    }

    fn bold(&self, text: &str) -> String {
        if self.colours { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn red(&self, text: &str) -> String {
        if self.colours { format!("\x1b[31m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn dim(&self, text: &str) -> String {
        if self.colours { format!("\x1b[2m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn facts(stored: &Record) -> Lines {
    let r = stored;
    let subject = r.creator_subject.as_deref().unwrap_or("-");
    let by = r.creator_name.as_ref().map_or_else(|| subject.to_owned(), |name| format!("{name} ({subject})"));
    let contact: Vec<&str> = [r.contact_name.as_deref(), r.contact_email.as_deref()].into_iter().flatten().collect();
    [
        ("Severity", r.severity.clone()),
        ("Workspace", r.workspace_id.clone()),
        ("Tenant", r.tenant_id.clone()),
        ("About", format!("{} {}", r.primary_context_type.replace('_', " "), r.primary_context_id)),
        ("By", by),
        ("Contact", if contact.is_empty() { "-".to_owned() } else { contact.join(", ") }),
        ("Attachment", format!("{} ({})", r.attachment_mode, r.attachment_reason)),
        ("Request id", r.request_id.clone()),
        ("Digest", stored.record_digest.clone()),
    ]
    .map(|(label, value)| (label.to_owned(), value))
    .to_vec()
}

fn references(references: &Value) -> Lines {
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let said = |facts: &Value| {
        let facts: Vec<String> = members(facts).iter().map(|(key, value)| format!("{key} {}", scalar(value))).collect();
        facts.join(", ")
    };
    members(references).iter().map(|(name, facts)| (name.replace('_', " "), said(facts))).collect()
}

fn section_lines(section: &Value) -> Lines {
    let facts = items(&section["facts"]).map(|fact| {
        let label = fact["label"].as_str().or(fact["key"].as_str()).unwrap_or("-");
        line(label, &fact["value"])
    });
    let references = items(&section["references"]).map(|reference| {
        let said = format!("{}  {}", scalar(&reference["id"]), scalar(&reference["label"]));
        (scalar(&reference["type"]).replace('_', " "), said)
    });
    facts.chain(references).collect()
}

fn redaction(redaction: &Value) -> Lines {
    let mut lines = vec![line("Rule set", &redaction["rule_set"]), line("Dropped keys", &redaction["dropped_keys"])];
    lines.extend(
        items(&redaction["taken"]).map(|taken| {
            (scalar(&taken["pointer"]), format!("{} x {}", scalar(&taken["count"]), scalar(&taken["rule"])))
        }),
    );
    lines
}

fn line(label: &str, value: &Value) -> (String, String) {
    (label.to_owned(), scalar(value))
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
