//! The grants, where the setting says that they stand.

use serde_json::{Value, json};
use support_requests::{
    auth::{Claim, Expectations, GrantsClaim, NotAClaim, TokenFault, verify},
    domain::{
        grants::Capability,
        ids::{TenantId, WorkspaceId},
    },
};

use crate::harness::{NOW, P256, expectations, good_claims, good_header};

fn grants() -> Value {
    json!({"acme": {"tenants": {"contoso": ["support_requests.create"]}}})
}

/// Whether a token with these claims may create, where the grants stand at `place`.
fn may_create(place: &str, claims: &Value) -> Result<bool, TokenFault> {
    let expected = Expectations { grants: GrantsClaim::parse(place).unwrap(), ..expectations() };
    let token = P256.sign(&Value::Object(good_header(&P256)).to_string(), &claims.to_string());
    let claims = verify(&P256.key_set(), &expected, NOW, &token)?;
    let (acme, contoso) = (WorkspaceId::parse("acme").unwrap(), TenantId::parse("contoso").unwrap());
    let capabilities = claims.grants.within(&acme, &contoso);
    Ok(capabilities.is_some_and(|capabilities| capabilities.allow(Capability::CreateSupportRequests)))
}

/// The good claims, with their grants taken out and `value` under `name`.
fn claims_with(name: &str, value: Value) -> Value {
    let mut claims = good_claims();
    claims.as_object_mut().unwrap().remove("workspaces");
    claims[name] = value;
    claims
}

#[test]
fn a_claim_is_found_by_its_name_or_by_a_pointer() {
    for (place, claim, value) in [
        ("workspaces", "workspaces", grants()),
        ("/workspaces", "workspaces", grants()),
        ("https://platform.example/claims/workspaces", "https://platform.example/claims/workspaces", grants()),
        (
            "/https:~1~1platform.example~1grants/workspaces",
            "https://platform.example/grants",
            json!({"workspaces": grants()}),
        ),
        ("/ext/support", "ext", json!({"support": grants(), "other": 7})),
        ("/a~0b~1c/0/1", "a~b/c", json!([[null, grants()]])),
        ("/~01", "~1", grants()),
        ("a~b", "a~b", grants()),
    ] {
        assert_eq!(may_create(place, &claims_with(claim, value)), Ok(true), "{place}");
        assert_eq!(may_create(place, &claims_with("elsewhere", grants())), Ok(false), "{place}: without it");
    }
    assert_eq!(may_create("/ext/support", &good_claims()), Ok(false), "workspaces is not looked at any more");
}

#[test]
fn a_way_that_ends_early_is_no_grant_and_one_that_cannot_be_gone_is_an_invalid_token() {
    let fault = Err(TokenFault::MalformedClaim(Claim::Grants));
    for (value, expected) in [
        (json!({"support": grants()}), Ok(true)),
        (json!({"support": null}), Ok(false)),
        (json!({}), Ok(false)),
        (json!(null), Ok(false)),
        (json!([]), Ok(false)),
        (json!("a text"), fault),
        (json!(7), fault),
        (json!(false), fault),
        (json!({"support": "a text"}), fault),
        (json!({"support": [grants()]}), fault),
        (json!({"support": grants().to_string()}), fault),
        (json!({"support": {"acme": []}}), fault),
    ] {
        assert_eq!(may_create("/ext/support", &claims_with("ext", value.clone())), expected, "{value}");
    }
    for part in ["/list/00", "/list/-", "/list/1", "/list/9999999999999999999999", "/list/+0"] {
        assert_eq!(may_create(part, &claims_with("list", json!([grants()]))), Ok(false), "{part}");
    }
    assert_eq!(may_create("/list/0", &claims_with("list", json!([grants()]))), Ok(true));
}

#[test]
fn two_members_of_one_name_are_refused_wherever_the_grants_stand() {
    let expected = Expectations { grants: GrantsClaim::parse("/ext/support").unwrap(), ..expectations() };
    let claims = claims_with("ext", json!({"support": grants()})).to_string();
    let header = Value::Object(good_header(&P256)).to_string();
    let check = |claims: &str| verify(&P256.key_set(), &expected, NOW, &P256.sign(&header, claims)).err();
    assert_eq!(check(&claims), None);
    let twin = claims.replace("\"support\":", "\"support\":{},\"support\":");
    assert_ne!(twin, claims);
    assert_eq!(check(&twin), Some(TokenFault::DuplicateMember));
}

#[test]
fn a_place_that_cannot_be_one_is_refused_with_the_reason() {
    for (place, why) in [
        ("", NotAClaim::Empty),
        ("/", NotAClaim::EmptyPart),
        ("//a", NotAClaim::EmptyPart),
        ("/ext/", NotAClaim::EmptyPart),
        ("/a~", NotAClaim::Escape),
        ("/a~2", NotAClaim::Escape),
        ("sub", NotAClaim::Taken),
        ("/name", NotAClaim::Taken),
        ("/aud/0", NotAClaim::Taken),
    ] {
        assert_eq!(GrantsClaim::parse(place), Err(why), "{place}");
    }
}
