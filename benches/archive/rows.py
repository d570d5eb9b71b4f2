"""Valid rows of both tables, made from specs/integrity.md alone: digests, commitments and chains that `verify` accepts.

Row number i is always the same row, whatever else is made, so that a day can be added later. One request a second from
START on; three writers, each with a chain a day, as the service's own writers begin a new one when a day begins.
"""
import datetime, hashlib, json, pathlib

STORAGE = pathlib.Path(__file__).resolve().parents[1] / "storage"
RECORD = ("reference created_at workspace_id tenant_id primary_context_type primary_context_id severity attachment_mode "
          "attachment_reason request_id summary reproduction_notes contact_name contact_email creator_subject creator_name "
          "context salt personal_digest record_digest").split()
AUDIT = ("chain sequence previous event occurred_at workspace_id tenant_id reference primary_context_type "
         "primary_context_id severity attachment_mode attachment_reason request_id record_digest trace_id details "
         "actor_subject actor_salt actor_digest digest").split()
SHARED = AUDIT[AUDIT.index("workspace_id"):AUDIT.index("trace_id")]
PERSONAL = RECORD[RECORD.index("summary"):RECORD.index("context")]
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
START = datetime.datetime(2026, 10, 1, tzinfo=datetime.timezone.utc)
START_MS = int(START.timestamp()) * 1000
DAY = 86_400
WRITERS, CREATORS = 3, 10_000
# Whoever is erased in run.py, and how many requests are theirs: spread over all that was there before the last day.
PERSON, PERSON_REQUESTS = "person-of-a-hundred-requests", 100

BUNDLE = json.loads((STORAGE / "bundle.json").read_text())
WHAT = ("Policy synchronisation fails", "The report stays empty", "The run stopped at step four", "Two policies are missing",
        "The connection is refused", "Assignments appear twice", "Die Anmeldung schlägt fehl", "L’export n’aboutit pas")
WHERE = ("since this morning", "for one tenant only", "after the update", "since consent was renewed", "every other time")
NOTES = "1. Open the run.\n2. Press “Retry”.\n3. Wait for step {step}.\nExpected: {n} policies. Seen: {m}.\n" \
        "It worked until {day}; nobody changed anything that we know of, and a colleague sees the same."
FIRST = "Ada Grace Linus Márta Søren Zoë Jürgen Aiko Priya Tomás".split()
LAST = "Fischer Hopper Novák Lindqvist Okafor Tanaka Müller Rossi Kowalska Silva".split()


def ulid(milliseconds, random):
    number = milliseconds << 80 | random
    return "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))


