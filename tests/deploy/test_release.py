"""What a release says of what is built into it."""

import json
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from service import DEPLOY, ROOT


class Release(unittest.TestCase):
    def test_the_notices_name_every_crate_that_is_linked_and_have_the_texts(self):
        notices = subprocess.run([DEPLOY / "notices"], cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout
        named = set(re.findall(r"^  (\S+ \d\S+) \(", notices, re.M))
        tree = subprocess.run(["cargo", "tree", "--locked", "--edges", "no-dev,no-build", "--prefix", "none", "--format", "{p}"],
                              cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE).stdout
        # What is in a folder of its own is ours.
        theirs = [line for line in tree.splitlines() if "(/" not in line]
        linked = {f"{name} {version}" for name, version in re.findall(r"^(\S+) v(\S+)", "\n".join(theirs), re.M)}
        self.assertGreater(len(linked), 150)
        self.assertEqual(linked - named, set())
        for text in ["Permission is hereby granted, free of charge", "TERMS AND CONDITIONS FOR USE, REPRODUCTION", "SmartBear"]:
            self.assertIn(text, notices)

    def test_the_document_of_a_version_is_kept_once_and_stays_what_it_was(self):
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            for part in ["Cargo.toml", "openapi/support-requests.json", "specs/CHANGELOG.md", "deploy/release", "tests/clients/compatibility.py"]:
                (copy / part).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / part, copy / part)

            def release(*arguments):
                command = [copy / "deploy/release", *arguments]
                return subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            document = copy / "openapi/support-requests.json"
            current = json.loads(document.read_text(encoding="utf-8"))
            version = current["info"]["version"]
            kept = copy / f"openapi/released/{version}.json"
            for _ in range(2):
                self.assertIn("commit it", release("document").stdout)
                self.assertEqual(kept.read_bytes(), document.read_bytes())
            current["info"]["description"] = "Another text: it breaks nobody."
            document.write_text(json.dumps(current, indent=2), encoding="utf-8")
            self.assertIn("raise the version", release("document").stdout)
            del current["paths"][next(iter(current["paths"]))]
            document.write_text(json.dumps(current, indent=2), encoding="utf-8")
            broken = release("document")
            self.assertEqual(broken.returncode, 1)
            self.assertIn("breaks clients: POST", broken.stdout)
            (copy / "specs/CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
            shutil.copy(ROOT / "openapi/support-requests.json", document)
            self.assertIn("has no section", release("document").stdout)


if __name__ == "__main__":
    unittest.main()
