"""The commands give the same result whatever the user's git settings, hooks and variables are."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard

IGNORED = "*.txt\n*.bin\n.copier*\n"
EDITED = ("text.txt", "moved.txt", "dropped.txt", "picture.bin")
MARK = "mine\n"
HOOKS = (
    "pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "post-checkout",
    "post-merge",
)  # fmt: skip
SETTINGS = {
    "ignore rules": "[core]\n\texcludesFile = {0}/ignored\n",
    "attributes": "[core]\n\tattributesFile = {0}/attributes\n",
    "hooks": "[core]\n\thooksPath = {0}/hooks\n",
    "line ends": "[core]\n\tautocrlf = true\n",
    "safe line ends": "[core]\n\tautocrlf = true\n\tsafecrlf = true\n",
    "untracked files": "[status]\n\tshowUntrackedFiles = no\n",
    "diffs": "[diff]\n\tnoprefix = true\n\texternal = false\n[color]\n\tui = always\n",
    "white space": "[apply]\n\twhitespace = error-all\n",
    "a template of .git": "[init]\n\ttemplateDir = {0}/template\n",
}
VARIABLES = {
    "GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/nowhere", "GIT_INDEX_FILE": "/nowhere/index",
    "GIT_OBJECT_DIRECTORY": "/nowhere", "GIT_COMMON_DIR": "/nowhere", "GIT_PREFIX": "sub/",
    "GIT_AUTHOR_DATE": "no date", "GIT_COMMITTER_DATE": "no date", "GIT_AUTHOR_EMAIL": "",
    "GIT_CONFIG_PARAMETERS": "'core.bare'='true'", "GIT_ICASE_PATHSPECS": "nonsense",
    "GIT_NAMESPACE": "elsewhere", "GIT_EXTERNAL_DIFF": "false",
}  # fmt: skip


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that gives the user a git setting."""
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    (home / "template" / "hooks").mkdir(parents=True)
    (home / "ignored").write_text(IGNORED, "utf-8")
    (home / "attributes").write_text("*.txt binary\n", "utf-8")
    for name in HOOKS:
        for folder in (home / "hooks", home / "template" / "hooks"):
            (folder / name).write_text("#!/bin/sh\necho the hook ran >&2\nexit 1\n", "utf-8")
            (folder / name).chmod(0o755)

    def set_up(text: str) -> None:
        identity = "[user]\n\tname = A User\n\temail = user@example.invalid\n"
        (home / "config").write_text(identity + text.format(home), "utf-8")
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "config"))

    return set_up


def edit(project: Path) -> None:
    """Add a line at the end of some of the template's files, and commit."""
    for name in EDITED:
        (project / name).write_bytes((project / name).read_bytes() + MARK.encode())
    commit(project, "Mine")


def is_updated_with_edits(project: Path) -> None:
    """Check that the newest commit of a project has the newest version and all edits."""
    assert git(project, "status", "--porcelain", "--untracked-files=all") == ""
    names = git(project, "ls-tree", "-r", "--name-only", "HEAD").split()
    found = {name: git(project, "show", f"HEAD:{name}") for name in names}
    assert "line six\n" in found["text.txt"]
    assert found["fresh.txt"] == "fresh\n"
    edited = ("text.txt", "sub/renamed.txt", "dropped.txt", "picture.bin")
    assert [name for name in edited if not found[name].endswith(MARK)] == []
    assert "v2.0.0" in found[".copier-answers.yml"]


@pytest.mark.parametrize("name", SETTINGS)
def test_an_update_keeps_all_edits_with_a_setting_of_the_user(
    name: str, user: Callable[[str], None], modelyard: Modelyard, child: Path
) -> None:
    edit(child)
    user(SETTINGS[name])
    done = modelyard("update", child)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "hook ran" not in done.stderr
    is_updated_with_edits(child)


def test_copier_alone_loses_edits_of_ignored_files(
    user: Callable[[str], None], child: Path
) -> None:
    edit(child)
    user(SETTINGS["ignore rules"])
    command = [sys.executable, "-m", "copier", "update", "--defaults", "--quiet"]
    subprocess.run(command, cwd=child, check=True)
    assert MARK not in (child / "text.txt").read_text("utf-8")


@pytest.mark.parametrize("file", [".gitignore", ".git/info/exclude"])
def test_an_update_keeps_edits_of_files_that_the_project_ignores(
    file: str, modelyard: Modelyard, child: Path
) -> None:
    (child / file).write_text(IGNORED, "utf-8")
    edit(child)
    assert modelyard("update", child).returncode == 0
    is_updated_with_edits(child)


