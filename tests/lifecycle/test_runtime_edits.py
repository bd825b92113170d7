"""Tests for edits of the runtime: `modelyard check` lists them, `modelyard update` refuses."""

import json
import shutil
from pathlib import Path

import pytest

from tests.checkout import commit, git
from tests.lifecycle.conftest import Modelyard
from tests.lifecycle.small_template import LINES, generate
from tests.lifecycle.test_update import head, untouched

STEP, GONE, FRESH = (f"src/modelyard/{name}.py" for name in ("step", "gone", "fresh"))
KEEP, DROP = "--keep-runtime-edits", "--drop-runtime-edits"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


@pytest.fixture(scope="session")
def with_runtime(family: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a template with two more releases that have different runtimes."""
    template = Path(shutil.copytree(family, tmp_path_factory.mktemp("runtime") / "template"))
    write(template / "template", {STEP: LINES, GONE: "gone\n"})
    commit(template, "Three", tag="v3.0.0")
    (template / "template" / GONE).unlink()
    write(template / "template", {STEP: LINES.replace("line 6\n", "line six\n"), FRESH: "fresh\n"})
    commit(template, "Four", tag="v4.0.0")
    return template


@pytest.fixture
def project(with_runtime: Path, tmp_path: Path) -> Path:
    """Return a project of the earlier release with an edited runtime and an edited shared file."""
    project = generate(with_runtime, tmp_path / "project", "v3.0.0")
    (project / STEP).write_text(LINES.replace("line 12\n", "mine\n"), "utf-8")
    (project / "same.txt").write_text("mine\n", "utf-8")
    commit(project, "Edits")
    return project


def edited_twice(project: Path) -> None:
    (project / STEP).write_text(LINES.replace("line 6\n", "mine\n"), "utf-8")
    (project / GONE).write_text("mine\n", "utf-8")
    commit(project, "More edits")


def test_check_lists_them_separately(modelyard: Modelyard, project: Path) -> None:
    (project / GONE).unlink()
    done = modelyard("check", project)
    assert "Edited:\n  same.txt\n\n" in done.stdout
    assert f"Edited in the runtime, so an update refuses:\n  {GONE}\n  {STEP}\n" in done.stdout
    assert done.returncode == 20
    files = json.loads(modelyard("check", project, "--json").stdout)["files"]
    assert files["runtime_edits"] == [GONE, STEP]


def test_update_refuses_and_names_the_options(modelyard: Modelyard, project: Path) -> None:
    before = head(project)
    done = modelyard("update", project)
    assert done.returncode == 1
    assert done.stderr.startswith(f"error: {STEP} of the runtime differs from the template's")
    assert KEEP in done.stderr
    assert DROP in done.stderr
    assert done.stderr.count("\n") == 1
    assert untouched(project, before)


def test_edits_of_other_files_do_not_stop_an_update(
    modelyard: Modelyard, with_runtime: Path, tmp_path: Path
) -> None:
    project = generate(with_runtime, tmp_path / "project", "v3.0.0")
    (project / "same.txt").write_text("mine\n", "utf-8")
    (project / "src" / "modelyard_too.py").write_text("mine\n", "utf-8")
    commit(project, "Edits")
    checked = modelyard("check", project)
    assert (checked.returncode, "Edited in the runtime" in checked.stdout) == (10, False)
    assert modelyard("update", project).returncode == 0
    assert "line six" in (project / STEP).read_text("utf-8")
    assert not (project / GONE).exists()
    assert (project / FRESH).exists()


def test_kept_edits_are_merged(modelyard: Modelyard, project: Path) -> None:
    done = modelyard("update", project, KEEP)
    assert done.returncode == 0, done.stdout + done.stderr
    text = (project / STEP).read_text("utf-8")
    assert "line six\n" in text
    assert "mine\n" in text


def test_kept_edits_can_conflict(modelyard: Modelyard, project: Path) -> None:
    edited_twice(project)
    done = modelyard("update", project, KEEP)
    assert done.returncode == 20
    assert f"Conflicts:\n  {STEP}\n" in done.stdout


def test_dropped_edits_are_replaced_by_the_templates_files(
    modelyard: Modelyard, project: Path, with_runtime: Path, tmp_path: Path
) -> None:
    edited_twice(project)
    done = modelyard("update", project, DROP)
    assert done.returncode == 0, done.stdout + done.stderr
    newest = generate(with_runtime, tmp_path / "newest", "v4.0.0")
    runtimes = [git(one, "ls-tree", "-r", "HEAD", "src/modelyard") for one in (project, newest)]
    assert runtimes[0] == runtimes[1]
    assert f"{GONE}: your edits were dropped; the previous commit has them" in done.stdout
    assert git(project, "show", f"HEAD~1:{GONE}") == "mine\n"
    assert (project / "same.txt").read_text("utf-8") == "mine\n"
    assert modelyard("check", project).returncode == 0


def test_dropping_edits_restores_a_deleted_file(modelyard: Modelyard, project: Path) -> None:
    (project / STEP).unlink()
    commit(project, "Delete")
    assert modelyard("update", project).returncode == 1
    assert modelyard("update", project, DROP).returncode == 0
    assert "line six\n" in (project / STEP).read_text("utf-8")


def test_both_options_together_are_refused(modelyard: Modelyard, project: Path) -> None:
    done = modelyard("update", project, KEEP, DROP)
    assert done.returncode == 1
    assert "mutually exclusive" in done.stderr


def test_a_fleet_update_leaves_a_project_with_runtime_edits_unchanged(
    modelyard: Modelyard, project: Path
) -> None:
    before = head(project)
    report = json.loads(modelyard("fleet", "report", project, "--json").stdout)[0]
    assert (report["state"], report["runtime_edits"]) == ("would conflict", [STEP])
    row = json.loads(modelyard("fleet", "update", project, "--json").stdout)[0]
    assert row["state"] == "broken"
    assert KEEP in row["fault"]
    assert untouched(project, before)


@pytest.fixture
def optional(with_runtime: Path, tmp_path: Path) -> Path:
    """Return a project with an edited runtime that an answer of its template removes."""
    template = Path(shutil.copytree(with_runtime, tmp_path / "template"))
    file = template / "copier.yml"
    text = file.read_text("utf-8").replace(
        "_exclude:\n",
        "_exclude:\n  - \"{% if runtime != 'vendored' %}/src/modelyard{% endif %}\"\n",
    )
    file.write_text(f"{text}runtime:\n  type: str\n  default: vendored\n", "utf-8")
    commit(template, "Five", tag="v5.0.0")
    project = generate(template, tmp_path / "project", "v5.0.0")
    (project / STEP).write_text(LINES.replace("line 12\n", "mine\n"), "utf-8")
    commit(project, "Edits")
    return project


def test_an_answer_that_removes_the_runtime_does_not_drop_edits_unasked(
    modelyard: Modelyard, optional: Path
) -> None:
    before = head(optional)
    done = modelyard("update", optional, "--data", "runtime=package")
    assert done.returncode == 1
    assert f"{STEP} of the runtime differs from the template's" in done.stderr
    assert untouched(optional, before)
    done = modelyard("update", optional, "--data", "runtime=package", DROP)
    assert done.returncode == 0, done.stderr
    assert f"{STEP}: your edits were dropped" in done.stdout
    assert not (optional / STEP).exists()
