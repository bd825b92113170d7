"""DVC restores a stage in another project only while all that decides its outputs is the same."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.checkout import commit
from tests.versions import remember_runs
from tools.steps import environment

# The stages are named after what the other project changes.
STAGES = """\
stages:
  nothing: {cmd: cp a nothing.out, params: [n], deps: [a], outs: [nothing.out]}
  dependency: {cmd: cp b dependency.out, params: [n], deps: [b], outs: [dependency.out]}
  parameter: {cmd: cp a parameter.out, params: [m], deps: [a], outs: [parameter.out]}
  command: {cmd: cp a command.out, params: [n], deps: [a], outs: [command.out]}
"""
FILES = {"dvc.yaml": STAGES, "params.yaml": "n: 1\nm: 1\n", "a": "rows\n", "b": "rows\n"}
CHANGES = {
    "b": ("rows", "others"),
    "params.yaml": ("m: 1", "m: 2"),
    "dvc.yaml": ("cp a com", "cp -p a com"),
}


def dvc(project: Path, *words: str) -> str:
    """Run DVC and return its output."""
    command = [sys.executable, "-m", "dvc", *words]
    done = subprocess.run(command, cwd=project, env=environment(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_only_a_stage_with_the_same_inputs_is_restored(tmp_path: Path) -> None:
    first, other = tmp_path / "first", tmp_path / "other"
    first.mkdir()
    for name, text in FILES.items():
        (first / name).write_text(text, "utf-8")
    commit(first, "Initial commit")
    dvc(first, "init", "--quiet")
    shutil.copytree(first, other)
    for name, (old, new) in CHANGES.items():
        (other / name).write_text(FILES[name].replace(old, new), "utf-8")
    assert len(re.findall("Running stage", dvc(first, "repro"))) == 4

    remember_runs(first, other)
    output = dvc(other, "repro")
    assert re.findall(r"Stage '(\w+)' is cached", output) == ["nothing"]
    assert {*re.findall(r"Running stage '(\w+)'", output)} == {"dependency", "parameter", "command"}
    assert (other / "nothing.out").read_text("utf-8") == "rows\n"
