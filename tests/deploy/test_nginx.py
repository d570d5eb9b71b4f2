"""nginx in front, with the files of deploy/nginx."""

import unittest

import nginx
from proxies import EveryProxy
from service import ORIGIN, ask


class Nginx(EveryProxy, unittest.TestCase):
    Proxy = nginx.Proxy

    def test_a_flood_from_one_address_is_told_to_wait(self):
        instance = self.service()
        proxy = self.proxy([instance.port])
        answers = [ask(proxy.port, "GET", "/support/livez", {"Origin": ORIGIN}) for _ in range(400)]
        refused = [answer for answer in answers if answer.status != 200]
        self.assertTrue(len(answers) > len(refused) > 0, f"{len(refused)} of {len(answers)} were refused")
        for answer in refused:
            self.assert_problem(answer, 429, "too_many_requests")
            self.assertEqual(answer.one("Retry-After"), "1")


if __name__ == "__main__":
    unittest.main()
