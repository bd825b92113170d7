"""Each service of the compose files gets the variables that it needs, and no others."""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.checkout import ROOT
from tests.conftest import EVERY_TARGET, Render
from tests.infra.remotes import S3

ENV = ROOT / "includes" / "sections" / "env"
FIXED = {"REST_PORT", "REST_RECORD_DIR", "BATCH_RECORD_DIR"}  # places inside the container
ONE_MACHINE = {"REST_INDEX_DIR"}  # the volume is on this machine
SETTINGS = {
    "rest": {"rest.env"},
    "batch": {"batch.env"},
    "monitor": set[str](),
    "prometheus": set[str](),
    "alertmanager": set[str](),
    "grafana": set[str](),
    "storage": {"s3.env"},
}
COMMON = defaultdict(set[str]) | {
    "rest": {"AS_OF"},
    "batch": {"AS_OF"},
    "monitor": {"MODEL_DIR", "AS_OF", "REST_RECORD_SHARE", "REST_RECORD_DIR", "BATCH_RECORD_ROWS"},
}


@pytest.fixture(scope="module")
def services(render: Render) -> dict[str, dict[str, Any]]:
    """All services of a project with every target."""
    files = sorted((render(EVERY_TARGET | S3) / "deployment").glob("**/compose.yaml"))
    read = [yaml.safe_load(file.read_text("utf-8"))["services"] for file in files]
    return {name: one for services in read for name, one in services.items()}


def documented(*files: str) -> set[str]:
    """Return the variables that parts of `.env.example` describe."""
    texts = [(ENV / file).read_text("utf-8") for file in files]
    return {name for text in texts for name in re.findall(r"^(?:# )?([A-Z_]+)=", text, re.M)}


def given(service: dict[str, Any]) -> dict[str, str]:
    """Return the variables of a service, without the fixed settings of Grafana."""
    found = service.get("environment", {}).items()
    return {name: value for name, value in found if not name.startswith("GF_")}


def faults(services: dict[str, dict[str, Any]]) -> list[str]:
    """Return the variables that a service gets without need, or under another name."""
    needed = {name: documented(*files) | COMMON[name] for name, files in SETTINGS.items()}
    pairs = [(name, *pair) for name, one in services.items() for pair in given(one).items()]
    return [
        *(f"{name} gets a file" for name, one in services.items() if "env_file" in one),
        *(f"{name} gets {variable}" for name, variable, _ in pairs if variable not in needed[name]),
        *(
            f"{name}: {variable} is {value}"
            for name, variable, value in pairs
            if variable not in FIXED and value != f"${{{variable}:-}}"
        ),
    ]


def test_no_service_gets_a_variable_of_another_one(services: dict[str, dict[str, Any]]) -> None:
    assert faults(services) == []


@pytest.mark.parametrize(
    ("service", "change", "fault"),
    [
        ("rest", {"env_file": [".env"]}, "rest gets a file"),
        ("rest", {"environment": {"EDGE_SIGNING_KEY": "${EDGE_SIGNING_KEY:-}"}}, "rest gets EDGE"),
        ("monitor", {"environment": {"REST_TOKEN": "${REST_TOKEN:-}"}}, "monitor gets REST_TOKEN"),
        ("rest", {"environment": {"REST_TOKEN": "${REST_WORKERS:-}"}}, "rest: REST_TOKEN is"),
    ],
)
def test_a_superfluous_variable_is_detected(
    services: dict[str, dict[str, Any]], service: str, change: dict[str, Any], fault: str
) -> None:
    (found,) = faults(services | {service: services[service] | change})
    assert found.startswith(fault)


@pytest.mark.parametrize("target", ["rest", "batch"])
def test_a_service_gets_each_setting_that_is_documented(
    services: dict[str, dict[str, Any]], target: str
) -> None:
    wanted = documented(f"{target}.env") - ONE_MACHINE | {"AS_OF"}
    assert wanted - given(services[target]).keys() == set()


def test_the_records_of_the_service_are_where_the_monitor_reads(
    services: dict[str, dict[str, Any]],
) -> None:
    rest, monitor = services["rest"], services["monitor"]
    assert rest["volumes"] == ["records:/records"]
    assert "records:/records:ro" in monitor["volumes"]
    places = {given(one)["REST_RECORD_DIR"] for one in (rest, monitor)}
    assert places == {"/records"}


def test_the_image_of_the_service_lets_its_user_write_to_the_volume() -> None:
    text = Path(ROOT, "template/deployment/rest/Dockerfile.jinja").read_text("utf-8")
    assert "RUN install -d -o 10001 -g 10001 /records\nUSER 10001:10001" in text
