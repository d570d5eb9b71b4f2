//! What the service needs at most, as specs/operations.md says it, held under load.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::home::{Home, Running};

/// Most memory that the service may ever have taken, in MiB: the figure of specs/operations.md.
const MEMORY_AT_MOST_MIB: u64 = 320;

/// Callers at once.
const CALLERS: usize = 64;

/// A bundle just below its limit of 256 KiB, of small facts: the form that takes most memory for its bytes.
fn bundle() -> Value {
    let fact = |number: usize| json!({"key": "k", "label": format!("Step {number}"), "value": number});
    let facts: Vec<Value> = (0..5_700).map(fact).collect();
    let bundle = json!({
        "schema_version": 1, "generated_at": "2031-05-06T07:00:00Z", "headline": "Everything at once",
        "sections": [{"key": "steps", "title": "Steps", "status": "failed", "summary": "s", "facts": facts}],
    });
    let size = bundle.to_string().len();
    assert!((240_000..262_144).contains(&size), "{size} bytes are not near the limit");
    bundle
}

fn peak_mib(service: &Running) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", service.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the kernel says the peak");
    peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

#[test]
fn callers_with_the_largest_bundles_never_take_more_memory_than_the_manual_says() {
    let manual = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/specs/operations.md")).unwrap();
    assert!(manual.contains(&format!("{MEMORY_AT_MOST_MIB} MiB")), "the manual says another figure");
    let home = Home::new();
    let folder = home.path().join("platform/acme");
    std::fs::create_dir_all(&folder).unwrap();
    let document = json!({"references": {"tenant": {"id": "contoso"}}, "bundle": bundle()});
    std::fs::write(folder.join("contoso.json"), document.to_string()).unwrap();
    let service = home.serve(&["--diagnostics", "file:platform", "--log", "warn,support_requests=info"]);
    let token = home.ok(&["token"]);
    let (stored, overloaded) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let notes = "The log says nothing. ".repeat(450);
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                for _ in 0..3 {
                    let body = json!({"summary": "All at once", "reproduction_notes": notes});
                    match service.post(crate::TENANT, token.trim(), &body) {
                        (201, _) => stored.fetch_add(1, Ordering::Relaxed),
                        // On a slow machine reading a file may also take longer than a provider has.
                        (503, problem)
                            if ["overloaded", "context_unavailable"].map(Value::from).contains(&problem["code"]) =>
                        {
                            overloaded.fetch_add(1, Ordering::Relaxed)
                        }
                        (status, problem) => panic!("{status}: {problem}"),
                    };
                }
            });
        }
    });
    let (stored, overloaded, peak) = (stored.into_inner(), overloaded.into_inner(), peak_mib(&service));
    println!("{stored} stored, {overloaded} told to come again, {peak} MiB at most");
    assert!(stored > 0, "nothing was stored: nothing was tried");
    assert!(peak <= MEMORY_AT_MOST_MIB, "{peak} MiB");
    assert!(home.ok(&["verify"]).contains(&format!("{stored} support request(s)")));
    let (status, _) = service.terminate();
    assert!(status.success());
}
