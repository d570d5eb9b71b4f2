//! From JSON to a checked report. Every fault is found in one go, so that nobody corrects a form three times.

use std::borrow::Cow;

use redaction::Redactor;
use serde_json::Value;

use super::{json_text::Document, problem::FieldProblem};
use crate::domain::{
    request::{DiagnosticsWish, Report, Severity},
    text::{ContactEmail, ContactName, Notes, Summary, TextFault, is_blank},
};

/// Every field there is; unknown ones are refused, so that a misspelt `include_diagnostics` does not go unnoticed.
const FIELDS: [&str; 6] =
    ["severity", "summary", "reproduction_notes", "contact_name", "contact_email", "include_diagnostics"];

/// The report, or everything that is wrong with it.
pub(super) fn report(document: Document, redactor: &Redactor) -> Result<Report, Vec<FieldProblem>> {
    let Document::Object(members) = document else {
        return Err(vec![fault("", "wrong_type", "Send a JSON object.")]);
    };
    let mut form = Form::sort(members);
    let severity = form.severity();
    let summary = form.text("summary", Summary::parse);
    if summary.is_none() && !form.is_at_fault("summary") {
        form.faults.push(fault("/summary", "required", SUMMARY_MISSING));
    }
    let notes = form.text("reproduction_notes", Notes::parse);
    let contact_name = form.text("contact_name", ContactName::parse);
    let contact_email = form.text("contact_email", ContactEmail::parse);
    // An address is stored as it is. One that the rules would take something out of is a secret in the wrong field.
    if contact_email.as_ref().is_some_and(|address| !redactor.text(address.as_str()).taken.is_empty()) {
        form.faults.push(text_fault("contact_email", TextFault::NotAnEmail));
    }
    let diagnostics = form.diagnostics();
    match summary {
        Some(summary) if form.faults.is_empty() => {
            Ok(Report { severity, summary, notes, contact_name, contact_email, diagnostics })
        }
        _ => Err(form.faults),
    }
}

/// What the one required field wants.
const SUMMARY_MISSING: &str = "Say in one line what happened.";

struct Form {
    values: [Option<Value>; FIELDS.len()],
    faults: Vec<FieldProblem>,
}

impl Form {
    /// Puts every member into its field; what has none, or is there twice, is a fault.
    fn sort(members: Vec<(String, Value)>) -> Self {
        let mut form = Self { values: Default::default(), faults: Vec::new() };
        let mut unknown = 0_usize;
        for (name, value) in members {
            match FIELDS.iter().position(|field| *field == name) {
                None => unknown += 1,
                Some(index) if form.values[index].is_some() => {
                    if !form.is_at_fault(FIELDS[index]) {
                        form.faults.push(fault_at(FIELDS[index], "duplicate_field", "Send this field once."));
                    }
                }
                Some(index) => form.values[index] = Some(value),
            }
        }
        if unknown > 0 {
            // Their names are the caller's text, so they are counted and not repeated.
            let many = if unknown == 1 { "One field is".to_owned() } else { format!("{unknown} fields are") };
            let detail = format!("{many} not known here. Leave out what is not one of: {}.", FIELDS.join(", "));
            form.faults.push(FieldProblem { pointer: Cow::Borrowed(""), code: "unknown_field", detail });
        }
        form
    }

    fn is_at_fault(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.pointer.strip_prefix('/') == Some(field))
    }

    /// Takes a field's value; `null` means absent.
    fn take(&mut self, field: &str) -> Option<Value> {
        let index = FIELDS.iter().position(|known| *known == field)?;
        self.values[index].take().filter(|value| !value.is_null())
    }

    /// Takes the value of a choice; a blank text is what forms send for one that nobody made.
    fn take_choice(&mut self, field: &str) -> Option<Value> {
        self.take(field).filter(|value| !value.as_str().is_some_and(is_blank))
    }

    /// Takes a text. One in which nothing can be seen means that nobody filled the field in, which only `summary` wants.
    fn text<T>(&mut self, field: &'static str, parse: fn(&str) -> Result<T, TextFault>) -> Option<T> {
        let Value::String(text) = self.take(field)? else {
            self.faults.push(fault_at(field, "wrong_type", "Send a string."));
            return None;
        };
        match parse(&text) {
            Ok(text) => return Some(text),
            Err(TextFault::Blank) if field != "summary" => {}
            Err(why) => self.faults.push(text_fault(field, why)),
        }
        None
    }

    fn severity(&mut self) -> Severity {
        let known = match self.take_choice("severity") {
            None => Some(Severity::default()),
            Some(Value::String(name)) => Severity::from_name(&name),
            Some(_) => {
                self.faults.push(fault_at("severity", "wrong_type", "Send a string."));
                return Severity::default();
            }
        };
        known.unwrap_or_else(|| {
            self.faults.push(fault_at("severity", "unknown_value", "Use one of low, normal, high, blocking."));
            Severity::default()
        })
    }

    fn diagnostics(&mut self) -> DiagnosticsWish {
        match self.take_choice("include_diagnostics") {
            None | Some(Value::Bool(true)) => DiagnosticsWish::Attach,
            Some(Value::Bool(false)) => DiagnosticsWish::LeaveOut,
            Some(_) => {
                self.faults.push(fault_at("include_diagnostics", "wrong_type", "Send true or false."));
                DiagnosticsWish::default()
            }
        }
    }
}

fn text_fault(field: &'static str, why: TextFault) -> FieldProblem {
    let detail = match why {
        TextFault::Blank => SUMMARY_MISSING.to_owned(),
        TextFault::TooLong(max) => format!("Use at most {max} characters."),
        TextFault::NotAnEmail => {
            "Send an e-mail address such as name@example.org, without a password in it.".to_owned()
        }
    };
    FieldProblem { pointer: pointer(field), code: why.code(), detail }
}

fn fault_at(field: &'static str, code: &'static str, detail: &str) -> FieldProblem {
    FieldProblem { pointer: pointer(field), code, detail: detail.to_owned() }
}

fn fault(pointer: &'static str, code: &'static str, detail: &str) -> FieldProblem {
    FieldProblem { pointer: Cow::Borrowed(pointer), code, detail: detail.to_owned() }
}

fn pointer(field: &str) -> Cow<'static, str> {
    Cow::Owned(format!("/{field}"))
}
