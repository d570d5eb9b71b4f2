//! How fast it is, on one core, and whether time grows with the text only.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use redaction::Redactor;
use serde_json::Value;

const ORDINARY: &str = r#"{"schema_version":1,"generated_at":"2026-03-04T10:15:00Z","headline":"Run run-1042 failed in step 3 of 5","sections":[{"key":"run","title":"Run","status":"failed","summary":"The import of 1,284 mailboxes stopped after 00:14:32 because the upstream returned 503 three times.","facts":[{"key":"started_at","label":"Started","value":"2026-03-04T10:00:28.123Z"},{"key":"trace_id","label":"Trace","value":"4bf92f3577b34da6a3ce929d0e0e4736"},{"key":"image","label":"Image","value":"registry.example.com/worker@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},{"key":"attempts","label":"Attempts","value":3},{"key":"queue","label":"Queue","value":"imports-eu-west-1"}],"references":[{"type":"operation_run","id":"01HQZX3V5J8M2K7N4P6R9T1W3Y","label":"run-1042"}]},{"key":"connection","title":"Provider connection","status":"degraded","summary":"The connection answered 41 of 44 health checks in the last hour; the slowest took 2.31 s.","facts":[{"key":"host","label":"Host","value":"mail-gw-03.eu.example.net"},{"key":"tls","label":"TLS","value":"1.3, valid until 2026-11-30"},{"key":"region","label":"Region","value":"eu-central"},{"key":"version","label":"Version","value":"4.18.2-rc.1"},{"key":"last_error","label":"Last error","value":"upstream connect error or disconnect/reset before headers. reset reason: connection timeout"}],"references":[]},{"key":"log","title":"Last lines","status":"info","summary":"2026-03-04 10:14:58 WARN  importer::batch - retrying batch 118 (attempt 3 of 3) after 4,000 ms\n2026-03-04 10:15:00 ERROR importer::run - giving up: 503 Service Unavailable at /v2/mailboxes/batch?size=50","facts":[],"references":[]}],"notes":["Customer was told to wait for the maintenance window on Thursday."],"omissions":[{"what":"billing","why":"the caller may not see it"}]}"#;

const DENSE: &str = "DB_PASSWORD=hunter2Winter\nclient_secret: 8fK2mQ9xT4bW7rN1vJ6zL3pD\nAuthorization: Bearer 9f8e7d6c5b4a39281706f5e4d3c2b1a0\npostgres://app:s3cretPa55@db.internal/app\nghp_k7m2q9x4z8w3v6t5r1k7m2q9x4z8w3v6t5r1\nCookie: sid=8fK2mQ9xT4bW7rN1vJ6zL3pD; theme=dark\nthe password is Hunter2!\nAKIAK7M2Q9X4Z3W6V5T2\n";

