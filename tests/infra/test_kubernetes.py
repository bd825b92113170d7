"""The Kubernetes manifests, rendered by kustomize and tested by three checks."""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.checkout import ROOT
from tests.conftest import EVERY_TARGET, Render
from tests.infra.kubernetes import LEAST, OVERLAYS, faults, rendered, scanned, validated
from tests.infra.watching import changed

pytestmark = pytest.mark.slow
DEPLOYMENT, CRON = "rest/kubernetes/base/deployment.yaml", "batch/kubernetes/base/cronjob.yaml"
RETRAIN = "pipeline/kubernetes/base/cronjob.yaml"
MONITOR = "pipeline/kubernetes/base/monitor.yaml"


@pytest.fixture
def deployment(render: Render, tmp_path: Path) -> Path:
    """A copy of the project's deployment files, for a test to damage."""
    return Path(shutil.copytree(render(EVERY_TARGET) / "deployment", tmp_path / "deployment"))


def written(deployment: Path) -> Path:
    """Render all overlays into the files of a new folder."""
    folder = deployment.parent / "rendered"
    folder.mkdir()
    for overlay in OVERLAYS:
        name = overlay.replace("/", "-")
        (folder / f"{name}.yaml").write_text(rendered(deployment / overlay), "utf-8")
    return folder


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_overlay_is_valid_and_follows_the_rules(overlay: str, deployment: Path) -> None:
    text = rendered(deployment / overlay)
    (deployment / "rendered.yaml").write_text(text, "utf-8")
    assert validated(deployment / "rendered.yaml")
    assert validated(deployment / "rendered.yaml", LEAST)
    assert faults(text) == []


def test_the_least_version_is_stated_and_an_older_one_would_not_do(deployment: Path) -> None:
    (deployment / "rendered.yaml").write_text(rendered(deployment / OVERLAYS[0]), "utf-8")
    assert not validated(deployment / "rendered.yaml", "1.28.0")
    page = (ROOT / "docs" / "how-to" / "deploy.md").read_text("utf-8")
    assert f"Kubernetes {LEAST.removesuffix('.0')} or later" in page


@pytest.mark.parametrize(
    ("target", "file", "key"),
    [
        ("rest", "base/deployment.yaml", "maxUnavailable"),
        ("rest", "base/deployment.yaml", "readinessProbe"),
        ("rest", "prod/horizontalpodautoscaler.yaml", "minReplicas"),
        ("batch", "base/cronjob.yaml", "concurrencyPolicy"),
        ("pipeline", "base/cronjob.yaml", "backoffLimit"),
    ],
)
def test_a_field_unknown_to_kubernetes_is_detected(
    target: str, file: str, key: str, deployment: Path
) -> None:
    changed(deployment / target / "kubernetes" / file, f"{key}:", f"{key}z:")
    text = rendered(deployment / target / "kubernetes" / "prod")
    (deployment / "rendered.yaml").write_text(text, "utf-8")
    assert not validated(deployment / "rendered.yaml")


def test_a_missing_file_of_an_overlay_is_detected(deployment: Path) -> None:
    (deployment / "rest" / "kubernetes" / "base" / "records.yaml").unlink()
    with pytest.raises(AssertionError, match=r"records\.yaml"):
        rendered(deployment / "rest" / "kubernetes" / "test")


def test_checkov_finds_nothing(deployment: Path) -> None:
    done = scanned(written(deployment))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Failed checks: 0" in done.stdout


