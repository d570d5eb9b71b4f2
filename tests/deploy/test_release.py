"""What a release says of what is built into it, and its steps."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
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


# Stands in for compiling, which takes minutes: a program that knows its version, and an empty bill of materials. Everything
# else that is asked of cargo, cargo answers.
CARGO = """#!/bin/sh
case $1 in
  build) mkdir -p target/release && printf '#!/bin/sh\\necho support-requests %s\\n' "$VERSION" >target/release/support-requests && chmod +x target/release/support-requests ;;
  install) ;;
  cyclonedx) echo '{"bomFormat": "CycloneDX"}' >support-requests_bin.cdx.json ;;
  *) exec "$CARGO_ITSELF" "$@" ;;
esac
"""
DOCKER = """#!/bin/sh
echo "docker $*"
"""


class Steps(unittest.TestCase):
    """The steps of a release, each in a copy of this project as it would be committed."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.copy = Path(folder.name) / "project"
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, stdout=subprocess.PIPE)
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                (self.copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, self.copy / name)
        programs = Path(folder.name) / "programs"
        programs.mkdir()
        for name, text in {"cargo": CARGO, "docker": DOCKER}.items():
            (programs / name).write_text(text)
            (programs / name).chmod(0o755)
        identity = {f"GIT_{who}_{what}": "x@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        self.document = self.copy / "openapi/support-requests.json"
        self.version = json.loads(self.document.read_text(encoding="utf-8"))["info"]["version"]
        cargo = {"CARGO_ITSELF": shutil.which("cargo"), "VERSION": self.version}
        self.environment = {**os.environ, **cargo, **identity, "PATH": f"{programs}:{os.environ['PATH']}"}
        self.kept = self.copy / f"openapi/released/{self.version}.json"
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit()

    def git(self, *arguments):
        command = ["git", "-c", "core.hooksPath=/dev/null", *arguments]
        return subprocess.run(command, cwd=self.copy, env=self.environment, check=True, text=True, stdout=subprocess.PIPE).stdout

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")

    def release(self, *arguments, **environment):
        command = [self.copy / "deploy/release", *arguments]
        found = subprocess.run(command, env={**self.environment, **environment}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return found.returncode, found.stdout

    def refused(self, said, *arguments, **environment):
        status, out = self.release(*arguments, **environment)
        self.assertEqual(status, 1, out)
        self.assertIn(said, out)

    def done(self, said, *arguments, **environment):
        status, out = self.release(*arguments, **environment)
        self.assertEqual(status, 0, out)
        self.assertIn(said, out)

    def change(self, change):
        document = json.loads(self.document.read_text(encoding="utf-8"))
        change(document)
        self.document.write_text(json.dumps(document, indent=2), encoding="utf-8")

    def test_the_document_of_a_version_is_kept_anew_until_its_tag_and_then_never_again(self):
        self.done("", "document")
        self.commit()
        self.done("is that document", "document")
        self.change(lambda document: document["paths"].pop(next(iter(document["paths"]))))
        self.refused("breaks clients: POST", "tag")
        self.done("commit it", "document")
        self.assertEqual(self.kept.read_bytes(), self.document.read_bytes())
        self.refused("commit first", "tag")
        self.commit()
        self.done("", "tag")
        self.assertEqual(self.git("tag").split(), [f"v{self.version}"])
        self.refused("already exists", "tag")
        self.change(lambda document: document["info"].update(description="Another text: it breaks nobody."))
        self.refused("raise the version", "document")
        self.commit()
        self.refused("is not the document of this commit", "tag")

    def test_a_version_without_its_section_in_the_changelog_or_with_another_in_the_document_is_not_kept(self):
        self.kept.unlink(missing_ok=True)
        self.change(lambda document: document["info"].update(version="0.0.1"))
        self.refused("is of another version", "document")
        self.change(lambda document: document["info"].update(version=self.version))
        (self.copy / "specs/CHANGELOG.md").write_text("# Changelog\n", encoding="utf-8")
        self.refused("has no section", "document")
        self.assertFalse(self.kept.exists())

    def test_the_archive_holds_the_binary_its_notices_and_every_folder_of_deploy(self):
        self.done("", "document")
        self.commit()
        self.done(f"support-requests {self.version}")
        archives = list((self.copy / "target/dist").glob("*.tar.gz"))
        self.assertEqual(len(archives), 1)
        with tarfile.open(archives[0]) as archive:
            names = {name.partition("/")[2]: archive.extractfile(name).read() for name in archive.getnames() if archive.getmember(name).isfile()}
        deployed = {str(file.relative_to(ROOT)) for file in DEPLOY.glob("*/**/*") if file.is_file() and "__pycache__" not in file.parts}
        self.assertGreater(len({name.split("/")[1] for name in deployed}), 7)
        own = {"support-requests", "LICENSE", "THIRD-PARTY-NOTICES.txt", "support-requests.cdx.json", "SHA256SUMS"}
        self.assertEqual(set(names), own | deployed)
        for name in deployed:
            self.assertEqual(names[name], (ROOT / name).read_bytes(), name)
        sums = dict(reversed(line.split("  ")) for line in names["SHA256SUMS"].decode().splitlines())
        self.assertEqual(sums, {name: hashlib.sha256(text).hexdigest() for name, text in names.items() if name != "SHA256SUMS"})
        before = archives[0].read_bytes()
        self.done("")
        self.assertEqual(archives[0].read_bytes(), before, "the same commit makes the same archive")

    def test_an_image_is_built_of_base_images_by_digest_only(self):
        self.done("", "document")
        self.commit()
        digest = f"@sha256:{'a' * 64}"
        for images in [{}, {"RUST_IMAGE": f"rust:1{digest}"}, {"RUST_IMAGE": f"rust:1{digest}", "RUNTIME_IMAGE": "cc:nonroot"},
                       {"RUST_IMAGE": "rust@sha256:abc", "RUNTIME_IMAGE": f"cc{digest}"}]:
            self.refused("must name a base image by digest", "image", **images)
        self.done(f"--build-arg RUST_IMAGE=rust:1{digest} --build-arg RUNTIME_IMAGE=cc{digest} --tag support-requests:{self.version} .",
                  "image", RUST_IMAGE=f"rust:1{digest}", RUNTIME_IMAGE=f"cc{digest}")

    def test_every_base_image_is_one_that_the_release_names(self):
        dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
        arguments = dict(re.findall(r"^ARG (\w+)=(\S+)$", dockerfile, re.M))
        self.assertEqual(set(arguments), {"RUST_IMAGE", "RUNTIME_IMAGE"})
        stages = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", dockerfile, re.M)
        ours = {name for _, name in stages}
        self.assertEqual({base for base, _ in stages} - ours, {f"${{{name}}}" for name in arguments})
        self.assertNotIn("syntax=", dockerfile, "it is an image, too")


if __name__ == "__main__":
    unittest.main()
