"""The ledger says what ran on which versions, holds no secret, and never fails a command."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from modelyard import console
from modelyard.cli.command import command
from modelyard.console import UserError
from modelyard.evidence import ledger
from typer import Typer
from typer.testing import CliRunner

LOCK = "    - path: data/sample\n      hash: md5\n      md5: 12ab.dir\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a project's folder, outside of CI."""
    for name in (*ledger.CI, "PLANTED"):
        monkeypatch.delenv(name, raising=False)
    for name, text in {
        "src/shop/schema.py": "SCHEMA = 1\n",
        "src/shop/features/build.py": "",
        "src/modelyard/schema/__init__.py": "",
        "tests/conftest.py": "",
        "dvc.lock": LOCK,
        "models/model.json": '{"version": "abc", "target": {}}',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entries() -> list[dict[str, Any]]:
    """Return the entries of all files."""
    files = sorted(ledger.FOLDER.glob("*.jsonl"))
    return [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]


def test_an_entry_has_the_versions_of_the_users_code_data_and_model() -> None:
    ledger.append("gate", False, 1.26, {"floors: roc_auc": ("ok", 0.6)})
    entry = entries()[0]
    assert {*entry["code"]} == {"features/build.py", "schema.py", "tests/conftest.py"}
    assert entry["code"]["schema.py"] == ledger.digest("SCHEMA = 1\n")
    assert (entry["data"], entry["model"]) == ({"data/sample": "12ab.dir"}, "abc")
    assert (entry["check"], entry["failed"], entry["seconds"]) == ("gate", False, 1.3)
    assert entry["details"] == {"floors: roc_auc": ["ok", 0.6]}


def test_each_line_holds_the_hash_of_the_one_before() -> None:
    for check in ("prepare", "gate"):
        ledger.append(check, False, 0, {})
    first, second = next(ledger.FOLDER.glob("*.jsonl")).read_text("utf-8").splitlines()
    assert json.loads(first)["before"] == ""
    assert json.loads(second)["before"] == ledger.digest(first)
    assert json.loads(second)["seal"] not in ("", json.loads(first)["seal"])


def test_a_job_of_ci_has_its_own_file_and_no_token_is_recorded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ledger.append("gate", False, 0, {})
    for name in ("CI_PIPELINE_ID", "CI_JOB_NAME", "CI_PIPELINE_SOURCE", "CI_JOB_TOKEN"):
        monkeypatch.setenv(name, name.lower())
    ledger.append("gate", False, 0, {})
    assert len([*ledger.FOLDER.glob("*.jsonl")]) == 2
    own = next(one for one in entries() if one["ci"])
    assert {*own["ci"]} == {"CI_PIPELINE_ID", "CI_JOB_NAME", "CI_PIPELINE_SOURCE"}
    assert "ci_job_token" not in json.dumps(own)


def test_a_folder_that_cannot_be_written_is_reported_and_fails_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "reports").write_text("", "utf-8")
    ledger.append("gate", False, 0, {})
    assert capsys.readouterr().err.startswith("warning: gate is not recorded in reports/evidence/")


def fine() -> None:
    console.note(feed="fine")


def incident() -> None:
    console.note(feed="bad")
    sys.exit(20)


def refused() -> None:
    raise UserError("the candidate is refused")


def crashed() -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("act", "failed", "details"),
    [
        (fine, False, {"feed": "fine"}),
        (incident, True, {"feed": "bad"}),
        (refused, True, {}),
        (crashed, True, {}),
    ],
)
def test_a_command_is_recorded_with_its_results(act: Any, failed: bool, details: Any) -> None:
    app = Typer()
    command(app, "Watch", "act", check="monitor")(act)
    assert bool(CliRunner().invoke(app).exit_code) == failed
    assert [(one["check"], one["failed"], one["details"]) for one in entries()] == [
        ("monitor", failed, details)
    ]
    ledger.append("gate", False, 0, {})
    assert console.noted == {}


def test_other_commands_are_not_recorded() -> None:
    app = Typer()
    command(app, "Serve", "act")(fine)
    CliRunner().invoke(app)
    console.noted.clear()
    assert entries() == []


def test_a_planted_fault_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANTED", "all features are zero")
    ledger.append("tests", True, 0, {})
    assert entries()[0]["planted"] == "all features are zero"
