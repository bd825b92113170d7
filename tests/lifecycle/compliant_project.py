"""A project that complies with the example policy, and changes that break a rule."""

import json
from collections.abc import Callable
from pathlib import Path

from tests.checkout import ROOT, commit, git
from tests.lifecycle.conftest import Modelyard

POLICY = ROOT / "tests" / "organisation" / "policy.yml"
PARAMS = """\
gate:
  floors: {roc_auc: 0.62}
  budget: {bytes: 1000000}
  fairness: {limits: {demographic_parity_difference: 0.4}}
"""
DVC = """\
[core]
    remote = storage
['remote "storage"']
    url = s3://acme-ml-churn/data
    region = eu-central-1
"""
LOCK = """\
version = 1

[[package]]
name = "churn"
source = { virtual = "." }

[[package]]
name = "numpy"
source = { registry = "https://host.example/simple" }

[[package]]
name = "acme-tools"
source = { registry = "https://host.example/simple" }

[[package]]
name = "on-windows-only"
source = { registry = "https://host.example/simple" }
"""
PLACE = ".venv/lib/python3.12/site-packages"
NUMPY = f"{PLACE}/numpy-2.0.dist-info/METADATA"
TOOLS = f"{PLACE}/acme_tools-1.dist-info/METADATA"
ANSWERS = ".copier-answers.yml"
RULES = [
    "min_template_version",
    "min_level",
    "gates.floors.roc_auc",
    "gates.budget.bytes",
    "gates.fairness.limits",
    "licences.project",
    "licences.packages",
    "remotes.origin",
    "remotes.dvc",
    "regions",
]


def make_compliant(child: Path) -> Path:
    """Make a project comply with all rules of `POLICY` and return it."""
    add(child, ANSWERS, "automation_level: 2\nlicense: Proprietary\n")
    write(child, "params.yaml", PARAMS)
    write(child, ".dvc/config", DVC)
    write(child, "uv.lock", LOCK)
    write(child, NUMPY, "Name: numpy\nLicense-Expression: BSD-3-Clause AND MIT\n")
    write(child, TOOLS, "Name: acme_tools\nLicense: ours\n")
    git(child, "remote", "add", "origin", "git@git.acme.example:ml/churn.git")
    commit(child, "Ours")
    return child


def write(project: Path, name: str, text: str) -> None:
    (project / name).parent.mkdir(parents=True, exist_ok=True)
    (project / name).write_text(text, "utf-8")


def add(project: Path, name: str, text: str) -> None:
    with (project / name).open("a", encoding="utf-8") as file:
        file.write(text)


def change(name: str, old: str, new: str) -> Callable[[Path], None]:
    def apply(project: Path) -> None:
        text = (project / name).read_text("utf-8")
        assert old in text
        write(project, name, text.replace(old, new))

    return apply


def origin(address: str) -> Callable[[Path], None]:
    return lambda project: ignore_result(git(project, "remote", "set-url", "origin", address))


def ignore_result(_: object) -> None:
    """Discard a value."""


def verdicts(modelyard: Modelyard, policy: Path, project: Path) -> tuple[int, dict[str, str]]:
    done = modelyard("comply", policy, project, "--json")
    report = json.loads(done.stdout)
    assert report["code"] == done.returncode, done.stderr
    return done.returncode, {rule["rule"]: rule["verdict"] for rule in report["rules"]}


def delete(name: str) -> Callable[[Path], None]:
    return lambda project: (project / name).unlink()
