//! The claims of a well-signed token: RFC 7519 section 4.1, RFC 8725 sections 3.8 and 3.9.

use serde_json::{Value, json};
use support_requests::auth::{Claim, TokenFault};
use support_requests::domain::grants::Capability;
use support_requests::domain::ids::{TenantId, WorkspaceId};

use crate::harness::{
    AUDIENCE, Change, ISSUER, NOW_SECONDS, P256, assert_refused, assert_taken, changed, check, good_claims, good_header,
};

fn claim(name: &'static str, value: Value) -> Change {
    Change::Claim(name, value)
}

/// Values of every JSON type, of which a test takes those that do not fit.
fn of_every_type() -> [Value; 7] {
    [Value::Null, json!(true), json!(1), json!("text"), json!(["text"]), json!({}), json!([1])]
}

#[test]
fn a_good_token_says_who_may_do_what_and_until_when() {
    let claims = check(&P256.key_set(), &P256.good_token()).unwrap();
    assert_eq!(claims.creator.subject, "user-1");
    assert_eq!(claims.creator.name.as_deref(), Some("Ada Admin"));
    assert_eq!(claims.expires_at.unix_timestamp(), NOW_SECONDS + 300);
    let acme = WorkspaceId::parse("acme").unwrap();
    let contoso = claims.grants.within(&acme, &TenantId::parse("contoso").unwrap()).unwrap();
    assert!(contoso.allow(Capability::CreateSupportRequests));
    assert!(!contoso.allow(Capability::ViewDiagnostics));
    assert!(claims.grants.within(&acme, &TenantId::parse("fabrikam").unwrap()).is_none());
}

#[test]
fn each_required_claim_is_missed() {
    assert_refused(vec![
        ("iss", Change::NoClaim("iss"), TokenFault::MissingClaim(Claim::Issuer)),
        ("aud", Change::NoClaim("aud"), TokenFault::MissingClaim(Claim::Audience)),
        ("sub", Change::NoClaim("sub"), TokenFault::MissingClaim(Claim::Subject)),
        ("exp", Change::NoClaim("exp"), TokenFault::MissingClaim(Claim::Expiry)),
    ]);
    assert_taken(vec![
        ("nbf", Change::NoClaim("nbf")),
        ("iat", Change::NoClaim("iat")),
        ("workspaces", Change::NoClaim("workspaces")),
    ]);
}

#[test]
fn each_claim_of_a_wrong_type_is_refused() {
    let fits = |name: &str, value: &Value| match name {
        "iss" | "sub" => value.is_string(),
        "aud" => value.is_string() || value == &json!(["text"]),
        "workspaces" => value.is_null() || value == &json!({}),
        "exp" => value.is_number(),
        _ => value.is_null() || value.is_number(),
    };
    for (name, claimed) in [
        ("iss", Claim::Issuer),
        ("aud", Claim::Audience),
        ("sub", Claim::Subject),
        ("exp", Claim::Expiry),
        ("nbf", Claim::NotBefore),
        ("iat", Claim::IssuedAt),
        ("workspaces", Claim::Grants),
    ] {
        for value in of_every_type().into_iter().filter(|value| !fits(name, value)) {
            assert_refused(vec![(name, claim(name, value), TokenFault::MalformedClaim(claimed))]);
        }
    }
}

#[test]
fn the_issuer_is_compared_to_the_letter() {
    for wrong in ["", "https://issuer.example/", "https://ISSUER.example", "https://issuer.example.evil.example", " "] {
        assert_refused(vec![(wrong, claim("iss", json!(wrong)), TokenFault::WrongIssuer)]);
    }
    assert_refused(vec![("in an array", claim("iss", json!([ISSUER])), TokenFault::MalformedClaim(Claim::Issuer))]);
}

#[test]
fn the_audience_names_this_service_alone_or_among_others() {
    assert_taken(vec![
        ("in an array", claim("aud", json!([AUDIENCE]))),
        ("among others", claim("aud", json!(["other", AUDIENCE, "third"]))),
    ]);
    let broken = TokenFault::MalformedClaim(Claim::Audience);
    assert_refused(vec![
        ("another", claim("aud", json!("other")), TokenFault::WrongAudience),
        ("empty", claim("aud", json!("")), TokenFault::WrongAudience),
        ("part of it", claim("aud", json!("support")), TokenFault::WrongAudience),
        ("in another case", claim("aud", json!("Support-Requests")), TokenFault::WrongAudience),
        ("several in one string", claim("aud", json!("other support-requests")), TokenFault::WrongAudience),
        ("an empty array", claim("aud", json!([])), TokenFault::WrongAudience),
        ("others only", claim("aud", json!(["other", "third"])), TokenFault::WrongAudience),
        ("an array with a number behind ours", claim("aud", json!([AUDIENCE, 1])), broken),
        ("an array in an array", claim("aud", json!([[AUDIENCE]])), broken),
    ]);
}

