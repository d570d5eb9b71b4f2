//! Every rule's own examples, and the decisions that people ask about.

use redaction::expand;

use crate::REDACTOR;

/// The example as it would be pasted, and the stretches that must be gone.
fn parts(example: &str) -> (String, Vec<String>) {
    let full = expand(example);
    let secrets = full.split('«').skip(1).map(|rest| rest.split('»').next().unwrap_or_default().to_owned()).collect();
    (full.replace(['«', '»'], ""), secrets)
}

#[test]
fn every_example_that_must_go_goes() {
    for rule in REDACTOR.rules() {
        assert!(!rule.goes.is_empty(), "rule {} has no example", rule.id);
        for example in &rule.goes {
            let (text, secrets) = parts(example);
            let cleaned = REDACTOR.text(&text).value;
            assert!(!secrets.is_empty(), "rule {}: no secret is marked in {example}", rule.id);
            for secret in secrets {
                assert!(!cleaned.contains(&secret), "rule {}: {text:?} became {cleaned:?}", rule.id);
            }
        }
    }
}

#[test]
fn every_example_that_must_stay_stays() {
    for rule in REDACTOR.rules() {
        for example in &rule.stays {
            let (text, _) = parts(example);
            let takers: Vec<_> = REDACTOR.explain(&text).into_iter().map(|found| (found.rule, found.row)).collect();
            let cleaned = REDACTOR.text(&text).value;
            assert!(cleaned == text, "rule {}: {text:?} became {cleaned:?}, taken by {takers:?}", rule.id);
        }
    }
}

#[test]
fn rule_ids_are_unique_and_of_the_form_that_markers_need() {
    let rules = REDACTOR.rules();
    let mut ids: Vec<_> = rules.iter().map(|rule| rule.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "an id is taken twice");
    let fine = |id: &&str| id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    assert_eq!(ids.iter().find(|id| !fine(id)), None);
}

#[test]
fn what_was_taken_is_counted_by_rule_and_never_shown() {
    let cleaned = REDACTOR.text("password=hunter2 and password=hunter3, AKIAK7M2Q9X4Z3W6V5T2");
    let counts: Vec<_> = cleaned.taken.iter().map(|taken| (taken.rule.as_str(), taken.count)).collect();
    assert_eq!(counts, [("aws-access-key-akia", 1), ("password", 2)]);
    assert!(!format!("{:?}", REDACTOR.explain("password=hunter2")).contains("hunter2"));
}

#[test]
fn the_plainest_sentence_needs_no_points() {
    let goes = [
        "my password is «Summer24»",
        "the password is «Oct-2024».",
        "The password for the portal is «Berlin-2024», sorry",
        "le mot de passe est «Ete-2024!»",
        "la contraseña es «Verano-24».",
        "la password è «Gatto_99*»",
        "mein Kennwort ist «Katze7»",
        "Passwort war «Herbst19»",
        "mijn wachtwoord is «Zomer-2024»",
        "a senha é «Praia2020»",
        "the wifi password is «sunflower88»?",
        "the door code is «7741»",
        "der Türcode ist «4711»",
        "Uw inlogcode voor MijnWaterkant is «725 406». Deel deze code",
    ];
    for example in goes {
        let (text, secrets) = parts(example);
        let cleaned = REDACTOR.text(&text).value;
        assert!(!secrets.iter().any(|secret| cleaned.contains(secret)), "{text:?} became {cleaned:?}");
        let whole = secrets.iter().all(|secret| {
            let rest = text.split(secret.as_str()).nth(1).unwrap_or_default();
            cleaned.ends_with(&format!("]{rest}"))
        });
        assert!(whole, "{text:?} became {cleaned:?}");
    }
    for text in [
        "the password is Base64 encoded",
        "das Passwort ist SHA256 gehasht",
        "the password is 8 characters long",
        "the password is case-sensitive",
        "the password is ACME_PASSWORD",
        "my normal password, but which one is normal??",
        "error code is 50013",
        "the zip code is 90210",
    ] {
        assert_eq!(REDACTOR.text(text).value, text);
    }
}

#[test]
fn a_sentence_about_a_password_is_not_harmed() {
    for text in [
        "contact the author of the password policy",
        "The password is invalid.",
        "token expired at 10:00",
        "token_count: 5",
        "secret_name: db-creds",
        "Authorization: required",
        "password=${DB_PASSWORD}",
        "password: ********",
        "\"password\": null",
        "pass 41/43",
        "high-pass=80Hz low_pass=12kHz {\"lowPass\": \"12kHz\"}",
        "EQ: low pass: 120Hz, Boarding pass: LH1024, render_pass=opaque02",
        "test run done, pass 41/43, skipped 2",
        "run 01HQZX3V5J8M2K7N4P6R9T1W3Y failed, trace 4bf92f3577b34da6a3ce929d0e0e4736",
    ] {
        assert_eq!(REDACTOR.text(text).value, text);
    }
}

#[test]
fn a_plain_word_goes_where_it_is_assigned() {
    assert_eq!(REDACTOR.text("password=hunter").value, "password=[redacted:password]");
    assert_eq!(REDACTOR.text("PASSWORD: summer").value, "PASSWORD: [redacted:password]");
}

