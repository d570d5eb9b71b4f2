"""Compares what httpYac was answered with what the titles of the requests promise: statuses.py FILE, answers on standard input."""

import json
import re
import sys

with open(sys.argv[1]) as file:
    promised = [int(status) for status in re.findall(r"^### (\d{3}): ", file.read(), flags=re.MULTILINE)]
got = [request["response"]["statusCode"] for request in json.load(sys.stdin)["requests"]]
print(f"promised {promised}\ngot      {got}")
sys.exit(promised != got or len(got) < 10)
