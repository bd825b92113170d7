"""Which reasons to retrain hold: of data, code, params, days, messages and the monitor."""

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
    BORN,
    MONTH,
    ask,
    commit,
    decide,
    due,
    retrain,
    sample,
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
inputs.rows_now = inputs.rows_known = lambda *_: "rows"
try:
    told = trigger.decide(load(sys.argv[1]), date.fromisoformat(sys.argv[2]), read_params())
    print(*(reason.kind for reason in told.due))
except UserError as mistake:
    print(mistake)
"""


def test_in_a_healthy_week_nothing_is_due(said: dict[str, Any]) -> None:
    assert due(BORN + timedelta(days=7)) == []
    said["outcome"] = "incident"
    assert due() == []


def test_each_reason_alone_is_due(said: dict[str, Any]) -> None:
    assert due(MONTH) == ["calendar"]
    ask("one")
    assert due() == ["message"]
    said["outcome"] = "retrain"
    assert due() == ["message", "verdict"]


def test_other_data_is_a_reason_and_another_time_of_a_file_is_none() -> None:
    os.utime("data/sample/rows.csv", (1, 1))
    os.utime("src/train.py", (1, 1))
    assert due() == []
    sample("good and more")
    assert due() == ["data"]


def test_rows_that_were_known_and_changed_are_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inputs, "rows_now", lambda *_: "corrected")
    assert due() == ["data"]


def test_the_snapshots_day_is_that_of_its_run_and_not_that_of_edited_params() -> None:
    set_param("data", "as_of", str(MONTH))
    assert inputs.read_inputs().day == BORN


@pytest.mark.parametrize(
    ("file", "kinds"),
    [("src/train.py", ["code"]), ("src/serving/app.py", []), ("README.md", [])],
)
def test_training_code_is_a_reason_and_other_code_is_none(file: str, kinds: list[str]) -> None:
    with Path(file).open("a") as code:
        code.write("# another\n")
    assert due() == kinds


def test_a_param_that_trains_is_a_reason() -> None:
    set_param("train", "seed", 8)
    assert due() == ["code"]


def test_a_reason_that_does_not_count_is_not_due() -> None:
    set_param("retrain", "reasons", ["calendar"])
    ask("one")
    assert due() == []


def test_a_day_before_the_model_is_refused() -> None:
    with pytest.raises(UserError, match=r"allowed is 2024-05-01 \(data\.as_of\) or later"):
        due(BORN - timedelta(days=1))


def test_a_change_of_the_runtime_that_trains_is_a_reason() -> None:
    retrain(MONTH)
    Path("src/modelyard/models/train.py").write_text("answer = 2\n", "utf-8")
    write_json(Path("runtime.json"), {"gate": "2"})
    commit()
    assert due(MONTH) == ["code"]
    told = {reason.kind: reason.why for reason in decide(MONTH).reasons}
    assert (told["code"], told["serving"]) == ("runtime.json: gate changed", "as it was")
    retrain(MONTH)
    assert due(MONTH) == []


def test_a_change_of_the_runtime_that_serves_is_named_and_trains_nothing() -> None:
    retrain(MONTH)
    Path("src/modelyard/serving/predictor.py").write_text("answer = 2\n", "utf-8")
    commit()
    assert due(MONTH) == []
    assert decide(MONTH).reasons[-1].why == "changed since the last run: deploy, train nothing"


def test_another_version_of_the_runtimes_package_is_named_and_trains_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    retrain(MONTH)
    assert decide(MONTH).reasons[-1].why == "as it was"
    monkeypatch.setattr(inputs, "installed", lambda: "1.1.0")
    assert due(MONTH) == []
    assert decide(MONTH).reasons[-1].why == "changed since the last run: deploy, train nothing"


def test_what_counts_as_training_is_the_code_that_runtime_json_has_hashes_of() -> None:
    behind = {file for stage in STAGES.values() for file in modules(RUNTIME / stage)}
    for folder in ("schema", "data", "features", "models"):
        for file in (RUNTIME / folder).rglob("*.py"):
            path = inputs.VENDORED + file.relative_to(RUNTIME).as_posix()
            assert inputs.trains(path) == (file in behind or file.stem == "__init__"), path


def test_code_that_only_serves_is_named_and_trains_nothing() -> None:
    retrain(MONTH)
    Path("src/serving/app.py").write_text("answer = 2\n", "utf-8")
    commit()
    assert due(MONTH) == []
    last = decide(MONTH).reasons[-1]
    assert (last.kind, last.why) == ("serving", "changed since the last run: deploy, train nothing")


def test_what_programs_read_says_the_same(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        trigger.main(project, MONTH, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (ended.value.code, told["due"], told["now"]) == (10, True, "2024-05-31")


def without_monitor(sources: Path) -> str:
    """Say what is due by a runtime that has no monitor, as where edge is the only target."""
    params = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    params = {name: held for name, held in params.items() if name not in ("monitoring", "batch")}
    Path("params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    choices = '[tool.modelyard]\nlevel = 3\ntargets = ["edge"]\ntracker = "dvclive"\n'
    Path("pyproject.toml").write_text(choices, "utf-8")
    left_out = shutil.ignore_patterns("monitoring", "__pycache__")
    shutil.copytree(RUNTIME, sources / "modelyard", ignore=left_out, dirs_exist_ok=True)
    command = [sys.executable, "-c", WITHOUT_MONITOR, example.PACKAGE, str(MONTH)]
    path = os.pathsep.join([str(sources), str(example.sources())])
    own = example.environment(PYTHONPATH=path)
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_without_a_monitor_the_other_reasons_hold(tmp_path: Path) -> None:
    set_param("retrain", "reasons", ["calendar", "message", "data", "code"])
    assert without_monitor(tmp_path / "sources") == "calendar"


def test_without_a_monitor_its_verdict_is_no_reason(tmp_path: Path) -> None:
    told = without_monitor(tmp_path / "sources")
    assert "retrain.reasons names verdict, which comes with the target rest or batch" in told
