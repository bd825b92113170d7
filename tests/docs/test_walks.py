"""The commands of the README, the tutorials and the how-to guides do what the pages say."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from copier import run_copy

from tests.checkout import ROOT, WITHOUT_VENV, commit, git, tracked
from tests.conftest import NOT_COPIED, Render
from tests.docs.blocks import blocks
from tests.docs.pages import DIABETES, FIRST, HOW_TO, OWN, README, STORY
from tests.docs.walk import Walk, working_folder
from tests.projects.test_swap import is_another_problem
from tests.projects.trained_checks import has_trained
from tests.versions import remember_runs, train_shortly
from tools.steps import Steps

# For guides to an installed project: the others install it as their readers do.
installed_before = pytest.mark.usefixtures("one_environment")


@pytest.fixture(scope="module")
def trained_default(
    template: Path, trained: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A trained project with the default answers, all committed; do not change it."""
    folder = tmp_path_factory.mktemp("default") / "project"
    run_copy(str(template), folder, defaults=True, quiet=True)
    commit(folder, "Initial commit")
    train_shortly(folder)
    remember_runs(trained, folder)
    Steps().run("train", ["uv", "run", "dvc", "repro"], folder)
    commit(folder, "Trained")
    return folder


@pytest.fixture
def newcomer(template: Path, trained_default: Path, tmp_path: Path) -> Iterator[Walk]:
    """A reader in a copy of this project."""
    folder = working_folder(tmp_path) / "project"
    shutil.copytree(trained_default, folder, symlinks=True, ignore=WITHOUT_VENV)
    with Walk(folder, template) as reader:
        yield reader


def allow_slow_responses(project: Path) -> None:
    """Make a canary's verdict independent of this machine's latency."""
    path = project / "params.yaml"
    text = path.read_text("utf-8")
    patient = text.replace("latency_floor_ms: 10.0", "latency_floor_ms: 10000.0")
    assert patient != text
    path.write_text(patient, "utf-8")


@pytest.mark.slow
def test_the_first_project_tutorial_works(template: Path, tmp_path: Path) -> None:
    with Walk(working_folder(tmp_path), template) as reader:
        reader.run_page(blocks(FIRST))


@pytest.mark.slow
def test_the_own_data_tutorial_works(template: Path, tmp_path: Path) -> None:
    with Walk(working_folder(tmp_path), template, quoted=DIABETES) as reader:
        reader.run_page(blocks(OWN))
        project = reader.folder
    is_another_problem(Steps(), project, "diabetes")


@pytest.mark.slow
@installed_before
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_the_commit_to_production_tutorial_works(trained: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    allow_slow_responses(project)
    commit(project, "Trained")
    git(project, "branch", "--move", "--force", "main")
    with Walk(project, project) as reader:
        reader.run_page(blocks(STORY))


@pytest.mark.slow
@installed_before
@pytest.mark.skipif(os.name == "nt", reason="Windows has one worker only")
def test_the_rest_guide_works(project: Path) -> None:
    with Walk(project, project) as reader:
        reader.run_page(blocks(HOW_TO["rest"]))


@pytest.mark.slow
@installed_before
def test_the_batch_guide_works(project: Path) -> None:
    with Walk(project, project) as reader:
        reader.run_page(blocks(HOW_TO["batch"]))


@pytest.mark.slow
@installed_before
def test_the_monitoring_guide_works(project: Path) -> None:
    with Walk(project, project) as reader:
        reader.run_page(blocks(HOW_TO["monitor"]))


@pytest.mark.slow
@installed_before
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_the_registry_guide_works(trained: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    commit(project, "Trained")
    with Walk(project, project) as reader:
        reader.run_page(blocks(HOW_TO["register-and-roll-back"]))


@pytest.mark.slow
@installed_before
@pytest.mark.skipif(os.name == "nt", reason="the page is for Bash")
def test_the_canary_guide_works(project: Path) -> None:
    allow_slow_responses(project)
    with Walk(project, project) as reader:
        reader.run_page(blocks(HOW_TO["canary"]))


@pytest.mark.slow
@installed_before
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_the_retraining_guide_works(trained: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    with Walk(project, project) as reader:
        reader.run_page(blocks(HOW_TO["retrain"]))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="diff")
def test_the_ray_guide_works(with_ray: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(with_ray, tmp_path / "project", ignore=NOT_COPIED))
    with Walk(project, project) as reader:
        reader.run_page(blocks(HOW_TO["ray"]))


@pytest.mark.slow
@installed_before
def test_the_guide_to_adding_a_target_works(newcomer: Walk) -> None:
    newcomer.run_page(blocks(HOW_TO["add-a-target"]))


@pytest.mark.slow
@installed_before
def test_the_guide_to_raising_the_level_works(newcomer: Walk) -> None:
    folder = newcomer.folder
    newcomer.run_page(blocks(HOW_TO["raise-the-level"]))
    assert (folder / "scripts" / "retrain.sh").exists()
    assert not (folder / "scripts" / "deliver.sh").exists()


@pytest.mark.slow
def test_the_cookiecutter_guide_works(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = tmp_path / "cookiecutter.yml"
    places.write_text(f"replay_dir: {tmp_path / 'replay'}\n", "utf-8")
    monkeypatch.setenv("COOKIECUTTER_CONFIG", str(places))
    with Walk(working_folder(tmp_path), template) as reader:
        reader.run_page(blocks(HOW_TO["start-with-cookiecutter"]))


def use_our_environment(clone: Path) -> None:
    """Give a clone our `.venv`: .ci/run installs one, tests/repository/test_setup.py tests how."""
    if (ROOT / ".venv" / "ready").exists():
        (clone / ".git" / "info" / "exclude").write_text("/.venv\n", "utf-8")
        (clone / ".venv").symlink_to((ROOT / ".venv").resolve())
        os.utime(clone / "requirements-dev.txt", (0, 0))  # or make would install it again


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="make")
def test_the_readme_works_in_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "modelyard"
    for file in tracked():
        (clone / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, clone / file.relative_to(ROOT))
    commit(clone, "As it stands")
    use_our_environment(clone)
    with Walk(clone, clone) as reader:
        reader.run_page(blocks(README))
    has_trained(Steps(), clone / "build" / "demo")


@pytest.mark.slow
def test_the_edge_guide_works(
    render: Render, trained: Path, template: Path, tmp_path: Path
) -> None:
    rendered = render({"serving_targets": ["edge"]})
    project = Path(shutil.copytree(rendered, working_folder(tmp_path) / "project"))
    commit(project, "Initial commit")
    with Walk(project, template) as reader:
        train_shortly(reader.folder)
        remember_runs(trained, reader.folder)
        assert reader.run("uv run dvc repro").returncode == 0
        reader.run_page(blocks(HOW_TO["edge"]))
