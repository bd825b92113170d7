"""Whose command this is: a project's, nobody's, or one of two."""

import subprocess
import sys
from pathlib import Path

import pytest
from modelyard.choices import Choices
from modelyard.cli.main import chosen
from modelyard.console import UserError
from modelyard.project import GROUP, VARIABLE

CHOSEN = '[tool.modelyard]\nlevel = 1\ntargets = ["rest"]\ntracker = "dvclive"\n'
WITHOUT_TYPER = (
    "import sys; sys.modules['typer'] = None; from modelyard.cli.main import main; main()"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder, and in it what is installed; no environment names the project."""
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr(sys, "argv", ["modelyard"])
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(CHOSEN, "utf-8")
    return tmp_path


def install(folder: Path, name: str, points: str = "") -> None:
    """Install a package that has no files."""
    place = folder / f"{name}-1.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n", "utf-8")
    (place / "entry_points.txt").write_text(points, "utf-8")


def test_in_a_project_its_choices_count(folder: Path) -> None:
    install(folder, "shop", f"[{GROUP}]\nshop = shop\n")
    assert chosen() == Choices(1, ("rest",), "dvclive")


@pytest.mark.parametrize("words", [["--project", "shop"], ["--project=shop"]])
@pytest.mark.usefixtures("folder")
def test_a_project_that_is_named_need_not_be_installed(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["modelyard", *words])
    assert chosen() == Choices(1, ("rest",), "dvclive")


@pytest.mark.usefixtures("folder")
def test_in_the_folder_of_a_project_but_another_environment_there_is_none() -> None:
    assert chosen() is None


@pytest.mark.parametrize("content", [None, "[project]\nname = 'x'\n"])
def test_outside_of_a_project_there_is_none(content: str | None, folder: Path) -> None:
    install(folder, "shop", f"[{GROUP}]\nshop = shop\n")
    (folder / "pyproject.toml").unlink()
    if content:
        (folder / "pyproject.toml").write_text(content, "utf-8")
    assert chosen() is None


def test_two_runtimes_are_refused(folder: Path) -> None:
    install(folder, "shop", f"[{GROUP}]\nshop = shop\n")
    install(folder, "modelyard")
    assert chosen()
    vendored = folder / "src" / "modelyard"
    vendored.mkdir(parents=True)
    assert chosen()  # what is left of one that was: no source
    (vendored / "__init__.py").touch()
    with pytest.raises(UserError, match=r"modelyard 1 is installed beside src/modelyard; keep one"):
        chosen()


def test_without_its_own_libraries_the_command_says_how_it_is_run(made: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_TYPER]
    done = subprocess.run(command, cwd=made, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("error: the command needs typer: uvx --from ")
