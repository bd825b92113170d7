"""The manifest for KubeRay, rendered by kustomize and tested by four checks."""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.conftest import EVERY_TARGET, Render
from tests.infra.kubernetes import rendered, scanned, validated
from tests.infra.rayjob import documented, faults, written
from tests.infra.watching import changed

pytestmark = pytest.mark.slow
JOB = "rayjob.yaml"


@pytest.fixture
def overlay(render: Render, tmp_path: Path) -> Path:
    """The overlay for KubeRay in a copy of the deployment's files, for a test to damage."""
    deployment = render(EVERY_TARGET | {"scale_out": "ray"}) / "deployment"
    copy = Path(shutil.copytree(deployment, tmp_path / "deployment"))
    return copy / "batch" / "kubernetes" / "ray"


def test_the_job_is_valid_and_follows_the_rules(overlay: Path, tmp_path: Path) -> None:
    text = rendered(overlay)
    written(text, tmp_path / "out")
    assert documented(tmp_path / "out" / JOB)
    others = sorted((tmp_path / "out").glob("[op]*.yaml"))
    assert [file.name for file in others if not validated(file)] == []
    assert len(others) == 6
    assert faults(text) == []
    assert "image: registry.invalid/flight_delays-batch:none-yet" in text


def test_checkov_finds_nothing_in_the_jobs_pods(overlay: Path, tmp_path: Path) -> None:
    written(rendered(overlay), tmp_path / "out")
    done = scanned(tmp_path / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Failed checks: 0" in done.stdout


def test_checkov_finds_a_planted_fault(overlay: Path, tmp_path: Path) -> None:
    changed(overlay / JOB, "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true")
    written(rendered(overlay), tmp_path / "out")
    done = scanned(tmp_path / "out")
    assert done.returncode == 1
    assert "CKV_K8S_20" in done.stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("submissionMode: HTTPMode", "submissionMode: HttpMode"),
        ("ttlSecondsAfterFinished", "ttlSecondsAfterFinish"),
        ("headGroupSpec", "headGroup"),
        ("maxReplicas: 2", "maxReplicas: two"),
        ('num-cpus: "0"', "num-cpus: 0"),
        ("authOptions", "auth"),
    ],
)
def test_a_field_unknown_to_kuberay_is_detected(
    old: str, new: str, overlay: Path, tmp_path: Path
) -> None:
    changed(overlay / JOB, old, new)
    job = next(one for one in yaml.safe_load_all(rendered(overlay)) if one["kind"] == "RayJob")
    (tmp_path / JOB).write_text(yaml.safe_dump(job), "utf-8")
    assert not documented(tmp_path / JOB)


def test_a_field_unknown_to_a_pod_is_detected(overlay: Path, tmp_path: Path) -> None:
    changed(overlay / JOB, "imagePullPolicy: Always", "imagePullPolitics: Always")
    written(rendered(overlay), tmp_path / "out")
    assert not validated(tmp_path / "out" / "pod-head.yaml")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (JOB, "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
        (JOB, "runAsUser: 10001", "runAsUser: 0"),
        (JOB, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
        (JOB, "drop: .ALL.", "drop: [NET_RAW]"),
        (JOB, "mode: token", "mode: disabled"),
        (JOB, 'rayVersion: "[0-9.]+"', 'rayVersion: "2.50.0"'),
        (JOB, "port: 52365", "port: 8000"),
        (JOB, 'RAY_USAGE_STATS_ENABLED, value: "0"', 'RAY_USAGE_STATS_ENABLED, value: "1"'),
        (JOB, 'num-cpus: "0"', 'num-cpus: "2"'),
        (JOB, "--engine ray ", ""),
        (JOB, "subPath: input, readOnly: true", "subPath: input"),
        (JOB, "mountPath: /data/output", "mountPath: /output"),
        (JOB, "subPath: output, readOnly: true", "subPath: output"),
        (JOB, "minReplicas: 2", "minReplicas: 3"),
        (JOB, "limits: {cpu: .4., memory: 4Gi}", 'limits: {cpu: "8", memory: 4Gi}'),
        ("instead.yaml", "ReadWriteMany", "ReadWriteOnce"),
        ("instead.yaml", r"(?s)\$patch: delete.*?---\n", ""),
        ("networkpolicy.yaml", "name: batch-ray}", "name: batch}"),
        ("networkpolicy.yaml", ", Egress", ""),
    ],
)
def test_a_broken_rule_is_detected(file: str, old: str, new: str, overlay: Path) -> None:
    changed(overlay / file, old, new)
    assert faults(rendered(overlay)) != []


def test_the_job_names_the_locked_version_of_ray(overlay: Path, with_ray: Path) -> None:
    job = next(one for one in yaml.safe_load_all(rendered(overlay)) if one["kind"] == "RayJob")
    version = job["spec"]["rayClusterSpec"]["rayVersion"]
    assert f'name = "ray"\nversion = "{version}"\n' in (with_ray / "uv.lock").read_text("utf-8")