#[test]
fn the_subject_has_1_to_255_characters_and_no_control_characters() {
    for good in ["a", "auth0|5f7c", "ä", "a b", &"é".repeat(255)] {
        assert_taken(vec![(good, claim("sub", json!(good)))]);
    }
    for bad in ["", "\n", "a\u{0}b", "a\u{7f}", "a\u{85}", &"é".repeat(256)] {
        assert_refused(vec![(bad, claim("sub", json!(bad)), TokenFault::MalformedClaim(Claim::Subject))]);
    }
}

#[test]
fn times_hold_to_the_edge_of_the_leeway_and_not_beyond() {
    let at = |offset: f64| {
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit")]
        let now = NOW_SECONDS as f64;
        json!(now + offset)
    };
    assert_taken(vec![
        ("exp just within the leeway", claim("exp", at(-29.9))),
        ("exp as an integer, one second within", claim("exp", json!(NOW_SECONDS - 29))),
        ("nbf at the leeway", claim("nbf", at(30.0))),
        ("iat at the leeway", claim("iat", at(30.0))),
        ("iat long ago", claim("iat", json!(0))),
        ("exp in a year", claim("exp", json!(NOW_SECONDS + 366 * 86_400))),
    ]);
    assert_refused(vec![
        ("exp at the leeway", claim("exp", at(-30.0)), TokenFault::Expired),
        ("exp at the leeway, as an integer", claim("exp", json!(NOW_SECONDS - 30)), TokenFault::Expired),
        ("exp long ago", claim("exp", json!(0)), TokenFault::Expired),
        ("nbf just beyond the leeway", claim("nbf", at(30.1)), TokenFault::NotYetValid),
        ("iat just beyond the leeway", claim("iat", at(30.1)), TokenFault::IssuedInTheFuture),
        ("iat in milliseconds", claim("iat", json!(NOW_SECONDS * 1000 / 10)), TokenFault::IssuedInTheFuture),
        ("exp in more than a year", claim("exp", json!(NOW_SECONDS + 366 * 86_400 + 1)), TokenFault::LivesTooLong),
        ("exp at the end of time", claim("exp", json!(253_402_300_799_u64)), TokenFault::LivesTooLong),
        ("nbf at the end of time", claim("nbf", json!(253_402_300_799_u64)), TokenFault::NotYetValid),
    ]);
}

#[test]
fn times_that_no_clock_shows_are_refused() {
    for (name, claimed) in [("exp", Claim::Expiry), ("nbf", Claim::NotBefore), ("iat", Claim::IssuedAt)] {
        for absurd in [
            json!(-1),
            json!(-0.5),
            json!(1e300),
            json!(-1e300),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(NOW_SECONDS * 1000),
        ] {
            assert_refused(vec![(name, claim(name, absurd), TokenFault::MalformedClaim(claimed))]);
        }
        assert_refused(vec![(name, claim(name, json!(NOW_SECONDS.to_string())), TokenFault::MalformedClaim(claimed))]);
    }
    // What is not even a number in JSON cannot be written with `json!`.
    assert_refused(vec![
        ("NaN", Change::PayloadText(|text| text.replacen('{', "{\"x\":NaN,", 1)), TokenFault::MalformedPayload),
        (
            "Infinity",
            Change::PayloadText(|text| text.replacen('{', "{\"x\":Infinity,", 1)),
            TokenFault::MalformedPayload,
        ),
        ("1e999", Change::PayloadText(|text| text.replacen('{', "{\"x\":1e999,", 1)), TokenFault::MalformedPayload),
    ]);
}

#[test]
fn a_payload_has_no_twins_at_any_depth() {
    assert_taken(vec![
        ("spaces", Change::PayloadText(|text| format!(" {}\n", text.replace(',', " , ")))),
        ("an escaped name", Change::PayloadText(|text| text.replace("\"aud\"", "\"\\u0061ud\""))),
        ("unknown claims", claim("scope", json!({"any": ["thing", {"any": 1}]}))),
        ("one name in two objects", claim("other", json!([{"iss": 1}, {"iss": 2}]))),
    ]);
    let twin = TokenFault::DuplicateMember;
    assert_refused(vec![
        ("two aud", Change::PayloadText(|text| text.replacen('{', "{\"aud\":\"support-requests\",", 1)), twin),
        (
            "two aud, one escaped",
            Change::PayloadText(|text| text.replacen('{', "{\"\\u0061\\u0075d\":\"x\",", 1)),
            twin,
        ),
        ("two of an unknown claim", Change::PayloadText(|text| text.replacen('{', "{\"x\":1,\"x\":1,", 1)), twin),
        (
            "two entries of a tenant",
            Change::PayloadText(|text| text.replace("{\"contoso\"", "{\"contoso\":[],\"contoso\"")),
            twin,
        ),
        (
            "twins in an array in an unknown claim",
            Change::PayloadText(|text| text.replacen('{', "{\"x\":[[{\"y\":1,\"y\":2}]],", 1)),
            twin,
        ),
    ]);
}