def test_checkov_finds_planted_faults(deployment: Path) -> None:
    base = deployment / "rest" / "kubernetes" / "base"
    changed(base / "networkpolicy.yaml", r"  podSelector:\n    matchLabels.*\n", "")
    changed(deployment / CRON, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false")
    done = scanned(written(deployment))
    assert done.returncode == 1
    assert {"CKV2_K8S_6", "CKV_K8S_22"} <= {
        line[7:].split(":")[0] for line in done.stdout.splitlines()
    }


PLANTED = [
    (DEPLOYMENT, "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
    (DEPLOYMENT, "runAsNonRoot: true", "runAsNonRoot: false"),
    (DEPLOYMENT, "runAsUser: 10001", "runAsUser: 0"),
    (DEPLOYMENT, "type: RuntimeDefault", "type: Unconfined"),
    (DEPLOYMENT, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
    (DEPLOYMENT, "drop: .ALL.", "drop: [NET_RAW]"),
    (DEPLOYMENT, "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true"),
    (DEPLOYMENT, "memory: 512Mi", "ephemeral-storage: 1Gi"),
    (DEPLOYMENT, "mountPath: /tmp", "mountPath: /app/tmp"),
    (DEPLOYMENT, "path: /health", "path: /ready"),
    (DEPLOYMENT, r"(readinessProbe:\s+httpGet: {path:) /ready", r"\1 /health"),
    (DEPLOYMENT, "terminationGracePeriodSeconds: 45", "terminationGracePeriodSeconds: 35"),
    (DEPLOYMENT, 'value: "8000"', 'value: "8001"'),
    (DEPLOYMENT, "spec:\n  selector", "spec:\n  replicas: 3\n  selector"),
    (DEPLOYMENT, "selector: {app.kubernetes.io/name: rest}", "selector: {a: b}"),
    (DEPLOYMENT, r"  maxUnavailable: 1\n  selector:\n.*\n", "  maxUnavailable: 1\n"),
    ("rest/kubernetes/base/networkpolicy.yaml", r", Egress", ""),
    ("rest/kubernetes/base/networkpolicy.yaml", r"  podSelector:\n    matchLabels.*\n", ""),
    (DEPLOYMENT, "kind: Deployment, name: rest}", "kind: Deployment, name: other}"),
    ("rest/kubernetes/prod/horizontalpodautoscaler.yaml", "minReplicas: 2", "minReplicas: 10"),
    (DEPLOYMENT, r"(name: rest\nautomount.*): false", r"\1: true"),
    (CRON, "concurrencyPolicy: Forbid", "concurrencyPolicy: Allow"),
    (CRON, "serving.batch", "serving.rest"),
    (CRON, "mountPath: /data/output", "mountPath: /output"),
    (CRON, "runAsNonRoot: true", "runAsNonRoot: false"),
    ("batch/kubernetes/base/persistentvolumeclaim.yaml", "name: batch", "name: other"),
    (RETRAIN, "concurrencyPolicy: Forbid", "concurrencyPolicy: Replace"),
    (RETRAIN, "backoffLimit: 0", "backoffLimit: 2"),
    (RETRAIN, "scripts/retrain.sh", "scripts/check.sh"),
    (RETRAIN, "mountPath: /project", "mountPath: /elsewhere"),
    (RETRAIN, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
    (DEPLOYMENT, "mountPath: /records", "mountPath: /elsewhere"),
    (DEPLOYMENT, "configMapRef: {name: records}", "configMapRef: {name: other}"),
    (DEPLOYMENT, "claimName: records", "claimName: own"),
    (DEPLOYMENT, "fsGroup: 10001", "fsGroup: 0"),
    (CRON, "mountPath: /records", "mountPath: /elsewhere"),
    (MONITOR, "mountPath: /records", "mountPath: /elsewhere"),
    (MONITOR, "backoffLimit: 0", "backoffLimit: 3"),
    ("pipeline/kubernetes/base/kustomization.yaml", "claimName: records", "claimName: own"),
]


@pytest.mark.parametrize(("file", "old", "new"), PLANTED)
def test_a_broken_rule_is_detected(file: str, old: str, new: str, deployment: Path) -> None:
    changed(deployment / file, old, new)
    assert faults(rendered(deployment / file.split("/")[0] / "kubernetes" / "prod")) != []


def test_test_and_prod_differ_in_size_and_place_only(deployment: Path) -> None:
    first, second = (
        {
            one["kind"]: one
            for one in yaml.safe_load_all(rendered(deployment / "rest/kubernetes" / stage))
        }
        for stage in ("test", "prod")
    )
    sizes = [one["HorizontalPodAutoscaler"]["spec"] for one in (first, second)]
    assert [(size["minReplicas"], size["maxReplicas"]) for size in sizes] == [(1, 2), (2, 10)]
    places = [one["Deployment"]["metadata"].pop("namespace") for one in (first, second)]
    assert places == ["flight-delays-test", "flight-delays-prod"]
    assert first["Deployment"] == second["Deployment"]
