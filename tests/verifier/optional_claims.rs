//! Claims that a token need not have: `null` is the same as none, and a name for display decides nothing.

use serde_json::{Value, json};
use support_requests::auth::{Claim, Claims, TokenFault};
use support_requests::domain::ids::{TenantId, WorkspaceId};

use crate::harness::{Change, NOW_SECONDS, P256, assert_refused, changed, check, good_claims};

fn claims(change: &Change) -> Claims {
    check(&P256.key_set(), &changed(&P256, change)).unwrap()
}

fn name_of(name: Value) -> Option<String> {
    claims(&Change::Claim("name", name)).creator.name
}

#[test]
fn null_for_an_optional_claim_is_the_same_as_none() {
    for name in ["nbf", "iat", "name", "workspaces"] {
        assert_ne!(good_claims()[name], Value::Null, "{name} would change nothing");
        assert_eq!(claims(&Change::Claim(name, Value::Null)), claims(&Change::NoClaim(name)), "{name}");
    }
}

#[test]
fn null_for_a_required_claim_is_no_claim_of_its_type() {
    for (name, claim) in
        [("iss", Claim::Issuer), ("aud", Claim::Audience), ("sub", Claim::Subject), ("exp", Claim::Expiry)]
    {
        assert_refused(vec![(name, Change::Claim(name, Value::Null), TokenFault::MalformedClaim(claim))]);
    }
}

#[test]
fn null_takes_no_check_away_from_another_claim() {
    let with = |nbf: Value, iat: Value| {
        let mut claims = good_claims();
        (claims["nbf"], claims["iat"]) = (nbf, iat);
        let header = Value::Object(crate::harness::good_header(&P256)).to_string();
        check(&P256.key_set(), &P256.sign(&header, &claims.to_string()))
    };
    let future = json!(NOW_SECONDS + 31);
    assert_eq!(with(Value::Null, Value::Null).err(), None);
    assert_eq!(with(future.clone(), Value::Null).err(), Some(TokenFault::NotYetValid));
    assert_eq!(with(Value::Null, future).err(), Some(TokenFault::IssuedInTheFuture));
}

#[test]
fn without_the_workspaces_claim_there_are_no_grants() {
    let (acme, contoso) = (WorkspaceId::parse("acme").unwrap(), TenantId::parse("contoso").unwrap());
    let of = |change: &Change| claims(change).grants.within(&acme, &contoso);
    assert!(of(&Change::Claim("workspaces", good_claims()["workspaces"].clone())).is_some());
    for change in [Change::NoClaim("workspaces"), Change::Claim("workspaces", Value::Null)] {
        assert!(of(&change).is_none());
    }
}

#[test]
fn a_name_that_is_no_text_is_absent() {
    for name in [json!(null), json!(["Ada"]), json!({"first": "Ada"}), json!(7), json!(true), json!([]), json!({})] {
        assert_eq!(name_of(name.clone()), None, "{name}");
    }
    assert_eq!(name_of(json!("Ada")).as_deref(), Some("Ada"));
}

#[test]
fn a_name_is_tidied_and_never_refused_for_its_characters() {
    for (name, tidy) in [
        ("  Ada\tLovelace\n", "Ada Lovelace"),
        ("a\u{1b}[31mb\u{0}", "ab\u{fffd}"),
        ("Zoë Übergröße", "Zoë Übergröße"),
        ("\u{200b}Ada\u{200d}", "\u{200b}Ada\u{200d}"),
        ("👩\u{200d}🔬", "👩\u{200d}🔬"),
    ] {
        assert_eq!(name_of(json!(name)).as_deref(), Some(tidy), "{name:?}");
    }
    assert_eq!(name_of(json!("é".repeat(300))).map(|name| name.chars().count()), Some(200));
    assert_eq!(name_of(json!(format!("{} b", "a".repeat(199)))).map(|name| name.chars().count()), Some(199));
}

#[test]
fn a_name_in_which_nothing_can_be_seen_is_absent() {
    for unseen in [
        "",
        " \n\u{85} ",
        "\u{a0}\u{3000}\u{2028}",
        "\u{200b}",
        "\u{3164}",
        "\u{115f}\u{1160}\u{ffa0}",
        "\u{2800}",
        "\u{ad}",
        "\u{2060}\u{feff}",
        "\u{fe0f}",
        "\u{e0041}\u{e007f}",
        "\u{202e} \u{2066}",
        "\u{fff9}\u{fffb}",
        "\u{180e}\u{34f}",
        "\u{1b}[31m\u{1b}[0m",
    ] {
        assert_eq!(name_of(json!(unseen)), None, "{unseen:?}");
        assert!(name_of(json!(format!("{unseen}a"))).is_some(), "{unseen:?}, and a letter");
    }
}
