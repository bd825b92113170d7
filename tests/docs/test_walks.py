"""What the README, the tutorials and the how-to pages tell a reader to type does what they say."""

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
from tests.docs.walk import Walk, desk
from tests.projects.test_projects import has_trained
from tests.projects.test_swap import is_another_problem
from tests.versions import train_shortly
from tools.steps import Steps


@pytest.fixture
def newcomer(template: Path, tmp_path: Path) -> Iterator[Walk]:
    """A reader in a project with the default answers, which has trained; all is committed."""
    folder = desk(tmp_path) / "project"
    run_copy(str(template), folder, defaults=True, quiet=True)
    commit(folder, "Initial commit")
    train_shortly(folder)
    with Walk(folder, template) as reader:
        assert reader.run("uv run dvc repro").returncode == 0
        commit(folder, "Trained")
        yield reader


def bear_with_a_busy_machine(project: Path) -> None:
    """Let a canary's verdict not depend on how fast this machine answers."""
    path = project / "params.yaml"
    text = path.read_text("utf-8")
    patient = text.replace("latency_floor_ms: 10.0", "latency_floor_ms: 10000.0")
    assert patient != text
    path.write_text(patient, "utf-8")


@pytest.mark.slow
def test_the_first_project_goes_as_told(template: Path, tmp_path: Path) -> None:
    with Walk(desk(tmp_path), template) as reader:
        reader.through(blocks(FIRST))


@pytest.mark.slow
def test_your_own_data_goes_as_told(template: Path, tmp_path: Path) -> None:
    with Walk(desk(tmp_path), template, quoted=DIABETES) as reader:
        reader.through(blocks(OWN))
        project = reader.folder
    is_another_problem(Steps(), project, "diabetes")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_from_a_commit_to_production_and_back_it_goes_as_told(
    trained: Path, tmp_path: Path
) -> None:
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    bear_with_a_busy_machine(project)
    commit(project, "Trained")
    git(project, "branch", "--move", "--force", "main")
    with Walk(project, project) as reader:
        reader.through(blocks(STORY))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="Windows has one worker only")
def test_the_rest_service_goes_as_told(project: Path) -> None:
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["rest"]))


@pytest.mark.slow
def test_a_batch_goes_as_told(project: Path) -> None:
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["batch"]))


@pytest.mark.slow
def test_the_model_is_watched_as_told(project: Path) -> None:
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["monitor"]))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_a_model_is_registered_and_taken_back_as_told(trained: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    commit(project, "Trained")
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["register-and-roll-back"]))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the page is for Bash")
def test_a_candidate_is_looked_at_as_told(project: Path) -> None:
    bear_with_a_busy_machine(project)
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["canary"]))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_it_retrains_by_itself_as_told(trained: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=WITHOUT_VENV))
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["retrain"]))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="diff")
def test_many_machines_go_as_told(with_ray: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(with_ray, tmp_path / "project", ignore=NOT_COPIED))
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["ray"]))


@pytest.mark.slow
def test_a_target_is_added_as_told(newcomer: Walk) -> None:
    newcomer.through(blocks(HOW_TO["add-a-target"]))


@pytest.mark.slow
def test_the_level_is_raised_and_lowered_as_told(newcomer: Walk) -> None:
    folder = newcomer.folder
    newcomer.through(blocks(HOW_TO["raise-the-level"]))
    assert (folder / "scripts" / "retrain.sh").exists()
    assert not (folder / "scripts" / "deliver.sh").exists()


@pytest.mark.slow
def test_cookiecutter_starts_a_project_as_told(
    template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = tmp_path / "cookiecutter.yml"
    places.write_text(f"replay_dir: {tmp_path / 'replay'}\n", "utf-8")
    monkeypatch.setenv("COOKIECUTTER_CONFIG", str(places))
    with Walk(desk(tmp_path), template) as reader:
        reader.through(blocks(HOW_TO["start-with-cookiecutter"]))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="make")
def test_the_readme_works_in_a_fresh_clone(tmp_path: Path) -> None:
    clone = tmp_path / "modelyard"
    for file in tracked():
        (clone / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, clone / file.relative_to(ROOT))
    commit(clone, "As it stands")
    with Walk(clone, clone) as reader:
        reader.through(blocks(README))
    has_trained(Steps(), clone / "build" / "demo")


@pytest.mark.slow
def test_edge_goes_as_told(render: Render, template: Path, tmp_path: Path) -> None:
    rendered = render({"serving_targets": ["edge"]})
    project = Path(shutil.copytree(rendered, desk(tmp_path) / "project"))
    commit(project, "Initial commit")
    with Walk(project, template) as reader:
        train_shortly(reader.folder)
        assert reader.run("uv run dvc repro").returncode == 0
        reader.through(blocks(HOW_TO["edge"]))