def canonical(value):
    """RFC 8785 for what occurs here: ASCII names, whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha(text, salt=""):
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def rfc3339(milliseconds):
    seconds = datetime.datetime.fromtimestamp(milliseconds // 1000, datetime.timezone.utc)
    return f"{seconds:%Y-%m-%dT%H:%M:%S}.{milliseconds % 1000:03}Z"


def moment(number):
    """The time of a row: one a second, not on the second."""
    return START_MS + number * 1000 + number * 7919 % 1000


def chain_of(day, writer):
    seed = hashlib.sha256(f"chain {day} {writer}".encode()).digest()
    return ulid(START_MS + day * DAY * 1000 + writer, int.from_bytes(seed[:10], "big"))


def person(number, of_a_hundred):
    if of_a_hundred:
        return PERSON, "Person Ofahundred", "person.ofahundred@mail.example"
    who = number * 7919 % CREATORS
    name = f"{FIRST[who % 10]} {LAST[who // 10 % 10]}"
    return f"u-{who:05}", name, f"user{who:05}@company{who % 250}.example"


def context_of(number, seed, head, kind, context_id):
    bundle = dict(BUNDLE, generated_at=head["created_at"], headline=f"{WHAT[number % 8]}: step {seed[3] % 5 + 1} of 5")
    attached = head["attachment_reason"] == "attached"
    references = {"workspace": {"id": head["workspace_id"], "name": head["workspace_id"].title()},
                  "tenant": {"id": head["tenant_id"], "name": f"Customer {number % 250}"}}
    if kind == "operation_run":
        references["operation_run"] = {"id": context_id, "type": "policy_sync", "status": "failed", "outcome": "error"}
    context = {"schema_version": 1, "primary_context": {"type": kind, "id": context_id}, "references": references,
               "attachment": {"mode": head["attachment_mode"], "reason": head["attachment_reason"]},
               "redaction": {"rule_set": "2026.11.5", "taken": [], "dropped_keys": 0}}
    return context | ({"diagnostics": bundle} if attached else {})


def record(number, of_a_hundred):
    """One row of support_requests, by column."""
    seed = hashlib.sha512(f"row {number}".encode()).digest()
    at = moment(number)
    tenant = f"tenant-{number % 250}"
    kind = "operation_run" if number % 5 == 0 else "tenant"
    context_id = f"run-{number}" if kind == "operation_run" else tenant
    reason = "attached" if number % 20 else ("no_diagnostics", "not_requested", "capability_missing")[number // 20 % 3]
    subject, name, address = person(number, of_a_hundred)
    has_contact = of_a_hundred or number % 3 > 0
    row = {
        "reference": "SR-" + ulid(at, int.from_bytes(seed[:10], "big")), "created_at": rfc3339(at),
        "workspace_id": f"workspace-{number % 250 % 10}", "tenant_id": tenant, "primary_context_type": kind,
        "primary_context_id": context_id, "severity": ("low", "normal", "high", "blocking")[seed[10] % 4],
        "attachment_mode": "diagnostic_snapshot_attached" if reason == "attached" else "canonical_context_only",
        "attachment_reason": reason, "request_id": ulid(at, int.from_bytes(seed[10:20], "big")),
        "summary": f"{WHAT[number % 8]} {WHERE[seed[11] % 5]}",
        "reproduction_notes": NOTES.format(step=seed[12] % 5 + 1, n=seed[13], m=seed[14], day=rfc3339(at)[:10])
        if number % 4 else None,
        "contact_name": name if has_contact else None, "contact_email": address if has_contact else None,
        "creator_subject": subject, "creator_name": name,
    }
    context = context_of(number, seed, row, kind, context_id)
    row["context"], row["salt"] = canonical(context), hashlib.sha256(seed).hexdigest()
    hidden = {name: context.pop(name) for name in ("diagnostics", "references") if name in context}
    committed = {name: row[name] for name in PERSONAL} | {"context": hidden}
    row["personal_digest"] = sha(canonical(committed), row["salt"])
    public = {name: row[name] for name in RECORD if name not in (*PERSONAL, "context", "salt", "record_digest")}
    row["record_digest"] = sha(canonical(public | {"context": context}))
    return row


def link(row, number, end):
    """The audit record of a row as the next link of a chain; `end` is its name, last number and last digest."""
    chain, sequence, previous = end
    event = {name: row[name] for name in SHARED}
    event |= {"chain": chain, "sequence": sequence + 1, "previous": previous, "event": "support_request.created",
              "occurred_at": row["created_at"], "details": None,
              "trace_id": hashlib.md5(row["request_id"].encode()).hexdigest() if number % 2 else None}
    salt = hashlib.sha256(row["salt"].encode()).hexdigest()
    event["actor_digest"] = sha(canonical({"actor_subject": row["creator_subject"]}), salt)
    digest = sha(canonical(event))
    event |= {"actor_subject": row["creator_subject"], "actor_salt": salt, "digest": digest}
    return event, (chain, sequence + 1, digest)


def is_of_a_hundred(number, rows):
    return number < rows and number % (rows // PERSON_REQUESTS) == 0 and number // (rows // PERSON_REQUESTS) < PERSON_REQUESTS


def pairs(first, end, rows, heads):
    """The pairs of rows `first` to `end`, all of one day; `heads` holds the ends of its chains and is brought up to date."""
    day = first // DAY
    for number in range(first, end):
        name = chain_of(day, number % WRITERS)
        row = record(number, is_of_a_hundred(number, rows))
        event, heads[name] = link(row, number, (name, *heads.get(name, (name, 0, "0" * 64))[1:]))
        yield row, event
