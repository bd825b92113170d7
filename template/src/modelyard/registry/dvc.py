"""Calls to DVC, in this process where possible: its command takes a second to start."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..console import UserError
from ..lock import LockHeldError

if TYPE_CHECKING:
    from dvc.repo import Repo

DVC = [sys.executable, "-m", "dvc"]
LOCK_TIMEOUT_S = 10.0  # a killed process takes a moment to exit
T = TypeVar("T")


def call(function: Callable[["Repo"], T]) -> T:
    """Call a function with DVC's repository, after waiting for other processes to release it.

    Raises:
        LockHeldError: another process still holds the lock after 10 seconds.
        UserError: DVC failed.
    """
    from dvc.exceptions import DvcException  # imported here: it takes a third of a second
    from dvc.lock import LockError
    from dvc.repo import Repo

    end = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        try:
            with Repo() as repo:
                return function(repo)
        except LockError as busy:
            if time.monotonic() > end:
                raise LockHeldError(f"dvc: {busy}") from None
        except DvcException as failure:
            raise UserError(f"dvc: {failure}") from None
        time.sleep(0.2)


def status() -> dict[str, list[Any]]:
    """Return the stages that are not up to date with their changes, as `dvc status --json` does."""
    found: dict[str, list[Any]] = call(lambda repo: repo.status())
    return found


def wait_for_lock() -> None:
    """Wait until no other process holds DVC's lock.

    Raises:
        LockHeldError: another process still holds it after 10 seconds.
    """
    try:
        status()
    except LockHeldError:
        raise
    except UserError:  # for example a half-written `dvc.lock`: no process holds the lock
        return


def restore_outputs() -> None:
    """Check out the files of `dvc.lock` from the cache, else pull them from the remote.

    Raises:
        UserError: neither has all of them.
    """
    try:
        if Path("dvc.lock").exists():
            call(lambda repo: repo.checkout(force=True))
    except UserError:  # not all are in the cache
        if run("pull", "--force", "--quiet").returncode == 0:
            return
        remotes = " ".join(run("remote", "list").stdout.split()) or "none is set"
        raise UserError(
            "files of dvc.lock are neither in the local cache nor in DVC's remote "
            f"({remotes}); on the machine that has them run: uv run dvc push"
        ) from None


def push() -> None:
    """Push the commit's data and models to DVC's remote.

    Raises:
        UserError: the push failed.
    """
    done = run("push", "--quiet")
    if done.returncode != 0:
        raise UserError(f"dvc push: {done.stderr.strip().removeprefix('ERROR: ')}")


def set_param(section: str, name: str, value: str) -> None:
    """Set a param in `params.yaml`; comments and other lines are preserved."""
    from dvc.utils.serialize import modify_yaml  # imported here: it takes a third of a second

    with modify_yaml("params.yaml") as params:
        params[section][name] = value


def environment() -> dict[str, str]:
    """Return an environment in which `python` is the interpreter of this process."""
    own = str(Path(sys.executable).parent)
    return os.environ | {"PATH": os.pathsep.join([own, os.environ.get("PATH", "")])}


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run DVC and capture its output."""
    return subprocess.run(
        [*DVC, *words], capture_output=True, encoding="utf-8", errors="replace", env=environment()
    )


def run_streaming(*words: str) -> Iterator[str]:
    """Run DVC; print and yield its output line by line.

    Raises:
        subprocess.CalledProcessError: it failed; raised after the last line.
    """
    command = [*DVC, *words]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(),
        encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            print(line, end="", flush=True)
            yield line.rstrip()
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)
