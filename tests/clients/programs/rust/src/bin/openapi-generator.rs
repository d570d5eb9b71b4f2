//! openapi-generator's Rust client.

use openapi::{
    apis::{
        Error,
        configuration::Configuration,
        support_requests_api::{create_operation_run_support_request, create_tenant_support_request},
    },
    models::{Problem, Severity, SupportRequestInput, SupportRequestReceipt},
};
use programs::{Call, for_each_call, no_problem, problem, receipt};

/// The variants of the generated error type all look alike, so each answer becomes the first: the status is what counts,
/// and the problem is read from the text.
fn told<E>(answer: Result<SupportRequestReceipt, Error<E>>) -> String {
    match answer {
        Ok(SupportRequestReceipt { reference, primary_context, attachment, .. }) => {
            receipt(&reference, &primary_context.r#type, &primary_context.id, &attachment.reason)
        }
        Err(Error::ResponseError(answer)) => match serde_json::from_str::<Problem>(&answer.content) {
            Ok(read) => problem(read.status, &read.code, read.errors.into_iter().map(|fault| fault.pointer)),
            Err(_) => no_problem(answer.status.as_u16()),
        },
        Err(error) => panic!("{error}"),
    }
}

async fn send(call: Call) -> String {
    let configuration = Configuration {
        base_path: call.base,
        bearer_access_token: Some(call.token),
        ..Configuration::default()
    };
    let input = SupportRequestInput {
        contact_email: Some(call.email),
        severity: Some(Severity::High),
        ..SupportRequestInput::new(call.summary)
    };
    match call.run.as_str() {
        "" => told(create_tenant_support_request(&configuration, "acme", &call.tenant, input, None).await),
        run => told(create_operation_run_support_request(&configuration, "acme", &call.tenant, run, input, None).await),
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    for_each_call(send).await;
}
