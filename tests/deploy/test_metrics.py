"""The dashboard and the alert rules: every metric that they name is one of the built binary's, every alert has its
section in the manual, every metric its line, and `promtool` takes the rules and a scrape."""

import http.server
import json
import re
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import alerts
import yaml
from manifests import operations
from service import DEPLOY, RUN, TENANT, Service, ask, eventually, post

RULES = DEPLOY / "prometheus/alerts.yaml"
DASHBOARD = DEPLOY / "grafana/support-requests.json"
KEYS = '{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}'
# Prometheus' own, of every target.
ITS_OWN = {"up"}
LABELS = {"instance", "le", "status", "code", "route", "outcome", "reason", "rule", "version"}


def issuer(test):
    """Where a key set is."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(KEYS.encode())

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    test.addClassCleanup(server.server_close)
    test.addClassCleanup(server.shutdown)
    return f"http://127.0.0.1:{server.server_port}/keys"


def scrape(service):
    answer = ask(service.port, "GET", "/metrics")
    assert answer.status == 200, answer.body
    return answer.body.decode()


def kinds(text):
    """Each metric's name, and what kind it is."""
    return dict(re.findall(r"^# TYPE (\S+) (\S+)$", text, re.M))


def expressions(rules, dashboard):
    for rule in rules:
        yield rule["alert"], rule["expr"]
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            yield panel["title"], target["expr"]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["name"], variable["query"]


