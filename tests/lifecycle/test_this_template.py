"""Tests for `modelyard check` and `update` on a project of this template."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from copier import run_copy

from modelyard_lifecycle import __version__
from tests.checkout import ROOT, commit, git
from tests.docs.blocks import blocks
from tests.lifecycle.conftest import Modelyard

PAGE = ROOT / "docs" / "how-to" / "update.md"
GONE = "deployment/rest/compose.yaml"


@pytest.fixture
def released(template: Path, tmp_path: Path) -> Path:
    """This template with a later release that drops a file."""
    later = Path(shutil.copytree(template, tmp_path / "template", symlinks=True))
    run_copy(str(later), tmp_path / "project", defaults=True, quiet=True)
    commit(tmp_path / "project", "Initial commit")
    (later / "template" / GONE).unlink()
    (later / "CHANGELOG.md").write_text(f"## v0.3.0\n\n- **Dropped** `{GONE}`\n", "utf-8")
    commit(later, "Later", tag="v0.3.0")
    return later


@pytest.fixture
def edited(released: Path, tmp_path: Path) -> Path:
    """A project of the previous release with edits of its owner."""
    project = tmp_path / "project"
    (project / "src/flight_delays/models/estimator.py").write_text("# mine\n", "utf-8")
    with (project / GONE).open("a", encoding="utf-8") as file:
        file.write("# mine\n")
    return project


def page_output(place: int) -> str:
    """Return one of the outputs page_output on the page."""
    return [block.text for block in blocks(PAGE) if block.language == "text"][place]


def test_the_check_prints_the_output_on_the_page(
    modelyard: Modelyard, released: Path, edited: Path
) -> None:
    done = modelyard("check", edited)
    output = done.stdout.replace(str(released), "https://YOUR-HOST/modelyard.git")
    assert (done.returncode, output) == (30, page_output(0))


@pytest.mark.slow
def test_the_update_prints_the_output_on_the_page_and_raises_the_level(
    modelyard: Modelyard, released: Path, edited: Path
) -> None:
    commit(edited, "Mine")
    done = modelyard("update", edited, "--level", "2", "--add-target", "batch")
    output = done.stdout.replace(str(released), "https://YOUR-HOST/modelyard.git")
    now = git(edited, "rev-parse", "--short", "HEAD").strip()
    assert (done.returncode, output.replace(now, "3f2c1ab")) == (0, page_output(1)), done.stderr
    answers = yaml.safe_load((edited / ".copier-answers.yml").read_text("utf-8"))
    assert (answers["_commit"], answers["automation_level"]) == ("v0.3.0", 2)
    assert answers["serving_targets"] == ["rest", "batch"]
    assert (edited / "scripts" / "retrain.sh").exists()
    assert (edited / GONE).read_text("utf-8").endswith("# mine\n")
    assert (edited / "src/flight_delays/models/estimator.py").read_text("utf-8") == "# mine\n"


@pytest.mark.slow
def test_an_unknown_level_is_refused(modelyard: Modelyard, edited: Path) -> None:
    commit(edited, "Mine")
    before = git(edited, "rev-parse", "HEAD")
    done = modelyard("update", edited, "--level", "7")
    assert done.returncode == 1
    assert "automation_level" in done.stderr
    assert done.stderr.count("\n") == 1
    assert git(edited, "rev-parse", "HEAD") == before


@pytest.mark.slow
def test_the_package_installs_from_this_repository() -> None:
    command = ["uvx", "--quiet", "--from", f"{ROOT}[lifecycle]", "modelyard", "--version"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == f"modelyard {__version__}\n"
