"""An update brings all of the runtime, merges what is shared, and leaves alone what is yours."""

from pathlib import Path
from typing import Any

import pytest

from tests.checkout import commit, named_answers, names_of_answers, snapshot, tree
from tests.conftest import Render
from tests.edited_projects import born, yours
from tests.releases import EARLIER, MADE_UP, NEWEST, keep, make_up, with_releases
from tests.template.updates.updating import by_copier, by_modelyard

pytestmark = pytest.mark.slow
RUNTIME = "src/modelyard/"
HERE = {"package_name": "here"}
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the template with a version in which each file of the runtime was another one."""
    folder = tmp_path_factory.mktemp("changed") / "template"
    with_releases(folder, known={})
    return folder


def runtime(project: Path) -> Files:
    """Return the files of a project's runtime."""
    names = [name for name in tree(project) if name.startswith(RUNTIME)]
    return {name: (project / name).read_bytes() for name in names}


def late(project: Path, newest: Path) -> list[str]:
    """Return the files of the runtime that did not arrive as they are in the newest version."""
    there = runtime(project)
    return sorted(name for name, held in runtime(newest).items() if there.get(name) != held)


def an_old_project(folder: Path, template: Path, answers: dict[str, Any]) -> Path:
    """Give birth to a project of the made-up version, in which every module is another one."""
    project = born(folder, template, answers, MADE_UP)
    modules = [held for name, held in runtime(project).items() if name.endswith(".py")]
    assert modules
    assert all(held.endswith((EARLIER.encode(), b"# line 11\n")) for held in modules)
    return project


@pytest.mark.parametrize("answers", names_of_answers())
def test_every_file_of_the_runtime_arrives(
    answers: str, changed: Path, render: Render, tmp_path: Path
) -> None:
    given = named_answers(answers)
    project = an_old_project(tmp_path / "project", changed, given)
    mine = {file: file.read_bytes() for file in yours(project)}

    assert by_copier(project).named == []

    assert late(project, render(given)) == []
    assert runtime(project).keys() == runtime(render(given)).keys()
    assert {file: file.read_bytes() for file in mine} == mine
    assert any(held.endswith(EARLIER.encode()) for held in mine.values())
    shared = (project / "README.md").read_text("utf-8")
    assert shared == (render(given) / "README.md").read_text("utf-8")


def test_modelyard_brings_all_of_it_too(changed: Path, render: Render, tmp_path: Path) -> None:
    project = an_old_project(tmp_path / "project", changed, HERE)
    assert by_modelyard(project).named == []
    assert late(project, render(HERE)) == []
    assert runtime(project).keys() == runtime(render(HERE)).keys()


def test_a_pattern_of_the_manifest_that_hides_the_runtime_would_be_seen(
    render: Render, tmp_path: Path
) -> None:
    template = tmp_path / "template"
    template.mkdir()
    make_up(template)
    keep(template, MADE_UP)
    snapshot(template)
    questions = template / "copier.yml"
    text = questions.read_text("utf-8")
    assert "    /src/{{ package_name }}/data\n" in text
    caught = text.replace("    /src/{{ package_name }}/data\n", "    /src/*/data\n")
    questions.write_text(caught, "utf-8")
    commit(template, "A pattern too many", tag=NEWEST)
    project = an_old_project(tmp_path / "project", template, HERE)

    by_copier(project)

    missed = late(project, render(HERE))
    assert missed
    assert [name for name in missed if not name.startswith(f"{RUNTIME}data/")] == []
