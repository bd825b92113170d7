"""The commands give the same result whatever the user's git settings and hooks are."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.edited_child import MARK, edit, is_updated_with_edits

IGNORED = "*.txt\n*.bin\n.copier*\n"
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


@pytest.fixture
def user(tmp_path: Path, user_settings: Callable[[str], None]) -> Callable[[str], None]:
    """Return a function that gives the user one of `SETTINGS`, with the files that it names."""
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    (home / "template" / "hooks").mkdir(parents=True)
    (home / "ignored").write_text(IGNORED, "utf-8")
    (home / "attributes").write_text("*.txt binary\n", "utf-8")
    for name in HOOKS:
        for folder in (home / "hooks", home / "template" / "hooks"):
            (folder / name).write_text("#!/bin/sh\necho the hook ran >&2\nexit 1\n", "utf-8")
            (folder / name).chmod(0o755)

    return lambda text: user_settings(text.format(home))


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
    from modelyard_lifecycle.update_result import Wanted

    monkeypatch.setattr(staging, "stage", lambda *_: None)
    before = git(child, "rev-parse", "HEAD")
    with pytest.raises(UserError, match=r"fresh\.txt is in the template's newest version but"):
        update(read_project(child, None), Wanted())
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
