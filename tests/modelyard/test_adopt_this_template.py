"""`modelyard adopt` with this template."""

from pathlib import Path

import pytest

from tests.modelyard.adoptees import REPOSITORIES, repository
from tests.modelyard.conftest import Modelyard


@pytest.mark.slow
def test_a_repository_like_cookiecutters_is_brought_under_this_template(
    modelyard: Modelyard, template: Path, tmp_path: Path
) -> None:
    files = REPOSITORIES["Cookiecutter Data Science"] | {"README.md": "# Mine\n"}
    repo = repository(tmp_path / "our_repo", files)
    done = modelyard("adopt", repo, "--template", template)
    assert done.returncode == 20, done.stdout + done.stderr
    conflicts = done.stdout.split("Both sides have other lines in:\n")[1].split("\n\n")[0]
    assert [line.strip() for line in conflicts.splitlines()] == [
        ".gitignore", "README.md", "pyproject.toml",
    ]  # fmt: skip
    assert "package_name: churn_model (pyproject.toml [project])" in done.stdout
    aside = next(tmp_path.glob("our_repo-modelyard-*"))
    assert (aside / "src" / "churn_model" / "schema.py").exists()
