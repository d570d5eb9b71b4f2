//! The calls to make, one a line of standard input, and what became of each, one a line of standard output.

use std::{fmt::Display, io};

/// A call to make.
pub struct Call {
    pub base: String,
    pub token: String,
    pub tenant: String,
    /// Empty for a tenant's.
    pub run: String,
    pub summary: String,
    pub email: String,
}

pub fn receipt(reference: &str, kind: &str, id: &str, reason: &str) -> String {
    format!("201\t{reference} {kind} {id} {reason}")
}

pub fn problem(status: impl Display, code: &str, pointers: impl Iterator<Item = String>) -> String {
    let mut pointers: Vec<String> = pointers.collect();
    pointers.sort();
    pointers.insert(0, code.to_owned());
    format!("{status}\t{}", pointers.join(" "))
}

pub fn no_problem(status: u16) -> String {
    format!("{status}\tno problem")
}

pub async fn for_each_call(send: impl AsyncFn(Call) -> String) {
    for line in io::stdin().lines() {
        let line = line.unwrap();
        let [step, base, token, tenant, run, summary, email] =
            <[_; 7]>::try_from(line.split('\t').map(str::to_owned).collect::<Vec<String>>()).unwrap();
        println!("{step}\t{}", send(Call { base, token, tenant, run, summary, email }).await);
    }
}
