//! From JSON to a checked report. Every fault is found in one go, so that nobody corrects a form three times.

use std::borrow::Cow;

use serde_json::Value;

use super::{body::Document, problem::FieldProblem};
use crate::domain::{
    request::{DiagnosticsWish, Report, Severity},
    text::{ContactEmail, ContactName, Notes, Summary, TextFault},
};

/// Every field there is; unknown ones are refused, so that a misspelt `include_diagnostics` does not go unnoticed.
const FIELDS: [&str; 6] =
    ["severity", "summary", "reproduction_notes", "contact_name", "contact_email", "include_diagnostics"];

/// The report, or everything that is wrong with it.
pub(super) fn report(document: Document) -> Result<Report, Vec<FieldProblem>> {
    let Document::Object(members) = document else {
        return Err(vec![fault("", "wrong_type", "Send a JSON object.")]);
    };
    let mut form = Form::sort(members);
    let severity = form.severity();
    let summary = form.text("summary", Summary::parse);
    if summary.is_none() && !form.is_at_fault("summary") {
        form.faults.push(fault("/summary", "required", "Say in one line what happened."));
    }
    let notes = form.text("reproduction_notes", Notes::parse);
    let contact_name = form.text("contact_name", ContactName::parse);
    let contact_email = form.text("contact_email", ContactEmail::parse);
    let diagnostics = form.diagnostics();
    match summary {
        Some(summary) if form.faults.is_empty() => {
            Ok(Report { severity, summary, notes, contact_name, contact_email, diagnostics })
        }
        _ => Err(form.faults),
    }
}

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

    fn text<T>(&mut self, field: &'static str, parse: fn(&str) -> Result<T, TextFault>) -> Option<T> {
        if let Value::String(text) = self.take(field)? {
            return parse(&text).map_err(|why| self.faults.push(text_fault(field, why))).ok();
        }
        self.faults.push(fault_at(field, "wrong_type", "Send a string."));
        None
    }

    fn severity(&mut self) -> Severity {
        let known = match self.take("severity") {
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
        match self.take("include_diagnostics") {
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
        TextFault::Blank if field == "summary" => "Say in one line what happened.".to_owned(),
        TextFault::Blank => "Write something, or leave the field out.".to_owned(),
        TextFault::TooLong(max) => format!("Use at most {max} characters."),
        TextFault::ControlCharacter => "Leave out control characters.".to_owned(),
        TextFault::NotAnEmail => "Send an e-mail address such as name@example.org.".to_owned(),
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
