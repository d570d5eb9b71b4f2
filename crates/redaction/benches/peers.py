"""Runs detect-secrets over the corpora that come in as JSON on standard input.

Installs it into a virtual environment of its own (first argument) when it is not there.
Prints, as JSON, for each corpus: [secrets found, harmless texts in which something was found].
A secret counts as found when a reported secret holds it, is held by it, or when the line that
holds it (or begins it) is reported: as kind to the scanner as can be.
"""

import json
import pathlib
import subprocess
import sys
import venv

folder = pathlib.Path(sys.argv[1])
python = folder / "bin" / "python"
if len(sys.argv) < 3:
    data = sys.stdin.buffer.read()
    if not (folder / "installed").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "detect-secrets==1.5.0"], check=True, stdout=sys.stderr)
        (folder / "installed").touch()
    sys.exit(subprocess.run([python, __file__, folder, "run"], input=data).returncode)

from detect_secrets.core.scan import scan_file  # noqa: E402
from detect_secrets.settings import default_settings  # noqa: E402


def reported(text):
    """The values and the line numbers that the scanner reports in a text."""
    values, numbers = set(), set()
    page.write_text(text)
    for secret in scan_file(str(page)):
        values.add(secret.secret_value)
        numbers.add(secret.line_number - 1)
    return values, numbers


page = folder / "page.txt"
result = []
with default_settings():
    for corpus in json.load(sys.stdin):
        found = harmed = 0
        for text, secret in corpus:
            values, numbers = reported(text)
            if secret is None:
                harmed += bool(values)
                continue
            lines = text.split("\n")
            first = secret.split("\n")[0]
            found += any(v and (v in secret or secret in v) for v in values) or any(first in lines[n] for n in numbers if n < len(lines))
        result.append([found, harmed])
print(json.dumps(result))
