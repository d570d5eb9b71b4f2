"""What the schema and the service may disagree on (specs/http.md), for Schemathesis: its two checks of that, and what the
contract exempts from them. Everything else that they find is a fault."""

import json
import os
import re
import unicodedata

import jsonschema
import schemathesis
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

with open(os.environ["DOCUMENT"], encoding="utf-8") as file:
    DOCUMENT = json.load(file)
INPUT = jsonschema.Draft202012Validator({**DOCUMENT, "$ref": "#/components/schemas/SupportRequestInput"})
CHOICES = {"severity", "include_diagnostics"}
# Letters and signs with an empty picture.
FILLERS = "\u115f\u1160\u3164\uffa0\u2800\U00016fe4\U0001d159"
ONE_LINE = {"summary", "contact_name"}
ESCAPE_SEQUENCE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]|\x9b[0-?]+[@-~]"
    r"|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*(?:\x1b\\|\x9c|\x07)"
    r"|\x1b[ -/]*[0-~]"
)


def as_counted(name, text):
    """A text without what is taken out or off before its characters are counted."""
    text = ESCAPE_SEQUENCE.sub("", text).strip()
    return re.sub("[\t\n\r\u2028\u2029]+", " ", text) if name in ONE_LINE else text


def without_what_is_forgiven(body):
    """The body without `null` and blank choices, and with its texts as they are counted."""
    texts = {name: as_counted(name, value) if isinstance(value, str) else value for name, value in body.items()}
    absent = {name for name, text in texts.items() if text is None or (name in CHOICES and text == "")}
    return {name: text for name, text in texts.items() if name == "summary" or name not in absent}


def is_seen(text):
    text = ESCAPE_SEQUENCE.sub("", text)
    return any(unicodedata.category(sign)[0] in "LNPS" and sign not in FILLERS for sign in text)


@schemathesis.check
def what_the_schema_refuses_the_service_refuses(ctx, response, case):
    body = case.body
    if isinstance(body, dict) and not INPUT.is_valid(body) and INPUT.is_valid(without_what_is_forgiven(body)):
        return None
    return negative_data_rejection(ctx, response, case)


@schemathesis.check
def what_the_schema_takes_the_service_takes(ctx, response, case):
    body = case.body
    if isinstance(body, dict) and isinstance(body.get("summary"), str) and not is_seen(body["summary"]):
        return None
    return positive_data_acceptance(ctx, response, case)
