"""The dashboard: each query names exported metrics and returns data from a real Prometheus."""

import json
import re
import subprocess
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.infra.engine import require_tools
from tests.infra.watching import WATCHING, monitored, query, until, webhook
from tools.service import post, running_service

MODELYARD = ["uv", "run", "--quiet", "--no-sync", "modelyard"]
BY_PROMETHEUS = {"up"}
SUFFIXES = ("_bucket", "_sum", "_count")


def panels() -> list[dict[str, Any]]:
    """Return the panels of the dashboard."""
    found: list[dict[str, Any]] = json.loads((WATCHING / "dashboard.json").read_text("utf-8"))[
        "panels"
    ]
    return found


def expressions() -> list[str]:
    """Return the queries of all panels."""
    return [target["expr"] for panel in panels() for target in panel["targets"]]


def metrics(expression: str) -> set[str]:
    """Return the metrics that a query names."""
    return set(re.findall(r"([a-z_]+){", expression))


def test_each_query_names_a_metric_of_the_job() -> None:
    for expression in expressions():
        assert metrics(expression), expression
        selectors = re.findall(r"{([^}]*)}", expression)
        assert all(one.startswith('job="rest"') for one in selectors), expression


def test_the_panels_fill_the_grid_and_have_a_description() -> None:
    places = [panel["gridPos"] for panel in panels()]
    cells = [
        (x, y)
        for at in places
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) == 23
    assert all(panel["description"].endswith(".") for panel in panels())
    assert len({panel["id"] for panel in panels()}) == len(panels())
    for panel in panels():
        assert len({one["refId"] for one in panel["targets"]}) == len(panel["targets"])


def test_the_panels_use_the_provisioned_data_source() -> None:
    provisioned = yaml.safe_load((WATCHING / "grafana.yml").read_text("utf-8"))
    (source,) = provisioned["datasources"]
    used = {(panel["datasource"]["type"], panel["datasource"]["uid"]) for panel in panels()}
    assert used == {(source["type"], source["uid"])}
    compose = yaml.safe_load((WATCHING / "compose.yaml").read_text("utf-8"))["services"]
    assert source["url"] == "http://prometheus:9090"
    folder = provisioned["providers"][0]["options"]["path"]
    mounts = compose["grafana"]["volumes"]
    assert f"./dashboard.json:{folder}/rest.json:ro" in mounts
    kinds = ("datasources", "dashboards")
    assert {f"./grafana.yml:/etc/grafana/provisioning/{kind}/grafana.yml:ro" for kind in kinds} <= {
        *mounts
    }


@pytest.fixture
def watched(trained: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Addresses of the trained project's service, used in every way, and of its Prometheus."""
    require_tools("prometheus", "prometheus-alertmanager")
    recording = f"REST_RECORD_SHARE=1 REST_RECORD_DIR={tmp_path / 'records'}"
    command = ["env", *recording.split(), *MODELYARD, "serve"]
    with (
        webhook() as (operators, _),
        running_service(command, trained, tmp_path / "log") as url,
        monitored(url.removeprefix("http://"), operators, tmp_path / "watching") as prometheus,
    ):
        yield url, prometheus


def use(url: str, trained: Path) -> None:
    """Send a prediction, one with an unknown category, an invalid row, and a label."""
    example = subprocess.run([*MODELYARD, "example", "2"], cwd=trained, capture_output=True)
    rows = json.loads(example.stdout)
    for row in rows["rows"]:
        row["carrier"] = "ZZ"
    assert post(f"{url}/predict", rows)[0] == 200
    assert post(f"{url}/predict", {"rows": [{}]})[0] == 422
    label = {"request_id": "none", "row": 0, "label": "late"}
    assert post(f"{url}/feedback", {"labels": [label]})[0] == 200


@pytest.mark.slow
def test_each_query_returns_data_from_a_running_service(
    watched: tuple[str, str], trained: Path
) -> None:
    url, prometheus = watched
    use(url, trained)
    text = urllib.request.urlopen(f"{url}/metrics", timeout=5).read().decode()
    exported = set(re.findall(r"^([a-z_]+)", text, re.MULTILINE))
    named = set().union(*map(metrics, expressions()))
    assert named - exported - BY_PROMETHEUS <= {"refused_requests_total"}
    for expression in expressions():
        assert until(partial(query, prometheus, expression)), expression
    assert query(prometheus, 'sum(rate(no_such_metric{job="rest"}[5m]))') == []
