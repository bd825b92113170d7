"""Tests for bad input: one-line message, exit code 1, repository unchanged byte for byte."""

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.repository_state import state
from tests.lifecycle.small_template import generate, make_template

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


def unfinished_merge(project: Path) -> None:
    commit(project, "Again")
    git(project, "checkout", "--quiet", "-b", "other")
    (project / "text.txt").write_text("other\n", "utf-8")
    commit(project, "Other")
    git(project, "checkout", "--quiet", "-")
    git(project, "checkout", "--quiet", "-b", "third", "HEAD~1")
    (project / "text.txt").write_text("third\n", "utf-8")
    commit(project, "Third")
    with pytest.raises(AssertionError):
        git(project, "merge", "other")


def another_repository(project: Path) -> None:
    other = project.with_name("other")
    (other / "src").mkdir(parents=True)
    (other / "src" / "main.py").write_text("print()\n", "utf-8")
    commit(other, "No template", tag="v1.0.0")
    commit(other, "Later", tag="v2.0.0")
    answers("_src_path", f"_src_path: {other}")(project)


def no_answers_at_all(project: Path) -> None:
    (project / ANSWERS).write_bytes(b"")


def no_text(project: Path) -> None:
    (project / ANSWERS).write_bytes(b"\xff\xfe\0")


def no_repository(project: Path) -> None:
    shutil.rmtree(project / ".git")


PLANTED: list[tuple[Callable[[Path], None], str]] = [
    (no_answers, "has no .copier-answers.yml"),
    (two_answers, "has 2 answers files"),
    (answers("_src_path", "_src_path: /nowhere/at/all"), "/nowhere/at/all cannot be reached"),
    (answers("_src_path", "_src_path: [1]"), "_src_path is [1]"),
    (answers("_commit", "_commit: v0.9.0"), "has no version v0.9.0"),
    (answers("_commit", "_commit: --upload-pack=x"), "_commit is '--upload-pack=x'"),
    (answers("_commit", "_commit: 0123abc"), "0123abc cannot be rendered"),
    (answers("size", "size: many"), "cannot be rendered"),
    (answers("name", "name: [x"), "is not YAML"),
    (answers("name", "{}"), "is not YAML"),
    (unfinished_merge, "text.txt is unmerged"),
    (no_repository, "is not in a git repository"),
    (shutil.rmtree, "is not a folder"),
    (another_repository, "writes no .copier-answers.yml; it is not the template"),
    (no_answers_at_all, "contains no answers"),
    (no_text, "is not YAML"),
    (answers("_src_path", "_src_path: template-over-there"), "use an absolute path"),
    (answers("_src_path", "_src_path: http://127.0.0.1:1/x.git"), "cannot be reached: fatal: "),
    (answers("_src_path", "_src_path: http://[x"), "cannot be reached"),
    (answers("_commit", "_commit: 7"), "_commit is 7, must be the text"),
    (answers("_commit", "_commit: 'v1.0.0 v2.0.0'"), "cannot be rendered"),
]


@pytest.mark.parametrize("command", ["check", pytest.param("update", marks=pytest.mark.slow)])
@pytest.mark.parametrize(("plant", "sentence"), PLANTED, ids=[sentence for _, sentence in PLANTED])
def test_bad_input_is_refused_with_one_line(
    modelyard: Modelyard,
    child: Path,
    plant: Callable[[Path], None],
    sentence: str,
    command: str,
) -> None:
    plant(child)
    if plant not in (unfinished_merge, no_repository, shutil.rmtree):
        commit(child, "Planted")
    before = state(child)
    done = modelyard(command, child)
    assert done.returncode == 1, done.stdout
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert (done.stdout, state(child)) == ("", before)


def test_in_a_fleet_report_each_bad_project_is_a_row_with_its_reason(
    modelyard: Modelyard, family: Path, tmp_path: Path
) -> None:
    planted = [pair for pair in PLANTED if pair[0] not in (no_repository, shutil.rmtree)]
    for place, (plant, _) in enumerate(planted):
        plant(generate(family, tmp_path / f"{place:02}" / "project"))
    before = state(tmp_path)
    done = modelyard("fleet", "report", f"{tmp_path}/*/project", "--json")
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert [row["state"] for row in rows] == ["broken"] * len(planted)
    reasons = [row["fault"] for row in rows]
    assert [
        pair[1] for pair, reason in zip(planted, reasons, strict=True) if pair[1] not in reason
    ] == []
    assert state(tmp_path) == before


def test_a_template_without_a_release_is_refused(modelyard: Modelyard, tmp_path: Path) -> None:
    template = make_template(tmp_path / "template")
    project = generate(template, tmp_path / "project")
    git(template, "tag", "--delete", "v1.0.0", "v2.0.0")
    done = modelyard("check", project)
    assert (done.returncode, "has no release" in done.stderr) == (1, True)


def test_a_moved_template_is_named_by_its_old_path(modelyard: Modelyard, tmp_path: Path) -> None:
    template = make_template(tmp_path / "template")
    project = generate(template, tmp_path / "project")
    template.rename(tmp_path / "elsewhere")
    done = modelyard("check", project)
    assert (done.returncode, f"{template} cannot be reached" in done.stderr) == (1, True)


def test_a_shallow_clone_of_the_template_lacks_the_projects_version(
    modelyard: Modelyard, tmp_path: Path
) -> None:
    full = make_template(tmp_path / "full")
    git(tmp_path, "clone", "--quiet", "--depth", "1", full.as_uri(), "template")
    project = generate(full, tmp_path / "project")
    answers("_src_path", f"_src_path: {tmp_path / 'template'}")(project)
    commit(project, "Shallow")
    before = state(project)
    done = modelyard("update", project)
    assert (done.returncode, "has no version v1.0.0" in done.stderr) == (1, True)
    assert state(project) == before


@pytest.mark.parametrize("command", [["check"], ["update"], ["fleet", "report"]], ids=" ".join)
def test_a_remote_that_never_answers_times_out(
    modelyard: Modelyard, child: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("MODELYARD_PATIENCE_S", "1")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        answers("_src_path", f"_src_path: git://127.0.0.1:{mute.getsockname()[1]}/x")(child)
        commit(child, "Mute")
        before = state(child)
        done = modelyard(*command, child)
    assert "no answer within 1 s" in done.stderr + done.stdout
    assert done.returncode == (0 if "fleet" in command else 1)
    assert state(child) == before


def test_a_timeout_that_is_not_a_number_is_refused(
    modelyard: Modelyard, child: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELYARD_PATIENCE_S", "soon")
    done = modelyard("check", child)
    assert (done.returncode, "'soon', must be a number" in done.stderr) == (1, True)


def test_a_shallow_clone_with_a_detached_head_is_checked(
    modelyard: Modelyard, child: Path, tmp_path: Path
) -> None:
    commit(child, "Again")
    git(tmp_path, "clone", "--quiet", "--depth", "1", child.as_uri(), "shallow")
    git(tmp_path / "shallow", "checkout", "--quiet", "--detach")
    assert modelyard("check", tmp_path / "shallow").returncode == 10


def test_one_of_two_answers_files_can_be_chosen(modelyard: Modelyard, child: Path) -> None:
    two_answers(child)
    assert modelyard("check", child, "--answers-file", ANSWERS).returncode == 10
