"""Caddy in front, with the file of deploy/caddy."""

import unittest

import caddy
from proxies import EveryProxy


class Caddy(EveryProxy, unittest.TestCase):
    Proxy = caddy.Proxy


if __name__ == "__main__":
    unittest.main()
