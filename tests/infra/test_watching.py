"""A running REST service, a real Prometheus, a real Alertmanager, and a webhook that is told."""

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

from tests.infra.engine import needed
from tests.infra.watching import query, rules, until, watched, webhook
from tools.service import post, running_service

MODELYARD = ["uv", "run", "--quiet", "--no-sync", "modelyard"]
BY_PROMETHEUS = {("up", "job")}


def asked_for(expressions: str) -> set[tuple[str, str]]:
    """Return the pairs of a metric and one of its labels that expressions ask for."""
    found = re.findall(r"([a-z_]+){([^}]*)}", expressions)
    return {(name, label) for name, inside in found for label in re.findall(r"(\w+)=", inside)}


def exported(text: str) -> set[tuple[str, str]]:
    """Return the pairs that `/metrics` shows; Prometheus adds `job` and `instance` to each."""
    samples = re.findall(r"^([a-z_]+)(?:{(.*)})? ", text, re.MULTILINE)
    shown = {(name, label) for name, inside in samples for label in re.findall(r"(\w+)=", inside)}
    return shown | {(name, "job") for name, _ in samples}


def test_a_metric_or_label_that_the_service_lacks_is_seen() -> None:
    text = 'requests_total{path="/a",status="200"} 1.0\nage_seconds 2.0\n'
    expressions = 'rate(requests_total{job="rest", path="/a"}[5m]) age_seconds{job="rest"}'
    assert asked_for(expressions) <= exported(text)
    assert asked_for('age_s{job="rest"}') - exported(text) == {("age_s", "job")}
    assert asked_for('age_seconds{pod="a"}') - exported(text) == {("age_seconds", "pod")}


@dataclass
class Scene:
    """A service that is watched.

    Attributes:
        url: the service's address.
        prometheus: Prometheus' address.
        alerts: what the webhook was told so far.
        life: closing it ends the service.
    """

    url: str
    prometheus: str
    alerts: list[dict[str, Any]]
    life: ExitStack

    def told(self, alert: str) -> list[dict[str, Any]]:
        """Return what the webhook was told of an alert."""
        return [one for one in self.alerts if one["labels"]["alertname"] == alert]


@pytest.fixture
def scene(trained: Path, tmp_path: Path) -> Iterator[Scene]:
    """The trained project's service, watched."""
    needed("prometheus", "prometheus-alertmanager")
    with webhook() as (operators, alerts), ExitStack() as life:
        url = life.enter_context(
            running_service([*MODELYARD, "serve"], trained, tmp_path / "rest.log")
        )
        service = url.removeprefix("http://")
        with watched(service, operators, tmp_path / "watching") as prometheus:
            yield Scene(url, prometheus, alerts, life)


@pytest.mark.slow
def test_the_service_has_each_metric_and_label_that_a_rule_asks_for(
    scene: Scene, trained: Path
) -> None:
    example = [*MODELYARD, "example", "2"]
    told = subprocess.run(example, cwd=trained, capture_output=True, check=True)
    assert post(f"{scene.url}/predict", json.loads(told.stdout))[0] == 200
    assert post(f"{scene.url}/predict", {"rows": [{}]})[0] == 422
    metrics = urllib.request.urlopen(f"{scene.url}/metrics", timeout=5).read().decode()
    wanted = asked_for("\n".join(rule["expr"] for rule in rules()))
    assert len({metric for metric, _ in wanted}) == 7
    assert wanted - exported(metrics) == BY_PROMETHEUS


@pytest.mark.slow
def test_a_service_is_seen_up_and_when_it_ends_somebody_is_told(
    scene: Scene, trained: Path
) -> None:
    served_version = f'model_info{{version="{model_version(trained)}"}}'
    assert until(lambda: query(scene.prometheus, 'up{job="rest"} == 1'))
    assert until(lambda: query(scene.prometheus, served_version))
    assert until(lambda: scene.told("ModelTooOld"))
    assert scene.told("ServiceDown") == []

    scene.life.close()

    (alert, *_) = until(lambda: scene.told("ServiceDown"))
    assert alert["status"] == "firing"
    assert alert["labels"]["instance"] == scene.url.removeprefix("http://")
    assert alert["annotations"]["summary"] == "The prediction service does not answer"


def model_version(project: Path) -> str:
    """Return the version of the accepted model."""
    version: str = json.loads((project / "models" / "model.json").read_text("utf-8"))["version"]
    return version
