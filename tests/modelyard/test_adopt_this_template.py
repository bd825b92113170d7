"""`modelyard adopt` with this template."""

from functools import reduce
from pathlib import Path

import pytest

from tests.blocks import blocks, unseen
from tests.modelyard.adoptees import REPOSITORIES, repository
from tests.modelyard.conftest import Modelyard
from tests.repository import ROOT
from tests.walk import Walk

PAGE = ROOT / "docs" / "how-to" / "adopt-existing.md"


@pytest.mark.slow
def test_a_repository_like_cookiecutters_is_adopted_as_the_page_shows(
    modelyard: Modelyard, template: Path, tmp_path: Path
) -> None:
    files = REPOSITORIES["Cookiecutter Data Science"] | {"README.md": "# Mine\n"}
    repo = repository(tmp_path / "our_repo", files)
    done = modelyard("adopt", repo, "--template", template)
    assert done.returncode == 20, done.stdout + done.stderr
    (shown,) = (block.text for block in blocks(PAGE) if block.language == "text")
    here = (str(template), "https://YOUR-HOST/modelyard.git"), (str(tmp_path), "/home/ada")
    said = reduce(lambda text, pair: text.replace(*pair), here, done.stdout)
    assert unseen(shown.splitlines(), said) == ""
    assert said.count("\n") == shown.count("\n")
    aside = next(tmp_path.glob("our_repo-modelyard-*"))
    assert (aside / "src" / "churn_model" / "schema.py").exists()


def test_with_copier_alone_what_is_there_stays_and_what_is_not_comes(
    modelyard: Modelyard, template: Path, tmp_path: Path
) -> None:
    own = {"README.md": "# Mine\n", "params.yaml": "mine: 1\n"}
    repo = repository(tmp_path / "our-repo", own)
    (recipe,) = (block for block in blocks(PAGE) if "copier copy" in block.text)
    with Walk(repo, template) as reader:
        reader.do(recipe)
    assert {name: (repo / name).read_text("utf-8") for name in own} == own
    assert (repo / "dvc.yaml").exists()
    assert modelyard("check", repo).returncode == 0
