"""Files a request of both kinds with the generated Python client, and reads a problem."""

import os

from support_requests_client import AuthenticatedClient
from support_requests_client.api.support_requests import (
    create_operation_run_support_request,
    create_tenant_support_request,
)
from support_requests_client.models import Problem, Severity, SupportRequestInput, SupportRequestReceipt

client = AuthenticatedClient(base_url=os.environ["SERVICE"], token=os.environ["TOKEN"])

receipt = create_tenant_support_request.sync(
    "acme", "contoso", client=client, body=SupportRequestInput(summary="Filed by the Python client")
)
assert isinstance(receipt, SupportRequestReceipt), receipt
assert receipt.reference.startswith("SR-"), receipt
assert receipt.created_at.tzinfo is not None, receipt

body = SupportRequestInput(summary="Filed by the Python client", severity=Severity.HIGH, contact_name="Ada Fischer")
of_run = create_operation_run_support_request.sync("acme", "contoso", "run-1042", client=client, body=body)
assert isinstance(of_run, SupportRequestReceipt), of_run
assert (of_run.primary_context.type_, of_run.primary_context.id) == ("operation_run", "run-1042"), of_run
assert of_run.reference != receipt.reference, of_run

problem = create_tenant_support_request.sync("acme", "contoso", client=client, body=SupportRequestInput(summary=" "))
assert isinstance(problem, Problem), problem
assert (problem.status, problem.code) == (422, "invalid_fields"), problem
assert [fault.pointer for fault in problem.errors] == ["/summary"], problem
