"""Tests that an update replaces the runtime, merges shared files and keeps the users' files."""

from pathlib import Path
from typing import Any

import pytest

from tests.checkout import commit, named_answers, names_of_answers, snapshot, tree
from tests.conftest import Render
from tests.edited_projects import generate, yours
from tests.releases import (
    EARLIER,
    MADE_UP,
    NEWEST,
    tag_release,
    with_releases,
    write_made_up_version,
)
from tests.template.updates.updating import by_copier, by_modelyard

pytestmark = pytest.mark.slow
RUNTIME = "src/modelyard/"
HERE = {"package_name": "here"}
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the template with an earlier version in which each file of the runtime differs."""
    folder = tmp_path_factory.mktemp("changed") / "template"
    with_releases(folder, known={})
    return folder


def runtime(project: Path) -> Files:
    """Return the files of a project's runtime."""
    names = [name for name in tree(project) if name.startswith(RUNTIME)]
    return {name: (project / name).read_bytes() for name in names}


def outdated(project: Path, newest: Path) -> list[str]:
    """Return the runtime's files that differ from the newest version."""
    current = runtime(project)
    return sorted(name for name, content in runtime(newest).items() if current.get(name) != content)


def earlier_project(folder: Path, template: Path, answers: dict[str, Any]) -> Path:
    """Generate a project of the made-up version, in which every module differs."""
    project = generate(folder, template, answers, MADE_UP)
    modules = [content for name, content in runtime(project).items() if name.endswith(".py")]
    assert modules
    assert all(content.endswith((EARLIER.encode(), b"# line 11\n")) for content in modules)
    return project


@pytest.mark.parametrize("answers", names_of_answers())
def test_every_file_of_the_runtime_is_updated(
    answers: str, changed: Path, render: Render, tmp_path: Path
) -> None:
    given = named_answers(answers)
    project = earlier_project(tmp_path / "project", changed, given)
    mine = {file: file.read_bytes() for file in yours(project)}

    assert by_copier(project).reported == []

    assert outdated(project, render(given)) == []
    assert runtime(project).keys() == runtime(render(given)).keys()
    assert {file: file.read_bytes() for file in mine} == mine
    assert any(content.endswith(EARLIER.encode()) for content in mine.values())
    shared = (project / "README.md").read_text("utf-8")
    assert shared == (render(given) / "README.md").read_text("utf-8")


def test_modelyard_updates_the_runtime_as_well(
    changed: Path, render: Render, tmp_path: Path
) -> None:
    project = earlier_project(tmp_path / "project", changed, HERE)
    assert by_modelyard(project).reported == []
    assert outdated(project, render(HERE)) == []
    assert runtime(project).keys() == runtime(render(HERE)).keys()


def test_a_manifest_pattern_that_matches_the_runtime_is_detected(
    render: Render, tmp_path: Path
) -> None:
    template = tmp_path / "template"
    template.mkdir()
    write_made_up_version(template)
    tag_release(template, MADE_UP)
    snapshot(template)
    questions = template / "copier.yml"
    text = questions.read_text("utf-8")
    assert "    /src/{{ package_name }}/data\n" in text
    caught = text.replace("    /src/{{ package_name }}/data\n", "    /src/*/data\n")
    questions.write_text(caught, "utf-8")
    commit(template, "A pattern too many", tag=NEWEST)
    project = earlier_project(tmp_path / "project", template, HERE)

    by_copier(project)

    missed = outdated(project, render(HERE))
    assert missed
    assert [name for name in missed if not name.startswith(f"{RUNTIME}data/")] == []
