"""The check of compatibility, held to changes made up on purpose: those that break a client, and those that do not."""

import copy
import json
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import comparison
import compatibility

DOCUMENT = json.loads(compatibility.CURRENT.read_text(encoding="utf-8"))
TENANT, RUN = [path for path in DOCUMENT["paths"] if path.startswith("/workspaces")]


def operation(document, path=TENANT):
    return document["paths"][path]["post"]


def schema(document, name):
    return document["components"]["schemas"][name]


def sent(document):
    return schema(document, "SupportRequestInput")


def answered(document):
    return schema(document, "SupportRequestReceipt")


def rename_schema(document):
    text = json.dumps(document).replace("SupportRequestReceipt", "Receipt")
    document.clear()
    document.update(json.loads(text))


def without(members, name):
    del members[name]


# What is done to the document, and what must be said of it.
BREAKING = [
    ("an operation is removed", lambda d: without(d["paths"], RUN), "is gone"),
    ("an operation is renamed", lambda d: operation(d).update(operationId="fileRequest"), "operationId is renamed"),
    ("an operation gets another tag", lambda d: operation(d).update(tags=["Requests"]), "tags are changed"),
    ("a schema is renamed", rename_schema, "schema SupportRequestReceipt: is gone"),
    ("a status is removed", lambda d: without(operation(d)["responses"], "429"), "status 429 is gone"),
    (
        "success has another status",
        lambda d: operation(d)["responses"].update({"202": {"description": "x"}}),
        "new status, 202",
    ),
    (
        "a header is removed",
        lambda d: without(operation(d)["responses"]["201"]["headers"], "X-Request-Id"),
        "header X-Request-Id is gone",
    ),
    (
        "a problem has another media type",
        lambda d: d["components"]["responses"]["NotFound"].update(
            content={"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        ),
        "application/problem+json is gone",
    ),
    ("a path parameter is removed", lambda d: operation(d)["parameters"].pop(0), "parameter workspace: is gone"),
    ("parameters change places", lambda d: operation(d)["parameters"].reverse(), "order of the parameters"),
    (
        "an id may be shorter only",
        lambda d: operation(d)["parameters"][0]["schema"].update(maxLength=32),
        "maxLength is narrower: 64 before, 32 now",
    ),
    (
        "an id has another pattern",
        lambda d: operation(d)["parameters"][0]["schema"].update(pattern="^[a-z]+$"),
        "pattern is changed",
    ),
    (
        "a header is required",
        lambda d: operation(d)["parameters"][-1].update(required=True),
        "X-Request-Id: has become required",
    ),
    (
        "a new parameter is required",
        lambda d: operation(d)["parameters"].append(
            {"name": "region", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        "is new and required",
    ),
    (
        "nobody may call without a scope",
        lambda d: operation(d).update(security=[{"bearer": ["create"]}]),
        "who may call",
    ),
    (
        "the token goes elsewhere",
        lambda d: d["components"]["securitySchemes"]["bearer"].update(scheme="basic"),
        "security scheme bearer",
    ),
    (
        "a field is removed from the request",
        lambda d: without(sent(d)["properties"], "contact_name"),
        "/contact_name: is gone: it is refused",
    ),
    (
        "a new field is required",
        lambda d: (sent(d)["properties"].update(category={"type": "string"}), sent(d)["required"].append("category")),
        "/category: is required now",
    ),
    ("an optional field is required", lambda d: sent(d)["required"].append("severity"), "/severity: is required now"),
    (
        "a value is removed from the request",
        lambda d: schema(d, "Severity")["enum"].remove("blocking"),
        'value "blocking" is not taken',
    ),
    (
        "a text of the request becomes a list of values",
        lambda d: sent(d)["properties"]["contact_name"].update(enum=["Ada"]),
        "takes listed values only",
    ),
    (
        "a text of the request is bounded more",
        lambda d: sent(d)["properties"]["summary"].update(maxLength=100),
        "maxLength is narrower: 200 before, 100 now",
    ),
    (
        "a text of the request needs more",
        lambda d: sent(d)["properties"]["summary"].update(minLength=10),
        "minLength is narrower",
    ),
    (
        "a text of the request is bounded at last",
        lambda d: sent(d)["properties"]["contact_name"].update(pattern="^[A-Z]"),
        "pattern is changed",
    ),
    (
        "a field of the request has another type",
        lambda d: sent(d)["properties"]["include_diagnostics"].update(type="string"),
        "type boolean is not taken",
    ),
    (
        "a field is removed from the answer",
        lambda d: without(answered(d)["properties"], "record_digest"),
        "/record_digest: is gone",
    ),
    (
        "a field of the answer may be absent",
        lambda d: answered(d)["required"].remove("redactions"),
        "/redactions: may be absent now",
    ),
    (
        "a field of the answer may be null",
        lambda d: answered(d)["properties"]["record_digest"].update(type=["string", "null"]),
        "may be null",
    ),
    (
        "a field of the answer has another type",
        lambda d: schema(d, "Redaction")["properties"]["count"].update(type="string"),
        "may be string",
    ),
    (
        "a text of the answer is longer",
        lambda d: answered(d)["properties"]["reference"].update(maxLength=40),
        "maxLength is wider: 29 before, 40 now",
    ),
    (
        "a text of the answer looks otherwise",
        lambda d: answered(d)["properties"]["reference"].update(pattern="^REQ-"),
        "pattern is changed",
    ),
    (
        "a time of the answer is written otherwise",
        lambda d: answered(d)["properties"]["created_at"].update(format="date"),
        "format is changed",
    ),
    (
        "a problem lacks its code",
        lambda d: (
            without(schema(d, "Problem")["properties"], "code"),
            schema(d, "Problem")["required"].remove("code"),
        ),
        "/code: is gone",
    ),
    (
        "a keyword comes that nobody looked at",
        lambda d: sent(d).update(minProperties=2, dependentRequired={"contact_name": ["contact_email"]}),
        "does not know what that means",
    ),
]
HARMLESS = [
    ("nothing", lambda d: None),
    (
        "texts and examples",
        lambda d: (
            d["info"].update(description="x", version="9.9.9"),
            operation(d).update(summary="x", description="y"),
            sent(d)["properties"]["summary"].update(description="x", example="y"),
        ),
    ),
    ("a new operation", lambda d: d["paths"].update({"/new": {"get": {"operationId": "new", "responses": {}}}})),
    ("a new status of a failure", lambda d: operation(d)["responses"].update({"451": {"description": "x"}})),
    (
        "a new header",
        lambda d: operation(d)["responses"]["201"]["headers"].update({"Server-Timing": {"schema": {"type": "string"}}}),
    ),
    (
        "an optional parameter",
        lambda d: operation(d)["parameters"].append({"name": "x", "in": "header", "schema": {"type": "string"}}),
    ),
    ("an optional field of the request", lambda d: sent(d)["properties"].update(category={"type": "string"})),
    ("a value more in the request", lambda d: schema(d, "Severity")["enum"].append("critical")),
    ("a longer text in the request", lambda d: sent(d)["properties"]["summary"].update(maxLength=500)),
    ("a pattern less in the request", lambda d: without(sent(d)["properties"]["contact_email"], "pattern")),
    ("a field more in the answer", lambda d: answered(d)["properties"].update(category={"type": "string"})),
    ("a shorter list in the answer", lambda d: schema(d, "Problem")["properties"]["errors"].update(maxItems=10)),
    ("a servers entry", lambda d: d.update(servers=[{"url": "https://platform.example"}])),
    (
        "a schema moved into the place where it is used",
        lambda d: sent(d)["properties"].update(severity=copy.deepcopy(schema(d, "Severity"))),
    ),
]


def changed(change):
    document = copy.deepcopy(DOCUMENT)
    change(document)
    return document


class Compatibility(unittest.TestCase):
    def test_each_change_that_breaks_a_client_is_named(self):
        for name, change, said in BREAKING:
            with self.subTest(name):
                broken = compatibility.breaking(DOCUMENT, changed(change))
                self.assertTrue(any(said in line for line in broken), broken)

    def test_what_breaks_nobody_passes(self):
        for name, change in HARMLESS:
            with self.subTest(name):
                self.assertEqual(compatibility.breaking(DOCUMENT, changed(change)), [])

    def test_a_version_may_break_only_where_its_number_says_so(self):
        for old, new, may in [
            ("0.2.0", "0.2.0", False),
            ("0.2.0", "0.2.1", False),
            ("0.2.9", "0.10.0", True),
            ("0.2.0", "1.0.0", True),
            ("1.2.0", "1.3.0", False),
            ("1.2.0", "2.0.0", True),
            ("0.3.0", "0.2.1", False),
        ]:
            self.assertEqual(compatibility.may_break(old, new), may, f"{old} {new}")

    def test_there_is_a_kept_document_of_this_version(self):
        versions = [version for version, _ in compatibility.kept(compatibility.RELEASED)]
        self.assertIn(DOCUMENT["info"]["version"], versions, "run deploy/release document, and commit it")

    def test_the_document_is_compared_with_the_kept_one_of_its_version_and_the_one_before(self):
        broken = changed(BREAKING[0][1])

        def of_version(document, version):
            return {**document, "info": {**document["info"], "version": version}}

        for kept, current, status, said in [
            ({}, DOCUMENT, 2, "no document is kept"),
            ({"next": {}, "1.0": {}}, DOCUMENT, 2, "no document is kept"),
            ({"0.2.0": DOCUMENT}, of_version(DOCUMENT, "0.2.0"), 0, "0 breaking changes since the kept 0.2.0"),
            ({"0.2.0": DOCUMENT}, of_version(broken, "0.2.0"), 1, "breaks clients: POST"),
            ({"0.2.0": DOCUMENT}, of_version(broken, "0.2.1"), 1, "1 breaking changes since 0.2.0"),
            ({"0.2.0": DOCUMENT}, of_version(broken, "0.3.0"), 0, "may break clients: POST"),
            ({"0.2.0": DOCUMENT, "0.3.0": broken}, of_version(broken, "0.3.0"), 0, "since 0.2.0"),
            ({"0.9.0": {}, "0.10.0": DOCUMENT}, of_version(broken, "0.10.1"), 1, "since 0.10.0"),
            ({"0.3.0": {}, "0.2.0": DOCUMENT}, of_version(DOCUMENT, "0.2.1"), 0, "since 0.2.0"),
        ]:
            with self.subTest(kept=list(kept), said=said), tempfile.TemporaryDirectory() as folder:
                outcome = self.in_a_copy(Path(folder), kept, current)
                self.assertEqual(outcome.returncode, status, outcome.stdout)
                self.assertIn(said, outcome.stdout)

    def test_the_check_says_whether_the_kept_document_is_released(self):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            version = DOCUMENT["info"]["version"]
            self.assertIn("not released (no tag)", self.in_a_copy(home, {version: DOCUMENT}, DOCUMENT).stdout)
            identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
            for command in [["init"], [*identity, "commit", "--allow-empty", "-m", "x"], ["tag", f"v{version}"]]:
                subprocess.run(["git", "-C", folder, *command], check=True, capture_output=True)
            said = self.in_a_copy(home, {version: DOCUMENT}, DOCUMENT).stdout
            self.assertIn(f"the kept {version}, which is released", said)

    def in_a_copy(self, home, kept, current):
        """The command in a copy of the project that keeps these documents and has this one."""
        released, script = home / "openapi/released", home / "tests/clients/compatibility.py"
        for folder in [released, script.parent]:
            folder.mkdir(parents=True, exist_ok=True)
        for module in [compatibility, comparison]:
            shutil.copy(module.__file__, script.parent)
        for version, document in kept.items():
            (released / f"{version}.json").write_text(json.dumps(document), encoding="utf-8")
        (home / "openapi/support-requests.json").write_text(json.dumps(current), encoding="utf-8")
        command = [sys.executable, "-B", script]
        return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def test_the_command_tells_by_its_exit_status_and_says_what_breaks(self):
        with tempfile.TemporaryDirectory() as folder:
            new = Path(folder) / "new.json"

            def run(text):
                new.write_text(text, encoding="utf-8")
                command = [sys.executable, "-B", compatibility.__file__, compatibility.CURRENT, new]
                return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)

            self.assertEqual(run(json.dumps(DOCUMENT)).returncode, 0)
            broken = run(json.dumps(changed(BREAKING[0][1])))
            self.assertEqual(broken.returncode, 1)
            self.assertIn(f"breaks clients: POST {RUN}: is gone\n1 breaking changes", broken.stdout)
            self.assertEqual(run("{").returncode, 2)


if __name__ == "__main__":
    unittest.main()
