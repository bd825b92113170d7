"""Monitoring of a running REST service by Prometheus, Alertmanager and a webhook."""

import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.infra.engine import require_tools
from tests.infra.watching import monitored, query, rules, until, webhook
from tools.service import post, running_service

MODELYARD = ["uv", "run", "--quiet", "--no-sync", "modelyard"]
BY_PROMETHEUS = {("up", "job")}


def required(expressions: str) -> set[tuple[str, str]]:
    """Return the pairs of a metric and one of its labels that expressions use."""
    found = re.findall(r"([a-z_]+){([^}]*)}", expressions)
    return {(name, label) for name, inside in found for label in re.findall(r"(\w+)=", inside)}


def exported(text: str) -> set[tuple[str, str]]:
    """Return the pairs that `/metrics` exports; Prometheus adds `job` and `instance`."""
    samples = re.findall(r"^([a-z_]+)(?:{(.*)})? ", text, re.MULTILINE)
    pairs = {(name, label) for name, inside in samples for label in re.findall(r"(\w+)=", inside)}
    return pairs | {(name, "job") for name, _ in samples}


def test_a_missing_metric_or_label_is_detected() -> None:
    text = 'requests_total{path="/a",status="200"} 1.0\nage_seconds 2.0\n'
    expressions = 'rate(requests_total{job="rest", path="/a"}[5m]) age_seconds{job="rest"}'
    assert required(expressions) <= exported(text)
    assert required('age_s{job="rest"}') - exported(text) == {("age_s", "job")}
    assert required('age_seconds{pod="a"}') - exported(text) == {("age_seconds", "pod")}


@dataclass
class Scene:
    """A monitored service.

    Attributes:
        url: the service's address.
        prometheus: Prometheus' address.
        alerts: the alerts that the webhook has received so far.
        life: closing it ends the service.
    """

    url: str
    prometheus: str
    alerts: list[dict[str, Any]]
    life: ExitStack

    def received(self, alert: str) -> list[dict[str, Any]]:
        """Return the messages of an alert that the webhook has received."""
        return [one for one in self.alerts if one["labels"]["alertname"] == alert]


@pytest.fixture
def scene(trained: Path, tmp_path: Path) -> Iterator[Scene]:
    """The trained project's service, monitored."""
    require_tools("prometheus", "prometheus-alertmanager")
    with webhook() as (operators, alerts), ExitStack() as life:
        url = life.enter_context(
            running_service([*MODELYARD, "serve"], trained, tmp_path / "rest.log")
        )
        service = url.removeprefix("http://")
        with monitored(service, operators, tmp_path / "watching") as prometheus:
            yield Scene(url, prometheus, alerts, life)


@pytest.mark.slow
def test_the_service_exports_each_metric_and_label_of_the_rules(
    scene: Scene, trained: Path
) -> None:
    example = [*MODELYARD, "example", "2"]
    rows = subprocess.run(example, cwd=trained, capture_output=True, check=True)
    assert post(f"{scene.url}/predict", json.loads(rows.stdout))[0] == 200
    assert post(f"{scene.url}/predict", {"rows": [{}]})[0] == 422
    metrics = urllib.request.urlopen(f"{scene.url}/metrics", timeout=5).read().decode()
    wanted = required("\n".join(rule["expr"] for rule in rules()))
    assert len({metric for metric, _ in wanted}) == 10
    assert wanted - exported(metrics) == BY_PROMETHEUS


@pytest.mark.slow
def test_prometheus_scrapes_the_service_and_alerts_when_it_stops(
    scene: Scene, trained: Path
) -> None:
    served_version = f'model_info{{version="{model_version(trained)}"}}'
    assert until(lambda: query(scene.prometheus, 'up{job="rest"} == 1'))
    assert until(lambda: query(scene.prometheus, served_version))
    assert until(lambda: scene.received("ModelTooOld"))
    assert scene.received("ServiceDown") == []

    scene.life.close()

    (alert, *_) = until(lambda: scene.received("ServiceDown"))
    assert alert["status"] == "firing"
    assert alert["labels"]["instance"] == scene.url.removeprefix("http://")
    assert alert["annotations"]["summary"] == "The prediction service does not answer"


def model_version(project: Path) -> str:
    """Return the version of the accepted model."""
    version: str = json.loads((project / "models" / "model.json").read_text("utf-8"))["version"]
    return version
