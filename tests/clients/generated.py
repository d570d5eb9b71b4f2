"""Drives the generated clients against the running service, and makes the table of specs/clients.md.

generated.py list           the names of the clients
generated.py generate       everything that openapi-generator makes, in one run
generated.py run NAME       one client: generated, compiled, run; what it did is kept for the table
generated.py table          prints the table
generated.py fresh          whether specs/clients.md has that table
"""

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

from generators import CLIENTS, OUT, generate_by_openapi_generator

RESULTS = OUT / "results"
PAGE = Path(__file__).parents[2] / "specs/clients.md"
BEGIN, END = "<!-- the table: tests/run clients -->", "<!-- end of the table -->"

ADDRESS = "ada.fischer@acme.example"
# A blank summary, and a token where an address should be: both pass every client's own checks of the schema.
TOKEN_AS_ADDRESS = f"{'gh' + 'p_'}16C7e42F292c6912E7710c838347Ae178B4a@acme.example"
EXPECTED = {
    "tenant": (201, "SR-… tenant contoso attached"),
    "run": (201, "SR-… operation_run run-1042 attached"),
    "401": (401, "invalid_token"),
    "403": (403, "missing_capability"),
    "404": (404, "not_found"),
    "422": (422, "invalid_fields /contact_email /summary"),
    "503": (503, "context_unavailable"),
    "502": (502, "no problem"),
}


class ProxyPage(http.server.BaseHTTPRequestHandler):
    """What a proxy says when the service behind it is gone."""

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        page = b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n"
        self.send_response(502)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


def calls(proxy):
    service, token = os.environ["SERVICE"], os.environ["TOKEN"]
    good = {
        "base": service,
        "token": token,
        "tenant": "contoso",
        "run": "",
        "summary": "Filed by a client",
        "email": ADDRESS,
    }
    changes = {
        "tenant": {},
        "run": {"run": "run-1042"},
        "401": {"token": "not.a.token"},
        "403": {"token": os.environ["TOKEN_WITHOUT_CREATE"]},
        "404": {"tenant": "northwind"},
        "422": {"summary": " ", "email": TOKEN_AS_ADDRESS},
        "503": {"base": os.environ["SERVICE_WITHOUT_PLATFORM"], "token": os.environ["TOKEN_WITHOUT_PLATFORM"]},
        "502": {"base": proxy},
    }
    return "".join("\t".join([step, *{**good, **change}.values()]) + "\n" for step, change in changes.items())


def drive(client):
    """What the client's program tells of each step."""
    proxy = http.server.ThreadingHTTPServer(("127.0.0.1", 0), ProxyPage)
    threading.Thread(target=proxy.serve_forever, daemon=True).start()
    lines = calls(f"http://127.0.0.1:{proxy.server_port}")
    done = subprocess.run(
        client.command,
        input=lines,
        text=True,
        stdout=subprocess.PIPE,
        timeout=120,
        check=True,
        encoding="utf-8",
        env={**os.environ, **client.env},
    )
    told = {}
    for line in done.stdout.splitlines():
        step, status, what = line.split("\t")
        told[step] = (int(status) if status.isdigit() else status, re.sub(r"^SR-[0-9A-Z]{26}\b", "SR-…", what))
    return told


def run(name):
    client = next(client for client in CLIENTS if client.name == name)
    client.generate()
    if client.compile:
        client.compile()
    cells, wrong = {}, []
    if client.command:
        told = drive(client)
        for step, usual in EXPECTED.items():
            expected = client.deviations.get(step, usual)
            if told.get(step) != expected:
                wrong.append(f"{step}: expected {expected}, got {told.get(step)}")
            cells[step] = "yes" if expected == usual else "no status"
    RESULTS.mkdir(exist_ok=True)
    if not wrong:
        (RESULTS / f"{name}.json").write_text(json.dumps(cells), encoding="utf-8")
    print(*wrong, sep="\n")
    return not wrong


def table():
    steps = list(EXPECTED)
    heads = {"502": "502, HTML", "422": "422, pointers", "tenant": "tenant's", "run": "run's"}
    rows = [["client", "for", *(heads.get(step, step) for step in steps)]]
    rows.append(["---"] * len(rows[0]))
    for client in CLIENTS:
        cells = json.loads((RESULTS / f"{client.name}.json").read_text(encoding="utf-8"))
        told = [cells[step] for step in steps] if cells else ["generated only"] + [""] * (len(steps) - 1)
        rows.append([client.name, client.language, *told])
    return "\n".join("| " + " | ".join(row).rstrip() + " |" for row in rows) + "\n"


def is_fresh():
    text = PAGE.read_text(encoding="utf-8")
    written = text.partition(BEGIN)[2].partition(END)[0].strip() + "\n"
    if written != table():
        print(f"{PAGE.name} is stale: between its two marks belongs\n\n{table()}")
    return written == table()


def main(command, *arguments):
    if command == "list":
        print(*(client.name for client in CLIENTS), sep="\n")
    elif command == "generate":
        generate_by_openapi_generator()
    elif command == "table":
        print(table(), end="")
    else:
        sys.exit(0 if {"run": run, "fresh": is_fresh}[command](*arguments) else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
