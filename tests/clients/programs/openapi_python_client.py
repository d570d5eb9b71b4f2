"""openapi-python-client."""

import calls
from support_requests_client import AuthenticatedClient, errors
from support_requests_client.api.support_requests import (
    create_operation_run_support_request,
    create_tenant_support_request,
)
from support_requests_client.models import Problem, Severity, SupportRequestInput, SupportRequestReceipt


def send(call):
    # Otherwise an answer that the document does not name is None, and so is its status.
    client = AuthenticatedClient(base_url=call.base, token=call.token, raise_on_unexpected_status=True)
    body = SupportRequestInput(summary=call.summary, contact_email=call.email, severity=Severity.HIGH)
    try:
        if call.run:
            answer = create_operation_run_support_request.sync("acme", call.tenant, call.run, client=client, body=body)
        else:
            answer = create_tenant_support_request.sync("acme", call.tenant, client=client, body=body)
    except errors.UnexpectedStatus as error:
        return calls.no_problem(error.status_code)
    if isinstance(answer, SupportRequestReceipt):
        assert answer.created_at.tzinfo is not None, answer
        context, attachment = answer.primary_context, answer.attachment
        return calls.receipt(answer.reference, context.type_, context.id, attachment.reason)
    assert isinstance(answer, Problem), answer
    return calls.problem(answer.status, answer.code, [fault.pointer for fault in answer.errors])


calls.for_each(send)
