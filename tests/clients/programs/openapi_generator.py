"""openapi-generator's Python client."""

import calls
import openapi_client
from openapi_client.models import Problem, Severity, SupportRequestInput


def send(call):
    configuration = openapi_client.Configuration(host=call.base, access_token=call.token)
    body = SupportRequestInput(summary=call.summary, contact_email=call.email, severity=Severity.HIGH)
    with openapi_client.ApiClient(configuration) as client:
        api = openapi_client.SupportRequestsApi(client)
        try:
            if call.run:
                answer = api.create_operation_run_support_request("acme", call.tenant, call.run, body)
            else:
                answer = api.create_tenant_support_request("acme", call.tenant, body)
        except openapi_client.ApiException as error:
            if not isinstance(error.data, Problem):
                return calls.no_problem(error.status)
            problem = error.data
            return calls.problem(problem.status, problem.code, [fault.pointer for fault in problem.errors])
        return calls.receipt(
            answer.reference, answer.primary_context.type, answer.primary_context.id, answer.attachment.reason
        )


calls.for_each(send)
