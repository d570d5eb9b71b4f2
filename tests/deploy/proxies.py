"""What every proxy in front must do, and so must the files of deploy/ for nginx and Caddy."""

import json
import re
import time

import service
from service import ORIGIN, RUN, TENANT, Service, Stranger, ask, eventually, free_port, post

# One text in each place of a request that must stay out of the logs.
CANARIES = {"token": "canary-token-7Q", "query": "canary-query-7Q", "body": "canary-body-7Q", "path": "canary-path-7Q"}


class EveryProxy:
    """Mixed into a test case that names its `Proxy`."""

    Proxy = None

    def proxy(self, upstreams, **changes):
        proxy = self.Proxy(upstreams, **changes)
        self.addCleanup(proxy.remove)
        return proxy

    def service(self, **settings):
        started = Service(**settings)
        self.addCleanup(started.remove)
        return started

    def stranger(self, then="drop"):
        stranger = Stranger(then)
        self.addCleanup(stranger.close)
        return stranger

    def assert_problem(self, answer, status, code, origin=ORIGIN):
        """The proxy's own answer: a problem document of the catalogue that a page of an allowed origin can read."""
        self.assertEqual(answer.status, status, answer.body)
        self.assertEqual(answer.one("Content-Type"), "application/problem+json")
        self.assertEqual(answer.one("Cache-Control"), "no-store")
        problem = answer.json()
        self.assertEqual(list(problem), ["type", "title", "status", "detail", "code", "request_id", "errors"])
        self.assertEqual((problem["status"], problem["code"]), (status, code))
        self.assertEqual(problem["type"], f"urn:support-requests:problem:{code}")
        self.assertIn(code, service.catalogue())
        self.assertEqual(problem["request_id"], answer.one("X-Request-Id"))
        self.assertTrue(problem["title"] and problem["detail"] and problem["request_id"])
        self.assertEqual(answer.one("Access-Control-Allow-Origin"), origin)
        self.assertIn("Origin", answer.one("Vary") or "")
        exposed = {name.strip().lower() for name in (answer.one("Access-Control-Expose-Headers") or "").split(",")}
        self.assertEqual({"x-request-id", "retry-after"} <= exposed, origin is not None)

    def assert_away(self, answer, origin):
        """No instance answers: unknown, or, where a proxy knows that it asked none, certainly not stored."""
        self.assert_problem(answer, *((503, "overloaded") if answer.status == 503 else (502, "outcome_unknown")), origin)

    def test_requests_of_both_pages_come_through_the_prefix_and_keep_their_ids(self):
        instance = self.service()
        proxy = self.proxy([instance.port])
        for path, request_id in [(TENANT, "from-the-page-1"), (RUN, "from-the-page-2")]:
            answer = post(proxy.port, f"/support{path}", instance.token, X_Request_Id=request_id)
            self.assertEqual((answer.status, answer.one("X-Request-Id")), (201, request_id), answer.body)
        made = post(proxy.port, f"/support{TENANT}", instance.token).one("X-Request-Id")
        stored = [record["request_id"] for record in instance.stored()]
        self.assertEqual(stored, ["from-the-page-1", "from-the-page-2", made])
        self.assertTrue(eventually(lambda: made in proxy.access_log()), "the proxy's log and the service's name the same request")

    def test_the_pages_and_the_document_are_behind_the_prefix_too(self):
        proxy = self.proxy([self.service().port])
        page = ask(proxy.port, "GET", "/support/docs/")
        self.assertEqual(page.status, 200)
        files = re.findall(r'(?:src|href)="([\w.-]+\.(?:js|css))"', page.body.decode())
        self.assertGreater(len(files), 2, page.body)
        for path in ["/openapi.json", *(f"/docs/{file}" for file in files)]:
            self.assertEqual(ask(proxy.port, "GET", f"/support{path}").status, 200, path)
        self.assertEqual(ask(proxy.port, "GET", "/support").status, 308)
        redirected = ask(proxy.port, "GET", "/support/docs")
        self.assertEqual((redirected.status, redirected.one("Location")), (308, "docs/"))

    def test_the_services_own_errors_pass_unchanged_and_their_cors_headers_stand_once(self):
        instance = self.service(SUPPORT_REQUESTS_RATE_LIMIT="1/h")
        proxy = self.proxy([instance.port])
        for status, token, body in [(401, "x", b"{}"), (422, instance.token, b"{}"), (429, instance.token, b"{}")]:
            answer = post(proxy.port, f"/support{TENANT}", token, body, Origin=ORIGIN)
            self.assertEqual((answer.status, answer.one("Content-Type")), (status, "application/problem+json"))
            self.assertEqual(answer.one("Access-Control-Allow-Origin"), ORIGIN)
            self.assertEqual(answer.json()["request_id"], answer.one("X-Request-Id"))
        self.assertTrue(answer.one("Retry-After") and answer.one("RateLimit-Policy"))
        self.assertEqual(instance.stored(), [])

    def test_a_token_and_a_body_at_their_limits_come_through(self):
        instance = self.service()
        proxy = self.proxy([instance.port])
        answer = post(proxy.port, f"/support{TENANT}", instance.token, b'{"summary": "At the limit"}'.ljust(131072))
        self.assertEqual(answer.status, 201, answer.body)
        answer = post(proxy.port, f"/support{TENANT}", "t" * 8192)
        self.assertEqual((answer.status, answer.json()["code"]), (401, "invalid_token"))

    def test_a_body_over_the_limit_is_refused_declared_or_not(self):
        instance = self.service()
        proxy = self.proxy([instance.port])
        body = b'{"summary": "Over the limit"}'.ljust(131073)
        declared = post(proxy.port, f"/support{TENANT}", instance.token, body, Origin=ORIGIN)
        self.assert_problem(declared, 413, "body_too_large")
        self.assertNotIn("body_too_large", instance.log(), "no instance was asked")
        headers = {"Authorization": f"Bearer {instance.token}", "Content-Type": "application/json", "Origin": ORIGIN}
        chunks = iter([body[:100000], body[100000:]])
        chunked = ask(proxy.port, "POST", f"/support{TENANT}", {**headers, "Transfer-Encoding": "chunked"}, chunks, True)
        self.assertEqual((chunked.status, chunked.json()["code"]), (413, "body_too_large"), "whoever says so")
        self.assertEqual(chunked.one("Access-Control-Allow-Origin"), ORIGIN)
        self.assertEqual(instance.stored(), [])

    def test_preflights_get_what_the_service_would_say_also_while_it_is_away(self):
        instance = self.service()
        proxy = self.proxy([instance.port])

        def preflight(port, prefix, origin, method="POST"):
            asked = {"Origin": origin, "Access-Control-Request-Method": method,
                     "Access-Control-Request-Headers": "authorization,content-type,traceparent"}
            answer = ask(port, "OPTIONS", f"{prefix}{TENANT}", asked)
            words = [sorted(word.strip().lower() for word in (answer.one(f"Access-Control-{name}") or "").split(","))
                     for name in ("Allow-Origin", "Allow-Methods", "Allow-Headers", "Max-Age", "Allow-Credentials")]
            return answer.status < 300, words

        for origin, method in [(ORIGIN, "POST"), ("https://eu.admin.example", "GET"), ("https://a.b.admin.example", "POST"),
                               ("https://evil.example", "POST"), ("https://admin.example.evil.example", "POST"),
                               ("https://eviladmin.example", "POST"), ("null", "POST"), (ORIGIN, "DELETE")]:
            self.assertEqual(preflight(proxy.port, "/support", origin, method), preflight(instance.port, "", origin, method))
        allowed = preflight(proxy.port, "/support", ORIGIN)
        self.assertTrue(allowed[0])
        instance.stop()
        self.assertEqual(preflight(proxy.port, "/support", ORIGIN), allowed)

    def test_while_the_service_is_away_a_page_can_read_why_it_gets_nothing(self):
        proxy = self.proxy([free_port()])
        for origin in [ORIGIN, "https://eu.admin.example"]:
            answer = post(proxy.port, f"/support{TENANT}", "x", Origin=origin)
            self.assert_away(answer, origin)
            self.assertIn(answer.one("Retry-After"), ["1", "10"])
        for origin in ["https://evil.example", "https://admin.example.evil.example", "null"]:
            self.assert_away(post(proxy.port, f"/support{TENANT}", "x", Origin=origin), None)
        self.assert_away(ask(proxy.port, "GET", "/support/readyz"), None)

    def test_an_own_answer_repeats_only_ids_of_usual_shapes(self):
        proxy = self.proxy([free_port()])
        for usual in ["01M84233MXBBGHD4TBXRSHYJSW", "7f0c6f0e-3a52-4f0e-9a51-0d6f2b9f9f11"]:
            answer = post(proxy.port, f"/support{TENANT}", "x", X_Request_Id=usual)
            self.assertEqual(answer.json()["request_id"], usual)
        for other in ["ghp_0123456789abcdefghijABCDEFGHIJ012345", 'a"b', "<script>", "\\", "x" * 500]:
            answer = post(proxy.port, f"/support{TENANT}", "x", X_Request_Id=other)
            self.assert_away(answer, None)
            self.assertNotIn(other.encode(), answer.body)

    def test_an_instance_that_does_not_answer_in_time_is_said_to_be_unknown(self):
        silent = self.stranger("say nothing")
        proxy = self.proxy([silent.port], timeout="1s")
        self.assert_problem(post(proxy.port, f"/support{TENANT}", "x", Origin=ORIGIN), 504, "outcome_unknown")
        self.assertEqual(silent.requests, 1)

    def test_a_post_that_an_instance_has_got_goes_to_no_other(self):
        droppers = [self.stranger(), self.stranger()]
        proxy = self.proxy([dropper.port for dropper in droppers])
        # An empty body is the one that is easiest to send again.
        for sent, body in enumerate([b"", b"{}"] * 3, 1):
            answer = post(proxy.port, f"/support{TENANT}", "x", body, Origin=ORIGIN)
            self.assert_problem(answer, 502, "outcome_unknown")
            self.assertEqual(sum(dropper.requests for dropper in droppers), sent)

    def test_beside_an_instance_that_drops_requests_each_is_stored_once_or_not_at_all(self):
        dropper, instance = self.stranger(), self.service()
        proxy = self.proxy([dropper.port, instance.port])
        answers = [post(proxy.port, f"/support{RUN}", instance.token).status for _ in range(10)]
        self.assertEqual(set(answers), {201, 502}, "both instances were asked")
        self.assertEqual(answers.count(201), len(instance.stored()))
        self.assertEqual(answers.count(502), dropper.requests)

    def test_an_instance_that_is_not_there_costs_nobody_a_request(self):
        instance = self.service()
        proxy = self.proxy([free_port(), instance.port])
        time.sleep(proxy.notices_after)
        for _ in range(8):
            self.assertEqual(post(proxy.port, f"/support{TENANT}", instance.token).status, 201)
        self.assertEqual(len(instance.stored()), 8)

    def test_while_instances_are_replaced_one_after_the_other_every_request_is_answered_and_stored(self):
        old = self.service(SUPPORT_REQUESTS_SHUTDOWN_DELAY="5s")
        new = self.service(beside=old)
        proxy = self.proxy([old.port, new.port])
        time.sleep(proxy.notices_after)
        old.process.terminate()
        answers, stopped_at = [], time.monotonic()
        while old.process.poll() is None or time.monotonic() < stopped_at + 8:
            answers.append(post(proxy.port, f"/support{TENANT}", new.token).status)
            # Below the proxy's own limit on one address.
            time.sleep(0.06)
        self.assertEqual(set(answers), {201})
        self.assertEqual(len(answers), len(new.stored()))

    def test_the_times_follow_from_the_services_own(self):
        """A test cannot meet a connection in the moment in which an instance closes it, so the numbers are looked at."""
        times = (service.ROOT / "specs/http.md").read_text()
        closed_after = int(re.search(r"idle connection between two requests \| closed after (\d+) s", times)[1])
        answered_after = int(re.search(r"its answer comes within (\d+) seconds", times)[1])
        kept, waited = (int(re.search(pattern, self.Proxy.configuration())[1]) for pattern in self.Proxy.times)
        self.assertLess(kept, closed_after)
        self.assertGreater(waited, answered_after)

    def test_nothing_that_a_caller_said_is_in_the_logs(self):
        instance = self.service()
        body = json.dumps({"summary": CANARIES["body"]}).encode()
        proxy = self.proxy([instance.port])
        path = f"/support/workspaces/acme/tenants/{CANARIES['path']}/support-requests?q={CANARIES['query']}"
        for _ in range(2):
            post(proxy.port, path, CANARIES["token"], body, Cookie=CANARIES["token"])
            instance.stop()
        for status in ["401", "50"]:
            self.assertTrue(eventually(lambda status=status: f'"status":{status}' in proxy.access_log()), status)
        for place, canary in CANARIES.items():
            self.assertNotIn(canary, proxy.access_log(), f"the {place} is in the access log")
        for place in ["token", "body"]:
            self.assertNotIn(CANARIES[place], proxy.logs(), f"the {place} is in a log")