def promtool(*args, text=None):
    return subprocess.run(["promtool", *args], input=text, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


class Metrics(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # One as it is after a few requests; one that has what only some have: fetched keys, a platform with a circuit.
        settings = {"SUPPORT_REQUESTS_JWKS": issuer(cls), "SUPPORT_REQUESTS_DIAGNOSTICS": "http://127.0.0.1:1"}
        plain, other = Service(), Service(**settings)
        for service in (plain, other):
            cls.addClassCleanup(service.remove)
        for path in (TENANT, RUN):
            answer = post(plain.port, path, plain.token, b'{"summary": "password=hunter2hunter2"}')
            assert answer.status == 201, answer.body
            assert post(plain.port, path, "garbage").status == 401
        assert eventually(lambda: "support_requests_keys 1.0" in scrape(other))
        cls.scrapes = [scrape(plain), scrape(other)]
        cls.kinds = {name: kind for text in cls.scrapes for name, kind in kinds(text).items()}
        lines = [line for text in cls.scrapes for line in text.splitlines()]
        cls.series = {line.rsplit(" ", 1)[0] for line in lines if not line.startswith("#")}
        cls.rules = [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]
        cls.dashboard = json.loads(DASHBOARD.read_text())

    def metric(self, name):
        """The metric that a name in an expression is of."""
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        return base if self.kinds.get(base) == "histogram" else name

    def test_every_metric_that_is_asked_for_is_there_with_the_labels_that_are_asked_for(self):
        asked = 0
        for where, expression in expressions(self.rules, self.dashboard):
            names = re.findall(r"\b(?:support_requests|process)_\w+", expression) + re.findall(r"\bup\b", expression)
            self.assertTrue(names, f"{where}: {expression}")
            for name in names:
                asked += 1
                known = name in ITS_OWN or self.metric(name) in self.kinds
                self.assertTrue(known, f"{where} asks for {name}, which is nowhere")
            for name, labels in re.findall(r"(support_requests_\w+)\{([^}]*)\}", expression):
                for label, operator, value in re.findall(r'(\w+)(=~|!=|=)"([^"]*)"', labels):
                    found = self.has(name, label, operator, value)
                    self.assertTrue(found, f"{where}: no {name} has {label}{operator}{value}")
            for label in re.findall(r"\bby \(([^)]*)\)", expression):
                self.assertIn(label.strip(), LABELS)
        self.assertGreater(asked, 60)

    def has(self, name, label, operator, value):
        if label in ("instance", "job"):
            return True
        if operator == "=~":
            return all(self.has(name, label, "=", one) for one in value.split("|")) if value != "5.." else True
        return any(re.match(rf'{name}\{{(.*,)?{label}="{value}"[,}}]', series) for series in self.series)

    def test_every_histogram_is_asked_for_by_its_parts_and_nothing_else_is(self):
        for where, expression in expressions(self.rules, self.dashboard):
            for name in re.findall(r"\b(?:support_requests|process)_\w+", expression):
                parts = name != self.metric(name)
                is_one = self.kinds[self.metric(name)] == "histogram"
                self.assertEqual(parts, is_one, f"{where}: {name}")
            for counter in re.findall(r"\b\w+_total\b", expression):
                self.assertRegex(expression, rf"(rate|increase)\({counter}", f"{where}: a bare counter says nothing")

    def test_every_metric_has_its_line_in_the_manual_and_every_line_its_metric(self):
        section = operations().split("\n## Metrics\n")[1].split("\n## ")[0]
        rows = [line.split("|")[1:3] for line in section.splitlines() if line.startswith("| `")]
        documented = {name: kind.strip() for names, kind in rows for name in re.findall(r"`(\w+)`", names)}
        self.assertEqual(documented, self.kinds)

    def test_every_metric_is_on_the_dashboard(self):
        shown = " ".join(expression for _, expression in expressions([], self.dashboard))
        shown = {self.metric(name) for name in re.findall(r"\b(?:support_requests|process)_\w+", shown)}
        left_out = {"process_virtual_memory_bytes", "process_threads", "process_start_time_seconds"}
        self.assertEqual(set(self.kinds) - shown, left_out)

    def test_every_alert_has_its_section_and_every_section_its_alert(self):
        section = operations().split("\n## Alerts\n")[1].split("\n## ")[0]
        headings = re.findall(r"^### (.+)$", section, re.M)
        self.assertEqual(headings, [rule["alert"] for rule in self.rules])
        for rule in self.rules:
            self.assertEqual(rule["annotations"]["runbook"], f"specs/operations.md#{rule['alert'].lower()}")
            self.assertIn(rule["labels"]["severity"], {"critical", "warning"})
            self.assertTrue(rule["annotations"]["summary"])
        for text in section.split("\n### ")[1:]:
            self.assertGreater(len(text.split()), 25, f"says too little: {text}")

    def test_promtool_takes_the_rules(self):
        found = promtool("check", "rules", "--lint=all", "--lint-fatal", RULES)
        self.assertEqual(found.returncode, 0, found.stdout)
        self.assertIn(f"{len(self.rules)} rules found", found.stdout)
        with tempfile.TemporaryDirectory() as folder:
            broken = Path(folder) / "alerts.yaml"
            broken.write_text(RULES.read_text().replace("> 0.02", "> > 0.02"))
            self.assertNotEqual(promtool("check", "rules", broken).returncode, 0, "the control")

    def test_promtool_takes_a_scrape(self):
        for text in self.scrapes:
            found = promtool("check", "metrics", text=text)
            self.assertEqual((found.returncode, found.stdout), (0, ""))
        broken = self.scrapes[0].replace("support_requests_panics_total", "support_requests_panics")
        self.assertNotEqual(promtool("check", "metrics", text=broken).returncode, 0, "the control")

    def test_promtool_finds_that_each_alert_fires_when_it_should_and_not_before(self):
        self.assertEqual(set(alerts.CASES), {rule["alert"] for rule in self.rules})
        with tempfile.TemporaryDirectory() as folder:
            tests = Path(folder) / "tests.yaml"
            tests.write_text(alerts.unit_tests())
            found = promtool("test", "rules", tests)
            self.assertEqual(found.returncode, 0, found.stdout)
            tests.write_text(alerts.unit_tests().replace("value: 0", "value: 1"))
            self.assertNotEqual(promtool("test", "rules", tests).returncode, 0, "the control")

    def test_the_panels_of_the_dashboard_stand_beside_each_other(self):
        places, ids = set(), set()
        for panel in self.dashboard["panels"]:
            place = panel["gridPos"]
            columns = range(place["x"], place["x"] + place["w"])
            cells = {(x, y) for x in columns for y in range(place["y"], place["y"] + place["h"])}
            self.assertFalse(cells & places or place["x"] + place["w"] > 24, panel["title"])
            places |= cells
            self.assertNotIn(panel["id"], ids)
            ids.add(panel["id"])


if __name__ == "__main__":
    unittest.main()
