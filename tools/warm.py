"""Compile what projects install once, in uv's cache, from where it is linked into each of them.

uv links the files of a package from its cache; what Python compiles on a first import stays in the
environment that it was imported from. The tests make some sixty environments.

    python -m tools.warm FOLDER
"""

import subprocess
import sys
from pathlib import Path

import yaml
from copier import run_copy

from tools.demo import ROOT
from tools.steps import Steps, environment

ANSWERS = ROOT / "tests" / "answers" / "level3-all-mlflow.yml"  # it installs the most


def warm(project: Path) -> None:
    """Make a project, install what it needs, and compile that in uv's cache."""
    steps = Steps()
    given = yaml.safe_load(ANSWERS.read_text("utf-8"))
    run_copy(str(ROOT), project, given, defaults=True, quiet=True, vcs_ref="HEAD")
    steps.run("install", ["uv", "sync"], project)
    cache = Path(steps.run("cache", ["uv", "cache", "dir"], project).strip())
    with steps.timed("compile"):
        compiling = ["python", "-m", "compileall", "-qq", "-j", "0", *archives(cache, project)]
        # Some packages hold files that no Python compiles: whatever its exit code.
        subprocess.run(["uv", "run", "--no-sync", *compiling], cwd=project, env=environment())


def archives(cache: Path, project: Path) -> list[str]:
    """Return where uv's cache holds the packages that a project has installed."""
    site_packages = next((project / ".venv").glob("[Ll]ib/**/site-packages"))
    installed = {info.name for info in site_packages.glob("*.dist-info")}
    infos = cache.glob("archive-v*/*/*.dist-info")
    return sorted(str(info.parent) for info in infos if info.name in installed)


if __name__ == "__main__":
    warm(Path(sys.argv[1]))
