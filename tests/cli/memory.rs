//! What the service needs at most, as specs/operations.md says it, held under load.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use crate::{
    home::{Home, Running, get},
    support::skipped::skipped,
};

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
    let status = fs::read_to_string(format!("/proc/{}/status", service.child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the kernel says the peak");
    peak.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024
}

/// A folder whose only tenant has diagnostics of that form.
fn home() -> Home {
    let home = Home::new();
    let folder = home.path().join("platform/acme");
    fs::create_dir_all(&folder).unwrap();
    let document = json!({"references": {"tenant": {"id": "contoso"}}, "bundle": bundle()});
    fs::write(folder.join("contoso.json"), document.to_string()).unwrap();
    home
}

const SETTINGS: [&str; 4] = ["--diagnostics", "file:platform", "--log", "warn,support_requests=info"];

/// Everybody asks at once, again and again: how many were stored. The others were told to come again.
fn everything_at_once(service: &Running, token: &str) -> usize {
    let (stored, overloaded) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let notes = "The log says nothing. ".repeat(450);
    std::thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                for _ in 0..3 {
                    let body = json!({"summary": "All at once", "reproduction_notes": notes});
                    match service.post(crate::TENANT, token, &body) {
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
    let (stored, overloaded) = (stored.into_inner(), overloaded.into_inner());
    println!("{stored} stored, {overloaded} told to come again, {} MiB at most", peak_mib(service));
    assert!(stored > 0, "nothing was stored: nothing was tried");
    stored
}

#[test]
fn callers_with_the_largest_bundles_never_take_more_memory_than_the_manual_says() {
    let manual = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/specs/operations.md")).unwrap();
    assert!(manual.contains(&format!("{MEMORY_AT_MOST_MIB} MiB")), "the manual says another figure");
    let home = home();
    let service = home.serve(&SETTINGS);
    let stored = everything_at_once(&service, home.ok(&["token"]).trim());
    let peak = peak_mib(&service);
    assert!(peak <= MEMORY_AT_MOST_MIB, "{peak} MiB");
    assert!(home.ok(&["verify"]).contains(&format!("{stored} support request(s)")));
    let (status, _) = service.terminate();
    assert!(status.success());
}

/// A group of processes that the kernel ends when they take more memory than this together.
struct MemoryLimit(PathBuf);

impl MemoryLimit {
    /// None where this user may not make one, in either version of control groups.
    fn of(bytes: u64) -> Option<Self> {
        let name = format!("support-requests-test-{}", std::process::id());
        [("memory", "memory.limit_in_bytes"), ("", "memory.max")].into_iter().find_map(|(folder, file)| {
            let group = Self(PathBuf::from("/sys/fs/cgroup").join(folder).join(&name));
            fs::create_dir(&group.0).ok()?;
            fs::write(group.0.join(file), bytes.to_string()).is_ok().then_some(group)
        })
    }
}

impl Drop for MemoryLimit {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

#[test]
fn within_the_limits_of_a_small_container_the_heaviest_load_ends_nothing() {
    const CONTAINER: &str = "ulimit -n 64; [ -z \"$GROUP\" ] || echo $$ >\"$GROUP/cgroup.procs\" || exit 1
        exec taskset -c 0 \"$0\" --listen 127.0.0.1:0 \"$@\"";
    let (home, limit) = (home(), MemoryLimit::of(512 << 20));
    let mut command = Command::new("sh");
    command.args(["-c", CONTAINER, env!("CARGO_BIN_EXE_support-requests")]).args(SETTINGS);
    command.current_dir(home.path()).env_clear().stdin(Stdio::null()).env("SUPPORT_REQUESTS_RATE_LIMIT", "off");
    match &limit {
        Some(limit) => drop(command.env("GROUP", &limit.0)),
        // The rest still holds: one core, few descriptors, and the peak that the kernel tells.
        None => skipped("the kernel's limit of memory: this user may make no control group"),
    }
    let service = Home::start(command);
    let token = home.ok(&["token"]);
    // Nobody but a caller may say that all is well again: a place may take a moment to be free.
    let stored_after_all = |stored: usize| {
        for _ in 0..200 {
            if service.post(crate::TENANT, token.trim(), &json!({"summary": "Afterwards"})).0 == 201 {
                return stored + 1;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("it takes no requests any more");
    };
    let stored = stored_after_all(everything_at_once(&service, token.trim()));
    let peak = peak_mib(&service);
    assert!(peak <= MEMORY_AT_MOST_MIB, "{peak} MiB");
    assert!(service.exchange(&get("/readyz")).unwrap().starts_with("HTTP/1.1 200"));
    let (status, log) = service.terminate();
    assert!(status.success(), "{log}");
    assert!(home.ok(&["verify"]).contains(&format!("{stored} support request(s)")));
}
