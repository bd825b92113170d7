"""What a project brings along beside its files: the lock of its packages, its tests, its data."""

import os
import subprocess
from pathlib import Path

from .errors import Fault
from .git import run
from .worktree import Aside

LOCK, FAST = ["uv", "lock"], ["uv", "run", "pytest", "-q", "-m", "not made"]


class TestsFail(Fault):
    """The project's own tests fail."""


def relocked(folder: Path) -> list[str]:
    """Lock the packages anew if they are locked and pyproject.toml has changed; say so.

    Raises:
        Fault: uv cannot lock them.
    """
    changed = run("diff", "--quiet", "HEAD", "--", "pyproject.toml", folder=folder).returncode
    if not (folder / "uv.lock").exists() or not changed:
        return []
    _called(LOCK, folder, "uv.lock cannot be made anew")
    return ["uv.lock: made anew, as pyproject.toml has changed"]


def fast_tests(made: Aside) -> list[str]:
    """Run the project's fast tests aside, with the data and models that DVC has in its cache.

    Raises:
        TestsFail: they fail.
        Fault: they cannot be run.
    """
    cache = made.home / made.folder.relative_to(made.top) / ".dvc" / "cache"
    if cache.is_dir():
        (made.folder / ".dvc" / "cache").symlink_to(cache)
        _called(["uv", "run", "dvc", "checkout", "--quiet"], made.folder, "dvc checkout fails")
    try:
        _called(FAST, made.folder, "the project's tests fail")
    except Fault as failed:
        raise TestsFail(str(failed)) from failed
    return ["the project's fast tests pass"]


def _called(command: list[str], folder: Path, failure: str) -> None:
    kept = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    try:
        done = subprocess.run(
            command, cwd=folder, env=kept, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            encoding="utf-8", errors="replace", check=False,
        )  # fmt: skip
    except FileNotFoundError as missing:
        raise Fault(f"{failure}: {command[0]} is not on PATH; install it") from missing
    if done.returncode:
        last = [line for line in done.stdout.splitlines() if line.strip()] or ["no word"]
        raise Fault(f"{failure}: {last[-1].strip()}")
