"""Every setting that deploy/ and the containers' files name is one, and the binary takes what they set."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

import yaml
from manifests import KUBERNETES, documents, pod, settings
from service import BINARY, DEPLOY, ROOT

KEYS = '{"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}'


class Settings(unittest.TestCase):
    def test_every_setting_that_is_named_exists(self):
        known = subprocess.run([BINARY, "help", "serve"], check=True, text=True, stdout=subprocess.PIPE, env={}).stdout
        known = set(re.findall(r"SUPPORT_REQUESTS_[A-Z_]+", known))
        self.assertGreater(len(known), 15)
        files = [ROOT / "Dockerfile", ROOT / "docker-compose.yml", *(file for file in DEPLOY.rglob("*") if file.is_file())]
        named = 0
        for file in files:
            for name in re.findall(r"SUPPORT_REQUESTS_[A-Z_]*[A-Z]", file.read_text()):
                named += 1
                self.assertIn(name, known, f"in {file}")
        self.assertGreater(named, 25)

    def test_the_image_is_for_production_and_the_compose_file_says_that_it_is_not(self):
        dockerfile = (ROOT / "Dockerfile").read_text().splitlines()
        self.assertIn("ENV SUPPORT_REQUESTS_ENVIRONMENT=production", dockerfile)
        compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
        for name in ["migrate", "service"]:
            self.assertEqual(compose[name]["environment"]["SUPPORT_REQUESTS_ENVIRONMENT"], "development")

    def start(self, environment):
        """What the binary says of these settings where no database answers and every file that they name is there."""
        with tempfile.TemporaryDirectory() as folder:
            for name, value in environment.items():
                path = re.search(r"^(file:)?(/\S+)$", value)
                if path:
                    file = Path(folder) / path[2].lstrip("/")
                    file.parent.mkdir(parents=True, exist_ok=True)
                    if path[1]:
                        file.mkdir()
                    else:
                        file.write_text(KEYS)
                    environment[name] = value.replace(path[2], str(file))
            environment["SUPPORT_REQUESTS_WAIT_FOR_DATABASE"] = "0s"
            url = environment["SUPPORT_REQUESTS_DATABASE_URL"]
            ca = Path(folder) / "ca.pem"
            ca.write_text("")
            url = re.sub(r"sslrootcert=[^&]+", f"sslrootcert={ca}", url.replace("@db.example/", "@127.0.0.1:1/"))
            self.assertIn("127.0.0.1:1", url)
            environment["SUPPORT_REQUESTS_DATABASE_URL"] = url
            return subprocess.run([BINARY, "serve"], env=environment, cwd=folder, text=True, timeout=60,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout

    def assert_only_the_database_is_missing(self, environment):
        self.assertEqual(environment["SUPPORT_REQUESTS_ENVIRONMENT"], "production")
        said = self.start(environment)
        self.assertIn("the database cannot be reached or opened: 127.0.0.1:1", said)
        environment["SUPPORT_REQUESTS_LISTEN"] = "nonsense"
        self.assertIn("SUPPORT_REQUESTS_LISTEN", self.start(environment))

    def test_the_binary_takes_the_settings_of_the_unit(self):
        environment = settings(DEPLOY / "systemd/support-requests.env")
        environment["SUPPORT_REQUESTS_DATABASE_PASSWORD_FILE"] = "/run/credentials/support-requests.service/database-password"
        self.assert_only_the_database_is_missing(environment)

    def test_the_binary_takes_the_settings_of_the_deployment(self):
        (container,) = pod(documents("service")["Deployment"])["containers"]
        environment = settings(KUBERNETES / "service/settings.env")
        environment.update({variable["name"]: variable["value"] for variable in container["env"]})
        self.assert_only_the_database_is_missing(environment)


if __name__ == "__main__":
    unittest.main()
