"""Tests that `copier recopy` restores the template's files and keeps the users' files."""

import shutil
from pathlib import Path

import pytest
from copier import run_recopy

from tests.checkout import commit, named_answers, names_of_answers
from tests.conftest import Render
from tests.edited_projects import changes, edit


@pytest.mark.parametrize("answers", names_of_answers())
def test_copying_again_changes_nothing(
    answers: str, template: Path, render: Render, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(render(named_answers(answers)), tmp_path / "project"))
    commit(project, "Initial commit")

    run_recopy(project, vcs_ref="v0.2.0", defaults=True, overwrite=True, quiet=True)

    assert changes(project) == {}


def test_copying_again_restores_the_templates_files_and_keeps_the_users(
    template: Path, render: Render, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(render({}), tmp_path / "project"))
    commit(project, "Initial commit")
    edit(project)
    (project / ".dvcignore").write_text("spoilt\n", "utf-8")
    commit(project, "Spoilt")

    run_recopy(project, vcs_ref="v0.2.0", defaults=True, overwrite=True, quiet=True)

    assert set(changes(project)) == {".dvcignore", "params.yaml"}
