"""What the README and the tutorials tell a reader to type does what they say."""

import os
import re
import shutil
from pathlib import Path

import pytest
from copier import run_copy
from copier._vcs import get_repo

from tests.blocks import applied, blocks
from tests.conftest import NEEDLESS, Render
from tests.repository import ROOT, commit, git, tracked
from tests.walk import SOURCE, Walk, desk, whole

FIRST, OWN, STORY = (
    ROOT / "docs" / "tutorials" / f"{name}.md"
    for name in ("first-project", "your-own-data", "from-commit-to-production")
)
WALKED = [
    "rest",
    "batch",
    "ray",
    "edge",
    "add-a-target",
    "monitor",
    "retrain",
    "register-and-roll-back",
    "canary",
    "raise-the-level",
    "start-with-cookiecutter",
]
HOW_TO = {name: ROOT / "docs" / "how-to" / f"{name}.md" for name in WALKED}
README = ROOT / "README.md"
PAGES = [README, FIRST, OWN, STORY, *HOW_TO.values()]
DIABETES = ROOT / "tests" / "swap" / "diabetes"
LEFT_OUT = {
    "edge.md": ["scripts/image.sh edge x86_64"],
    "monitor.md": [],
    "canary.md": [],
    "register-and-roll-back.md": [],
    "from-commit-to-production.md": [],
    "raise-the-level.md": ["$ uv run pytest"],
    "retrain.md": [],
    "start-with-cookiecutter.md": [
        "$ uvx --with copier cookiecutter https://YOUR-HOST/modelyard.git"
    ],
    "README.md": ["uvx copier copy https://YOUR-HOST/modelyard.git my-project", "make test"],
    "first-project.md": ["$ uv run pytest"],
    "your-own-data.md": ["$ uv run pytest -q"],
    "rest.md": [],
    "batch.md": [],
    "ray.md": [
        "RAY_AUTH_MODE=token RAY_AUTH_TOKEN=… RAY_USAGE_STATS_ENABLED=0 "
        "uv run ray start --block --address HEAD:6379",
        "kubectl create namespace flight-delays-ray",
    ],
    "add-a-target.md": ["$ uv run pytest"],
}


# The pages as they are written


def test_copier_takes_the_address_in_the_pages_for_a_repository() -> None:
    assert get_repo(SOURCE) == SOURCE
    assert get_repo(SOURCE.removesuffix(".git")) is None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_all_is_run_but_what_a_test_cannot_do(page: Path) -> None:
    left = [block.lines[0] for block in blocks(page) if block.note.startswith("not run: ")]
    assert left == LEFT_OUT[page.name]


def test_what_your_own_data_quotes_is_what_the_swap_test_runs() -> None:
    quoted = [block for block in blocks(OWN) if block.title and block.language != "diff"]
    for block in quoted:
        assert block.text in whole(block, DIABETES).read_text("utf-8"), block.place
    files = {whole(block, DIABETES) for block in quoted}
    assert files == {file for file in DIABETES.rglob("*") if file.suffix in (".py", ".yaml")}


def test_the_changes_of_your_own_data_fit_its_files_and_end_where_they_began() -> None:
    changed: dict[Path, str] = {}
    for block in (block for block in blocks(OWN) if block.language == "diff"):
        file = whole(block, DIABETES)
        changed[file] = applied(block.lines, changed.get(file) or file.read_text("utf-8"))
    assert changed
    assert {file: file.read_text("utf-8") for file in changed} == changed


def test_the_changes_of_the_first_project_fit_its_files(render: Render) -> None:
    project = render({})
    changes = [block for block in blocks(FIRST) if block.language == "diff"]
    for block in changes:
        text = (project / block.title).read_text("utf-8")
        assert applied(block.lines, text) != text, block.place
    assert len(changes) == 3


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_link_of_a_page_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


# Their commands


@pytest.mark.slow
def test_the_first_project_goes_as_told(template: Path, tmp_path: Path) -> None:
    with Walk(desk(tmp_path), template) as reader:
        reader.through(blocks(FIRST))


@pytest.mark.slow
def test_your_own_data_goes_as_told(template: Path, tmp_path: Path) -> None:
    with Walk(desk(tmp_path), template, quoted=DIABETES) as reader:
        reader.through(blocks(OWN))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_from_a_commit_to_production_and_back_it_goes_as_told(
    trained: Path, tmp_path: Path
) -> None:
    kept_out = shutil.ignore_patterns(".venv")
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=kept_out))
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
    kept_out = shutil.ignore_patterns(".venv")
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=kept_out))
    commit(project, "Trained")
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["register-and-roll-back"]))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="nginx")
def test_a_candidate_is_looked_at_as_told(project: Path) -> None:
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["canary"]))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the scripts are Bash")
def test_it_retrains_by_itself_as_told(trained: Path, tmp_path: Path) -> None:
    kept_out = shutil.ignore_patterns(".venv")
    project = Path(shutil.copytree(trained, tmp_path / "project", ignore=kept_out))
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["retrain"]))


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="diff")
def test_many_machines_go_as_told(with_ray: Path, tmp_path: Path) -> None:
    project = Path(shutil.copytree(with_ray, tmp_path / "project", ignore=NEEDLESS))
    with Walk(project, project) as reader:
        reader.through(blocks(HOW_TO["ray"]))


@pytest.mark.slow
def test_a_target_is_added_as_told(template: Path, tmp_path: Path) -> None:
    folder = desk(tmp_path) / "project"
    run_copy(str(template), folder, defaults=True, quiet=True)
    commit(folder, "Born")
    with Walk(folder, template) as reader:
        assert reader.run("uv run dvc repro").returncode == 0
        commit(folder, "Trained")
        reader.through(blocks(HOW_TO["add-a-target"]))


@pytest.mark.slow
def test_the_level_is_raised_and_lowered_as_told(template: Path, tmp_path: Path) -> None:
    folder = desk(tmp_path) / "project"
    run_copy(str(template), folder, defaults=True, quiet=True)
    commit(folder, "Born")
    with Walk(folder, template) as reader:
        assert reader.run("uv run dvc repro").returncode == 0
        commit(folder, "Trained")
        reader.through(blocks(HOW_TO["raise-the-level"]))
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


@pytest.mark.slow
def test_edge_goes_as_told(render: Render, template: Path, tmp_path: Path) -> None:
    rendered = render({"serving_targets": ["edge"]})
    project = Path(shutil.copytree(rendered, desk(tmp_path) / "project"))
    commit(project, "Born")
    with Walk(project, template) as reader:
        assert reader.run("uv run dvc repro").returncode == 0
        reader.through(blocks(HOW_TO["edge"]))
