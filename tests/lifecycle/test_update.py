"""Tests for `modelyard update` on git repositories, through the command line."""

from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import generate

MARKERS = "<<<<<<< before updating"


def changed(project: Path, **texts: str) -> str:
    """Replace texts, commit, and return the commit; `text_txt="a>b"` replaces a by b."""
    for name, words in texts.items():
        old, new = words.split(">")
        path = project / name.replace("__", "/").replace("_", ".")
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")
    commit(project, "Edits")
    return head(project)


def head(project: Path) -> str:
    return git(project, "rev-parse", "HEAD").strip()


def untouched(project: Path, before: str) -> bool:
    """Return whether a project's commit, files, branches and worktrees are unchanged."""
    alone = len(git(project, "worktree", "list").splitlines()) == 1
    branches = git(project, "branch", "--list", "modelyard-*")
    return (head(project), git(project, "status", "--porcelain"), branches, alone) == (
        before, "", "", True,
    )  # fmt: skip


def test_an_update_is_one_commit_on_the_projects_branch(modelyard: Modelyard, child: Path) -> None:
    before = changed(child, text_txt="line 12>line twelve")
    done = modelyard("update", child)
    assert done.returncode == 0, done.stdout + done.stderr
    assert git(child, "rev-parse", "HEAD~1").strip() == before
    assert untouched(child, head(child))
    text = (child / "text.txt").read_text("utf-8")
    assert "line six\n" in text
    assert "line twelve\n" in text
    assert "updated from v1.0.0 to v2.0.0" in done.stdout
    assert modelyard("check", child).returncode == 0


def test_a_current_project_is_not_changed(
    modelyard: Modelyard, family: Path, tmp_path: Path
) -> None:
    project = generate(family, tmp_path / "project", "v2.0.0")
    before = head(project)
    done = modelyard("update", project)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert "v2.0.0 is up to date" in done.stdout
    assert untouched(project, before)


def test_edits_of_a_renamed_file_move_to_the_new_path(modelyard: Modelyard, child: Path) -> None:
    changed(child, moved_txt="line 3>line three")
    done = modelyard("update", child)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "moved.txt: your edits were moved to sub/renamed.txt" in done.stdout
    assert "line three" in (child / "sub" / "renamed.txt").read_text("utf-8")
    assert not (child / "moved.txt").exists()


@pytest.mark.parametrize(
    ("name", "why"),
    [("dropped.txt", "dropped it"), ("picture.bin", "binary"), ("emblem.bin", "binary")],
)
def test_an_edit_that_copier_would_lose_is_kept(
    modelyard: Modelyard, child: Path, name: str, why: str
) -> None:
    mine = (child / name).read_bytes() + b"mine\n"
    (child / name).write_bytes(mine)
    commit(child, "Mine")
    done = modelyard("update", child)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{name}: your version is kept; " in done.stdout
    assert why in done.stdout
    assert (child / name).read_bytes() == mine


def test_a_conflict_stays_in_the_worktree_and_can_be_resolved_there(
    modelyard: Modelyard, child: Path
) -> None:
    before = changed(child, text_txt="line 6>line VI")
    done = modelyard("update", child)
    assert done.returncode == 20, done.stdout + done.stderr
    assert head(child) == before
    assert git(child, "status", "--porcelain") == ""
    worktree = child.with_name("project-modelyard-v2.0.0")
    text = (worktree / "text.txt").read_text("utf-8")
    assert MARKERS in text
    assert "line VI" in text
    assert str(worktree) in done.stdout
    again = modelyard("update", child)
    assert again.returncode == 1
    assert f"{worktree} already exists" in again.stderr
    (worktree / "text.txt").write_text("resolved\n", "utf-8")
    commit(worktree, "Resolved")
    git(child, "merge", "--quiet", "modelyard-v2.0.0")
    git(child, "worktree", "remove", str(worktree))
    git(child, "branch", "-d", "modelyard-v2.0.0")
    assert modelyard("check", child).returncode == 0
    assert untouched(child, head(child))


def dirty(project: Path) -> str:
    (project / "same.txt").write_text("other\n", "utf-8")
    return "same.txt is not committed"


def untracked(project: Path) -> str:
    (project / "notes.txt").write_text("mine\n", "utf-8")
    return "notes.txt is not committed"


def detached(project: Path) -> str:
    git(project, "checkout", "--quiet", "--detach")
    return "is on no branch (detached HEAD)"


def old_branch(project: Path) -> str:
    git(project, "branch", "modelyard-v2.0.0")
    return "branch modelyard-v2.0.0 already exists"


def vanished(project: Path) -> str:
    text = (project / ".copier-answers.yml").read_text("utf-8")
    (project / ".copier-answers.yml").write_text(text.replace("v1.0.0", "v0.9.0"), "utf-8")
    commit(project, "Vanished")
    return "has no version v0.9.0"


@pytest.mark.parametrize("plant", [dirty, untracked, detached, old_branch, vanished])
def test_an_obstacle_is_named_and_nothing_is_changed(
    modelyard: Modelyard, child: Path, plant: "object"
) -> None:
    assert callable(plant)
    reason = plant(child)
    before = head(child), git(child, "status", "--porcelain"), git(child, "branch", "--list")
    done = modelyard("update", child)
    assert done.returncode == 1
    assert reason in done.stderr
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    after = head(child), git(child, "status", "--porcelain"), git(child, "branch", "--list")
    assert after == before


def test_a_users_ignored_file_is_not_overwritten(modelyard: Modelyard, child: Path) -> None:
    """The template's file belongs to the update, so the user has to move the other one."""
    (child / ".gitignore").write_text("fresh.txt\n", "utf-8")
    commit(child, "Ignore")
    before = head(child)
    (child / "fresh.txt").write_text("mine\n", "utf-8")
    done = modelyard("update", child)
    assert done.returncode == 1
    assert "cannot be merged" in done.stderr
    assert "would be overwritten by merge: fresh.txt" in done.stderr
    assert (child / "fresh.txt").read_text("utf-8") == "mine\n"
    assert head(child) == before


def test_an_answer_to_an_unknown_question_is_refused(modelyard: Modelyard, child: Path) -> None:
    before = head(child)
    done = modelyard("update", child, "--level", "3")
    assert done.returncode == 1
    assert "automation_level is not a question of template v2.0.0" in done.stderr
    assert done.stderr.endswith("choose from name, size\n")
    assert untouched(child, before)


def test_an_update_can_change_an_answer(modelyard: Modelyard, child: Path) -> None:
    done = modelyard("update", child, "--data", "name=other", "--data", "size=5")
    assert done.returncode == 0, done.stderr
    assert (child / "named.txt").read_text("utf-8") == "other\n"
    assert "size: 5\n" in (child / ".copier-answers.yml").read_text("utf-8")
    before = head(child)
    assert modelyard("update", child, "--data", "size=5").returncode == 0
    assert head(child) == before


def test_an_invalid_answer_is_refused_and_nothing_is_changed(
    modelyard: Modelyard, child: Path
) -> None:
    before = head(child)
    done = modelyard("update", child, "--data", "size=many")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "cannot be rendered" in done.stderr
    assert untouched(child, before)
