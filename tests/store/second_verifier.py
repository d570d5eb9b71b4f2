"""A second verifier, written from specs/integrity.md alone: rows as JSON lines on standard input, a verdict on standard output.
Lines with a `head` are links that were there before."""
import hashlib, json, sys

PERSONAL = ("summary", "reproduction_notes", "contact_name", "contact_email", "creator_subject", "creator_name")
PERSONAL_CONTEXT = ("diagnostics", "references")
SHARED = ("reference", "workspace_id", "tenant_id", "primary_context_type", "primary_context_id", "severity",
          "attachment_mode", "attachment_reason", "request_id", "record_digest")
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


requests, links, heads = {}, [], []
for row in rows:
    if "head" in row:
        heads.append(row["head"])
        continue
    table = row.pop("table")
    for name in ("created_at", "occurred_at"):
        if name in row:
            row[name] = moment(row[name])
    if table == "audit_events":
        row["sequence"] = int(row["sequence"])
        row["details"] = row["details"] and json.loads(row["details"])
        links.append(row)
        continue
    shared = [row[name] for name in SHARED]
    digest, salt, context = row.pop("record_digest"), row.pop("salt"), json.loads(row.pop("context"))
    said = (*shared, row["created_at"], row["creator_subject"])
    personal = take(row, PERSONAL) | {"context": take(context, PERSONAL_CONTEXT)}
    row["context"] = context
    if salt is None:
        assert not any(personal.values()), f"{row['reference']}: erased in part"
    else:
        assert sha(personal, salt) == row["personal_digest"], f"{row['reference']}: changed"
    assert sha(row) == digest, f"{row['reference']}: changed"
    assert row["reference"] not in requests, f"{row['reference']}: twice"
    requests[row["reference"]] = {"shared": shared, "said": said, "erased": salt is None}

ends, digests, created, erased, cuts, gone = {}, {}, {}, {}, [], ("", "")
for row in sorted(links, key=lambda row: (row["chain"], row["sequence"])):
    digest, salt, actor = row.pop("digest"), row.pop("actor_salt"), take(row, ("actor_subject",))
    chain, name = row["chain"], row["reference"] or f"chain {row['chain']}, link {row['sequence']}"
    sequence, previous = ends.get(chain, (0, "0" * 64))
    assert (row["sequence"], row["previous"]) == (sequence + 1, previous), f"{name}: does not hang on the link before it"
    assert salt is None or sha(actor, salt) == row["actor_digest"], f"{name}: audit record changed"
    assert sha(row) == digest, f"{name}: audit record changed"
    ends[chain], digests[chain, row["sequence"]] = (row["sequence"], digest), digest
    if row["event"].startswith("support_request."):
        seen = created if row["event"] == "support_request.created" else erased
        assert row["reference"] not in seen, f"{name}: twice"
        shared = [row[name] for name in SHARED]
        seen[row["reference"]] = (*shared, row["occurred_at"], actor["actor_subject"]) if seen is created else shared
    elif row["event"] == "archive.partition_dropped":
        gone = tuple(max(pair) for pair in zip(gone, (row["details"]["references_before"], row["details"]["chains_before"])))
    else:
        assert row["event"] in ("archive.restored", "archive.cut"), f"{name}: an event that nobody knows"
        cuts += row["details"]["chains"]

created = {name: said for name, said in created.items() if name >= gone[0]}
erased = {name: said for name, said in erased.items() if name >= gone[0]}
assert not requests or min(requests) >= gone[0], "a request is there that was dropped"
assert not ends or min(ends) >= gone[1], "a chain is there that was dropped"
assert created == {name: request["said"] for name, request in requests.items()}, "requests and records of their creation differ"
assert erased == {name: request["shared"] for name, request in requests.items() if request["erased"]}, \
    "erased without a record, or the other way round"
for head in heads:
    end = ends.get(head["chain"], (0, ""))[0]
    if head["sequence"] <= end:
        assert digests[head["chain"], head["sequence"]] == head["digest"], f"chain {head['chain']}: another link than before"
    else:
        accepted = any(cut["chain"] == head["chain"] and cut["kept"] == end and head["sequence"] <= cut["until"] for cut in cuts)
        assert accepted or (end == 0 and head["chain"] < gone[1]), f"chain {head['chain']}: cut off"
print(f"All {len(requests)} hold, {len(erased)} of them erased.")
