"""Tests that the page on adopting works step by step with this template."""

import os
from pathlib import Path

import pytest

from tests.checkout import ROOT, git
from tests.docs.blocks import blocks
from tests.docs.walk import Walk
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.repositories_to_adopt import PYPROJECT, REPOSITORIES, repository

PAGE = ROOT / "docs" / "how-to" / "adopt-existing.md"
OWN = {"README.md": "# Mine\n", "churn_model/dataset.py": "ROWS = 1\n"}
THEIRS = {**REPOSITORIES["Cookiecutter Data Science"], **OWN}
THEIRS["pyproject.toml"] = PYPROJECT.replace("3.12", "3.11")  # which each machine has


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the page is for Bash")
def test_a_cookiecutter_repository_is_adopted_undone_and_adopted_by_copier_as_on_the_page(
    modelyard: Modelyard, template: Path, tools: Path, tmp_path: Path
) -> None:
    repo = repository(tmp_path / "our_repo", THEIRS)
    before = git(repo, "rev-parse", "HEAD^{tree}")
    adopting, resolving, undoing, by_copier = blocks(PAGE)
    with Walk(repo, template) as reader:
        reader.run_page([adopting, resolving])
        assert (repo / "src" / "churn_model" / "schema.py").exists()
        assert {name: (repo / name).read_text("utf-8") for name in OWN} == OWN
        reader.do(undoing)
        assert git(repo, "rev-parse", "HEAD^{tree}") == before
        reader.do(by_copier)
    assert (repo / "dvc.yaml").exists()
    assert {name: (repo / name).read_text("utf-8") for name in OWN} == OWN
    assert modelyard("check", repo).returncode == 0
