"""What a release says of what is built into it."""

import re
import subprocess
import unittest

from service import DEPLOY, ROOT


class Release(unittest.TestCase):
    def test_the_notices_name_every_crate_that_is_linked_and_have_the_texts(self):
        notices = subprocess.run([DEPLOY / "notices"], cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout
        named = set(re.findall(r"^  (\S+ \d\S+) \(", notices, re.M))
        tree = subprocess.run(["cargo", "tree", "--locked", "--edges", "no-dev,no-build", "--prefix", "none", "--format", "{p}"],
                              cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout
        linked = {f"{name} {version}" for name, version in re.findall(r"^(\S+) v(\S+)(?! .*\(/)", tree, re.M)}
        linked = {crate for crate in linked if not crate.startswith("support-requests")}
        self.assertGreater(len(linked), 150)
        self.assertEqual(linked - named, set())
        for text in ["Permission is hereby granted, free of charge", "TERMS AND CONDITIONS FOR USE, REPRODUCTION", "SmartBear"]:
            self.assertIn(text, notices)


if __name__ == "__main__":
    unittest.main()
