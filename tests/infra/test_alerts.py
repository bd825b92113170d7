"""The files by which Prometheus watches the REST service, tried with its own tools."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.checkout import ROOT
from tests.infra.engine import needed
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
    """A copy of the files with the tests of the rules beside them, to be spoilt at will."""
    needed("promtool", "amtool")
    shutil.copytree(WATCHING, tmp_path / "files")
    shutil.copy(TESTS, tmp_path / "files")
    return tmp_path / "files"


def passes(check: str, folder: Path) -> bool:
    """Tell whether a tool finds a file in order."""
    done = subprocess.run(CHECKS[check], cwd=folder, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr)
    return done.returncode == 0


@pytest.mark.parametrize("check", CHECKS)
def test_the_tool_finds_the_file_in_order(check: str, files: Path) -> None:
    assert passes(check, files)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("prometheus.yml", "scrape_interval: 15s", "scrape_interval: 15"),
        ("prometheus.yml", "- rules.yml", "- gone.yml"),
        ("rules.yml", r"> 45 \* 24", "> 45 * * 24"),
        ("rules.yml", r"\$labels.column", "$label.column"),
        ("alertmanager.yml", "receiver: operators", "receiver: nobody"),
    ],
)
def test_a_planted_fault_of_a_file_is_seen(file: str, old: str, new: str, files: Path) -> None:
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
        (r"> 45 \*", "> 47 *"),
        (r"> 45 \*", "> 43 *"),
        (r"{job=\"rest\"} > 0\)", '{job="rest"})'),
        (r"by \(job, version\)", "by (job)"),
        (r"for: 10m", "for: 0m"),
    ],
)
def test_a_rule_that_tells_too_much_or_too_little_is_seen(old: str, new: str, files: Path) -> None:
    changed(files / "rules.yml", old, new)
    assert not passes(TESTS.name, files)


def test_each_alert_has_a_test_that_it_comes_and_one_that_it_stays_away() -> None:
    groups = yaml.safe_load(TESTS.read_text("utf-8"))["tests"]
    tried = [one for group in groups for one in group["alert_rule_test"]]
    names = {rule["alert"] for rule in rules()}
    assert {one["alertname"] for one in tried if "exp_alerts" in one} == names
    assert {one["alertname"] for one in tried if "exp_alerts" not in one} == names


def test_each_alert_says_what_it_means_and_what_to_do() -> None:
    sections = sorted((ROOT / "includes" / "sections" / "runbook").glob("*.md"))
    runbook = "".join(file.read_text("utf-8") for file in sections)
    for rule in rules():
        name, said = rule["alert"], rule["annotations"]
        assert {*said} == {"summary", "description", "runbook"}
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert said["runbook"] == f"docs/runbook.md, {name}"
        assert f"| {name} |" in runbook


def test_nobody_is_told_until_an_address_is_put_in() -> None:
    kept = yaml.safe_load((WATCHING / "alertmanager.yml").read_text("utf-8"))
    (receiver,) = kept["receivers"]
    assert [one["url"] for one in receiver["webhook_configs"]] == [
        "http://operators.invalid/alerts"
    ]
