"""DVC's remote of every revision: that of docs/how-to/share.md is the same one, in a clone too."""

from pathlib import Path

import pytest
from dvc.repo import Repo

from tests.checkout import ROOT
from tests.runtime.registered import commit, git, make_model

CONFIG = ROOT / "template" / ".dvc" / "config.jinja"
ADVICE = ["remote", "modify", "--local", "storage", "url", ".dvc/storage"]


@pytest.fixture
def clone(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clone of a bare repository with two tagged models and the template's default remote."""
    text = CONFIG.read_text("utf-8").replace("{{ dvc_remote_value }}", "storage")
    Path(".dvc/config").write_text(text, "utf-8")
    commit("The default remote")
    git("tag", "one")
    make_model("second")
    git("tag", "two")
    bare, folder = repository.parent / "bare.git", repository.parent / "clone"
    git("clone", "--quiet", "--bare", ".", str(bare))
    git("clone", "--quiet", str(bare), str(folder))
    monkeypatch.chdir(folder)
    return folder


def remotes() -> set[Path]:
    """Return the folders that `dvc push --all-tags` would write to."""
    with Repo() as repo:
        return {Path(repo.cloud.get_remote().path) for _ in repo.brancher(all_tags=True)}


def test_as_advised_every_revision_has_the_same_remote(clone: Path) -> None:
    from dvc.cli import main

    assert main(ADVICE) == 0
    assert remotes() == {clone / ".dvc" / "storage"}
    assert git("status", "--porcelain") == ""


def test_without_the_advice_it_is_a_folder_of_the_root(clone: Path) -> None:
    assert remotes() == {clone / ".dvc" / "storage", Path("/.dvc/storage").absolute()}