#[test]
fn a_weak_secret_goes_although_it_looks_like_code_help_or_a_remark() {
    for (text, secret) in [
        ("low_priv_password=blue_sky db-pass=blue_rain", "blue_"),
        ("SECRET=correct-horse-battery-staple", "correct-horse"),
        ("client_secret: \"correct_horse_battery_staple\"", "correct_horse"),
        ("password=blue_sky.rain", "blue_sky"),
        ("password: blue_sky.rain", "blue_sky"),
        ("password=Secret", "=Secret"),
        ("{\"password\": \"**hunter2**\"}", "hunter2"),
        ("Password: summer, please change it soon", "summer"),
        ("password= summer, user= bob", "summer"),
        ("run it with --user bob and --password sunflower please", "sunflower"),
        ("I ran backup --password sunflower and it failed", "sunflower"),
        ("Your new password:\nsunflower\n", "sunflower"),
        ("{user: bob, password: SUMMER_2024}", "SUMMER_2024"),
        ("The password, which Bob set, is: \"summer\"", "summer"),
        ("{\"required\": true, \"password\": [\"summer\"]}", "summer"),
        ("{\"db password\": [\"summer\"]}", "summer"),
        ("{\"passphrase_backup\": \"purple otters ride nine trams\"}", "purple otters"),
        ("token=1.a2b3c4d5", "a2b3c4d5"),
        ("token=abc-1234", "abc-1234"),
        ("Cookie: uid=4821177324015", "4821177324015"),
        ("mysql -uroot -passw0rd1 shop", "assw0rd1"),
        ("psswd=plumtree2209", "plumtree"),
        ("paasword: plumtree-2209", "plumtree"),
        ("mi contra: plumtree2209", "plumtree"),
        ("num\u{e9}ro de licence: 7KQ2-9XW4-PLUM-2209", "7KQ2"),
        ("I typed `plumtree-2209` as the password of the lobby", "plumtree-2209"),
    ] {
        let cleaned = REDACTOR.text(text).value;
        assert!(!cleaned.contains(secret), "{cleaned}");
    }
}

#[test]
fn code_help_prompts_and_what_programs_print_stay() {
    for text in [
        "struct Login {\n    password: Zeroizing<String>,\n}",
        "  -p, --password PASSWORD   the password of the account",
        "Give --user and --password together.",
        "$ sudo passwd backup\nNew password:\nSorry, passwords do not match.",
        "7z5xozkk1lp7cl1z6a5b95obj   pg_password   3 weeks ago",
        "postgresql://usuario:contraseña@host:5432/base",
        "Cookie: tz=Europe%2FLisbon; viewport=1440x900",
        "Le mot de passe est requis pour « %s ».",
        "Mot de passe oublié\u{a0}?",
        "influx -username telegraf -password {{password}} -port 8086",
    ] {
        assert_eq!(REDACTOR.text(text).value, text);
    }
}

#[test]
fn what_the_text_around_says_is_no_secret_stays_and_goes_without_those_words() {
    for (stays, text, secret) in [
        ("see [V6.2 Password Security](#v62-password-security)", "password: v62-password-security9", "security9"),
        ("Last 5 characters of installed product key: 6VVFR", "product key: 6VVFR-Q2K7M-XW3TD-9HJ4B-R8PCY", "6VVFR"),
        (
            "Secret:      REDACTED\nCommit:      003cb64fa2ff1b9a4742a709bcf3f56022256f73",
            "api_key:      003cb64fa2ff1b9a4742a709bcf3f56022256f73",
            "003cb64f",
        ),
        (
            "app:dbPassword:\n    secure: v1:LFjc0GGkWW2o4YFb:wkX7fDhtTGuE8wYGdbtOC/z+Ev1dWPYd",
            "app:\n    dbPassword: wkX7fDhtTGuE8wYGdbtOC/z+Ev1dWPYd",
            "wkX7fDht",
        ),
        (
            "level=warn msg=\"secret nearly expired\" secret=smtp-relay days_left=6",
            "export SECRET=smtp-relay DAYS=6",
            "smtp-relay",
        ),
        (
            "const name = process.env.SECRET_NAME ?? \"badge-printer/smtp\";",
            "const name = process.env.JWT_SECRET ?? \"badge-printer/smtp\";",
            "badge-printer",
        ),
        ("Maximum number of days between password change : 99999", "password : 99999", "99999"),
        ("bind_password_var = LDAP_BIND_PASS", "bind_password = LDAP_BIND_pass7", "LDAP_BIND"),
        (
            "{\"password\": {\"label\": \"Password\", \"error\": \"The password is too short\"}}",
            "{\"password\": {\"label\": \"Password\", \"value\": \"x9Kf2!pq\"}}",
            "x9Kf2",
        ),
        (
            "| `TOTP` | second |\n| `webauthn` | second |\n| `passkey` | first |",
            "| user | password |\n|---|---|\n| bob | webauthn7 |",
            "webauthn7",
        ),
        ("$ passwd web482p1\nNew password:", "passwd: web482p1", "web482p1"),
        ("Passwort-St\u{e4}rke: {score}/4", "Passwort: score4{x}", "score4"),
        ("LANG and pin_prompt: yes\nlanguage: de_DE.UTF-8", "pin: 482917", "482917"),
    ] {
        assert_eq!(REDACTOR.text(stays).value, stays);
        let cleaned = REDACTOR.text(text).value;
        assert!(!cleaned.contains(secret), "{cleaned}");
    }
}

#[test]
fn what_somebody_offers_when_asked_goes_and_other_advice_stays() {
    let asked = "Rolf: Excel fragt beim \u{d6}ffnen nach dem Passwort\nGitte: ";
    for (answer, secret) in [("probier mal Nordwand*77", "Nordwand*77"), ("war Nordwand77", "Nordwand77")] {
        let cleaned = REDACTOR.text(&format!("{asked}{answer}\nRolf: passt")).value;
        assert!(!cleaned.contains(secret), "{cleaned}");
    }
    for advice in ["probier mal firefox", "versuch es sp\u{e4}ter", "probier nochmal"] {
        let text = format!("{asked}{advice}\nRolf: geht nicht");
        assert_eq!(REDACTOR.text(&text).value, text);
    }
}
