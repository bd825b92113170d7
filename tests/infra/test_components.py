"""The optional parts of the Kubernetes manifests: operator of Prometheus, Ingress."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import EVERY_TARGET, Render
from tests.infra.engine import require_tools
from tests.infra.kubernetes import LEAST, rendered, scanned, validated
from tests.infra.watching import WATCHING, changed

CUSTOM = {"ServiceMonitor", "PrometheusRule"}


def of_operator() -> dict[str, Any]:
    """Return the objects for the operator of Prometheus by kind."""
    text = (WATCHING / "operator.yaml").read_text("utf-8")
    return {one["kind"]: one for one in yaml.safe_load_all(text)}


def test_the_rules_in_kubernetes_are_those_of_prometheus() -> None:
    rules = yaml.safe_load((WATCHING / "rules.yml").read_text("utf-8"))
    assert of_operator()["PrometheusRule"]["spec"] == rules


def test_promtool_accepts_the_rules_in_kubernetes(tmp_path: Path) -> None:
    require_tools("promtool")
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump(of_operator()["PrometheusRule"]["spec"]), "utf-8")
    check = ["promtool", "check", "rules", str(file)]
    assert subprocess.run(check, capture_output=True).returncode == 0


def test_the_operator_scrapes_the_service_under_the_name_that_the_rules_use() -> None:
    monitor = of_operator()["ServiceMonitor"]["spec"]
    label = monitor["jobLabel"]
    assert monitor["selector"]["matchLabels"] == {label: "rest"}
    (endpoint,) = monitor["endpoints"]
    assert (endpoint["port"], endpoint["path"]) == ("http", "/metrics")


@pytest.fixture
def deployment(render: Render, tmp_path: Path) -> Path:
    """A copy of the deployment files whose production has all optional parts."""
    folder = Path(shutil.copytree(render(EVERY_TARGET) / "deployment", tmp_path / "deployment"))
    file = folder / "rest/kubernetes/prod/kustomization.yaml"
    text = file.read_text("utf-8")
    found = yaml.safe_load(text)
    parts = [*found.get("components", []), "../../prometheus", "../ingress"]
    file.write_text(yaml.safe_dump(found | {"components": parts}), "utf-8")
    return folder


def objects(deployment: Path) -> list[dict[str, Any]]:
    """Return the objects of production."""
    return list(yaml.safe_load_all(rendered(deployment / "rest/kubernetes/prod")))


@pytest.mark.slow
def test_all_parts_are_valid_and_checkov_finds_nothing(deployment: Path, tmp_path: Path) -> None:
    found = objects(deployment)
    assert CUSTOM | {"Ingress"} <= {one["kind"] for one in found}
    assert {one["metadata"]["namespace"] for one in found} == {"flight-delays-prod"}
    (tmp_path / "out").mkdir()
    file = tmp_path / "out" / "prod.yaml"
    file.write_text(yaml.safe_dump_all(one for one in found if one["kind"] not in CUSTOM), "utf-8")
    assert validated(file)
    assert validated(file, LEAST)
    done = scanned(tmp_path / "out")
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_ingress_leads_to_the_service_by_https_only(deployment: Path) -> None:
    by_kind = {one["kind"]: one for one in objects(deployment)}
    ingress, service = by_kind["Ingress"]["spec"], by_kind["Service"]
    (tls,), (rule,) = ingress["tls"], ingress["rules"]
    assert tls["hosts"] == [rule["host"]]
    (path,) = rule["http"]["paths"]
    ports = [one["name"] for one in service["spec"]["ports"]]
    assert path["backend"]["service"] == {
        "name": service["metadata"]["name"],
        "port": {"name": ports[0]},
    }


@pytest.mark.slow
def test_a_field_that_kubernetes_does_not_know_is_detected(
    deployment: Path, tmp_path: Path
) -> None:
    changed(deployment / "rest/kubernetes/ingress/ingress.yaml", "pathType:", "pathTypes:")
    file = tmp_path / "ingress.yaml"
    found = [one for one in objects(deployment) if one["kind"] == "Ingress"]
    file.write_text(yaml.safe_dump_all(found), "utf-8")
    assert not validated(file)


@pytest.mark.slow
def test_the_dashboard_in_the_cluster_is_that_of_compose(deployment: Path) -> None:
    maps = [one for one in objects(deployment) if one["metadata"]["name"] == "rest-dashboard"]
    (found,) = maps
    assert found["data"]["dashboard.json"] == (WATCHING / "dashboard.json").read_text("utf-8")
    assert found["metadata"]["labels"] == {"grafana_dashboard": "1"}
