//! The keys: what `serve` would read or fetch.

use std::path::{Path, PathBuf};

use super::{deadline::Deadline, files, finding::Finding, settings::SETTING_IS_WRONG};
use crate::{
    auth::{self, Limits, Loaded, development::DevelopmentKey},
    causes::Causes,
    config::KeySource,
};

const CHECK: &str = "keys";

pub(super) async fn look(source: Option<&KeySource>, deadline: Deadline) -> Vec<Finding> {
    match source {
        None => vec![Finding::not_looked_at(CHECK, SETTING_IS_WRONG)],
        Some(KeySource::Development(file)) => vec![development(file.clone(), deadline).await],
        Some(KeySource::File(file)) => of_a_file(file.clone(), deadline).await,
        Some(KeySource::Remote { at, proxy }) => {
            let fetched = deadline.within(auth::fetch_once(at, proxy.as_ref(), &Limits::default())).await;
            match fetched {
                Err(late) => vec![late.finding(CHECK)],
                Ok(Ok((loaded, lifetime))) => {
                    let again = humantime::format_duration(lifetime);
                    usable(&loaded, &format!("fetched, {at}, and fetched again after {again}"))
                }
                Ok(Err(error)) => {
                    let advice = "look at what the address answers from this machine; until there are keys the service \
                        is not ready and answers 503";
                    vec![Finding::wrong(CHECK, format!("{at}: {}", Causes(&error)), advice)]
                }
            }
        }
    }
}

/// The key is made on the first start: none yet is no fault, and none is made here.
async fn development(file: PathBuf, deadline: Deadline) -> Finding {
    let looked = deadline.within_blocking(move || match file.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        _ => Some(DevelopmentKey::load(&file)),
    });
    let advice = "nothing in development; production needs SUPPORT_REQUESTS_JWKS";
    match looked.await {
        Err(late) => late.finding(CHECK),
        Ok(None) => Finding::note(CHECK, "a development key will be made on the first start", advice),
        Ok(Some(Ok(_))) => Finding::note(CHECK, "the development key can be used", advice),
        Ok(Some(Err(error))) => {
            Finding::wrong(CHECK, Causes(&error).to_string(), "as said; a new key makes the old tokens invalid")
        }
    }
}

async fn of_a_file(file: PathBuf, deadline: Deadline) -> Vec<Finding> {
    let read = file.clone();
    match deadline.within_blocking(move || (auth::load_key_file(&read), files::writable_by_others(&read))).await {
        Err(late) => vec![late.finding(CHECK)],
        Ok((Ok(loaded), open)) => {
            let mut findings = usable(&loaded, &format!("of the file {}", file.display()));
            findings.extend(open.map(|mode| open_to_others(&file, mode)));
            findings
        }
        Ok((Err(error), _)) => {
            let advice =
                "put the platform's public keys there as a JWK Set (RFC 7517): what the issuer's jwks_uri leads to";
            vec![Finding::wrong(CHECK, Causes(&error).to_string(), advice)]
        }
    }
}

fn usable(Loaded { keys, set_aside }: &Loaded, place: &str) -> Vec<Finding> {
    let mut findings = vec![Finding::ok(CHECK, format!("{} key(s) can be used, {place}", keys.size()))];
    let advice = "correct it at the issuer, or leave it: tokens that it signed are refused";
    findings.extend(set_aside.iter().map(|key| Finding::warning(CHECK, key.to_string(), advice)));
    findings
}

fn open_to_others(file: &Path, mode: u32) -> Finding {
    let what = format!(
        "everybody may write {} (mode {mode:04o}): whoever changes the keys decides who may do what",
        file.display()
    );
    Finding::warning(CHECK, what, format!("chmod o-w {}", file.display()))
}
