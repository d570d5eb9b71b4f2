//! Ordinary text: what installed packages bring along, line by line.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use redaction::Redactor;

const LINES_PER_FILE: usize = 400;

fn files(folder: &Path, depth: u8, fits: &dyn Fn(&Path) -> bool, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() && depth > 0 {
            files(&path, depth - 1, fits, out);
        } else if fits(&path) {
            out.push(path);
        }
    }
}

fn read(path: &Path) -> Option<String> {
    let bytes = fs::read(path).ok()?;
    if path.extension().is_some_and(|ending| ending == "gz") {
        let mut text = String::new();
        GzDecoder::new(&bytes[..]).read_to_string(&mut text).ok()?;
        return Some(text);
    }
    String::from_utf8(bytes).ok()
}

/// A name, where to look, how deep, and which files.
type Source<'a> = (&'a str, &'a str, u8, &'a dyn Fn(&Path) -> bool);

/// Prints the table.
pub fn print(redactor: &Redactor) {
    let named = |ending: &'static str| move |path: &Path| path.to_string_lossy().ends_with(ending);
    let any = |path: &Path| path.is_file();
    let sources: [Source<'_>; 5] = [
        ("logs under /var/log", "/var/log", 2, &|path: &Path| path.to_string_lossy().contains(".log")),
        ("changelogs under /usr/share/doc", "/usr/share/doc", 1, &|path: &Path| {
            path.to_string_lossy().contains("changelog")
        }),
        ("readmes and notes under /usr/share/doc", "/usr/share/doc", 2, &|path: &Path| {
            path.to_string_lossy().contains("README") || path.to_string_lossy().contains("NEWS")
        }),
        ("the Python library's sources", "/usr/lib/python3", 1, &named(".py")),
        ("perl's manual pages and sources", "/usr/share/perl", 2, &any),
    ];
    let python = [("/usr/lib/python3.11", 1), ("/usr/lib/python3.12", 1), ("/usr/lib/python3.13", 1)];
    println!("{:<42} {:>9} {:>10}", "ordinary lines", "lines", "changed");
    let show = std::env::var("SHOW").is_ok_and(|show| show == "ordinary");
    for (name, folder, depth, fits) in sources {
        let mut paths = Vec::new();
        files(Path::new(folder), depth, fits, &mut paths);
        if name.contains("Python") {
            for (folder, depth) in python {
                files(Path::new(folder), depth, fits, &mut paths);
            }
        }
        let (mut lines, mut changed) = (0_u32, 0_u32);
        for text in paths.iter().filter_map(|path| read(path)) {
            for line in text.lines().filter(|line| !line.trim().is_empty()).take(LINES_PER_FILE) {
                lines += 1;
                let cleaned = redactor.text(line);
                if cleaned.value != line {
                    changed += 1;
                    if show {
                        println!("  {line:?}\n     -> {:?}", cleaned.value);
                    }
                }
            }
        }
        println!("{name:<42} {lines:>9} {:>8.3} %", f64::from(changed) * 100.0 / f64::from(lines.max(1)));
    }
    println!();
}
