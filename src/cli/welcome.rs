//! What a person needs on the first run, on standard output.

use std::net::SocketAddr;

use super::{healthcheck, output::print_line};

/// Which pages there are to open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pages {
    /// A platform that uses the form.
    pub demo: bool,
    /// Swagger UI.
    pub docs: bool,
}

/// Prints it. Nobody has to read it: the service runs all the same.
pub(super) fn print(address: SocketAddr, pages: Pages, database: &str, token: &str) {
    let address = healthcheck::callable(address);
    let line = |is_there: bool, line: String| if is_there { line } else { String::new() };
    let demo = line(
        pages.demo,
        format!("  Demo      http://{address}/demo/   (two pages of an admin platform that ask for support)\n"),
    );
    let docs = line(
        pages.docs,
        format!("  Explore   http://{address}/docs/   (press 'Authorize' and paste the token below)\n"),
    );
    let _ = print_line(&format!(
        "\nSupport Requests is ready.

{demo}{docs}  Document  http://{address}/openapi.json
  Data      {database}

  A development token, good for 12 hours (another: `support-requests token`):

TOKEN={token}

  A first support request:

curl -sS http://{address}/workspaces/acme/tenants/contoso/support-requests \\
  -H \"Authorization: Bearer $TOKEN\" -H 'Content-Type: application/json' \\
  -d '{{\"summary\": \"Policies are not synchronised\", \"severity\": \"high\"}}'

  Stop with Ctrl-C.
"
    ));
}
