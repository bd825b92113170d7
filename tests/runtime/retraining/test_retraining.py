"""Unattended retraining: once for each reason, atomic, recoverable."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from modelyard.console import UserError
from modelyard.lock import exclusive_lock
from modelyard.params import read_params
from modelyard.project import Project
from modelyard.registry.backend import Refused
from modelyard.retraining import retraining
from modelyard.retraining.ledger import read_runs

from tests.runtime.one_stage_project import (
    MONTH_LATER,
    NEXT_DAY,
    change_data,
    due_kinds,
    git,
    retrain,
    send_message,
)

pytestmark = pytest.mark.usefixtures("folder")


def outcomes() -> list[str]:
    return [run["outcome"] for run in read_runs()]


def as_committed() -> bool:
    return git("status", "--porcelain") == ""


@pytest.mark.usefixtures("own_process")
def test_a_due_run_is_committed_registered_and_added_to_the_ledger_once() -> None:
    assert retrain(MONTH_LATER) == 0
    (run,) = read_runs()
    assert (run["outcome"], run["registered"]) == ("accepted", "model@v0.1.0")
    assert run["as_of"] == "2024-05-31"
    assert git("rev-parse", "HEAD~1").strip() == run["commit"]
    assert as_committed()
    assert read_params().data.as_of == MONTH_LATER
    assert retraining.REGISTERED.read_text("utf-8") == "model@v0.1.0\n"
    assert retrain(MONTH_LATER) == 0
    assert outcomes() == ["accepted"]
    assert not retraining.REGISTERED.exists()


def test_the_gate_gets_the_model_that_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(".cache/serving/v0.1.0")
    monkeypatch.setattr(retraining, "serving_model", lambda project: (folder, "", None))
    assert retrain(MONTH_LATER) == 0
    assert os.environ["SERVING_DIR"] == str(folder)


def test_without_the_files_of_the_model_that_serves_a_run_fails_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def unreadable(project: str) -> None:
        raise UserError("cannot read the model")

    monkeypatch.setattr(retraining, "serving_model", unreadable)
    with pytest.raises(UserError, match="cannot read the model"):
        retrain(MONTH_LATER)
    assert as_committed()
    assert read_runs() == []


def test_several_due_reasons_lead_to_one_run(monitor_report: dict[str, Any]) -> None:
    monitor_report["outcome"] = "retrain"
    send_message("one")
    send_message("two")
    retrain(MONTH_LATER)
    (run,) = read_runs()
    assert [one["kind"] for one in run["reasons"]] == ["calendar", "message", "message", "verdict"]
    assert due_kinds(MONTH_LATER) == []


def test_a_message_sent_twice_leads_to_one_run() -> None:
    send_message("one")
    retrain(NEXT_DAY)
    send_message("one")
    retrain(NEXT_DAY)
    assert len(outcomes()) == 1
    assert list(Path("inbox").iterdir()) == []


def test_an_unchanged_model_is_not_registered_again() -> None:
    retrain(MONTH_LATER)
    send_message("one")
    retrain(MONTH_LATER)
    assert outcomes() == ["accepted", "unchanged"]
    assert as_committed()


@pytest.mark.usefixtures("own_process")
def test_a_refused_candidate_leaves_only_a_line_in_the_ledger() -> None:
    results = [f"HEAD:{path}" for path in ("dvc.lock", "models", "params.yaml", "reports/gate.md")]
    before = git("rev-parse", *results)
    change_data("bad")
    assert retrain(MONTH_LATER) == retraining.REFUSED
    (run,) = read_runs()
    assert (run["outcome"], run["why"]) == ("refused", "Refused by 1 of 1 checks: floors.")
    assert "registered" not in run
    assert git("rev-parse", *results) == before
    assert as_committed()
    assert "Refused by 1 of 1 checks: floors." in git("show", "HEAD:runs/refused-1.md")
    for report in ("gate.md", "gate.html"):
        assert "Accepted" in (Path("reports") / report).read_text("utf-8")
    assert len(Path("reports/test_rows.jsonl").read_text("utf-8").splitlines()) == 2


def test_refused_data_and_code_are_not_tried_again_until_they_change() -> None:
    change_data("bad")
    retrain(NEXT_DAY)
    assert due_kinds() == []
    change_data("bad again")
    assert due_kinds() == ["data"]


@pytest.mark.usefixtures("own_process")
def test_a_failed_stage_is_reported_and_all_files_are_restored() -> None:
    change_data("broken")
    head = git("rev-parse", "HEAD")
    with pytest.raises(UserError, match="3 rows break the schema"):
        retrain(MONTH_LATER)
    assert (git("rev-parse", "HEAD"), as_committed()) == (head, True)
    assert Path("models/candidate.onnx").read_text("utf-8") == "good\n2024-05-01"
    assert due_kinds(MONTH_LATER) == ["calendar", "data"]


def test_a_verdict_is_not_due_again_before_the_cool_down_ends(
    monitor_report: dict[str, Any],
) -> None:
    monitor_report["outcome"] = "retrain"
    change_data("bad")
    retrain(NEXT_DAY)
    assert due_kinds(NEXT_DAY + timedelta(days=6)) == []
    assert due_kinds(NEXT_DAY + timedelta(days=7)) == ["verdict"]


def test_uncommitted_changes_are_refused() -> None:
    Path("params.yaml").write_text(Path("params.yaml").read_text("utf-8") + "# mine\n", "utf-8")
    with pytest.raises(UserError, match=r"not committed: params\.yaml; commit or stash it"):
        retrain(MONTH_LATER)
    assert Path("params.yaml").read_text("utf-8").endswith("# mine\n")


def test_a_run_killed_during_training_is_undone_by_the_next_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(retraining, "undo", lambda: None)
        killed.setattr(retraining, "accept", killing)
        with pytest.raises(KeyboardInterrupt):
            retrain(MONTH_LATER)
    assert not as_committed()
    Path("dvc.lock").write_text("stages: {gate", "utf-8")  # as if it was being written
    assert retrain(MONTH_LATER) == 0
    assert outcomes() == ["accepted"]
    assert as_committed()


def test_a_failed_registration_is_repeated_by_the_next_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(retraining, "register_commit", refusing)
        with pytest.raises(UserError, match="not registered: no"):
            retrain(MONTH_LATER)
    assert (outcomes(), as_committed()) == ([], True)
    assert retrain(MONTH_LATER) == 0
    assert outcomes() == ["accepted"]


def test_a_second_concurrent_run_exits_with_code_75(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retraining, "LOCK_TIMEOUT_S", 0.1)
    with exclusive_lock(retraining.LOCK), pytest.raises(SystemExit) as ended:
        retraining.main(project, MONTH_LATER)
    assert ended.value.code == retraining.BUSY
    assert outcomes() == []


def test_a_run_pulls_and_pushes_its_branch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git("init", "--quiet", "--bare", str(tmp_path / "origin"))
    git("remote", "add", "origin", str(tmp_path / "origin"))
    git("push", "--quiet", "origin", "HEAD:refs/heads/main")
    monkeypatch.setenv("RETRAIN_BRANCH", "main")
    assert retrain(MONTH_LATER) == 0
    assert git("ls-remote", "origin", "main").split()[0] == git("rev-parse", "HEAD").strip()


def killing(*_: object) -> int:
    raise KeyboardInterrupt


def refusing(*_: object) -> int:
    raise Refused("no")
