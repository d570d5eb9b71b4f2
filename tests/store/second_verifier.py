"""A second verifier, written from specs/integrity.md alone: rows as JSON lines on standard input, a verdict on standard output."""
import hashlib, json, sys

rows = [json.loads(line) for line in sys.stdin]


def sha(members):
    # RFC 8785 for what occurs here: sorted members, no spaces, no fractions.
    return hashlib.sha256(json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()).hexdigest()


def moment(text):  # as PostgreSQL prints it, or as it was written
    text = text.replace(" ", "T").removesuffix("Z").removesuffix("+00")
    seconds, _, fraction = text.partition(".")
    return f"{seconds}.{fraction:0<3}Z"


records, links = {}, []
for row in rows:
    table = row.pop("table")
    for name in ("created_at", "occurred_at"):
        if name in row:
            row[name] = moment(row[name])
    if table == "support_requests":
        row["context"] = json.loads(row["context"])
        digest = row.pop("record_digest")
        assert sha(row) == digest, f"{row['reference']}: changed"
        records[row["reference"]] = digest
    else:
        row["sequence"] = int(row["sequence"])
        links.append(row)

end = (None, 0, "0" * 64)
for row in sorted(links, key=lambda row: (row["chain"], row["sequence"])):
    digest = row.pop("digest")
    chain, sequence, previous = end if end[0] == row["chain"] else (row["chain"], 0, "0" * 64)
    assert (row["sequence"], row["previous"]) == (sequence + 1, previous), f"{row['reference']}: does not hang on the link before it"
    assert sha(row) == digest, f"{row['reference']}: audit record changed"
    assert records.pop(row["reference"], None) == row["record_digest"], f"{row['reference']}: not the request that was audited"
    end = (row["chain"], row["sequence"], digest)
assert not records, f"{min(records)}: no audit record"
print(f"All {len(links)} hold.")
