"""Tests that `copier update` updates a project and keeps what its users wrote."""

import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, named_answers, tree
from tests.conftest import Render
from tests.edited_projects import (
    MINE,
    changes,
    edit,
    generate,
    unmerged,
    update,
    with_history,
    yours,
)
from tests.template.rendered_checks import differing


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return a template with a made-up version v0.1.0 and the current one as v0.2.0."""
    return with_history(tmp_path / "template")


def test_an_update_keeps_every_edit_and_updates_the_other_files(
    history: Path, render: Render, tmp_path: Path
) -> None:
    project = generate(tmp_path / "project", history, {}, "v0.1.0")
    mine = edit(project)

    update(project)

    assert {name: (project / name).read_bytes() for name in mine} == mine
    assert "seed: 4711" in (project / "params.yaml").read_text("utf-8")
    fresh = generate(tmp_path / "fresh", history, {}, "v0.2.0")
    once = {file.relative_to(fresh).as_posix() for file in yours(fresh)}
    # Copier does not remove a file that only a newer manifest excludes.
    all_of_it = named_answers("level3-all-mlflow") | {"package_name": "flight_delays"}
    left = ({*tree(render(all_of_it))} - {*tree(fresh)}) & {*tree(project)}
    assert set(differing(project, fresh)) <= {*mine, "params.yaml", *once, *left}


def test_an_edit_and_a_change_in_the_same_file_are_merged(history: Path, tmp_path: Path) -> None:
    project = generate(tmp_path / "project", history, {}, "v0.1.0")
    edit(project)
    assert (project / "GONE.md").exists()

    update(project)

    assert list(unmerged(project)) == []
    params = (project / "params.yaml").read_text("utf-8")
    assert "seed: 4711" in params
    assert "An earlier first line" not in params
    assert not (project / "GONE.md").exists()


def test_a_conflict_is_detected(history: Path, tmp_path: Path) -> None:
    project = generate(tmp_path / "project", history, {}, "v0.1.0")
    params = project / "params.yaml"
    params.write_text(params.read_text("utf-8").replace("An earlier", "My own"), "utf-8")
    commit(project, "Ours now")

    update(project)

    assert list(unmerged(project)) == ["params.yaml"]


def test_a_second_update_changes_nothing(history: Path, tmp_path: Path) -> None:
    project = generate(tmp_path / "project", history, {}, "v0.1.0")
    edit(project)
    update(project)
    commit(project, "Updated")

    update(project)

    assert changes(project) == {}


def test_a_deleted_example_does_not_return(history: Path, tmp_path: Path) -> None:
    project = generate(tmp_path / "project", history, {}, "v0.1.0")
    shutil.rmtree(project / "data" / "sample")
    shutil.rmtree(project / "notebooks", ignore_errors=True)
    commit(project, "Without the example")

    update(project)

    assert list(project.glob("data/sample/*")) == []
    assert list(project.glob("notebooks/*")) == []


def test_a_lost_edit_is_detected(history: Path, tmp_path: Path) -> None:
    project = generate(tmp_path / "project", history, {}, "v0.1.0")
    mine = edit(project)
    name = next(iter(mine))
    (project / name).write_bytes((project / name).read_bytes().replace(MINE.encode(), b""))
    assert {name: (project / name).read_bytes() for name in mine} != mine
