//! The URL form of an address: `postgres://user:password@host1:5432,host2/database?name=value&…`, as in the
//! PostgreSQL manual, section 34.1.1.2, with two differences. libpq reads `#` and `?` before the `@` as a part of the
//! password, where every other reader of URLs ends it there; so does a `/`, also for libpq. Where readers differ, the
//! rest of a password becomes a host, a database or a parameter, and is looked up or printed. So all of it must be
//! percent-encoded here.

use percent_encoding::percent_decode_str;

use super::Pairs;

/// What to do about an address that cannot be read. Nothing of the address is in it.
pub(super) const ENCODE: &str = "in a user name or password, percent-encode what means something in a URL: `%` as %25, \
    `#` as %23, `?` as %3F, `/` as %2F, `@` as %40, `:` as %3A, a blank as %20";

/// Reads what stands behind `postgres://`.
pub(super) fn read(rest: &str) -> Result<Pairs, String> {
    if rest.contains(['#', ' ']) || rest.contains(char::is_control) {
        return Err(format!("there is a `#` or a blank in it: {ENCODE}"));
    }
    let (authority, tail) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
    let mut pairs = Pairs::new();
    let hosts = match authority.split_once('@') {
        Some((_, hosts)) if hosts.contains('@') => return Err(format!("there is more than one `@` in it: {ENCODE}")),
        Some((credentials, hosts)) => {
            read_credentials(credentials, &mut pairs)?;
            hosts
        }
        None if !authority.is_empty() && tail.contains('@') => {
            return Err(format!("its `@` comes after a `/` or `?`: {ENCODE}"));
        }
        None => authority,
    };
    read_hosts(hosts, &mut pairs)?;
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    let database = path.strip_prefix('/').unwrap_or(path);
    if database.contains('@') {
        return Err(format!("there is an `@` in the database's name: {ENCODE}"));
    }
    if !database.is_empty() {
        pairs.push(("dbname".to_owned(), decode(database)?));
    }
    read_query(query, &mut pairs)?;
    Ok(pairs)
}

fn read_credentials(text: &str, pairs: &mut Pairs) -> Result<(), String> {
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    for (name, value) in [("user", user), ("password", password)] {
        if !value.is_empty() {
            pairs.push((name.to_owned(), decode(value)?));
        }
    }
    Ok(())
}

fn read_hosts(text: &str, pairs: &mut Pairs) -> Result<(), String> {
    let (mut hosts, mut ports) = (Vec::new(), Vec::new());
    for one in text.split(',') {
        let (host, port) = match one.strip_prefix('[') {
            Some(address) => {
                let (address, port) = address.split_once(']').ok_or("the `]` behind an IPv6 address is missing")?;
                let port = if port.is_empty() { Some("") } else { port.strip_prefix(':') };
                (address, port.ok_or("behind the `]` of an IPv6 address only a port may follow")?)
            }
            None => one.split_once(':').unwrap_or((one, "")),
        };
        if !port.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("a port is not a number; an IPv6 address stands in `[` and `]`; {ENCODE}"));
        }
        hosts.push(decode(host)?);
        ports.push(port.to_owned());
    }
    for (name, values) in [("host", hosts), ("port", ports)] {
        if values.iter().any(|value| !value.is_empty()) {
            pairs.push((name.to_owned(), values.join(",")));
        }
    }
    Ok(())
}

fn read_query(text: &str, pairs: &mut Pairs) -> Result<(), String> {
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| format!("behind the `?`, a parameter has no `=`: {ENCODE}"))?;
        let (name, value) = (decode(name)?, decode(value)?);
        // What JDBC writes, and libpq understands.
        let pair = if (name.as_str(), value.as_str()) == ("ssl", "true") {
            ("sslmode".to_owned(), "require".to_owned())
        } else {
            (name, value)
        };
        pairs.push(pair);
    }
    Ok(())
}

/// Percent-decodes, and refuses what only looks encoded.
fn decode(text: &str) -> Result<String, String> {
    let complete = text.split('%').skip(1).all(|behind| {
        let digits = behind.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit) && digits != b"00")
    });
    if !complete {
        return Err(format!("a `%` is not followed by two hexadecimal digits: {ENCODE}"));
    }
    let decoded = percent_decode_str(text).decode_utf8();
    Ok(decoded.map_err(|_| "what is percent-encoded is not UTF-8")?.into_owned())
}
