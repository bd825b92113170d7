"""The Prometheus files of the REST service, checked with Prometheus' own tools."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.checkout import ROOT
from tests.infra.engine import require_tools
from tests.infra.watching import WATCHING, changed, rules

TESTS = Path(__file__).with_name("rules_test.yml")
CHECKS = {
    TESTS.name: ["promtool", "test", "rules", TESTS.name],
    "rules.yml": ["promtool", "check", "rules", "rules.yml"],
    "prometheus.yml": ["promtool", "check", "config", "prometheus.yml"],
    "alertmanager.yml": ["amtool", "check-config", "alertmanager.yml"],
}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the files and of the tests of the rules, for a test to damage."""
    require_tools("promtool", "amtool")
    shutil.copytree(WATCHING, tmp_path / "files")
    shutil.copy(TESTS, tmp_path / "files")
    return tmp_path / "files"


def passes(check: str, folder: Path) -> bool:
    """Return whether a tool accepts a file."""
    done = subprocess.run(CHECKS[check], cwd=folder, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done.returncode == 0


@pytest.mark.parametrize("check", CHECKS)
def test_the_tool_accepts_the_file(check: str, files: Path) -> None:
    assert passes(check, files)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("prometheus.yml", "scrape_interval: 15s", "scrape_interval: 15"),
        ("prometheus.yml", "- rules.yml", "- gone.yml"),
        ("rules.yml", r"> 0.25", "> 0.25 *"),
        ("rules.yml", r"\$labels.column", "$label.column"),
        ("alertmanager.yml", "receiver: operators", "receiver: nobody"),
    ],
)
def test_a_planted_fault_in_a_file_is_detected(file: str, old: str, new: str, files: Path) -> None:
    changed(files / file, old, new)
    assert not passes(file, files)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (r"up{job=\"rest\"} == 0 or ", ""),
        (r" or absent\(up{job=\"rest\"}\)", ""),
        (r"for: 1m", "for: 5m"),
        (r"(path=\"/predict\"}\[5m\]\)\)) > 0.05", r"\1 > 0.07"),
        (r"(path=\"/predict\"}\[5m\]\)\)) > 0.05", r"\1 > 0.03"),
        (r"status=~\"5..\"", 'status="500"'),
        (r", path=\"/predict\"", ""),
        (r"histogram_quantile\(0.99", "histogram_quantile(0.9"),
        (r"> 0.25", "> 0.5"),
        (r"> 0.25", "> 0.05"),
        (r"by \(job, column\)", "by (job)"),
        (r"(\[15m\]\)\)) > 0.05", r"\1 > 0.2"),
        (r"(\[15m\]\)\)) > 0.05", r"\1 > 0.005"),
        (r"> max by \(job\) \(model_max", "> 2 * max by (job) (model_max"),
        (r"> max by \(job\) \(model_max", "> 0.5 * max by (job) (model_max"),
        (r"model_swaps_refused", "model_swaps"),
        (r"unrecorded_rows", "recorded_rows"),
        (r', reason!="day_full"', ""),
        (r"{job=\"rest\"} > 0\)", '{job="rest"})'),
        (r"by \(job, version\)", "by (job)"),
        (r"for: 10m", "for: 0m"),
    ],
)
def test_too_frequent_or_too_rare_alerts_are_detected(old: str, new: str, files: Path) -> None:
    changed(files / "rules.yml", old, new)
    assert not passes(TESTS.name, files)


def test_each_alert_has_a_test_that_it_fires_and_one_that_it_does_not() -> None:
    groups = yaml.safe_load(TESTS.read_text("utf-8"))["tests"]
    tried = [one for group in groups for one in group["alert_rule_test"]]
    names = {rule["alert"] for rule in rules()}
    assert {one["alertname"] for one in tried if "exp_alerts" in one} == names
    assert {one["alertname"] for one in tried if "exp_alerts" not in one} == names


def test_each_alert_has_a_description_and_a_runbook_entry() -> None:
    sections = sorted((ROOT / "includes" / "sections" / "runbook").glob("*.md"))
    runbook = "".join(file.read_text("utf-8") for file in sections)
    for rule in rules():
        name, annotations = rule["alert"], rule["annotations"]
        assert {*annotations} == {"summary", "description", "runbook"}
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert annotations["runbook"] == f"docs/runbook.md, {name}"
        assert f"| {name} |" in runbook


def test_the_receiver_is_a_placeholder_until_it_is_configured() -> None:
    kept = yaml.safe_load((WATCHING / "alertmanager.yml").read_text("utf-8"))
    (receiver,) = kept["receivers"]
    assert [one["url"] for one in receiver["webhook_configs"]] == [
        "http://operators.invalid/alerts"
    ]
