"""A second verifier, written from specs/integrity.md alone: rows as JSON lines on standard input, a verdict on standard output."""
import hashlib, json, sys

PERSONAL = ("summary", "reproduction_notes", "contact_name", "contact_email", "creator_subject", "creator_name")
PERSONAL_CONTEXT = ("diagnostics", "references")
rows = [json.loads(line) for line in sys.stdin]


def sha(members, salt=""):
    # RFC 8785 for what occurs here: sorted members, no spaces, no fractions.
    text = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(bytes.fromhex(salt) + text.encode()).hexdigest()


def moment(text):  # as PostgreSQL prints it, or as it was written
    text = text.replace(" ", "T").removesuffix("Z").removesuffix("+00")
    seconds, _, fraction = text.partition(".")
    return f"{seconds}.{fraction:0<3}Z"


def take(members, names):
    return {name: members.pop(name) for name in names if name in members}


records, links = {}, []
for row in rows:
    table = row.pop("table")
    for name in ("created_at", "occurred_at"):
        if name in row:
            row[name] = moment(row[name])
    if table == "support_requests":
        digest, salt, context = row.pop("record_digest"), row.pop("salt"), json.loads(row.pop("context"))
        subject = row["creator_subject"]
        personal = take(row, PERSONAL) | {"context": take(context, PERSONAL_CONTEXT)}
        row["context"] = context
        if salt is None:
            assert not any(personal.values()), f"{row['reference']}: erased, but not whole"
        else:
            assert sha(personal, salt) == row["personal_digest"], f"{row['reference']}: changed"
        assert sha(row) == digest, f"{row['reference']}: changed"
        records[row["reference"]] = {"digest": digest, "subject": subject, "erased": salt is None}
    else:
        row["sequence"] = int(row["sequence"])
        row["details"] = row["details"] and json.loads(row["details"])
        links.append(row)

end, created, erased = (None, 0, "0" * 64), {}, {}
for row in sorted(links, key=lambda row: (row["chain"], row["sequence"])):
    digest, salt, actor = row.pop("digest"), row.pop("actor_salt"), take(row, ("actor_subject",))
    chain, sequence, previous = end if end[0] == row["chain"] else (row["chain"], 0, "0" * 64)
    name = row["reference"] or f"chain {row['chain']}"
    assert (row["sequence"], row["previous"]) == (sequence + 1, previous), f"{name}: does not hang on the link before it"
    assert salt is None or sha(actor, salt) == row["actor_digest"], f"{name}: audit record changed"
    assert sha(row) == digest, f"{name}: audit record changed"
    end = (row["chain"], row["sequence"], digest)
    if row["event"].startswith("support_request."):
        seen = created if row["event"] == "support_request.created" else erased
        assert row["reference"] not in seen, f"{name}: twice"
        seen[row["reference"]] = row["record_digest"]
        record = records.get(row["reference"])
        assert record and record["digest"] == row["record_digest"], f"{name}: not the request that was audited"
        if seen is created:
            assert record["subject"] == actor["actor_subject"], f"{name}: another creator"
assert created.keys() == records.keys(), f"{min(records.keys() - created.keys())}: no audit record"
assert erased.keys() == {name for name, record in records.items() if record["erased"]}, "erased without a record, or the other way round"
print(f"All {len(records)} hold.")
