"""Tests that an updated project passes its fast tests and check_training."""

from pathlib import Path

import pytest
import yaml

from modelyard_lifecycle.project import read_project
from modelyard_lifecycle.update import update
from modelyard_lifecycle.update_result import Wanted
from tests.checkout import commit
from tests.edited_projects import edited, generate, yours
from tests.releases import NEWEST, versions
from tests.versions import set_param
from tools.steps import Steps

OLDEST, LAST = versions()[0], versions()[-1]
# Without the tests of the REST service, which take most of the time.
ANSWERS = {"serving_targets": ["batch"]}


@pytest.mark.slow
@pytest.mark.parametrize("version", sorted({OLDEST, LAST}))
def test_a_renamed_project_passes_its_tests_after_the_update(
    version: str, released: Path, tmp_path: Path
) -> None:
    project = generate(tmp_path / "project", released, ANSWERS, version)
    for file in yours(project):
        if file.suffix in (".py", ".md"):
            file.write_bytes(edited(file.suffix, file.read_bytes()))
    commit(project, "Ours now")

    done = update(read_project(project, None), Wanted({"project_name": "Late Again"}, test=True))

    assert (done.conflicts, done.notes[-1]) == ([], "the project's fast tests pass")
    assert all(note.startswith("the answer ") for note in done.notes[:-1])
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    assert (answers["_commit"], answers["project_name"]) == (NEWEST, "Late Again")
    assert (project / "README.md").read_text("utf-8").startswith("# Late Again\n")
    if version == OLDEST:
        check_training(project)


def check_training(project: Path) -> None:
    """Check that a project's pipeline runs and writes a model.

    Raises:
        AssertionError: there is no model.
    """
    set_param(project, "train", "rounds", 40)
    set_param(project, "search", "trials", 1)
    Steps().run("train", ["uv", "run", "dvc", "repro"], project)
    assert (project / "models" / "model.onnx").exists()
