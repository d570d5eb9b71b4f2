use super::*;

fn defaults(variables: &[(&'static str, &str)]) -> LibpqDefaults {
    LibpqDefaults::read(None, |name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    })
}

fn read(text: &str, variables: &[(&'static str, &str)]) -> Result<Address, String> {
    Address::parse(text, &defaults(variables), None)
}

/// Servers, user, password and database in one line.
fn line(text: &str, variables: &[(&'static str, &str)]) -> String {
    let address = read(text, variables).unwrap_or_else(|error| panic!("{text}: {error}"));
    let servers: Vec<String> = address
        .servers
        .iter()
        .map(|server| match server.address {
            Some(ip) => format!("{}={ip}:{}", server.host, server.port),
            None => format!("{}:{}", server.host, server.port),
        })
        .collect();
    let password = match &address.password {
        Password::Given(password) => password.clone(),
        Password::PassFile(file) => format!("<{}>", file.display()),
        _ => String::new(),
    };
    format!("{} {} {password} {}", servers.join(","), address.user, address.database)
}

#[test]
fn an_address_is_read_in_every_form_that_libpq_takes() {
    for (text, expected) in [
        ("postgres://u:p@h:1/d", "h:1 u p d"),
        ("postgresql://u@h/d", "h:5432 u  d"),
        ("postgres://u@h", "h:5432 u  u"),
        ("postgres://u@h1:1,h2:2/d", "h1:1,h2:2 u  d"),
        ("postgres://u@h1,h2:2/d", "h1:5432,h2:2 u  d"),
        ("postgres://u@h1,h2/d?port=7", "h1:7,h2:7 u  d"),
        ("postgres://u@[::1]:1,[2001:db8::1]/d", "::1:1,2001:db8::1:5432 u  d"),
        ("postgres://u@%2Fvar%2Frun/d", "/var/run:5432 u  d"),
        ("postgres:///d?host=/var/run&user=u&port=1", "/var/run:1 u  d"),
        ("postgres:///d?user=u@corp&host=h", "h:5432 u@corp  d"),
        ("postgres://u:p%40s%3As%2F%23%3F%25@h/d", "h:5432 u p@s:s/#?% d"),
        ("postgres://u:a:b[c]!$&'()*+,;=@h/d", "h:5432 u a:b[c]!$&'()*+,;= d"),
        ("postgres://u@h/d?password=x+y", "h:5432 u x+y d"),
        ("postgres://u@h/my%20d", "h:5432 u  my d"),
        ("host=h1,h2 port=1,2 dbname=d user=u", "h1:1,h2:2 u  d"),
        ("  host = h\n user\t=u password = 'a b\\'c\\\\' dbname=d ", "h:5432 u a b'c\\ d"),
        ("host=h user=u password=a\\ b dbname=''", "h:5432 u a b u"),
        ("hostaddr=10.0.0.1 user=u dbname=d", "=10.0.0.1:5432 u  d"),
        ("host=a,b hostaddr=10.0.0.1,::1 user=u dbname=d", "a=10.0.0.1:5432,b=::1:5432 u  d"),
        ("user=u passfile=/p", ":5432 u </p> u"),
    ] {
        assert_eq!(line(text, &[]), expected, "{text}");
    }
}

#[test]
fn what_an_address_leaves_out_comes_from_libpqs_variables() {
    let all = [("PGHOST", "h1,h2"), ("PGPORT", "7"), ("PGUSER", "u"), ("PGDATABASE", "d"), ("PGPASSWORD", "p")];
    assert_eq!(line("postgres://", &all), "h1:7,h2:7 u p d");
    assert_eq!(line("host=x", &all), "x:7 u p d");
    assert_eq!(line("postgres://v:q@x:1/e", &all), "x:1 v q e");
    assert_eq!(line("postgres://u@h/d", &[("PGPASSFILE", "/f"), ("PGHOST", "")]), "h:5432 u </f> d");
    let more = [
        ("PGAPPNAME", "n"),
        ("PGOPTIONS", "-c a=b"),
        ("PGTARGETSESSIONATTRS", "primary"),
        ("PGCONNECT_TIMEOUT", "7"),
        ("PGSSLMODE", "verify-full"),
        ("PGSSLROOTCERT", "/r"),
        ("PGSSLCERT", "/c"),
        ("PGSSLKEY", "/k"),
    ];
    let address = read("postgres://u@h/d", &more).unwrap();
    assert_eq!(address.application_name, "n");
    assert_eq!(address.settings, [("a".to_owned(), "b".to_owned())]);
    assert_eq!(address.target, Target::Primary);
    assert_eq!(address.connect_timeout, Some(Duration::from_secs(7)));
    assert!(matches!(address.tls.mode, PgSslMode::VerifyFull));
    assert_eq!(address.tls.root.as_deref(), Some(Path::new("/r")));
    assert!(address.tls.certificate.is_some() && address.tls.key.is_some());
}

#[test]
fn options_are_read_in_every_form_and_in_their_order() {
    let text = "postgres://u@h/d?options=-c%20a%3D1%20-cb%3D2%20--c-d%3Dx%5C%20y&options[search_path]=s";
    let expected = [("a", "1"), ("b", "2"), ("c_d", "x y"), ("search_path", "s")];
    let settings = read(text, &[]).unwrap().settings;
    assert_eq!(settings, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    for wrong in ["-d 3", "-c", "-c a", "a=b", "--"] {
        let text = format!("options='{wrong}'");
        assert!(read(&text, &[]).err().is_some_and(|error| error.contains("options must be")), "{wrong}");
    }
}

#[test]
fn every_parameter_of_libpq_is_followed_or_left_aside_or_refused_with_its_reason() {
    for harmless in [
        "keepalives=1",
        "keepalives_idle=30",
        "tcp_user_timeout=1000",
        "load_balance_hosts=random",
        "gssencmode=prefer",
        "channel_binding=prefer",
        "client_encoding=UTF8",
        "fallback_application_name=x",
        "sslnegotiation=postgres",
        "sslmode=allow",
        "ssl=true",
        "connect_timeout=3",
        "krbsrvname=postgres",
        "target_session_attrs=any",
        "ssl_min_protocol_version=TLSv1.2",
        "sslcrl=",
        "options=",
    ] {
        assert!(read(&format!("postgres://u@h/d?{harmless}"), &[]).is_ok(), "{harmless}");
    }
    for refused in [
        "sslcrl=/x",
        "requirepeer=postgres",
        "service=s",
        "require_auth=scram-sha-256",
        "gssencmode=require",
        "channel_binding=require",
        "client_encoding=LATIN1",
        "replication=database",
        "sslpassword=x",
        "target_session_attrs=standby",
        "target_session_attrs=prefer-standby",
        "target_session_attrs=read-only",
        "sslnegotiation=direct",
        "load_balance_hosts=yes",
        "ssl_min_protocol_version=TLSv1.3",
    ] {
        let error = read(&format!("postgres://u@h/d?{refused}"), &[]).err().expect(refused);
        let (name, value) = refused.split_once('=').unwrap();
        assert!(error.contains(&format!("its {name} cannot be followed: ")), "{refused}: {error}");
        assert!(value.len() == 1 || value == "standby" || !error.contains(&format!("{value} ")), "{error}");
    }
    let error = read("postgres://u@h/d", &[("PGSERVICE", "s")]).err().unwrap();
    assert!(error.contains("PGSERVICE cannot be followed: service files are not read"), "{error}");
}

#[test]
fn an_address_that_contradicts_itself_is_refused() {
    for (text, reason) in [
        ("host=a,b hostaddr=10.0.0.1", "as many servers"),
        ("host=a,b port=1,2,3", "one for each"),
        ("host=a port=0", "1 to 65535"),
        ("host=a port=65536", "1 to 65535"),
        ("hostaddr=a", "IP address"),
        ("host=a hostaddr=10.0.0.1 sslmode=verify-full", "verify-full"),
        ("host=a sslmode=full", "sslmode must be"),
        ("host=a sslcert=/c", "together"),
        ("host=a sslrootcert=system", "system"),
        ("host=a connect_timeout=soon", "number of seconds"),
        ("host=a password='x", "not closed"),
        ("host=a pass word=x", "no `=`"),
        ("postgres://u@[::1/d", "`]`"),
        ("postgres://u@::1/d", "IPv6"),
    ] {
        let error = read(text, &[]).err().expect(text);
        assert!(error.contains(reason), "{text}: {error}");
    }
    let both = Address::parse("postgres://u:p@h/d", &defaults(&[]), Some("/f".into())).err().unwrap();
    assert!(both.contains("leave one of them out"), "{both}");
    assert!(Address::parse("postgres://u@h/d", &defaults(&[("PGPASSWORD", "p")]), Some("/f".into())).is_ok());
}

#[test]
fn the_password_is_that_of_the_first_line_of_a_password_file_that_fits() {
    let folder = std::env::temp_dir().join(format!("support-requests-passfile-{}", std::process::id()));
    let lines =
        "# a comment\nh:5432:d:other:no\nbroken\nh:5433:*:*:two\n*:*:d\\:d:u:p\\:\\\\x \nlocalhost:*:*:u:three\r\n";
    std::fs::write(&folder, lines).unwrap();
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    for (text, expected) in [
        ("host=h port=5433 dbname=d user=u", Some("two")),
        ("host=h dbname=d:d user=u", Some("p:\\x ")),
        ("dbname=d user=u", Some("three")),
        ("host=/tmp dbname=d user=u", Some("three")),
        ("host=h dbname=d user=u", None),
    ] {
        let address = read(&format!("{text} passfile={}", folder.display()), &[]).unwrap();
        let found = address.password.read(&address, &address.servers[0]).unwrap();
        assert_eq!(found.as_deref(), expected, "{text}");
    }
    std::fs::set_permissions(&folder, std::os::unix::fs::PermissionsExt::from_mode(0o640)).unwrap();
    let address = read(&format!("host=h user=u passfile={}", folder.display()), &[]).unwrap();
    let refused = address.password.read(&address, &address.servers[0]).unwrap_err();
    assert!(refused.contains("mode 0640") && refused.contains("chmod 0600"), "{refused}");
    std::fs::remove_file(&folder).unwrap();
    assert!(address.password.read(&address, &address.servers[0]).unwrap_err().contains("cannot be read"));
}
