"""A project with two registered versions, and clones of it as colleagues and CI jobs have them.

Its commands run in the environment of another project.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import yaml

from tests.checkout import IDENTITY, WITHOUT_VENV, commit, git
from tools.steps import environment

MODELYARD = ("uv", "run", "modelyard")
DVC = ("uv", "run", "python", "-m", "dvc")


def make_two_versions(trained: Path, project: Path, store: Path) -> None:
    """Copy a trained project, register its model, train longer and register again.

    Args:
        trained: the trained project.
        project: the new folder.
        store: the DVC remote, which has the files of both versions afterwards.
    """
    shutil.copytree(trained, project, ignore=WITHOUT_VENV)
    config = project / ".dvc" / "config"
    config.write_text(re.sub("url = .*", f"url = {store}", config.read_text("utf-8")), "utf-8")
    commit(project, "Trained")
    register(trained, project, "v0.1.0")
    set_param(project, "train", "rounds", 80)
    assert run_command(trained, project, *DVC, "repro").returncode == 0
    commit(project, "Trained longer")
    register(trained, project, "v0.2.0")


def register(trained: Path, project: Path, version: str) -> None:
    """Register the model of the current commit, and push its files to the DVC remote."""
    done = run_command(trained, project, *MODELYARD, "register")
    assert done.stdout == f"model@{version}\n"
    assert run_command(trained, project, *DVC, "push", "--quiet").returncode == 0


def add_origin(project: Path, bare: Path) -> None:
    """Create a bare repository with the branches and tags of a project, as its origin."""
    git(project, "clone", "--quiet", "--bare", ".", str(bare))
    git(project, "remote", "add", "origin", str(bare))


def clone_origin(bare: Path, folder: Path, ref: str = "") -> Path:
    """Clone a bare repository into a new folder, with nothing but what it contains."""
    git(bare.parent, "clone", "--quiet", str(bare), str(folder))
    if ref:
        git(folder, "checkout", "--quiet", ref)
    return folder


def set_param(project: Path, section: str, name: str, value: object) -> None:
    """Set a value of a project's `params.yaml`."""
    params = yaml.safe_load((project / "params.yaml").read_text("utf-8"))
    params[section][name] = value
    (project / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")


def train_shortly(project: Path) -> None:
    """Shorten the training of a project by two values of its `params.yaml`."""
    params = project / "params.yaml"
    text = re.sub(r"(?m)^  rounds: \d+", "  rounds: 60", params.read_text("utf-8"))
    params.write_text(re.sub(r"(?m)^  trials: \d+", "  trials: 1", text), "utf-8")


def remember_runs(trained: Path, project: Path) -> None:
    """Give a project the DVC cache of a trained one, where its training is not the point.

    DVC restores a stage whose command, dependencies and parameters are the same, and runs others.
    """
    shutil.copytree(trained / ".dvc" / "cache", project / ".dvc" / "cache", dirs_exist_ok=True)


def libraries(trained: Path, project: Path) -> dict[str, str]:
    """Return the environment variables to run a project with the libraries of a trained one."""
    others = {"UV_PROJECT_ENVIRONMENT": str(trained / ".venv"), "UV_NO_SYNC": "1"}
    names = [word.partition("=") for word in IDENTITY[1::2]]
    config = {"GIT_CONFIG_COUNT": str(len(names))}
    for place, (name, _, value) in enumerate(names):
        config |= {f"GIT_CONFIG_KEY_{place}": name, f"GIT_CONFIG_VALUE_{place}": value}
    return environment() | others | config | {"PYTHONPATH": str(project / "src")}


def worker_environment(shared: Path) -> dict[str, str]:
    """Return the variable that lets a worker's projects share one virtual environment.

    uv replaces what differs; each module is compiled once, not once a project.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    return {"UV_PROJECT_ENVIRONMENT": str(shared / f"venv-{worker}")}


def run_command(trained: Path, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a folder with the trained project's libraries."""
    own = libraries(trained, folder)
    done = subprocess.run(words, cwd=folder, env=own, capture_output=True, text=True, check=False)
    print(*words, done.stdout, done.stderr)
    return done
