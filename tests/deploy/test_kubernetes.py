"""The manifests: valid, restricted, with numbers that follow from the service's own, and nothing that points nowhere."""

import re
import unittest

import kubernetes_validate
from manifests import KUBERNETES, documents, kustomization, mebibytes, operations, pod, seconds, settings
from service import ROOT

VERSIONS = ["1.31", "1.37"]
FOLDERS = ["migrate", "service"]
# What the documentation promises: from SIGTERM to the end, and for how long requests are still taken (specs/http.md, "Stopping").
STOP_AT_MOST, SHUTDOWN_DELAY = 25, 5


class Kubernetes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.migrate, cls.service = (documents(folder) for folder in FOLDERS)
        cls.all = [document for folder in (cls.migrate, cls.service) for document in folder.values()]
        cls.pods = {"migrate": pod(cls.migrate["Job"]), "service": pod(cls.service["Deployment"])}
        cls.labels = cls.service["Deployment"]["spec"]["template"]["metadata"]["labels"]

    def test_every_resource_is_valid(self):
        for version in VERSIONS:
            for document in self.all:
                kubernetes_validate.validate(document, version, strict=True)
        with self.assertRaises(kubernetes_validate.ValidationError):
            broken = {**self.service["Service"], "spec": {"ports": "80"}}
            kubernetes_validate.validate(broken, VERSIONS[0], strict=True)

    def test_every_file_is_listed_and_every_resource_is_in_the_namespace(self):
        for folder in FOLDERS:
            files = {file.name for file in (KUBERNETES / folder).iterdir()} - {"kustomization.yaml"}
            generated = {file for made in kustomization(folder).get("configMapGenerator", []) for file in made["envs"]}
            self.assertEqual(set(kustomization(folder)["resources"]) | generated, files)
            self.assertEqual(kustomization(folder)["namespace"], self.migrate["Namespace"]["metadata"]["name"])
        for document in self.all:
            if document["kind"] != "Namespace":
                self.assertEqual(document["metadata"]["namespace"], self.migrate["Namespace"]["metadata"]["name"])

    def test_the_image_is_the_one_of_this_version(self):
        version = re.search(r'^version = "(.+)"$', (ROOT / "Cargo.toml").read_text(), re.M)[1]
        for folder, its_pod in self.pods.items():
            (image,) = kustomization(folder)["images"]
            self.assertEqual(image["newTag"], version)
            self.assertEqual([container["image"] for container in its_pod["containers"]], [image["name"]])

    def test_everything_that_selects_pods_selects_these(self):
        deployment = self.service["Deployment"]["spec"]
        selectors = [deployment["selector"]["matchLabels"], self.service["Service"]["spec"]["selector"],
                     self.service["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
                     self.service["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"]]
        selectors += [spread["labelSelector"]["matchLabels"] for spread in self.pods["service"]["topologySpreadConstraints"]]
        for selector in selectors:
            self.assertTrue(selector and selector.items() <= self.labels.items(), selector)
            job = self.migrate["Job"]["spec"]["template"]["metadata"]["labels"]
            self.assertFalse(selector.items() <= job.items(), "the job is no instance")
        job = self.migrate["Job"]["spec"]["template"]["metadata"]["labels"]
        self.assertLessEqual(self.migrate["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"].items(), job.items())

    def test_ports_and_mounts_are_there(self):
        (container,) = self.pods["service"]["containers"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        listen = settings(KUBERNETES / "service/settings.env")["SUPPORT_REQUESTS_LISTEN"]
        self.assertEqual(listen, f"0.0.0.0:{ports['http']}")
        metrics = settings(KUBERNETES / "service/settings.env")["SUPPORT_REQUESTS_METRICS_LISTEN"]
        self.assertEqual(metrics, f"0.0.0.0:{ports['metrics']}")
        annotations = self.service["Deployment"]["spec"]["template"]["metadata"]["annotations"]
        self.assertEqual(annotations["prometheus.io/port"], str(ports["metrics"]))
        named = [port["targetPort"] for port in self.service["Service"]["spec"]["ports"]]
        named += [container[f"{probe}Probe"]["httpGet"]["port"] for probe in ("startup", "liveness", "readiness")]
        named += [port["port"] for rule in self.service["NetworkPolicy"]["spec"]["ingress"] for port in rule["ports"]]
        self.assertLessEqual(set(named), set(ports))
        for its_pod in self.pods.values():
            (container,) = its_pod["containers"]
            mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
            self.assertEqual(set(mounts), {volume["name"] for volume in its_pod["volumes"]})
            for variable in container["env"]:
                path = re.search(r"/.*", variable.get("value", ""))
                mounted = [mount for mount in mounts.values() if path and (path[0] + "/").startswith(mount + "/")]
                self.assertTrue(not path or mounted, f"{variable['name']} is where nothing is mounted")

    def test_what_is_named_is_made_here_or_the_manual_says_how(self):
        made = {made["name"] for folder in FOLDERS for made in kustomization(folder).get("configMapGenerator", [])}
        named = set(re.findall(r"(?:secretName|claimName)': '([^']+)'", str(self.all)))
        named |= set(re.findall(r"(?:secretKeyRef|configMapRef|configMap)': \{'name': '([^']+)'", str(self.all)))
        self.assertGreater(len(named), 4)
        for name in named - made:
            self.assertTrue(f"`{name}`" in operations() or f" {name} " in operations(), f"{name} is neither made nor explained")

    def test_the_owners_password_is_with_the_job_only(self):
        self.assertIn("support-requests-owner", str(self.migrate))
        self.assertNotIn("owner", str(self.service).lower())
        self.assertNotIn("OWNER", (KUBERNETES / "service/settings.env").read_text())

    def test_pods_are_restricted(self):
        enforced = self.migrate["Namespace"]["metadata"]["labels"]["pod-security.kubernetes.io/enforce"]
        self.assertEqual(enforced, "restricted")
        for its_pod in self.pods.values():
            self.assertIs(its_pod["automountServiceAccountToken"], False)
            self.assertIs(its_pod["securityContext"]["runAsNonRoot"], True)
            self.assertGreater(its_pod["securityContext"]["runAsUser"], 0)
            self.assertEqual(its_pod["securityContext"]["seccompProfile"], {"type": "RuntimeDefault"})
            self.assertFalse({"hostNetwork", "hostPID", "hostIPC", "initContainers"} & set(its_pod))
            (container,) = its_pod["containers"]
            self.assertEqual(container["securityContext"], {"allowPrivilegeEscalation": False,
                             "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}})
            self.assertFalse([volume for volume in its_pod["volumes"] if "hostPath" in volume])
        self.assertIs(self.service["ServiceAccount"]["automountServiceAccountToken"], False)

    def test_nothing_may_go_out_but_to_names_database_and_platform(self):
        ports = {folder: [sorted({port["port"] for port in rule["ports"]}) for rule in rules["NetworkPolicy"]["spec"]["egress"]]
                 for folder, rules in [("migrate", self.migrate), ("service", self.service)]}
        self.assertEqual(ports, {"migrate": [[53], [5432]], "service": [[53], [5432], [443]]})
        for folder in (self.migrate, self.service):
            self.assertEqual(folder["NetworkPolicy"]["spec"]["policyTypes"], ["Ingress", "Egress"])
            self.assertTrue(all(rule["to"] for rule in folder["NetworkPolicy"]["spec"]["egress"]))
        self.assertTrue(all(rule["from"] for rule in self.service["NetworkPolicy"]["spec"]["ingress"]))

    def test_the_probes_follow_from_the_services_own_times(self):
        (container,) = self.pods["service"]["containers"]

        def after(probe):
            return container[probe]["periodSeconds"] * container[probe]["failureThreshold"]

        paths = [container[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")]
        self.assertEqual(paths, ["/livez", "/livez", "/readyz"])
        self.assertLess(after("readinessProbe"), SHUTDOWN_DELAY)
        self.assertGreaterEqual(after("livenessProbe"), 60)
        waits = seconds(settings(KUBERNETES / "service/settings.env")["SUPPORT_REQUESTS_WAIT_FOR_DATABASE"])
        self.assertGreater(after("startupProbe"), waits + 10)
        self.assertGreater(self.pods["service"]["terminationGracePeriodSeconds"], STOP_AT_MOST)

    def test_one_pod_at_least_serves_while_others_are_replaced(self):
        deployment = self.service["Deployment"]["spec"]
        self.assertEqual(deployment["strategy"]["rollingUpdate"], {"maxUnavailable": 0, "maxSurge": 1})
        self.assertGreater(deployment["replicas"], self.service["PodDisruptionBudget"]["spec"]["maxUnavailable"])

    def test_the_memory_is_the_measured_bound_with_every_connection_open(self):
        base = int(re.search(r"needs \*\*(\d+) MiB\*\* at most", operations())[1])
        http = (ROOT / "specs/http.md").read_text()
        connections = int(re.search(r"connections that are served at once \| ([\d,]+)", http)[1].replace(",", ""))
        (container,) = self.pods["service"]["containers"]
        self.assertGreaterEqual(mebibytes(container["resources"]["limits"]["memory"]), base + connections * 64 / 1024)
        self.assertGreaterEqual(mebibytes(container["resources"]["requests"]["memory"]), base)
        self.assertNotIn("cpu", container["resources"]["limits"])


if __name__ == "__main__":
    unittest.main()
