"""The unattended run, in a project of one stage: exactly once for each reason, whole or not."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from modelyard.console import UserError
from modelyard.lock import alone
from modelyard.params import read_params
from modelyard.project import Project
from modelyard.registry.events import Refused
from modelyard.retraining import retraining
from modelyard.retraining.ledger import read_runs

from tests.runtime.one_stage_project import MONTH, SOON, ask, due, git, retrain, sample

pytestmark = pytest.mark.usefixtures("folder")


def outcomes() -> list[str]:
    return [run["outcome"] for run in read_runs()]


def as_committed() -> bool:
    return git("status", "--porcelain") == ""


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
        killed.setattr(retraining, "undo", lambda: None)
        killed.setattr(retraining, "keep", killing)
        with pytest.raises(KeyboardInterrupt):
            retrain(MONTH)
    assert not as_committed()
    Path("dvc.lock").write_text("stages: {gate", "utf-8")  # as if it was being written
    assert retrain(MONTH) == 0
    assert outcomes() == ["accepted"]
    assert as_committed()


def test_a_model_that_could_not_be_registered_is_registered_by_the_next_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(retraining, "register_commit", refusing)
        with pytest.raises(UserError, match="not registered: no"):
            retrain(MONTH)
    assert (outcomes(), as_committed()) == ([], True)
    assert retrain(MONTH) == 0
    assert outcomes() == ["accepted"]


def test_two_at_once_are_one_run(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retraining, "PATIENCE_S", 0.1)
    with alone(retraining.LOCK), pytest.raises(SystemExit) as ended:
        retraining.main(project, MONTH)
    assert ended.value.code == retraining.BUSY
    assert outcomes() == []


def test_a_run_begins_with_a_branch_and_is_pushed_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "--quiet", "--bare", str(tmp_path / "origin"))
    git("remote", "add", "origin", str(tmp_path / "origin"))
    git("push", "--quiet", "origin", "HEAD:refs/heads/main")
    monkeypatch.setenv("RETRAIN_BRANCH", "main")
    assert retrain(MONTH) == 0
    assert git("ls-remote", "origin", "main").split()[0] == git("rev-parse", "HEAD").strip()


def killing(*_: object) -> int:
    raise KeyboardInterrupt


def refusing(*_: object) -> int:
    raise Refused("no")
