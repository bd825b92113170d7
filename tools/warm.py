"""Prepare what all projects of the tests have in common: compiled packages, and their types.

uv links a package's files from its cache, but bytecode that Python compiles on first import stays
in that environment. The tests create some sixty environments. mypy needs ten times as long for the
packages of a project as for its own files; FOLDER/.mypy_cache holds what it has read.

    python -m tools.warm FOLDER
"""

import subprocess
import sys
from pathlib import Path

import yaml
from copier import run_copy

from tools.demo import ROOT
from tools.steps import Steps, environment

ANSWERS = ROOT / "tests" / "answers" / "level3-all-mlflow.yml"  # it installs the most packages


def warm(project: Path) -> None:
    """Generate a project, install its packages, compile them in uv's cache, check the types."""
    steps = Steps()
    given = yaml.safe_load(ANSWERS.read_text("utf-8"))
    given["package_name"] = "flight_delays"  # as in most projects, for mypy
    run_copy(str(ROOT), project, given, defaults=True, quiet=True, vcs_ref="HEAD")
    steps.run("install", ["uv", "sync"], project)
    cache = Path(steps.run("cache", ["uv", "cache", "dir"], project).strip())
    with steps.timed("compile"):
        compiling = ["python", "-m", "compileall", "-qq", "-j", "0", *archives(cache, project)]
        # Ignore the exit code: some packages contain files that do not compile.
        subprocess.run(["uv", "run", "--no-sync", *compiling], cwd=project, env=environment())
    steps.run("types", ["uv", "run", "--no-sync", "mypy", "--cache-dir", ".mypy_cache"], project)


def archives(cache: Path, project: Path) -> list[str]:
    """Return the folders in uv's cache of the packages that a project has installed."""
    site_packages = next((project / ".venv").glob("[Ll]ib/**/site-packages"))
    installed = {info.name for info in site_packages.glob("*.dist-info")}
    infos = cache.glob("archive-v*/*/*.dist-info")
    return sorted(str(info.parent) for info in infos if info.name in installed)


if __name__ == "__main__":
    warm(Path(sys.argv[1]))