#[test]
fn a_payload_is_exactly_one_json_object() {
    assert_refused(vec![
        ("something after it", Change::PayloadText(|text| format!("{text} x")), TokenFault::MalformedPayload),
        ("a second object", Change::PayloadText(|text| format!("{text}{text}")), TokenFault::MalformedPayload),
        ("a byte order mark", Change::PayloadText(|text| format!("\u{feff}{text}")), TokenFault::MalformedPayload),
        ("an array", Change::PayloadText(|text| format!("[{text}]")), TokenFault::MalformedPayload),
        ("a string", Change::PayloadText(|_| "\"eyJ\"".to_owned()), TokenFault::MalformedPayload),
        ("empty", Change::PayloadText(|_| String::new()), TokenFault::MalformedPayload),
        (
            "half a surrogate",
            Change::PayloadText(|text| text.replace("user-1", "\\ud800")),
            TokenFault::MalformedPayload,
        ),
        ("deep arrays", Change::PayloadText(|_| "[".repeat(5000)), TokenFault::MalformedPayload),
        ("deep objects", Change::PayloadText(|_| "{\"a\":".repeat(900)), TokenFault::MalformedPayload),
        (
            "a claim nested too deeply",
            Change::PayloadText(|text| {
                text.replacen('{', &format!("{{\"x\":{}{},", "[".repeat(130), "]".repeat(130)), 1)
            }),
            TokenFault::MalformedPayload,
        ),
    ]);
}

#[test]
fn a_payload_that_is_not_utf_8_is_refused() {
    let header = Value::Object(good_header(&P256)).to_string();
    let text = good_claims().to_string();
    check(&P256.key_set(), &P256.sign(&header, &text)).unwrap();
    let mut bytes = text.into_bytes();
    let place = bytes.windows(6).position(|window| window == b"user-1").unwrap();
    bytes[place] = 0xff;
    let signed = format!("{}.{}", crate::harness::base64url(header), crate::harness::base64url(bytes));
    let signature = jsonwebtoken::crypto::sign(signed.as_bytes(), &P256.key, P256.algorithm).unwrap();
    assert_eq!(check(&P256.key_set(), &format!("{signed}.{signature}")), Err(TokenFault::MalformedPayload));
}

#[test]
fn grants_of_the_wrong_shape_make_the_token_invalid() {
    let entry = |tenants: Value| json!({"acme": {"tenants": tenants}});
    assert_taken(vec![
        ("no workspace", claim("workspaces", json!({}))),
        ("no tenant", claim("workspaces", entry(json!({})))),
        ("no capability", claim("workspaces", entry(json!({"contoso": []})))),
        ("an unknown capability", claim("workspaces", entry(json!({"*": ["tickets.close"]})))),
        ("a member for somebody else", claim("workspaces", json!({"acme": {"tenants": {}, "region": [1, {"x": 2}]}}))),
    ]);
    let fault = TokenFault::MalformedClaim(Claim::Grants);
    for (story, workspaces) in [
        ("an array of workspaces", json!(["acme"])),
        ("an entry that is an array", json!({"acme": ["contoso"]})),
        ("an entry that is null", json!({"acme": null})),
        ("an entry without tenants", json!({"acme": {}})),
        ("tenants in an array", entry(json!(["contoso"]))),
        ("tenants null", entry(Value::Null)),
        ("capabilities in one string", entry(json!({"contoso": "support_requests.create"}))),
        ("capabilities in an object", entry(json!({"contoso": {"support_requests.create": true}}))),
        ("a capability that is a number", entry(json!({"contoso": ["support_requests.create", 1]}))),
        ("a capability that is null", entry(json!({"contoso": [null]}))),
        ("one good and one bad workspace", json!({"acme": {"tenants": {}}, "other": 1})),
    ] {
        assert_refused(vec![(story, claim("workspaces", workspaces), fault)]);
    }
}

#[test]
fn unknown_capabilities_give_nothing_and_take_nothing() {
    let workspaces = json!({"acme": {"tenants": {
        "contoso": ["SUPPORT_REQUESTS.CREATE", "support_requests.create ", "*", ""],
        "fabrikam": ["tickets.close", "support_diagnostics.view"],
    }}});
    let claims = check(&P256.key_set(), &changed(&P256, &claim("workspaces", workspaces))).unwrap();
    let within = |tenant| {
        let allowed =
            claims.grants.within(&WorkspaceId::parse("acme").unwrap(), &TenantId::parse(tenant).unwrap()).unwrap();
        (allowed.allow(Capability::CreateSupportRequests), allowed.allow(Capability::ViewDiagnostics))
    };
    assert_eq!(within("contoso"), (false, false));
    assert_eq!(within("fabrikam"), (false, true));
}
