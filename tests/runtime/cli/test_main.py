"""Choices of the project in the working folder; missing libraries; two runtimes."""

import subprocess
import sys
from pathlib import Path

import pytest
from modelyard.choices import Choices
from modelyard.cli.main import project_choices
from modelyard.console import UserError
from modelyard.project import GROUP, VARIABLE

PYPROJECT = '[tool.modelyard]\nlevel = 1\ntargets = ["rest"]\ntracker = "dvclive"\n'
WITHOUT_TYPER = (
    "import sys; sys.modules['typer'] = None; from modelyard.cli.main import main; main()"
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder as working folder and import path, without MODELYARD_PROJECT."""
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setattr(sys, "argv", ["modelyard"])
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT, "utf-8")
    return tmp_path


def install(folder: Path, name: str, points: str = "") -> None:
    """Write the metadata of an installed package without files."""
    place = folder / f"{name}-1.dist-info"
    place.mkdir()
    (place / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n", "utf-8")
    (place / "entry_points.txt").write_text(points, "utf-8")


def test_in_a_project_its_choices_are_returned(folder: Path) -> None:
    install(folder, "shop", f"[{GROUP}]\nshop = shop\n")
    assert project_choices() == Choices(1, ("rest",), "dvclive")


@pytest.mark.parametrize("words", [["--project", "shop"], ["--project=shop"]])
@pytest.mark.usefixtures("folder")
def test_a_project_given_by_option_need_not_be_installed(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["modelyard", *words])
    assert project_choices() == Choices(1, ("rest",), "dvclive")


@pytest.mark.usefixtures("folder")
def test_a_project_not_installed_in_the_environment_has_no_choices() -> None:
    assert project_choices() is None


@pytest.mark.parametrize("content", [None, "[project]\nname = 'x'\n"])
def test_outside_of_a_project_there_are_no_choices(content: str | None, folder: Path) -> None:
    install(folder, "shop", f"[{GROUP}]\nshop = shop\n")
    (folder / "pyproject.toml").unlink()
    if content:
        (folder / "pyproject.toml").write_text(content, "utf-8")
    assert project_choices() is None


def test_two_runtimes_are_refused(folder: Path) -> None:
    install(folder, "shop", f"[{GROUP}]\nshop = shop\n")
    install(folder, "modelyard")
    assert project_choices()
    vendored = folder / "src" / "modelyard"
    vendored.mkdir(parents=True)
    assert project_choices()  # a folder without source files
    (vendored / "__init__.py").touch()
    with pytest.raises(UserError, match=r"modelyard 1 is installed beside src/modelyard; keep one"):
        project_choices()


def test_without_typer_the_error_has_the_remedy(made: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_TYPER]
    done = subprocess.run(command, cwd=made, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        "error: typer is not installed; run: uv run modelyard, or uvx --from "
    )
