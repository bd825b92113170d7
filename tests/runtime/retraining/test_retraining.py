"""The unattended run, in a project of one stage: exactly once for each reason, whole or not."""

import json
import os
import shutil
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from modelyard.console import UserError
from modelyard.files import write_json
from modelyard.monitoring import report
from modelyard.params import read_params
from modelyard.project import Project, load
from modelyard.retraining import keys, registering, retraining, trigger
from modelyard.retraining.lock import alone
from modelyard.retraining.runs import read_runs
from modelyard.retraining.stale import locked_day

from tests.runtime import example
from tests.runtime.unattended import BORN, ask, bear, commit, git, sample, set_param
from tools.runtime_hashes import RUNTIME, STAGES, modules

STANDS_IN = [sys.executable, "-c", "print('model@v0.1.0')"]  # for the registry
SOON, MONTH = BORN + timedelta(days=1), BORN + timedelta(days=30)


@pytest.fixture(scope="module")
def born(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, trained once; nobody may change it."""
    folder = tmp_path_factory.mktemp("born")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        bear(example.place())
    return folder


@pytest.fixture
def said() -> dict[str, Any]:
    """What the monitor says."""
    return {"outcome": "fine", "reasons": [], "model": {"version": "m"}}


@pytest.fixture(autouse=True)
def folder(
    born: Path, tmp_path: Path, said: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the project, in which a test starts; its monitor says what `said` is."""
    copy = Path(shutil.copytree(born, tmp_path / "project"))
    monkeypatch.chdir(copy)
    monkeypatch.setattr(report, "look", lambda *_: said)
    monkeypatch.setattr(keys, "rows_now", lambda _: "rows")
    monkeypatch.setattr(keys, "rows_known", lambda: "rows")
    monkeypatch.setattr(registering, "COMMAND", STANDS_IN)
    return copy


def decide(now: date = SOON) -> trigger.Decision:
    return trigger.decide(load(example.PACKAGE), now, read_params())


def due(now: date = SOON) -> list[str]:
    return [reason.kind for reason in decide(now).due]


def retrain(now: date) -> int:
    return retraining.retrain(load(example.PACKAGE), now)


def outcomes() -> list[str]:
    return [run["outcome"] for run in read_runs()]


def as_committed() -> bool:
    return git("status", "--porcelain") == ""


# What is due


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
    monkeypatch.setattr(keys, "rows_now", lambda _: "corrected")
    assert due() == ["data"]


def test_the_snapshots_day_is_that_of_its_run_and_not_that_of_edited_params() -> None:
    set_param("data", "as_of", str(MONTH))
    assert locked_day() == BORN


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


# What a run does


def test_a_due_run_is_committed_registered_and_written_down_once() -> None:
    assert retrain(MONTH) == 0
    (run,) = read_runs()
    assert (run["outcome"], run["registered"]) == ("accepted", "model@v0.1.0")
    assert run["as_of"] == "2024-05-31"
    assert git("rev-parse", "HEAD~1").strip() == run["commit"]
    assert as_committed()
    assert read_params().data.as_of == MONTH
    assert retraining.REGISTERED.read_text("utf-8") == "model@v0.1.0\n"
    assert retrain(MONTH) == 0
    assert outcomes() == ["accepted"]
    assert not retraining.REGISTERED.exists()


def test_reasons_that_hold_together_are_one_run(said: dict[str, Any]) -> None:
    said["outcome"] = "retrain"
    ask("one")
    ask("two")
    retrain(MONTH)
    (run,) = read_runs()
    assert [one["kind"] for one in run["reasons"]] == ["calendar", "message", "message", "verdict"]
    assert due(MONTH) == []


def test_the_same_message_twice_is_one_run() -> None:
    ask("one")
    retrain(SOON)
    ask("one")
    retrain(SOON)
    assert len(outcomes()) == 1
    assert list(Path("inbox").iterdir()) == []


def test_a_run_that_changes_nothing_registers_nothing() -> None:
    retrain(MONTH)
    ask("one")
    retrain(MONTH)
    assert outcomes() == ["accepted", "unchanged"]
    assert as_committed()


def test_a_refused_candidate_leaves_a_line_and_nothing_else() -> None:
    before = git("rev-parse", "HEAD:dvc.lock", "HEAD:models", "HEAD:params.yaml")
    sample("bad")
    assert retrain(MONTH) == retraining.REFUSED
    (run,) = read_runs()
    assert (run["outcome"], run["why"]) == ("refused", "Refused by 1 of 1 checks: floors.")
    assert "registered" not in run
    assert git("rev-parse", "HEAD:dvc.lock", "HEAD:models", "HEAD:params.yaml") == before
    assert as_committed()
    assert len(Path("reports/test_rows.jsonl").read_text("utf-8").splitlines()) == 2


def test_data_and_code_that_were_refused_are_not_tried_again_until_they_change() -> None:
    sample("bad")
    retrain(SOON)
    assert due() == []
    sample("bad again")
    assert due() == ["data"]


def test_a_stage_that_fails_leaves_all_as_it_was_and_says_why() -> None:
    sample("broken")
    head = git("rev-parse", "HEAD")
    with pytest.raises(UserError, match="3 rows break the schema"):
        retrain(MONTH)
    assert (git("rev-parse", "HEAD"), as_committed()) == (head, True)
    assert Path("models/candidate.onnx").read_text("utf-8") == "good\n2024-05-01"
    assert due(MONTH) == ["calendar", "data"]


def test_after_a_verdict_that_led_to_nothing_it_cools_down(said: dict[str, Any]) -> None:
    said["outcome"] = "retrain"
    sample("bad")
    retrain(SOON)
    assert due(SOON + timedelta(days=6)) == []
    assert due(SOON + timedelta(days=7)) == ["verdict"]


def test_where_something_is_not_committed_nothing_runs() -> None:
    Path("params.yaml").write_text(Path("params.yaml").read_text("utf-8") + "# mine\n", "utf-8")
    with pytest.raises(UserError, match=r"not committed: params\.yaml; commit or stash it"):
        retrain(MONTH)
    assert Path("params.yaml").read_text("utf-8").endswith("# mine\n")


def test_a_run_that_was_killed_while_training_is_undone_by_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(retraining, "undo", lambda _: None)
        killed.setattr(retraining, "keep", killing)
        with pytest.raises(KeyboardInterrupt):
            retrain(MONTH)
    assert not as_committed()
    assert retrain(MONTH) == 0
    assert outcomes() == ["accepted"]
    assert as_committed()


def test_a_model_that_could_not_be_registered_is_registered_by_the_next_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(registering, "COMMAND", [sys.executable, "-c", "import sys; sys.exit('no')"])
        with pytest.raises(UserError, match="not registered: no"):
            retrain(MONTH)
    assert (outcomes(), as_committed()) == ([], True)
    assert retrain(MONTH) == 0
    assert outcomes() == ["accepted"]


def test_two_at_once_are_one_run(project: Project) -> None:
    with alone(), pytest.raises(SystemExit) as ended:
        retraining.main(project, MONTH)
    assert ended.value.code == retraining.BUSY
    assert outcomes() == []


def test_code_that_only_serves_is_named_and_trains_nothing() -> None:
    retrain(MONTH)
    Path("src/serving/app.py").write_text("answer = 2\n", "utf-8")
    commit()
    assert due(MONTH) == []
    last = decide(MONTH).reasons[-1]
    assert (last.kind, last.why) == ("serving", "changed since the last run: deploy, train nothing")


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


def test_what_counts_as_training_is_the_code_that_runtime_json_has_hashes_of() -> None:
    behind = {file for stage in STAGES.values() for file in modules(RUNTIME / stage)}
    for folder in ("schema", "data", "features", "models"):
        for file in (RUNTIME / folder).rglob("*.py"):
            path = keys.VENDORED + file.relative_to(RUNTIME).as_posix()
            assert keys.trains(path) == (file in behind or file.stem == "__init__"), path


def test_a_run_begins_with_a_branch_and_is_pushed_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "--quiet", "--bare", str(tmp_path / "origin"))
    git("remote", "add", "origin", str(tmp_path / "origin"))
    git("push", "--quiet", "origin", "HEAD:refs/heads/main")
    monkeypatch.setenv("RETRAIN_BRANCH", "main")
    assert retrain(MONTH) == 0
    assert git("ls-remote", "origin", "main").split()[0] == git("rev-parse", "HEAD").strip()


def killing(_: object) -> int:
    raise KeyboardInterrupt


def test_what_programs_read_says_the_same(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        trigger.main(project, MONTH, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (ended.value.code, told["due"], told["now"]) == (10, True, "2024-05-31")
