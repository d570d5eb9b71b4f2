//! Every parameter that libpq knows (PostgreSQL manual, section 34.1.2), the variable that it falls back to (34.15),
//! and what becomes of it here. One that is not in the table is a misspelling, or a piece of a password.

/// What becomes of a parameter.
pub(super) enum Rule {
    /// It is followed.
    Followed,
    /// It changes nothing here: the comment beside it says why.
    Ignored,
    /// Only these values, which say what is done anyway. Otherwise the reason for refusing it.
    Only(&'static [&'static str], &'static str),
    /// What it asks for matters and cannot be done: the reason.
    Refused(&'static str),
}

/// A parameter.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    /// The environment variable that it falls back to.
    pub(super) variable: Option<&'static str>,
    pub(super) rule: Rule,
}

const fn with(name: &'static str, variable: &'static str, rule: Rule) -> Parameter {
    Parameter { name, variable: Some(variable), rule }
}

const fn without(name: &'static str, rule: Rule) -> Parameter {
    Parameter { name, variable: None, rule }
}

const WRITER: &str = "the service writes, so it must be any, read-write or primary";
const SERVICE_FILE: &str = "service files are not read: write their parameters into the address";
const NO_REVOCATION: &str = "revocation lists are not supported";
const NO_GSS: &str = "GSSAPI is not supported";

use Rule::{Followed, Ignored, Only, Refused};

/// All of them.
pub(super) const TABLE: [Parameter; 54] = [
    with("host", "PGHOST", Followed),
    with("hostaddr", "PGHOSTADDR", Followed),
    with("port", "PGPORT", Followed),
    with("dbname", "PGDATABASE", Followed),
    with("user", "PGUSER", Followed),
    with("password", "PGPASSWORD", Followed),
    with("passfile", "PGPASSFILE", Followed),
    with("connect_timeout", "PGCONNECT_TIMEOUT", Followed),
    with("application_name", "PGAPPNAME", Followed),
    without("fallback_application_name", Followed),
    with("options", "PGOPTIONS", Followed),
    with("sslmode", "PGSSLMODE", Followed),
    with("sslrootcert", "PGSSLROOTCERT", Followed),
    with("sslcert", "PGSSLCERT", Followed),
    with("sslkey", "PGSSLKEY", Followed),
    with("target_session_attrs", "PGTARGETSESSIONATTRS", Only(&["any", "read-write", "primary"], WRITER)),
    // One writer and one reader are no load to balance: the servers are tried in their order.
    with("load_balance_hosts", "PGLOADBALANCEHOSTS", Only(&["disable", "random"], "it must be disable or random")),
    with("client_encoding", "PGCLIENTENCODING", Only(&["auto", "UTF8", "utf8", "UTF-8", "utf-8"], "it must be UTF8")),
    // The service finds out by itself, sooner: it asks an idle connection before it uses it, and ends every wait.
    without("keepalives", Ignored),
    without("keepalives_idle", Ignored),
    without("keepalives_interval", Ignored),
    without("keepalives_count", Ignored),
    without("tcp_user_timeout", Ignored),
    // Only GSSAPI would use them, and a server that insists on it is told of by its own error.
    with("krbsrvname", "PGKRBSRVNAME", Ignored),
    with("gsslib", "PGGSSLIB", Ignored),
    with("gssdelegation", "PGGSSDELEGATION", Ignored),
    with("gssencmode", "PGGSSENCMODE", Only(&["disable", "prefer"], NO_GSS)),
    with("channel_binding", "PGCHANNELBINDING", Only(&["disable", "prefer"], "channel binding is not supported")),
    with("sslcompression", "PGSSLCOMPRESSION", Only(&["0"], "TLS is never compressed")),
    with("sslsni", "PGSSLSNI", Only(&["1"], "the server's name is always sent")),
    with("sslnegotiation", "PGSSLNEGOTIATION", Only(&["postgres"], "TLS is asked for first")),
    with("sslcertmode", "PGSSLCERTMODE", Only(&["allow"], "a certificate that is named is sent when it is asked for")),
    with(
        "ssl_min_protocol_version",
        "PGSSLMINPROTOCOLVERSION",
        Only(&["TLSv1", "TLSv1.1", "TLSv1.2"], "TLS 1.2 and 1.3 are offered"),
    ),
    with("ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION", Only(&["TLSv1.3"], "TLS 1.2 and 1.3 are offered")),
    with("min_protocol_version", "PGMINPROTOCOLVERSION", Only(&["3.0"], "protocol 3.0 is spoken")),
    with("max_protocol_version", "PGMAXPROTOCOLVERSION", Only(&["3.0", "3.2", "latest"], "protocol 3.0 is spoken")),
    without("replication", Only(&["0", "off", "no", "false"], "the service does not replicate")),
    with("service", "PGSERVICE", Refused(SERVICE_FILE)),
    with("servicefile", "PGSERVICEFILE", Refused(SERVICE_FILE)),
    with("requiressl", "PGREQUIRESSL", Refused("it is long gone from libpq: use sslmode=require")),
    with("requirepeer", "PGREQUIREPEER", Refused("the server's user cannot be checked")),
    with("require_auth", "PGREQUIREAUTH", Refused("the way to authenticate cannot be restricted")),
    with("sslcrl", "PGSSLCRL", Refused(NO_REVOCATION)),
    with("sslcrldir", "PGSSLCRLDIR", Refused(NO_REVOCATION)),
    without(
        "sslpassword",
        Refused("an encrypted key cannot be read: name one that is not, readable by its owner only"),
    ),
    without("sslkeylogfile", Refused("TLS keys are not written down")),
    without("scram_client_key", Refused("give the password instead")),
    without("scram_server_key", Refused("give the password instead")),
    without("oauth_issuer", Refused("OAuth is not supported")),
    without("oauth_client_id", Refused("OAuth is not supported")),
    without("oauth_client_secret", Refused("OAuth is not supported")),
    without("oauth_scope", Refused("OAuth is not supported")),
    // Known to older versions, without any effect.
    without("authtype", Ignored),
    without("tty", Ignored),
];

/// The parameter of this name.
pub(super) fn find(name: &str) -> Option<&'static Parameter> {
    TABLE.iter().find(|parameter| parameter.name == name)
}
