#!/usr/bin/env python3
"""Which change of the document would break a client. Needs Python and nothing else, and no build.

    tests/clients/compatibility.py              openapi/support-requests.json against those of openapi/released/
    tests/clients/compatibility.py OLD NEW      two documents

The committed document is compared with the one that is kept of its own version, which it must not break, and with the newest
kept one before, which it may break only where its version says so. Exit status: 0 nothing breaks that must not, 1 something
does (a line each), 2 a document cannot be read or none is kept. What counts is the policy in specs/compatibility.md: whoever
sends must be able to go on sending, whoever reads must be able to go on reading.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from comparison import breaking

ROOT = Path(__file__).resolve().parents[2]
CURRENT = ROOT / "openapi/support-requests.json"
RELEASED = ROOT / "openapi/released"


def number(version):
    return tuple(map(int, version.split(".")))


def kept(folder):
    """The documents that are kept, by version, the newest first."""
    versions = [path.stem for path in folder.glob("*.json") if re.fullmatch(r"\d+\.\d+\.\d+", path.stem)]
    return [(version, folder / f"{version}.json") for version in sorted(versions, key=number, reverse=True)]


def may_break(old, new):
    """Whether the versions say that clients break: the second number until 1.0.0, after that the first."""
    old, new = number(old), number(new)
    return new[0] > old[0] or (old[0] == 0 and new[:2] > old[:2])


def is_released(version):
    """Whether the version's tag is here; the copy of a repository that has no tags knows of no release."""
    command = ["git", "-C", str(ROOT), "tag", "--list", f"v{version}"]
    try:
        return bool(subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip())
    except (OSError, subprocess.CalledProcessError):
        return False


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def compare(old_path, new_path, what, allowed=False):
    """Tells what breaks; whether anything does that must not."""
    broken = breaking(read(old_path), read(new_path))
    for line in broken:
        print(f"{'may break' if allowed else 'breaks'} clients: {line}")
    print(f"{len(broken)} breaking changes since {what}")
    return bool(broken) and not allowed


def compare_with_kept():
    version = read(CURRENT)["info"]["version"]
    of_this, before = [], []
    for old, path in kept(RELEASED):
        (of_this if old == version else before if number(old) < number(version) else []).append((old, path))
    if not of_this and not before:
        print(f"no document is kept in {RELEASED}: run deploy/release document, and commit it", file=sys.stderr)
        return 2
    wrong = False
    for old, path in of_this:
        state = "released" if is_released(old) else "not released (no tag): deploy/release document keeps the new one"
        wrong |= compare(path, CURRENT, f"the kept {old}, which is {state}")
    for old, path in before[:1]:
        wrong |= compare(path, CURRENT, old, allowed=may_break(old, version))
    return int(wrong)


def main(arguments):
    if len(arguments) not in (0, 2):
        sys.exit(__doc__)
    try:
        if not arguments:
            return compare_with_kept()
        old, new = map(Path, arguments)
        return int(compare(old, new, old.stem))
    except (OSError, ValueError, KeyError) as error:
        print(f"a document cannot be read: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
