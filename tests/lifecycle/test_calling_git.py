"""A git command or a hook that calls `modelyard`, and two updates at once, change no result."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.checkout import git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.edited_child import edit, is_updated_with_edits

VARIABLES = {
    "GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index",
    "GIT_OBJECT_DIRECTORY": "/nowhere", "GIT_COMMON_DIR": "/nowhere", "GIT_PREFIX": "sub/",
    "GIT_AUTHOR_DATE": "no date", "GIT_COMMITTER_DATE": "no date", "GIT_AUTHOR_EMAIL": "",
    "GIT_CONFIG_PARAMETERS": "'core.bare'='true'", "GIT_ICASE_PATHSPECS": "nonsense",
    "GIT_NAMESPACE": "elsewhere", "GIT_EXTERNAL_DIFF": "false",
}  # fmt: skip


@pytest.mark.parametrize("command", ["check", "update"])
def test_variables_of_a_calling_git_change_nothing(
    command: str, modelyard: Modelyard, child: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(child)
    index = child / ".git" / "index"
    before = index.read_bytes()
    with monkeypatch.context() as context:
        for name, value in VARIABLES.items():
            context.setenv(name, value)
        done = modelyard(command, child)
    assert done.returncode == {"check": 30, "update": 0}[command], done.stderr
    if command == "check":
        assert index.read_bytes() == before
    else:
        is_updated_with_edits(child)


def test_every_variable_that_git_names_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from modelyard_lifecycle.git_environment import clean_environment

    named = subprocess.run(
        ["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True
    ).stdout.split()
    for name in (*named, "GIT_CONFIG_KEY_0", "GIT_CONFIG_VALUE_0", "GIT_COMMITTER_NAME"):
        monkeypatch.setenv(name, "of another repository")
    assert "of another repository" not in clean_environment().values()
    monkeypatch.setenv("GIT_SSH_COMMAND", "of the user")
    assert clean_environment()["GIT_SSH_COMMAND"] == "of the user"


@pytest.mark.skipif(os.name == "nt", reason="the hook is a shell script")
def test_a_hook_that_checks_the_project_does_not_disturb_its_commit(
    child: Path, tools: Path
) -> None:
    hook = child / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nmodelyard check\n[ $? = 10 ]\n", "utf-8")
    hook.chmod(0o755)
    (child / "same.txt").write_text("mine\n", "utf-8")
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.invalid"]
    command = ["git", *identity, "commit", "--quiet", "-am", "Checked"]
    done = subprocess.run(command, cwd=child, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert git(child, "log", "-1", "--format=%s").strip() == "Checked"
    assert git(child, "status", "--porcelain") == ""


def test_the_author_is_the_user_or_else_named_by_the_environment(
    modelyard: Modelyard, child: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(settings))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "A Robot")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "robot@example.invalid")
    user = "[user]\n\tname = A User\n\temail = user@example.invalid\n"
    for content, author in ((user, "user@example.invalid"), ("", "robot@example.invalid")):
        settings.write_text(content, "utf-8")
        assert modelyard("update", child).returncode == 0
        assert git(child, "log", "-1", "--format=%ae %ce").split() == [author] * 2
        git(child, "reset", "--quiet", "--hard", "HEAD^")


def test_an_update_that_has_lost_its_race_leaves_the_winners_worktree(
    child: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from modelyard_lifecycle import worktree
    from modelyard_lifecycle.errors import UserError

    with worktree.temporary_worktree(child, "winner") as winner:
        (winner.top / "result.txt").write_text("kept\n", "utf-8")
        monkeypatch.setattr(worktree, "_refuse_leftovers", lambda _: None)  # it looked too early
        with pytest.raises(UserError, match="already exists"):
            worktree.temporary_worktree(child, "winner").__enter__()
        assert (winner.top / "result.txt").read_text("utf-8") == "kept\n"
        assert "winner" in git(child, "branch", "--list", "winner")
