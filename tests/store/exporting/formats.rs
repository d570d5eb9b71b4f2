//! What is printed can be read back by those whom it is for.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use parquet::{
    basic::LogicalType,
    file::reader::{FileReader as _, SerializedFileReader},
    record::Field,
};
use serde_json::Value;

use super::{Said, erase, export, stored};
use crate::support::{
    database::{Database, on_both_databases},
    skipped::skipped,
};

/// Texts that are hard on every format.
const HARD: [&str; 7] = [
    "=1+1",
    "a \"quoted\", text; with = everything\nand a line\n=2+2",
    "\u{200b}=3",
    "＝4",
    "tricky \u{202e}\u{2028}\u{feff} and \\ back",
    "M\u{fc}ller \u{1F4A5}",
    "-5",
];

async fn filled(database: &Database) -> Vec<String> {
    let said =
        HARD.map(|text| Said { notes: Some(text.to_owned()), contact: Some("ada@acme.example"), ..Said::new("x") });
    let mut requests = said.to_vec();
    requests.push(Said { notes: Some("\u{1F4A5}".repeat(10_000)), ..Said::new("y") });
    let references = stored(database, &requests).await;
    erase(database, &references[6]);
    references
}

/// A member as a cell shows it, without the guards.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

on_both_databases!(json_lines_are_one_line_each_and_move_no_terminal, async |database| {
    let references = filled(&database).await;
    let ran = export(&database, &[]);
    let text = String::from_utf8(ran.out.clone()).unwrap();
    assert_eq!(text.lines().count(), references.len());
    for c in ['\u{202e}', '\u{2028}', '\u{feff}', '\u{200b}', '\u{7f}', '\u{1b}'] {
        assert!(!text.contains(c), "{}", c.escape_unicode());
    }
    let lines = ran.lines();
    assert_eq!(lines[5]["reproduction_notes"], HARD[5]);
    assert_eq!(lines[4]["context"]["references"]["tenant"]["name"], "Contoso \u{202e}\u{2028}x");
    let shown = export_show(&database, &references[4]);
    assert!(!shown.contains('\u{202e}') && !shown.contains('\u{2028}'));
    assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), lines[4]);
});

fn export_show(database: &Database, reference: &str) -> String {
    String::from_utf8(super::run(database, &["show", "--json", reference]).out).unwrap()
}

on_both_databases!(comma_separated_values_read_back_by_two_readers_and_no_cell_is_a_formula, async |database| {
    filled(&database).await;
    let exact = export(&database, &[]).lines();
    let printed = export(&database, &["--format", "csv", "--bom"]);
    let text = String::from_utf8(printed.out).unwrap();
    let text = text.strip_prefix('\u{feff}').expect("the mark that was asked for");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), exact.len());
    for (row, exact) in rows.iter().zip(&exact) {
        assert_eq!(row.len(), exact.as_object().unwrap().len());
        for (name, cell) in names.iter().zip(row) {
            assert!(!cell.starts_with(['=', '+', '-', '@', '＝', '\t', '\r', '\n', '\u{200b}']), "{name}: {cell}");
            if name == "reproduction_notes" && !cell.contains('\u{1F4A5}') {
                assert_eq!(cell.replace('\'', ""), shown(&exact[name]), "{name}");
            } else if name != "context" && name != "erasure" && name != "reproduction_notes" {
                assert_eq!(cell, shown(&exact[name]), "{name}");
            }
        }
    }
    let longest = rows.iter().flat_map(|row| row.iter().map(|cell| cell.encode_utf16().count())).max();
    assert!(longest.unwrap() <= 32_767);
    for line in text.split("\r\n").flat_map(|line| line.split('\n')).filter(|line| line.starts_with("\"SR-")) {
        assert!(line.contains("\",\""), "every cell is quoted: {line}");
    }
    second_reader_agrees(text, &rows);
});

/// Python's own reader sees the same cells.
fn second_reader_agrees(text: &str, rows: &[csv::StringRecord]) {
    let script = "import csv, io, json, sys
print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline='')))))";
    let python = Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut python) = python else {
        skipped("there is no python3 to read CSV with");
        return;
    };
    python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let read: Vec<Vec<String>> = serde_json::from_slice(&python.wait_with_output().unwrap().stdout).unwrap();
    let ours: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(str::to_owned).collect()).collect();
    assert_eq!(read[1..], ours);
}

on_both_databases!(a_cell_that_is_too_long_is_shortened_and_told, async |database| {
    // Cells of this service's own limits are shorter, but for a bundle; the longest that a request can have is the context.
    let long = Said { notes: Some("n".repeat(10_000)), ..Said::new("z") };
    stored(&database, &[long]).await;
    let mut owner = database.owner().await;
    let trigger = if matches!(database, Database::Sqlite(_)) { "" } else { " ON support_requests" };
    owner.execute(&format!("DROP TRIGGER support_requests_no_update{trigger}")).await.unwrap();
    let long = "x".repeat(40_000);
    owner.execute(&format!("UPDATE support_requests SET reproduction_notes = '{long}'")).await.unwrap();
    let ran = super::run(&database, &["export", "--format", "csv"]);
    assert!(ran.said.contains("1 cell(s) were too long for a spreadsheet and shortened"), "{}", ran.said);
    assert!(
        String::from_utf8(ran.out).unwrap().contains("[shortened: 40000 characters in all; JSON Lines has the whole]")
    );
    let ran = super::run(&database, &["export"]);
    assert_eq!(ran.lines()[0]["reproduction_notes"], long, "JSON Lines is exact");
});

on_both_databases!(parquet_reads_back_typed_and_exact, async |database| {
    filled(&database).await;
    let exact = export(&database, &[]).lines();
    let file = export(&database, &["--format", "parquet"]).out;
    let reader = SerializedFileReader::new(bytes::Bytes::from(file)).unwrap();
    let schema = reader.metadata().file_metadata().schema_descr_ptr();
    let logical = |name: &str| {
        let column = schema.columns().iter().find(|column| column.name() == name).unwrap();
        column.logical_type_ref().cloned()
    };
    assert!(matches!(logical("created_at"), Some(LogicalType::Timestamp(_))));
    assert!(matches!(logical("context"), Some(LogicalType::Json)));
    assert!(matches!(logical("summary"), Some(LogicalType::String)));
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), exact.len());
    for (row, exact) in rows.iter().zip(&exact) {
        for (name, field) in row.get_column_iter() {
            match field {
                Field::Null => assert!(exact[name].is_null(), "{name}"),
                Field::Str(text) if ["context", "erasure"].contains(&name.as_str()) => {
                    assert_eq!(serde_json::from_str::<Value>(text).unwrap(), exact[name]);
                }
                Field::Str(text) => assert_eq!(text, exact[name].as_str().unwrap(), "{name}"),
                Field::TimestampMillis(time) => {
                    let reference = exact["reference"].as_str().unwrap();
                    let reference = support_requests::domain::ids::Reference::parse(reference).unwrap();
                    assert_eq!(u64::try_from(*time).unwrap(), reference.timestamp_ms());
                }
                other => panic!("{name}: {other:?}"),
            }
        }
    }
});
