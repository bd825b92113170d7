"""`modelyard doctor` in a project: its runtime, uvx, `uv run`, the checks in its environment."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from modelyard_doctor import handover
from tests.checkout import ROOT, TEMPLATE
from tests.doctor.problems import edit, make

UVX = """#!/bin/sh
echo "$@" > uvx.log
shift 3
PYTHONPATH={path} exec {python} -P -c '
import typer
from modelyard_doctor.cli import add_commands
app = typer.Typer()
app.callback()(lambda: None)
add_commands(app)
app()
' "$@"
"""
UV = """#!/bin/sh
[ -z "$PYTHONPATH$VIRTUAL_ENV$GIT_DIR$UV_LOCKED" ] || exit 9
echo "$1 $2 $3 $4 $5 $6" > uv.log
shift 5
PYTHONPATH={src} exec {python} "$@"
"""
INHERITED = {
    "VIRTUAL_ENV": "/elsewhere",
    "GIT_DIR": "/elsewhere/.git",
    "UV_LOCKED": "1",
    "UV_PROJECT": "/elsewhere",
}


def script(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the runtime in it, and fakes of uv and uvx in `tools`."""
    root = tmp_path / "project"
    root.mkdir()
    make("diabetes", root, "patients")
    shutil.copytree(TEMPLATE / "src" / "modelyard", root / "src" / "modelyard")
    (root / "uv.lock").touch()
    answers = "_commit: v1.3.0-5-gabcdef\n_src_path: https://YOUR-HOST/t.git\n"
    (root / ".copier-answers.yml").write_text(answers, "utf-8")
    path = os.pathsep.join(map(str, (ROOT / "src", TEMPLATE / "src")))
    python = sys.executable
    script(tmp_path / "tools" / "uvx", UVX.format(path=path, python=python))
    script(tmp_path / "tools" / "uv", UV.format(src=root / "src", python=python))
    return root


def test_a_project_is_checked_in_its_own_environment_with_its_own_runtime(project: Path) -> None:
    where = '    import modelyard, sys\n    print(modelyard.__file__, *sys.path, sep="\\n")\n'
    edit(project, "patients", "PACKAGE/data/ingest.py", "    study =", f"{where}    study =")
    tools = f"{project.parent / 'tools'}{os.pathsep}{os.environ['PATH']}"
    own = {"PYTHONPATH": str(project / "src"), "PATH": tools, "MODELYARD_PROJECT": "patients"}
    done = subprocess.run(
        [sys.executable, "-P", "-m", "modelyard", "doctor", "--json"], cwd=project,
        env=os.environ | INHERITED | own, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["findings"] == []
    source = "modelyard[lifecycle] @ git+https://YOUR-HOST/t.git@abcdef"
    first, runtime, *path = done.stderr.splitlines()
    assert first == f"> uvx --from '{source}' modelyard doctor --json"
    assert (project / "uvx.log").read_text("utf-8") == f"--from {source} modelyard doctor --json\n"
    assert (project / "uv.log").read_text("utf-8").split() == [
        "run", "--project", str(project), "--frozen", "python", "-P",
    ]  # fmt: skip
    assert Path(runtime).is_relative_to(project)
    assert not [one for one in path if one.startswith(str(ROOT / "src"))]


def test_another_folders_environment_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", str(tmp_path / "venv"))
    assert "UV_PROJECT_ENVIRONMENT" not in handover.environment(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert "UV_PROJECT_ENVIRONMENT" in handover.environment(tmp_path)


def test_a_folder_that_is_no_project_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert handover.run_in_project(tmp_path, []) == 1
    assert capsys.readouterr().err.endswith("run this in the project's folder\n")


@pytest.mark.parametrize(("code", "expected"), [(0, 0), (1, 1), (2, 1)])
def test_the_exit_code_is_0_or_1(
    code: int,
    expected: int,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    script(project.parent / "tools" / "uv", f"#!/bin/sh\nexit {code}\n")
    monkeypatch.setenv("PATH", str(project.parent / "tools"))
    assert handover.run_in_project(project, []) == expected
    assert ("run: uv sync" in capsys.readouterr().err) == (code == 2)
