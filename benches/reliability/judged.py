"""What must hold of what is stored once a fault is over, and of what `/readyz` said while it lasted."""
import itertools, json, pathlib, sqlite3, subprocess, urllib.parse

from harness import BINARY

NOT_PAIRED = """
    SELECT (SELECT count(*) FROM support_requests r WHERE 1 <>
               (SELECT count(*) FROM audit_events e WHERE e.reference = r.reference AND e.event = 'support_request.created')),
           (SELECT count(*) FROM audit_events e WHERE e.event = 'support_request.created'
               AND NOT EXISTS (SELECT 1 FROM support_requests r WHERE r.reference = e.reference))"""
# How long `/readyz` may say 200 while requests are refused: what the writer knew last is believed for four seconds, and then
# looked at again; and 503 once they are stored again.
BEHIND, BEHIND_AFTER = 5.0, 2.0
# So long without an answer is a pause: what comes after it was kept waiting.
PAUSE = 0.5


def not_paired(database):
    """Requests without exactly one audit record, and audit records without a request."""
    if database.startswith("sqlite://"):
        file = urllib.parse.quote(str(pathlib.Path(database.removeprefix("sqlite://"))))
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            return connection.execute(NOT_PAIRED).fetchone()
        finally:
            connection.close()
    out = subprocess.run(["psql", "-qAt", "-F", " ", "-d", database, "-c", NOT_PAIRED], check=True, capture_output=True, text=True)
    return tuple(map(int, out.stdout.split()))


def stored(world, references, *databases):
    """How many of these references none of the databases has, and what else is wrong with what they hold, a line each."""
    found, wrong = set(), []
    for database in databases:
        def run(*arguments):
            return subprocess.run([BINARY, *arguments], env=world.settings(database), capture_output=True, text=True)

        out = run("export", "--including-recent")
        found |= {json.loads(line)["reference"] for line in out.stdout.splitlines()}
        if out.returncode:
            wrong.append(f"export ended with {out.returncode}: {out.stderr.strip()[-300:]}")
        if any(halves := not_paired(database)):
            wrong.append(f"{halves[0]} requests without their audit record, {halves[1]} audit records without their request")
        if (out := run("verify")).returncode:
            wrong.append(f"verify ended with {out.returncode}: {(out.stdout + out.stderr).strip()[-300:]}")
    missing = references - found
    if missing:
        wrong.append(f"{len(missing)} answered requests are missing, as {min(missing)}")
    return len(missing), wrong


def runs(answers):
    """Answers of one kind in a row, as (whether they were refused, the answers); what got no answer is of neither."""
    group = []
    for answer in answers:
        if group and (answer.status != group[0].status or answer.at - group[-1].at > PAUSE):
            yield group[0].status == 503, group
            group = []
        if answer.status in (201, 503):
            group.append(answer)
    if group:
        yield group[0].status == 503, group


def readiness(answers, ready, at_the_end):
    """What is wrong with what `/readyz` said, (when, what) each; and what it must say last."""
    wrong = [f"/readyz said {other}" for other in {said for _, said in ready} - {200, 503, "refused", "cut"}]
    if ready and ready[-1][1] != at_the_end:
        wrong.append(f"/readyz said {ready[-1][1]} at the end, not {at_the_end}")
    for refused, group in runs(sorted(answers, key=lambda answer: answer.at)):
        first = min(answer.sent for answer in group) if refused else group[0].at
        during = [(at, said) for at, said in ready if first <= at <= group[-1].at - PAUSE]
        if refused:
            late = max((at - first for at, said in during if said == 200), default=0)
            if late > BEHIND:
                wrong.append(f"requests were refused, and /readyz said 200 {late:.1f} s later")
        # What breaks again and again makes it 503 again and again, each time for a moment.
        elif (late := longest(during, 503)) > BEHIND_AFTER:
            wrong.append(f"requests were stored, and /readyz said 503 for {late:.1f} s")
    return wrong


def longest(samples, wanted):
    """How long it was this at a stretch, in seconds."""
    stretches = [[at for at, _ in group] for said, group in itertools.groupby(samples, lambda sample: sample[1]) if said == wanted]
    return max((times[-1] - times[0] for times in stretches), default=0)


def end(world, references, *databases):
    """The end of a script: tells what is wrong with what was stored, and answers with how much that is."""
    missing, wrong = stored(world, references, *databases)
    for line in wrong:
        print(f"WRONG: {line}")
    print(f"\n{len(references):,} answered, {missing} missing; whole pairs, and verify agrees: {'no' if wrong else 'yes'}")
    return len(wrong)
