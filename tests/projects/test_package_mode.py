"""A project with the runtime as a package: installed, trained, served, switched both ways."""

import shutil
from pathlib import Path

import pytest
from copier import run_copy

from tests.checkout import ROOT, commit, snapshot
from tests.conftest import Render, train_shortly
from tests.edited_projects import changes, unmerged, update
from tests.projects import package_index
from tests.projects.trained_checks import MODELYARD, predictions
from tests.template.test_package_mode import BATCH, NAMES_THE_RUNTIME
from tools.steps import StepFailed, Steps

NOT_CHOSEN = [
    (["canary", "rest"], "canary requires automation level 3, this project has level 2"),
    (["bundle", "out"], "bundle requires the target edge, this project has rest, batch"),
    (["check"], r"modelyard\[lifecycle\] @ .*' modelyard check"),
]
UNKNOWN = [("edge", "the target edge"), ("canary", "automation level 3")]
STEPS = Steps()


@pytest.mark.slow
def test_a_project_on_the_package_works_and_switches_modes(render: Render, tmp_path: Path) -> None:
    package_index.make(tmp_path / "index")
    with package_index.serve(tmp_path / "index") as address:
        project = tmp_path / "project"
        shutil.copytree(render(BATCH | {"runtime": "package", "runtime_index": address}), project)
        trains(project)
        passes_serves_and_scores(project)
        refuses_unchosen_components(project)
        refuses_two_runtimes(project)
        switches_both_ways(project, address)
        adds_another_target(project)


def trains(project: Path) -> None:
    """Install the project, train briefly, and commit."""
    train_shortly(project / "params.yaml")
    commit(project, "Initial commit")
    STEPS.run("install", ["uv", "sync"], project)
    STEPS.run("train", ["uv", "run", "dvc", "repro"], project)
    commit(project, "Trained")


def passes_serves_and_scores(project: Path) -> None:
    """Run the commands of the README."""
    assert "passed" in STEPS.run("style, types, tests", ["scripts/check.sh"], project)
    assert (project / "models/model.json").is_file()
    STEPS.run("score", [*MODELYARD, "score", "data/raw", "scored"], project)
    assert (project / "scored/manifest.json").is_file()
    assert len(predictions(STEPS, project, 2)) == 2


def refuses_unchosen_components(project: Path) -> None:
    """Check that commands and sections of other levels and targets are refused."""
    for words, message in NOT_CHOSEN:
        with pytest.raises(StepFailed, match=message):
            STEPS.run("ask", [*MODELYARD, *words], project)
    params = project / "params.yaml"
    before = params.read_text("utf-8")
    for section, required_by in UNKNOWN:
        params.write_text(f"{before}{section}: {{}}\n", "utf-8")
        with pytest.raises(
            StepFailed, match=f"{section} is not known here, it requires {required_by}"
        ):
            STEPS.run("gate", [*MODELYARD, "gate"], project)
    params.write_text(before, "utf-8")


def refuses_two_runtimes(project: Path) -> None:
    """Check that a second runtime next to the package is refused."""
    runtime = project / "src/modelyard"
    runtime.mkdir()
    (runtime / "__init__.py").write_text("", "utf-8")
    with pytest.raises(StepFailed, match="is installed beside src/modelyard; keep one: uv venv"):
        STEPS.run("ask", [*MODELYARD, "example"], project)
    shutil.rmtree(runtime)


def switches_both_ways(project: Path, address: str) -> None:
    """Update to the other mode and back: nothing is retrained, no edit is lost."""
    commit(project, "Scored")
    mine = [project / "tests/test_model.py", project / "src/flight_delays/serving/rest.py"]
    for file in mine:
        file.write_text(f"{file.read_text('utf-8')}\n# Mine.\n", "utf-8")
    commit(project, "Ours now")
    for mode in ("vendored", "package"):
        update(project, runtime=mode, runtime_index=address)
        touched = changes(project)
        assert list(unmerged(project)) == []
        assert {name for name, how in touched.items() if how == "M"} == NAMES_THE_RUNTIME
        assert all(file.read_text("utf-8").endswith("# Mine.\n") for file in mine)
        STEPS.run("install", ["uv", "sync"], project)
        assert "up to date" in STEPS.run("status", ["uv", "run", "dvc", "status"], project)
        commit(project, f"The runtime is {mode}")
        source = list((project / "src/modelyard").glob("**/*.py"))
        output = STEPS.run("version", [*MODELYARD, "--version"], project)
        assert ("src/modelyard" in output, bool(source)) == (mode == "vendored",) * 2


def adds_another_target(project: Path) -> None:
    """Add the target edge, whose bundle works without the package."""
    update(project, serving_targets=["rest", "batch", "edge"])
    assert list(unmerged(project)) == []
    STEPS.run("install", ["uv", "sync"], project)
    STEPS.run("bundle", [*MODELYARD, "bundle", "build/edge"], project)
    assert (project / "build/edge/run.py").is_file()
    assert [*(project / "build/edge").glob("**/modelyard/project.py")] != []


@pytest.mark.slow
def test_the_templates_repository_is_a_source_of_the_package(tmp_path: Path) -> None:
    template, project = tmp_path / "template", tmp_path / "project"
    snapshot(template)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, template / name)
    shutil.copytree(ROOT / "src", template / "src", ignore=shutil.ignore_patterns("__pycache__"))
    commit(template, "As it stands", tag="v0.2.0")
    answers = {"runtime": "package"}
    run_copy(f"git+file://{template}", project, data=answers, defaults=True, quiet=True)
    STEPS.run("install", ["uv", "sync", "--no-default-groups", "--group", "rest"], project)
    found = "import modelyard.serving.rest.app as app; print(app.__file__)"
    assert "site-packages" in STEPS.run(
        "import", ["uv", "run", "--no-sync", "python", "-c", found], project
    )
