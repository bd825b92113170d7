"""Run the checks in the environment of another project, without anything of this environment."""

import os
import subprocess
import sys
from pathlib import Path

from modelyard_lifecycle.git_environment import clean_environment

PACKAGE = Path(__file__).parent
# `-P` keeps the working folder off the path; only this package's folder is looked up, not the
# folder around it, in which a second `modelyard` is installed
BOOTSTRAP = """
import sys
from importlib.util import module_from_spec, spec_from_file_location
folder = sys.argv[1]
spec = spec_from_file_location(
    "modelyard_doctor", folder + "/__init__.py", submodule_search_locations=[folder]
)
sys.modules[spec.name] = module = module_from_spec(spec)
spec.loader.exec_module(module)
from modelyard_doctor.__main__ import main
sys.exit(main(sys.argv[2:]))
"""
# of Python, and of uv where a word of the command would contradict it
LEFT_OUT = (
    *("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONSAFEPATH", "VIRTUAL_ENV"),
    *("UV_FROZEN", "UV_LOCKED", "UV_PROJECT", "UV_WORKING_DIR", "UV_NO_PROJECT", "UV_ISOLATED"),
    *("UV_NO_SYNC", "UV_NO_DEV", "UV_NO_DEFAULT_GROUPS", "UV_NO_EDITABLE", "UV_PACKAGE"),
    *("UV_PYTHON", "UV_RUN_RECURSION_DEPTH", "UV_INTERNAL__PARENT_INTERPRETER"),
)


def run_in_project(project: Path, words: list[str]) -> int:
    """Run the checks by `uv run` in a project; return 0 without an error, else 1.

    Args:
        project: the project's folder.
        words: options of the checks.
    """
    folder = project.resolve()
    if not (folder / "pyproject.toml").is_file():
        return _refuse(f"{project} has no pyproject.toml; run this in the project's folder")
    frozen = ["--frozen"] if (folder / "uv.lock").is_file() else []
    command = ["uv", "run", "--project", str(folder), *frozen, "python", "-P", "-c", BOOTSTRAP]
    try:
        done = subprocess.run(
            [*command, str(PACKAGE), *words], cwd=folder, env=environment(folder), check=False
        )
    except FileNotFoundError:
        return _refuse("uv is not on PATH; install it")
    if done.returncode not in (0, 1):
        return _refuse("the project's environment cannot be used; run: uv sync")
    return done.returncode


def environment(folder: Path) -> dict[str, str]:
    """Return the environment without what git, Python and uv have set for another folder.

    UV_PROJECT_ENVIRONMENT is kept where it is this project's: it is relative to the project, or
    the working folder is the project.
    """
    found = {name: value for name, value in clean_environment().items() if name not in LEFT_OUT}
    place = Path(found.get("UV_PROJECT_ENVIRONMENT", "."))
    if place.is_absolute() and folder != Path.cwd():
        del found["UV_PROJECT_ENVIRONMENT"]
    return found | {"PYTHONUTF8": os.environ.get("PYTHONUTF8", "1")}


def _refuse(message: str) -> int:
    print(f"error: {message}", file=sys.stderr)
    return 1
