"""Tests for user errors of `modelyard adopt`: one line, exit code 1, nothing changed."""

from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.repositories_to_adopt import make_template, repository, write
from tests.lifecycle.test_update import head, untouched


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the template; do not change it."""
    return make_template(tmp_path_factory.mktemp("source") / "template")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A plain repository."""
    return repository(tmp_path / "our_repo", {"train.py": "print(1)\n"})


def refused(modelyard: Modelyard, repo: Path, source: Path | str, *words: str) -> str:
    """Run the command, check that it is refused, and return its message."""
    done = modelyard("adopt", repo, "--template", source, *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("files", "words", "message"),
    [
        ({}, ("--data", "author"), "must be of the form name=value"),
        ({}, ("--data", "colour=red"), "colour is not a question of the template"),
        ({}, ("--data", "hidden=x"), "hidden is not a question of the template"),
        ({}, ("--data", "unasked=x"), "unasked is not asked"),
        ({}, ("--data", "package_name=9"), "package_name"),
        ({}, ("--data-file", "/nowhere.yml"), "/nowhere.yml cannot be read"),
        ({}, ("--version", "v9.9.9"), "has no release v9.9.9; choose from v1.0.0, v2.0.0"),
        ({".copier-answers.yml": "a: 1\n"}, (), "run: modelyard update"),
        ({".cruft.json": "{"}, (), ".cruft.json has no answers"),
        ({"pyproject.toml": "["}, (), "pyproject.toml is not TOML"),
        ({"setup.cfg": "x"}, (), "setup.cfg cannot be read"),
        ({"data": "a file"}, (), "data is a file here"),
        ({"text.txt/a": "a folder"}, (), "text.txt is a folder here"),
    ],
)
def test_invalid_answers_options_and_files_are_refused(
    modelyard: Modelyard,
    source: Path,
    repo: Path,
    files: dict[str, str],
    words: tuple[str, ...],
    message: str,
) -> None:
    write(repo, files)
    commit(repo, "As it is")
    before = head(repo)
    assert message in refused(modelyard, repo, source, *words)
    assert untouched(repo, before)


def test_an_uncommitted_file_is_refused_by_name(
    modelyard: Modelyard, source: Path, repo: Path
) -> None:
    write(repo, {"notes.txt": "mine\n"})
    assert "notes.txt is not committed" in refused(modelyard, repo, source)
    assert (repo / "notes.txt").read_text("utf-8") == "mine\n"


def test_an_ignored_file_with_the_path_of_a_template_file_is_refused(
    modelyard: Modelyard, source: Path, repo: Path
) -> None:
    write(repo, {".gitignore": "/data/\n", "data/fresh.txt": "mine\n"})
    commit(repo, "Ignored")
    assert "data/fresh.txt is ignored by git" in refused(modelyard, repo, source)
    assert (repo / "data" / "fresh.txt").read_text("utf-8") == "mine\n"
    assert untouched(repo, head(repo))


def test_an_unfinished_merge_is_refused(modelyard: Modelyard, source: Path, repo: Path) -> None:
    git(repo, "switch", "--quiet", "--create", "other")
    write(repo, {"train.py": "print(2)\n"})
    commit(repo, "Other")
    git(repo, "switch", "--quiet", "-")
    write(repo, {"train.py": "print(3)\n"})
    commit(repo, "Mine")
    with pytest.raises(AssertionError):
        git(repo, "merge", "other")
    assert "train.py is unmerged" in refused(modelyard, repo, source)


def test_a_folder_without_git_or_without_a_commit_is_refused(
    modelyard: Modelyard, source: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare"
    assert "is not a folder" in refused(modelyard, bare, source)
    bare.mkdir()
    assert "is not in a git repository" in refused(modelyard, bare, source)
    git(bare, "init", "--quiet")
    assert "has no commit" in refused(modelyard, bare, source)


def test_an_unreachable_template_or_one_without_release_is_refused(
    modelyard: Modelyard, repo: Path, tmp_path: Path
) -> None:
    assert "cannot be reached" in refused(modelyard, repo, str(tmp_path / "nowhere"))
    unreleased = repository(tmp_path / "unreleased", {"copier.yml": "a: 1\n"})
    assert "has no release" in refused(modelyard, repo, unreleased)
    assert untouched(repo, head(repo))
