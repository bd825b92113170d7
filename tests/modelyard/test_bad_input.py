"""Bad input: one sentence, exit code 1, the repository as it was."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.modelyard.conftest import Modelyard
from tests.modelyard.family import born, make_template
from tests.repository import commit, git

ANSWERS = ".copier-answers.yml"


def no_answers(project: Path) -> None:
    (project / ANSWERS).unlink()


def two_answers(project: Path) -> None:
    shutil.copy(project / ANSWERS, project / ".copier-answers.ci.yml")


def answers(old: str, new: str) -> Callable[[Path], None]:
    def plant(project: Path) -> None:
        text = (project / ANSWERS).read_text("utf-8")
        lines = [new if line.startswith(old) else line for line in text.splitlines()]
        (project / ANSWERS).write_text("\n".join(lines) + "\n", "utf-8")

    return plant


def half_a_merge(project: Path) -> None:
    git(project, "checkout", "--quiet", "-b", "other")
    (project / "text.txt").write_text("other\n", "utf-8")
    commit(project, "Other")
    git(project, "checkout", "--quiet", "-")
    git(project, "checkout", "--quiet", "-b", "third", "HEAD~1")
    (project / "text.txt").write_text("third\n", "utf-8")
    commit(project, "Third")
    with pytest.raises(AssertionError):
        git(project, "merge", "other")


def no_repository(project: Path) -> None:
    shutil.rmtree(project / ".git")


PLANTED = [
    (no_answers, "has no .copier-answers.yml"),
    (two_answers, "has 2 answers files"),
    (answers("_src_path", "_src_path: /nowhere/at/all"), "/nowhere/at/all cannot be reached"),
    (answers("_src_path", "_src_path: [1]"), "_src_path is [1]"),
    (answers("_commit", "_commit: v0.9.0"), "version v0.9.0 has vanished"),
    (answers("_commit", "_commit: --upload-pack=x"), "_commit is '--upload-pack=x'"),
    (answers("_commit", "_commit: 0123abc"), "0123abc cannot be rendered"),
    (answers("size", "size: many"), "cannot be rendered"),
    (answers("name", "name: [x"), "is not YAML"),
    (answers("name", "{}"), "is not YAML"),
    (half_a_merge, "text.txt is in the middle of a merge"),
    (no_repository, "is not in a git repository"),
    (shutil.rmtree, "is not a folder"),
]


def state(project: Path) -> dict[str, bytes]:
    files = sorted(path for path in project.rglob("*") if path.is_file())
    return {path.name: path.read_bytes() for path in files if path.name != "index"}


@pytest.mark.parametrize(("plant", "sentence"), PLANTED, ids=[said for _, said in PLANTED])
def test_bad_input_is_one_sentence(
    modelyard: Modelyard, child: Path, plant: Callable[[Path], None], sentence: str
) -> None:
    if plant is half_a_merge:
        commit(child, "Again")
    plant(child)
    before = state(child)
    done = modelyard("check", child)
    assert done.returncode == 1, done.stdout
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert (done.stdout, state(child)) == ("", before)


def test_a_template_without_a_release_is_told(modelyard: Modelyard, tmp_path: Path) -> None:
    template = make_template(tmp_path / "template")
    project = born(template, tmp_path / "project")
    git(template, "tag", "--delete", "v1.0.0", "v2.0.0")
    done = modelyard("check", project)
    assert (done.returncode, "has no release" in done.stderr) == (1, True)


def test_a_shallow_clone_and_a_detached_head_are_no_hindrance(
    modelyard: Modelyard, child: Path, tmp_path: Path
) -> None:
    commit(child, "Again")
    git(tmp_path, "clone", "--quiet", "--depth", "1", child.as_uri(), "shallow")
    git(tmp_path / "shallow", "checkout", "--quiet", "--detach")
    assert modelyard("check", tmp_path / "shallow").returncode == 10


def test_one_of_two_answers_files_can_be_named(modelyard: Modelyard, child: Path) -> None:
    two_answers(child)
    assert modelyard("check", child, "--answers-file", ANSWERS).returncode == 10