fn repeat(piece: &str, size: usize) -> String {
    let mut text = piece.repeat(size / piece.len() + 1);
    let mut end = size;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

/// The time this thread has spent on a processor, where the system tells.
fn on_cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

#[expect(clippy::cast_precision_loss, reason = "a figure for people")]
fn speed(redactor: &Redactor, text: &str) -> f64 {
    let seconds = seconds(text.len(), || _ = black_box(redactor.text(black_box(text))));
    text.len() as f64 / seconds / 1e6
}

/// Reads a file so many times, as a document where it is called one; nothing is printed.
pub fn read(redactor: &Redactor, file: &str, times: u32) {
    let text = std::fs::read_to_string(file).expect("the file can be read");
    let is_json = Path::new(file).extension().is_some_and(|ending| ending == "json");
    let document: Option<Value> = is_json.then(|| serde_json::from_str(&text).expect("it is JSON"));
    for _ in 0..times {
        match &document {
            Some(document) => drop(black_box(redactor.json(black_box(document.clone())))),
            None => drop(black_box(redactor.text(black_box(&text)))),
        }
    }
}

/// What one request of the storage benchmark costs: its bundle and its texts.
fn of_a_request(redactor: &Redactor) -> f64 {
    let bundle: Value = serde_json::from_str(include_str!("../../../benches/storage/bundle.json")).expect("it is JSON");
    let request: Value =
        serde_json::from_str(include_str!("../../../benches/storage/request.json")).expect("it is JSON");
    let texts: Vec<&str> = request.as_object().into_iter().flatten().filter_map(|(_, value)| value.as_str()).collect();
    let copied = seconds(2048, || _ = black_box(bundle.clone()));
    let whole = seconds(2048, || {
        black_box(redactor.json(black_box(bundle.clone())));
        for text in &texts {
            black_box(redactor.text(black_box(text)));
        }
    });
    whole - copied
}

/// The processor time of one run over `bytes` bytes.
fn seconds(bytes: usize, run: impl Fn()) -> f64 {
    run();
    // The time on the processor comes in ticks of some milliseconds: many runs make one figure.
    let (started, worked) = (Instant::now(), on_cpu());
    let batch = (BATCH / bytes.max(1)).max(1);
    let mut runs = 0_u32;
    loop {
        // Asking for the time costs as much as a small text: not after every run.
        for _ in 0..batch {
            run();
            runs += 1;
        }
        // Other work on the machine is not ours; where the system does not tell, wall time counts.
        let took = on_cpu().zip(worked).map_or_else(|| started.elapsed(), |(now, before)| now.saturating_sub(before));
        if took >= ENOUGH {
            return took.as_secs_f64() / f64::from(runs);
        }
    }
}

/// So much text is read between two looks at the clock.
const BATCH: usize = 512 * 1024;
/// So much time makes one figure.
const ENOUGH: Duration = Duration::from_millis(200);

/// Texts made to hurt.
pub fn adversarial() -> Vec<(&'static str, String)> {
    let kinds: [(&str, &str); 27] = [
        ("keywords", "password token secret key "),
        ("keywords, glued", "passwordtokensecretkey"),
        ("assignments to masks", "token=xxxxxxxx,"),
        ("assignments, no blanks", "token=xxxx"),
        ("open quotes", "password=\""),
        ("escaped quotes", "password=\\\"\\\\\\\""),
        ("single quotes", "secret='"),
        ("quotes", "\"'`"),
        ("base64", "aGVsbG8gd29ybGQhIGhlbGxvIHdvcmxkISBo"),
        ("base64 of base64", "WVdWb2JXOXVhR1ZzYkc4Z2QyOXliR1FoSUdobA"),
        ("percent", "%70%61%73%73"),
        ("key blocks", "-----BEGIN RSA PRIVATE KEY-----"),
        ("urls", "http://a:"),
        ("jwt heads", "eyJ.eyJ"),
        ("nested objects", "{\"password\":"),
        ("nested arrays", "[{\"secret\":["),
        ("prefixes", "ghp_AKIAxoxb-sk_live_"),
        ("bearer", "bearer basic "),
        ("pairs", "\"name\":\"password\",\"value\":"),
        ("markers", "[redacted:password]"),
        ("prose", "the pin is the code is "),
        ("codes", "code 123456 pin 123 456 "),
        ("phrases", "passphrase \"a b c d\" "),
        ("words with marks", "password a!b1x c#d2y-Z9 "),
        ("copies", "token=k7m2q9x4z8w3v6t5 k7m2q9x4z8w3v6t5 "),
        ("vendors", "github stripe slack token "),
        ("backslashes", "\\\\\\\\\"token\\\\\\"),
    ];
    kinds.iter().map(|(name, piece)| (*name, repeat(piece, 64 * 1024))).collect()
}

/// Prints the tables.
pub fn print(redactor: &Redactor) {
    println!("{:<42} {:>12}", "speed, one core", "MB/s");
    let dense = repeat(DENSE, 2048);
    for (name, text) in [("ordinary bundle text, 2 KB", ORDINARY), ("dense secrets, 2 KB", dense.as_str())] {
        println!("{name:<42} {:>12.1}", speed(redactor, text));
    }
    for (name, text) in adversarial() {
        println!("adversarial, 64 KB: {name:<22} {:>12.1}", speed(redactor, &text));
    }
    println!("a request of benches/storage: {:.1} µs", of_a_request(redactor) * 1e6);
    println!("\n{:<42} {:>10} {:>10} {:>10} {:>10}", "MB/s as the text grows", "1 KB", "10 KB", "100 KB", "1 MB");
    let grow = |name: &str, piece: &str| {
        let row: Vec<String> = [1_000, 10_000, 100_000, 1_000_000]
            .iter()
            .map(|size| format!("{:>10.1}", speed(redactor, &repeat(piece, *size))))
            .collect();
        println!("{name:<42} {}", row.join(" "));
    };
    grow("ordinary", ORDINARY);
    grow("dense", DENSE);
    for (name, text) in adversarial() {
        grow(name, text.get(..256).unwrap_or(&text));
    }
}
