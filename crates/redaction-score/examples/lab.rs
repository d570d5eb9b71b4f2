use redaction_score::train::{Settings, Text, score_by, train};
use serde_json::Value;
use std::io::BufRead;

struct Case {
    text: Text,
    writer: String,
    file: String,
    setting: String,
    id: String,
}

fn load(path: &str) -> Vec<Case> {
    let file = path.rsplit('/').next().unwrap().split('.').next().unwrap().to_owned();
    let reader = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    reader
        .lines()
        .map(|line| {
            let v: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let s = |k: &str| v[k].as_str().map(str::to_owned);
            let id = s("id").unwrap_or_default();
            let mut writer: String = id.split('-').next().unwrap_or("").to_owned();
            if file.starts_with("sent") || file.starts_with("mixed") {
                writer = file.clone();
            }
            if file == "tuning" || file == "neighbours" || file.starts_with("sent") || file.starts_with("mixed") {
                writer = format!("{file}{writer}");
            }
            Case {
                text: Text { text: s("text").unwrap(), secret: s("secret") },
                writer,
                file: file.clone(),
                setting: s("setting").unwrap_or_default(),
                id,
            }
        })
        .collect()
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let get = |k: &str, d: f32| args.iter().position(|a| a == k).map_or(d, |i| args[i + 1].parse().unwrap());
    let settings = Settings {
        rounds: get("rounds", 5.0) as usize,
        rate: get("rate", 0.1),
        decay: get("decay", 0.001),
        secret: get("secret", 1.0),
        beside: get("beside", 0.5),
        largest: get("largest", 3.0),
    };
    let folder = "/work/sentences/crates/redaction/tests/corpus";
    let mut files = vec![
        "tuning",
        "tickets",
        "reports",
        "neighbours",
        "sentences_1",
        "sentences_2",
        "sentences_3",
        "sentences_4",
        "mixed_1",
        "mixed_2",
        "told",
    ];
    files.retain(|f| std::path::Path::new(&format!("{folder}/{f}.jsonl")).exists());
    let mut cases: Vec<Case> = files.iter().flat_map(|f| load(&format!("{folder}/{f}.jsonl"))).collect();
    let mut writers: Vec<String> = cases.iter().map(|c| c.writer.clone()).collect();
    writers.sort();
    writers.dedup();
    println!("{} writers: {:?}", writers.len(), writers);
    let folds = get("folds", 3.0) as usize;
    let mut rows: Vec<(usize, Option<i32>, i32)> = Vec::new(); // case, best on secret, best elsewhere
    for fold in 0..folds {
        let held: Vec<&String> =
            writers.iter().enumerate().filter(|(i, _)| i % folds == fold).map(|(_, w)| w).collect();
        let t = std::time::Instant::now();
        let training: Vec<Text> = cases.iter().filter(|c| !held.contains(&&c.writer)).map(|c| c.text.clone()).collect();
        let table = train(&training, &settings);
        println!("fold {fold} trained in {:?}", t.elapsed());
        for (i, c) in cases.iter().enumerate().filter(|(_, c)| held.contains(&&c.writer)) {
            let ranges: Vec<std::ops::Range<usize>> = c
                .text
                .secret
                .as_ref()
                .map_or(vec![], |s| c.text.text.match_indices(s.as_str()).map(|(a, f)| a..a + f.len()).collect());
            let low = c.text.text.to_lowercase();
            let mut gates: Vec<(usize, usize)> = Vec::new();
            if low.len() == c.text.text.len() {
                for w in redaction_score::WAKES {
                    for (a, f) in low.match_indices(w) {
                        gates.push((a.saturating_sub(120), a + f.len() + 200));
                    }
                }
            } else {
                gates.push((0, low.len() + 9))
            }
            let mut strike: Vec<std::ops::Range<usize>> = Vec::new();
            redaction_score::striking(c.text.text.as_bytes(), &mut strike);
            gates.extend(strike.iter().map(|r| (r.start, r.end)));
            let gated = args.iter().any(|a| a == "gate");
            let (mut on, mut off) = (i32::MIN, i32::MIN);
            score_by(&table, c.text.text.as_bytes(), &(0..c.text.text.len()), |x| {
                let (r, p) = (x.range, x.points);
                if gated && !gates.iter().any(|g| g.0 <= r.start && r.end <= g.1) {
                    return;
                }
                if ranges.iter().any(|s| r.start < s.end && s.start < r.end) {
                    on = on.max(p)
                } else {
                    off = off.max(p)
                }
            });
            rows.push((i, (!ranges.is_empty()).then_some(on), off));
        }
    }
    let prose = |c: &Case| {
        !c.file.starts_with("sent") && !c.file.starts_with("mixed") && c.file != "told" && c.setting == "prose"
            || c.setting == "chat"
    };
    let sets = |c: &Case| c.file.starts_with("sent");
    let mixed = |c: &Case| c.file.starts_with("mixed");
    for (name, keep) in [
        (
            "reports+tickets prose",
            &(|c: &Case| prose(c) && c.file != "neighbours" && c.file != "tuning") as &dyn Fn(&Case) -> bool,
        ),
        ("neighbours+tuning prose", &|c: &Case| prose(c) && (c.file == "neighbours" || c.file == "tuning")),
        ("log", &|c: &Case| c.setting == "log"),
        ("sets", &sets),
        ("mixed", &mixed),
        ("others", &|c: &Case| !prose(c) && !sets(c) && c.setting != "log"),
    ] {
        let mut harm: Vec<i32> = rows.iter().filter(|r| r.1.is_none() && keep(&cases[r.0])).map(|r| r.2).collect();
        harm.sort_unstable();
        harm.reverse();
        let on: Vec<i32> = rows.iter().filter(|r| keep(&cases[r.0])).filter_map(|r| r.1).collect();
        print!("{name}: {} secrets {} harmless;", on.len(), harm.len());
        for percent in [0.25, 0.5, 1.0, 2.0, 4.0] {
            let at = harm[(harm.len() as f32 * percent / 100.0) as usize];
            print!(
                "  {percent}% (>{at}): {:.1}",
                100.0 * on.iter().filter(|p| **p > at).count() as f32 / on.len() as f32
            );
        }
        println!();
        if args.iter().any(|a| a == "show") && name.starts_with("neigh") {
            let at = 55;
            for r in rows.iter().filter(|r| keep(&cases[r.0])) {
                let c = &cases[r.0];
                match r.1 {
                    None if r.2 > at => println!("HARM {} {:?}", r.2, c.text.text),
                    Some(p) if p <= at => println!("MISS {p} {:?} in {:?}", c.text.secret, c.text.text),
                    _ => {}
                }
            }
        }
    }
    cases.clear();
}
