"""The platform's side of `https://BASE` in FastAPI: uvicorn fastapi_app:app"""

from datetime import datetime, timezone
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPBearer

app = FastAPI()
TENANTS = {("acme", "contoso"): {"name": "Contoso", "runs": {"run-1042": "failed"}}}  # your tables


def caller(token: Annotated[object, Depends(HTTPBearer())]):
    """Your own check of the token, the one that the platform's other routes have."""
    return token


@app.get("/workspaces/{workspace}/tenants/{tenant}/support-diagnostics", dependencies=[Depends(caller)])
@app.get("/workspaces/{workspace}/tenants/{tenant}/operation-runs/{run}/support-diagnostics",
         dependencies=[Depends(caller)])
def support_diagnostics(workspace: str, tenant: str, run: str | None = None, include: str = "references"):
    found = TENANTS.get((workspace, tenant))  # and: may the caller see it?
    if found is None or (run is not None and run not in found["runs"]):
        raise HTTPException(404)
    references = {"workspace": {"id": workspace}, "tenant": {"id": tenant, "name": found["name"]}}
    if run is not None:
        references["operation_run"] = {"id": run, "outcome": found["runs"][run]}
    if "bundle" not in include.split(","):
        return {"references": references}
    now = datetime.now(timezone.utc).isoformat()
    bundle = {"schema_version": 1, "generated_at": now, "headline": "The last synchronisation failed",
              "omissions": [{"key": "devices", "reason": "the connection may not read them"}]}
    return {"references": references, "bundle": bundle}
