"""Evaluation of the reasons to retrain: data, code, params, calendar, messages, monitor."""

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from modelyard.console import UserError
from modelyard.files import write_json
from modelyard.project import Project
from modelyard.retraining import inputs, trigger

from tests.runtime import example
from tests.runtime.one_stage_project import (
    CREATED,
    MONTH_LATER,
    change_data,
    commit,
    decide,
    due_kinds,
    retrain,
    send_message,
    set_param,
)
from tools.runtime_hashes import RUNTIME, STAGES, modules

pytestmark = pytest.mark.usefixtures("folder")
WITHOUT_MONITOR = """
import sys
from datetime import date
from modelyard.console import UserError
from modelyard.params import read_params
from modelyard.project import load
from modelyard.retraining import inputs, trigger
inputs.hash_current_rows = inputs.hash_snapshot = lambda *_: "rows"
inputs.newest_row = lambda *_: None
try:
    decision = trigger.decide(load(sys.argv[1]), date.fromisoformat(sys.argv[2]), read_params())
    print(*(reason.kind for reason in decision.due))
except UserError as error:
    print(error)
"""


def test_in_a_healthy_week_nothing_is_due(monitor_report: dict[str, Any]) -> None:
    assert due_kinds(CREATED + timedelta(days=7)) == []
    monitor_report["outcome"] = "incident"
    assert due_kinds() == []


def test_each_reason_is_due_on_its_own(monitor_report: dict[str, Any]) -> None:
    assert due_kinds(MONTH_LATER) == ["calendar"]
    send_message("one")
    assert due_kinds() == ["message"]
    monitor_report["outcome"] = "retrain"
    assert due_kinds() == ["message", "verdict"]


def test_an_unreadable_serving_model_is_an_error_and_stops_no_other_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreadable(project: str) -> None:
        raise UserError("cannot read the model")

    monkeypatch.setattr(trigger, "serving_model", unreadable)
    decision = decide()
    assert (decision.exit_code, decision.errors) == (1, ["verdict: cannot read the model"])
    assert "bad   verdict: cannot read the model" in trigger.table(decision)
    assert decide(MONTH_LATER).exit_code == 10


def test_changed_data_is_a_reason_but_a_changed_mtime_is_not() -> None:
    os.utime("data/sample/rows.csv", (1, 1))
    os.utime("src/train.py", (1, 1))
    assert due_kinds() == []
    change_data("good and more")
    assert due_kinds() == ["data"]


def test_changed_rows_of_the_last_snapshot_are_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "hash_current_rows", lambda *_: "corrected")
    assert due_kinds() == ["data"]


def test_the_day_of_the_snapshot_is_that_of_dvc_lock() -> None:
    set_param("data", "as_of", str(MONTH_LATER))
    assert inputs.read_inputs().day == CREATED


@pytest.mark.parametrize(
    ("file", "kinds"),
    [("src/train.py", ["code"]), ("src/serving/app.py", []), ("README.md", [])],
)
def test_training_code_is_a_reason_but_other_code_is_not(file: str, kinds: list[str]) -> None:
    with Path(file).open("a") as code:
        code.write("# another\n")
    assert due_kinds() == kinds


def test_a_training_param_is_a_reason() -> None:
    set_param("train", "seed", 8)
    assert due_kinds() == ["code"]


def test_a_reason_that_is_not_enabled_is_not_due() -> None:
    set_param("retrain", "reasons", ["calendar"])
    send_message("one")
    assert due_kinds() == []


def test_a_day_before_the_model_is_refused() -> None:
    with pytest.raises(UserError, match=r"must be 2024-05-01 \(data\.as_of\) or later"):
        due_kinds(CREATED - timedelta(days=1))


def test_changed_training_code_of_the_runtime_is_a_reason() -> None:
    retrain(MONTH_LATER)
    Path("src/modelyard/models/train.py").write_text("answer = 2\n", "utf-8")
    write_json(Path("runtime.json"), {"gate": "2"})
    commit()
    assert due_kinds(MONTH_LATER) == ["code"]
    whys = {reason.kind: reason.why for reason in decide(MONTH_LATER).reasons}
    assert (whys["code"], whys["serving"]) == ("runtime.json: gate changed", "unchanged")
    retrain(MONTH_LATER)
    assert due_kinds(MONTH_LATER) == []


def test_changed_serving_code_of_the_runtime_needs_a_deployment_only() -> None:
    retrain(MONTH_LATER)
    Path("src/modelyard/serving/predictor.py").write_text("answer = 2\n", "utf-8")
    commit()
    assert due_kinds(MONTH_LATER) == []
    assert (
        decide(MONTH_LATER).reasons[-1].why == "changed since the last run: deploy, do not retrain"
    )


def test_another_version_of_the_runtime_needs_a_deployment_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    retrain(MONTH_LATER)
    assert decide(MONTH_LATER).reasons[-1].why == "unchanged"
    monkeypatch.setattr(inputs, "runtime_version", lambda: "1.1.0")
    assert due_kinds(MONTH_LATER) == []
    assert (
        decide(MONTH_LATER).reasons[-1].why == "changed since the last run: deploy, do not retrain"
    )


def test_training_code_is_the_code_that_runtime_json_hashes() -> None:
    behind = {file for stage in STAGES.values() for file in modules(RUNTIME / stage)}
    behind.add(RUNTIME / "models" / "boosting.py")  # the project's estimator.py imports it
    for folder in ("schema", "data", "features", "models"):
        for file in (RUNTIME / folder).rglob("*.py"):
            path = inputs.VENDORED + file.relative_to(RUNTIME).as_posix()
            assert inputs.is_training_code(path) == (file in behind or file.stem == "__init__"), (
                path
            )


def test_changed_serving_code_needs_a_deployment_only() -> None:
    retrain(MONTH_LATER)
    Path("src/serving/app.py").write_text("answer = 2\n", "utf-8")
    commit()
    assert due_kinds(MONTH_LATER) == []
    last = decide(MONTH_LATER).reasons[-1]
    assert (last.kind, last.why) == (
        "serving",
        "changed since the last run: deploy, do not retrain",
    )


def test_json_output_matches_the_decision(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        trigger.main(project, MONTH_LATER, as_json=True)
    output = json.loads(capsys.readouterr().out)
    assert (ended.value.code, output["due"], output["now"]) == (10, True, "2024-05-31")


def without_monitor(sources: Path) -> str:
    """Return what is due according to a runtime without a monitor, as with edge alone."""
    params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    params = {name: held for name, held in params.items() if name not in ("monitoring", "batch")}
    Path("params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    choices = '[tool.modelyard]\nlevel = 3\ntargets = ["edge"]\ntracker = "dvclive"\n'
    Path("pyproject.toml").write_text(choices, "utf-8")
    left_out = shutil.ignore_patterns("monitoring", "__pycache__")
    shutil.copytree(RUNTIME, sources / "modelyard", ignore=left_out, dirs_exist_ok=True)
    command = [sys.executable, "-c", WITHOUT_MONITOR, example.PACKAGE, str(MONTH_LATER)]
    path = os.pathsep.join([str(sources), str(example.sources())])
    own = example.environment(PYTHONPATH=path)
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_without_a_monitor_the_other_reasons_are_due(tmp_path: Path) -> None:
    set_param("retrain", "reasons", ["calendar", "message", "data", "code"])
    assert without_monitor(tmp_path / "sources") == "calendar"


def test_without_a_monitor_the_reason_verdict_is_refused(tmp_path: Path) -> None:
    output = without_monitor(tmp_path / "sources")
    assert "retrain.reasons has verdict, which requires the target rest or batch" in output
