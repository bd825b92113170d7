"""The command `modelyard delivery`: output, files, exit codes."""

import json
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer import Typer
from typer.testing import CliRunner, Result

from modelyard_lifecycle.delivery import read
from modelyard_lifecycle.delivery.cli import delivery
from tests.lifecycle.delivery.histories import deployment, history

app = Typer()
app.command()(delivery)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """Run the command on a project with six deployments and an open incident."""
    deployed = [deployment(n, n * 24.0, commits=[n * 24.0 - 6]) for n in range(1, 7)]
    found = history(deployed, verdicts=[("monitor", 20, 500)])
    monkeypatch.setattr(read, "read_history", lambda folder, since: found)
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> Result:
        return CliRunner().invoke(app, ["--since", "2026-01-01", "--until", "2026-02-01", *words])

    return SimpleNamespace(call=call)


def test_the_table_has_the_metrics_and_the_open_incident(run: SimpleNamespace) -> None:
    result = run.call()
    assert result.exit_code == 0
    assert "deployment frequency        1.4 a week" in result.output
    assert "lead time for changes       6.0 hours" in result.output
    assert "open incident: monitor since 2026-01-21 20:00 UTC, serving v0.6.0" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_json_alone_is_printed_and_files_are_written(run: SimpleNamespace, tmp_path: Path) -> None:
    result = run.call("--json", "--html", "page.html", "--incidents", "incidents")
    assert json.loads(result.output)["metrics"][0]["count"] == 6
    assert "Delivery of" in (tmp_path / "page.html").read_text("utf-8")
    assert [one.name for one in (tmp_path / "incidents").iterdir()] == [
        "2026-01-21-2000-monitor.md"
    ]


def test_a_window_without_an_end_after_its_start_is_a_usage_error(run: SimpleNamespace) -> None:
    result = run.call("--since", "2026-02-01")
    assert result.exit_code == 2
    assert "--since 2026-02-01 is not before 2026-02-01" in result.output


@pytest.mark.parametrize("word", ["2026-13-01", "yesterday"])
def test_another_day_is_a_usage_error(run: SimpleNamespace, word: str) -> None:
    assert run.call("--since", word).exit_code == 2


def test_without_a_promotion_the_remedy_is_printed(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    result = CliRunner().invoke(app, [str(tmp_path)])
    assert result.exit_code == 0
    assert "No version was promoted to prod in this time: modelyard promote" in result.output


def test_a_folder_without_a_repository_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path)])
    assert result.exit_code == 1
    assert result.output.startswith("error: git ")
    assert len(result.output.splitlines()) == 1
