"""Hooks, signatures and kills at any moment: the next run starts clean, and gives the same."""

import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from modelyard.console import UserError
from modelyard.retraining import ledger, messages, retraining, working_tree

from tests.runtime.one_stage_project import MONTH_LATER, change_data, git, retrain, send_message

pytestmark = pytest.mark.usefixtures("folder")
HOOKS = ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit")


class Killed(BaseException):
    """The end of the process: nothing after it runs, no file is restored."""


def make_hook(name: str) -> None:
    """Write a hook that refuses everything."""
    hook = Path(".git/hooks", name)
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    hook.chmod(hook.stat().st_mode | stat.S_IXUSR)


def outcomes() -> list[str]:
    return [run["outcome"] for run in ledger.read_runs()]


def test_hooks_and_signatures_of_this_clone_do_not_stop_a_run() -> None:
    for name in HOOKS:
        make_hook(name)
    git("config", "commit.gpgSign", "true")
    git("config", "gpg.program", "false")
    assert retrain(MONTH_LATER) == 0
    assert outcomes() == ["accepted"]


def test_a_failed_commit_is_undone_and_the_next_run_succeeds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    head = git("rev-parse", "HEAD")
    with monkeypatch.context() as broken:
        broken.setenv("GIT_AUTHOR_DATE", "never")
        with pytest.raises(UserError, match=r"git commit: .*never"):
            retrain(MONTH_LATER)
    assert (git("rev-parse", "HEAD"), git("status", "--porcelain")) == (
        head,
        " M reports/test_rows.jsonl\n",
    )
    assert retrain(MONTH_LATER) == 0
    assert outcomes() == ["accepted"]


def test_a_failed_commit_of_the_ledger_does_not_stop_the_next_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change_data("bad")
    with monkeypatch.context() as broken:
        broken.setenv("GIT_AUTHOR_DATE", "never")
        with pytest.raises(UserError, match=r"git commit: .*never"):
            retrain(MONTH_LATER)
    assert retrain(MONTH_LATER) == retraining.REFUSED
    assert outcomes() == ["refused"]


PLACES: list[tuple[str, Any, str, bool]] = [  # rows, and function: at its start or at its end
    ("good", retraining, "reproduce", True),
    ("good", working_tree, "commit", True),
    ("good", ledger, "append", True),
    ("bad", ledger, "append", True),
    ("bad", messages, "delete_messages", False),
]


def kill_at(place: Any, name: str, after: bool, patch: pytest.MonkeyPatch) -> None:
    """Kill the next run at the start or at the end of a function."""
    real: Callable[..., Any] = getattr(place, name)

    def killed(*args: Any, **options: Any) -> None:
        if after:
            real(*args, **options)
        patch.setattr(retraining, "undo", lambda: None)
        raise Killed

    patch.setattr(place, name, killed)


@pytest.mark.parametrize(("rows", "place", "name", "after"), PLACES)
def test_a_run_killed_at_any_place_is_repeated_or_finished_by_the_next(
    rows: str, place: Any, name: str, after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if rows == "bad":
        change_data(rows)
    send_message("one")
    with monkeypatch.context() as patch, suppress(Killed):
        kill_at(place, name, after, patch)
        retrain(MONTH_LATER)
    assert retrain(MONTH_LATER) in (0, retraining.REFUSED)
    assert outcomes() == ["accepted" if rows == "good" else "refused"]
    assert git("status", "--porcelain") == ""
    assert [*Path("inbox").iterdir()] == []
    if rows == "good":
        assert Path("models/candidate.onnx").read_text("utf-8") == f"good\n{MONTH_LATER}"
        assert ledger.read_runs()[0]["commit"] == git("rev-parse", "HEAD~1").strip()
