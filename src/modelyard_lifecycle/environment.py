"""Update the lock file of a project and run its fast tests."""

import subprocess
from pathlib import Path
from shlex import join

from .errors import UserError
from .git import run
from .git_environment import clean_environment
from .verbose import line_of, show
from .worktree import Worktree

LOCK_FILE = "uv.lock"
OF_ANOTHER_FOLDER = ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "UV_FROZEN")
LOCK, FAST = ["uv", "lock"], ["uv", "run", "pytest", "-q", "-m", "not made"]


class TestsFail(UserError):
    """The project's tests fail."""


def update_lock(folder: Path) -> list[str]:
    """Run `uv lock` if there is a lock file and pyproject.toml has changed; return a note if so.

    Raises:
        UserError: `uv lock` fails.
    """
    changed = run("diff", "--quiet", "HEAD", "--", "pyproject.toml", folder=folder).returncode
    if not (folder / LOCK_FILE).exists() or not changed:
        return []
    _run(LOCK, folder, "uv.lock cannot be regenerated")
    return ["uv.lock: regenerated because pyproject.toml changed"]


def run_fast_tests(tree: Worktree) -> list[str]:
    """Run the project's fast tests in the worktree, with data and models from the DVC cache.

    Raises:
        TestsFail: a test fails.
        UserError: the tests cannot be run.
    """
    cache = tree.repository / tree.folder.relative_to(tree.top) / ".dvc" / "cache"
    if cache.is_dir():
        (tree.folder / ".dvc" / "cache").symlink_to(cache)
        _run(["uv", "run", "dvc", "checkout", "--quiet"], tree.folder, "dvc checkout fails")
    try:
        _run(FAST, tree.folder, "the project's tests fail")
    except UserError as failed:
        raise TestsFail(str(failed)) from failed
    return ["the project's fast tests pass"]


def _run(command: list[str], folder: Path, failure: str) -> None:
    environment = {
        name: value for name, value in clean_environment().items() if name not in OF_ANOTHER_FOLDER
    }
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
    except FileNotFoundError as missing:
        raise UserError(f"{failure}: {command[0]} is not on PATH; install it") from missing
    show(f"$ {join(command)}\n{done.stdout}")
    if done.returncode:
        last = [line for line in done.stdout.splitlines() if line.strip()] or ["no output"]
        raise UserError(f"{failure}: {line_of(done.stdout, last[-1])}")
