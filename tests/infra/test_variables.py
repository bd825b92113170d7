"""Each service of the compose files gets the variables that it needs, and no others."""

import re
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
    "storage": {"s3.env"},
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
    """Return the variables of a service."""
    return dict(service.get("environment", {}))


def faults(services: dict[str, dict[str, Any]]) -> list[str]:
    """Return the variables that a service gets without need, or under another name."""
    every = documented(*(file.name for file in ENV.glob("*.env")))
    needed = {name: documented(*files) for name, files in SETTINGS.items()}
    needed["rest"] |= {"AS_OF"}
    needed["batch"] |= {"AS_OF"}
    needed["monitor"] = {"MODEL_DIR", "AS_OF", "REST_RECORD_SHARE", "REST_RECORD_DIR"}
    needed["monitor"] |= {"BATCH_RECORD_ROWS"}
    return [
        *(f"{name} gets a file" for name, one in services.items() if "env_file" in one),
        *(
            f"{name} gets {variable}"
            for name, one in services.items()
            for variable in given(one)
            if variable not in needed.get(name, set()) and (variable in every or name in SETTINGS)
        ),
        *(
            f"{name}: {variable} is {value}"
            for name, one in services.items()
            for variable, value in given(one).items()
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
