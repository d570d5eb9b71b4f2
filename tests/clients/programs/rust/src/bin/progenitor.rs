//! progenitor's client, made of the 3.0 edition.

use programs::{Call, for_each_call, no_problem, problem, receipt};
use progenitor_client::Error;
use reqwest::header::{AUTHORIZATION, HeaderMap};

#[expect(unused_imports, reason = "generated, with a prelude")]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/progenitor.rs"));
}
use generated::{Client, types};

async fn send(call: Call) -> String {
    let headers = HeaderMap::from_iter([(AUTHORIZATION, format!("Bearer {}", call.token).parse().unwrap())]);
    let http = reqwest::Client::builder().default_headers(headers).build().unwrap();
    let client = Client::new_with_client(&call.base, http);
    let email: types::SupportRequestInputContactEmail = call.email.parse().unwrap();
    let summary: types::SupportRequestInputSummary = call.summary.parse().unwrap();
    let input: types::SupportRequestInput = types::SupportRequestInput::builder()
        .summary(summary)
        .contact_email(email)
        .severity(types::Severity::High)
        .try_into()
        .unwrap();
    let answer = match call.run.as_str() {
        "" => client.create_tenant_support_request().workspace("acme").tenant(call.tenant.as_str()).body(input).send().await,
        run => {
            let call = client.create_operation_run_support_request().workspace("acme").tenant(call.tenant.as_str());
            call.run(run).body(input).send().await
        }
    };
    match answer {
        Ok(answer) => {
            let told = answer.into_inner();
            receipt(&told.reference, &told.primary_context.type_, &told.primary_context.id, &told.attachment.reason)
        }
        Err(Error::ErrorResponse(answer)) => {
            let told = answer.into_inner();
            problem(told.status, &told.code, told.errors.into_iter().map(|fault| fault.pointer))
        }
        Err(error) => no_problem(error.status().map_or(0, |status| status.as_u16())),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for_each_call(send).await;
}
