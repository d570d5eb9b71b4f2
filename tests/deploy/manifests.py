"""The files of deploy/ as data."""

import yaml

from service import DEPLOY, ROOT

KUBERNETES = DEPLOY / "kubernetes"


def documents(folder):
    """The resources of a folder, by kind."""
    files = [file for file in sorted((KUBERNETES / folder).glob("*.yaml")) if file.name != "kustomization.yaml"]
    return {document["kind"]: document for file in files for document in yaml.safe_load_all(file.read_text())}


def kustomization(folder):
    return yaml.safe_load((KUBERNETES / folder / "kustomization.yaml").read_text())


def pod(document):
    return document["spec"]["template"]["spec"]


def settings(file):
    """`NAME=VALUE` lines."""
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def seconds(text):
    number, unit = int(text.rstrip("smin")), text.lstrip("0123456789")
    return number * {"s": 1, "m": 60, "min": 60}[unit]


def mebibytes(text):
    number, unit = int(text.rstrip("MGi")), text.lstrip("0123456789")
    return number * {"M": 1, "Mi": 1, "G": 1024, "Gi": 1024}[unit]


def operations():
    return (ROOT / "specs/operations.md").read_text()
