//! What becomes of the lines of standard input, and why: `echo 'seen key-…' | cargo run -qp redaction --example explain`.

use redaction::{Explain, FilterError, Format, Redactor, filter};

fn main() -> Result<(), FilterError> {
    let explain = Explain { to: &mut std::io::stderr().lock(), kept: true };
    filter(
        &Redactor::builtin(),
        Format::Text,
        &mut std::io::stdin().lock(),
        &mut std::io::stdout().lock(),
        Some(explain),
    )
}
