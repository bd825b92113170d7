"""Tests that Cookiecutter generates the same project as Copier."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from cookiecutter.generate import generate_files

from tests.checkout import commit, git, named_answers, names_of_answers
from tests.conftest import Render
from tests.edited_projects import edit, unmerged, update, with_history
from tests.template.cookiecutter.hook import context_with
from tests.template.cookiecutter.session import Session, address, files, typed

WAYS = {
    "copier": "copy --defaults",
    "uvx": "--from copier>=9.19.0 copier copy --defaults",
    "pipx": "run --spec copier>=9.19.0 copier copy --defaults",
}
LIKE_OTHERS = {"level1-rest", "level2-batch"}  # less of what level 3 and the defaults show


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(name, marks=[pytest.mark.slow] if name in LIKE_OTHERS else [])
        for name in names_of_answers()
    ],
)
def test_cookiecutter_generates_the_same_project(
    answers: str, template: Path, render: Render, session: Session
) -> None:
    given = named_answers(answers)
    project = session.generate(address(template), typed=typed(given))

    expected = files(render(given))
    mode, content = expected[".copier-answers.yml"]
    content = content.replace(str(template).encode(), address(template).encode())
    assert files(project) == expected | {".copier-answers.yml": (mode, content)}


def test_a_template_in_a_folder_generates_the_same_project(
    template: Path, render: Render, session: Session
) -> None:
    relative, there = os.path.relpath(template, session.here), session.folder / "elsewhere"
    done = session.run(relative, "--no-input", "--output-dir", str(there))
    assert done.returncode == 0, done.stderr
    assert files(there / "flight-delays") == files(render({}))


def test_the_variables_of_a_calling_git_change_nothing(
    template: Path, render: Render, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_AUTHOR_DATE"):
        monkeypatch.setenv(name, "/nowhere")
    assert files(session.generate(str(template), "--no-input")) == files(render({}))


def test_a_difference_in_bytes_or_mode_is_detected(tmp_path: Path) -> None:
    seen = []
    for content, mode in ((b"a", 0o644), (b"b", 0o644), (b"b", 0o755)):
        (tmp_path / "file").write_bytes(content)
        (tmp_path / "file").chmod(mode)
        seen.append(files(tmp_path)["file"])
    assert len(set(seen)) == 3


@pytest.mark.parametrize("way", WAYS)
def test_copier_is_found_or_fetched(way: str, template: Path, without: Session) -> None:
    without.give(way, 'echo "$@" > called')
    called = (without.generate(str(template), "--no-input") / "called").read_text("utf-8")
    assert called.startswith(WAYS[way])


def test_a_project_is_updated_and_keeps_its_edits(session: Session, tmp_path: Path) -> None:
    history = with_history(tmp_path / "template")
    git(history, "checkout", "--quiet", "-b", "between", "v0.1.0")
    commit(history, "Not yet a version")
    project = session.generate(address(history), "--checkout", "between", "--no-input")
    assert re.fullmatch("v0.1.0-1-g[0-9a-f]+", recorded(project)["_commit"])
    commit(project, "Initial commit")
    mine = edit(project)

    update(project)

    assert recorded(project)["_commit"] == "v0.2.0"
    assert list(unmerged(project)) == []
    assert {name: (project / name).read_bytes() for name in mine} == mine
    assert not (project / "GONE.md").exists()


def test_cruft_generates_the_same_project(template: Path, render: Render, tmp_path: Path) -> None:
    head = git(template, "rev-parse", "HEAD").strip()
    context = context_with() | {"_template": str(template), "_commit": head}
    project = generate_files(template, {"cookiecutter": context}, tmp_path)
    assert files(Path(project)) == files(render({}))


def test_without_hooks_the_folder_contains_an_explanation(template: Path, session: Session) -> None:
    project = session.generate(str(template), "--no-input", "--accept-hooks", "no")
    assert list(files(project)) == ["NO-HOOK-RAN.md"]


def recorded(project: Path) -> dict[str, Any]:
    """Return the answers recorded in a project."""
    read: dict[str, Any] = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    return read
