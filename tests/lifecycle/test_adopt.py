"""Tests for `modelyard adopt` on git repositories, through the command line."""

from pathlib import Path

import pytest
import yaml
from copier import run_update

from tests.checkout import commit, git
from tests.lifecycle.conftest import Done, Modelyard
from tests.lifecycle.repositories_to_adopt import (
    LINES,
    REPOSITORIES,
    make_template,
    repository,
    write,
)
from tests.lifecycle.test_update import head, untouched


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the template; do not change it."""
    return make_template(tmp_path_factory.mktemp("source") / "template")


@pytest.fixture
def adopt(modelyard: Modelyard, source: Path) -> Modelyard:
    """Return a function that runs `modelyard adopt` with the template."""

    def run(repo: Path, *words: str | Path) -> Done:
        return modelyard("adopt", repo, "--template", source, *words)

    return run


def answers(repo: Path) -> dict[str, object]:
    read: dict[str, object] = yaml.safe_load((repo / ".copier-answers.yml").read_text("utf-8"))
    return read


DETECTED = {
    "plain": {"project_name": "our_repo", "package_name": "our_repo"},
    "Cookiecutter Data Science": {
        "project_name": "Churn-Model", "package_name": "churn_model", "author": "Ada Lovelace",
        "description": "Who leaves.", "python_version": "3.12", "license": "MIT",
    },
    "PyScaffold": {
        "project_name": "waves", "package_name": "waves_model", "author": "Grace Hopper",
        "description": "Tells the height", "python_version": "3.12", "license": "Apache-2.0",
    },
    "Kedro": {"project_name": "Space", "package_name": "space_flights"},
    "Data Science Lifecycle Process": {"project_name": "our_repo"},
    "cruft": {"project_name": "Old Friend", "package_name": "old_friend", "author": "Alan"},
}  # fmt: skip


@pytest.mark.parametrize("kind", REPOSITORIES)
def test_a_repository_is_detected_and_adopted(
    adopt: Modelyard, modelyard: Modelyard, tmp_path: Path, kind: str
) -> None:
    repo = repository(tmp_path / "our_repo", REPOSITORIES[kind])
    before = head(repo)
    done = adopt(repo)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"kind of repository: {'plain' if kind == 'cruft' else kind}\n" in done.stdout
    assert DETECTED[kind].items() <= answers(repo).items()
    for name, value in DETECTED[kind].items():
        assert f"  {name}: {value} (" in done.stdout
    assert "hidden" not in done.stdout
    assert git(repo, "rev-parse", "HEAD~1").strip() == before
    assert git(repo, "diff", "--name-status", "--diff-filter=DMR", "HEAD~1") == ""
    assert "data/fresh.txt" in git(repo, "ls-files")
    assert untouched(repo, head(repo))
    assert modelyard("check", repo).returncode == 0


def test_the_printed_undo_command_restores_the_tree(adopt: Modelyard, tmp_path: Path) -> None:
    repo = repository(tmp_path / "our_repo", REPOSITORIES["plain"])
    before = git(repo, "rev-parse", "HEAD^{tree}")
    undo = adopt(repo).stdout.splitlines()[-1].split()
    assert git(repo, "rev-parse", "HEAD^{tree}") != before
    git(repo, *undo[1:])
    assert git(repo, "rev-parse", "HEAD^{tree}") == before
    assert sorted(path.name for path in repo.iterdir()) == [".git", "train.py"]


def conflicting(tmp_path: Path) -> Path:
    files = {
        "text.txt": LINES.replace("line 12", "line twelve"), "README.md": "# Mine\n",
        "same.txt": "same\n", "src/our_repo/core.py": "",
    }  # fmt: skip
    return repository(tmp_path / "our_repo", files)


def test_conflicts_stay_in_the_worktree_on_the_lines_that_differ(
    adopt: Modelyard, tmp_path: Path
) -> None:
    repo = conflicting(tmp_path)
    before = head(repo)
    done = adopt(repo, "--version", "v1.0.0")
    assert done.returncode == 20, done.stdout + done.stderr
    assert (head(repo), git(repo, "status", "--porcelain")) == (before, "")
    worktree = tmp_path / "our_repo-modelyard-v1.0.0"
    assert "UU text.txt" in git(worktree, "status", "--porcelain").splitlines()
    assert (worktree / "text.txt").read_text("utf-8") == (
        LINES.replace("line 12\n", "<<<<<<< yours\nline twelve\n=======\nline 12\n>>>>>>> ")
        + "the template's\n"
    )
    assert (worktree / "README.md").read_text("utf-8") == "# Mine\n"
    for count in ("1 kept as yours", "1 identical", "1 merged", "1 in conflict"):
        assert count in done.stdout


def test_a_resolved_adoption_is_updated_without_new_conflicts(
    adopt: Modelyard, modelyard: Modelyard, tmp_path: Path
) -> None:
    repo = conflicting(tmp_path)
    before = git(repo, "rev-parse", "HEAD^{tree}")
    adopt(repo, "--version", "v1.0.0")
    worktree = tmp_path / "our_repo-modelyard-v1.0.0"
    write(worktree, {"text.txt": LINES.replace("line 12", "line twelve")})
    commit(worktree, "Resolved")
    git(repo, "merge", "--quiet", "modelyard-v1.0.0")
    adopted = head(repo)
    assert modelyard("check", repo).returncode == 10
    run_update(repo, defaults=True, overwrite=True, quiet=True)
    by_copier = (repo / "text.txt").read_text("utf-8")
    git(repo, "reset", "--quiet", "--hard", adopted)
    done = modelyard("update", repo)
    assert done.returncode == 0, done.stdout + done.stderr
    updated = LINES.replace("line 12", "line twelve").replace("line 6\n", "line six\n")
    assert (repo / "text.txt").read_text("utf-8") == by_copier == updated
    assert modelyard("check", repo).returncode == 0
    git(repo, "reset", "--quiet", "--hard", adopted)
    git(repo, "revert", "--no-edit", "HEAD")
    assert git(repo, "rev-parse", "HEAD^{tree}") == before


def test_an_update_conflicts_where_both_sides_changed_a_line(
    adopt: Modelyard, modelyard: Modelyard, tmp_path: Path
) -> None:
    repo = repository(tmp_path / "our_repo", REPOSITORIES["plain"])
    adopt(repo, "--version", "v1.0.0")
    write(repo, {"text.txt": LINES.replace("line 6\n", "line 6, mine\n")})
    commit(repo, "Mine")
    assert modelyard("update", repo).returncode == 20


def test_a_binary_file_on_both_sides_is_kept_and_in_conflict(
    adopt: Modelyard, tmp_path: Path
) -> None:
    repo = repository(tmp_path / "our_repo", {"text.txt": "\0mine"})
    assert adopt(repo).returncode == 20
    worktree = tmp_path / "our_repo-modelyard-v2.0.0"
    assert (worktree / "text.txt").read_bytes() == b"\0mine"
    assert "UU text.txt" in git(worktree, "status", "--porcelain").splitlines()


def test_options_override_a_file_and_that_overrides_detected_answers(
    adopt: Modelyard, tmp_path: Path
) -> None:
    repo = repository(tmp_path / "our_repo", REPOSITORIES["PyScaffold"])
    file = tmp_path / "answers.yml"
    file.write_text("author: Of the file\ndescription: Of the file\n", "utf-8")
    done = adopt(repo, "--data-file", file, "--data", "author=Of the option")
    assert done.returncode == 0, done.stderr
    read = answers(repo)
    assert (read["author"], read["description"]) == ("Of the option", "Of the file")
    assert read["project_name"] == "waves"
    assert "author: Of the option (your option)" in done.stdout