def test_ignored_files_beside_a_conflict_are_staged(
    user: Callable[[str], None], modelyard: Modelyard, child: Path
) -> None:
    text = (child / "text.txt").read_text("utf-8")
    (child / "text.txt").write_text(text.replace("line 6\n", "line VI\n"), "utf-8")
    commit(child, "Mine")
    user(SETTINGS["ignore rules"])
    assert modelyard("update", child).returncode == 20
    worktree = child.with_name("project-modelyard-v2.0.0")
    staged = git(worktree, "diff", "--cached", "--name-only", "HEAD").split()
    assert {"fresh.txt", "sub/renamed.txt", ".copier-answers.yml"} <= {*staged}
    assert git(worktree, "diff", "--name-only", "--diff-filter=U").split() == ["text.txt"]


def test_an_ignored_file_that_the_project_deleted_stays_deleted(
    user: Callable[[str], None], modelyard: Modelyard, child: Path
) -> None:
    git(child, "rm", "--quiet", "named.txt")
    commit(child, "Not needed")
    user(SETTINGS["ignore rules"])
    assert modelyard("update", child).returncode == 0
    assert not (child / "named.txt").exists()


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
    modelyard: Modelyard, child: Path, user: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "A Robot")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "robot@example.invalid")
    user("")
    assert modelyard("update", child).returncode == 0
    assert git(child, "log", "-1", "--format=%ae").strip() == "user@example.invalid"
    git(child, "reset", "--quiet", "--hard", "HEAD^")
    Path(os.environ["GIT_CONFIG_GLOBAL"]).write_text("", "utf-8")
    assert modelyard("update", child).returncode == 0
    assert git(child, "log", "-1", "--format=%ae %ce").split() == ["robot@example.invalid"] * 2


@pytest.mark.parametrize("name", ["ignore rules", "hooks", "a template of .git"])
def test_an_adoption_is_complete_with_a_setting_of_the_user(
    name: str, user: Callable[[str], None], modelyard: Modelyard, family: Path, tmp_path: Path
) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    (repository / "own.txt").write_text("own\n", "utf-8")
    commit(repository, "Own")
    user(SETTINGS[name])
    done = modelyard("adopt", repository, "--template", family)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"fresh.txt", "text.txt", "own.txt"} <= {*git(repository, "ls-files").split()}


def test_a_missing_rendered_file_stops_the_update(
    child: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from modelyard_lifecycle import staging
    from modelyard_lifecycle.errors import UserError
    from modelyard_lifecycle.project import read_project
    from modelyard_lifecycle.update import update

    monkeypatch.setattr(staging, "stage", lambda *_: None)
    before = git(child, "rev-parse", "HEAD")
    with pytest.raises(UserError, match=r"fresh\.txt is in the template's newest version but"):
        update(read_project(child, None), {}, test=False)
    assert git(child, "rev-parse", "HEAD") == before
    assert git(child, "worktree", "list").count("\n") == 1


@pytest.mark.parametrize("name", ["ignore rules", "line ends", "untracked files"])
def test_a_new_project_is_committed_whole_with_a_setting_of_the_user(
    name: str, user: Callable[[str], None], modelyard: Modelyard, family: Path, tmp_path: Path
) -> None:
    user(SETTINGS[name])
    project = tmp_path / "new"
    done = modelyard("new", project, "--defaults", "--no-run", "--template", family)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {"fresh.txt", "picture.bin", ".copier-answers.yml"} <= {
        *git(project, "ls-tree", "-r", "--name-only", "HEAD").split()
    }
    assert b"\r" not in (project / "text.txt").read_bytes()


@pytest.mark.parametrize("name", ["ignore rules", "hooks"])
def test_a_fleet_update_is_complete_with_a_setting_of_the_user(
    name: str, user: Callable[[str], None], modelyard: Modelyard, child: Path
) -> None:
    edit(child)
    user(SETTINGS[name])
    done = modelyard("fleet", "update", child)
    assert done.returncode == 0, done.stdout + done.stderr
    git(child, "merge", "--quiet", "--ff-only", "modelyard-v2.0.0")
    is_updated_with_edits(child)


def test_an_update_that_has_lost_its_race_leaves_the_winners_worktree(
    child: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from modelyard_lifecycle import worktree
    from modelyard_lifecycle.errors import UserError

    with worktree.temporary_worktree(child, "winner") as winner:
        (winner.top / "result.txt").write_text("kept\n", "utf-8")
        monkeypatch.setattr(worktree, "_refuse_leftovers", lambda _: None)  # it looked too early
        with pytest.raises(UserError, match="git worktree"):
            worktree.temporary_worktree(child, "winner").__enter__()
        assert (winner.top / "result.txt").read_text("utf-8") == "kept\n"
        assert "winner" in git(child, "branch", "--list", "winner")
