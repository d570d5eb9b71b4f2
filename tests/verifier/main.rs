//! The verifier at its seam: key set, expectations, time and token in; claims out. No HTTP, no waiting.
//!
//! Every refusal here has its positive control: the same token, or the same key set, without the one change is taken.

mod claims;
mod fetch_faults;
mod fetching;
mod development;
mod documented;
mod form;
mod grants_claim;
mod harness;
#[expect(dead_code, reason = "shared with other test binaries, which use the rest")]
#[path = "../support/issuer.rs"]
mod issuer;
mod issuers;
mod key_choice;
mod key_sets;
mod logged;
mod optional_claims;
mod watch;
#[path = "../support/skipped.rs"]
mod skipped;
mod wycheproof;
