"""Calls to DVC, in this process where possible: its command takes a second to start.

`python -m modelyard.registry.dvc ...` is DVC's command; it ends together with its parent process.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..console import UserError
from ..lock import LockHeldError

if TYPE_CHECKING:
    from dvc.repo import Repo

DVC = [sys.executable, "-m", "dvc"]
LOCKS, LOCK_TIMEOUT_S = Path(".dvc/tmp/rwlock"), 10.0  # a killed process takes a moment to exit
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
    from dvc.rwlock import RWLockFileCorruptedError

    end = time.monotonic() + LOCK_TIMEOUT_S
    while True:
        try:
            with Repo() as repo:
                return function(repo)
        except (LockError, RWLockFileCorruptedError) as busy:
            if not stale_locks_deleted() and time.monotonic() > end:
                raise LockHeldError(f"dvc: {busy}") from None
        except DvcException as failure:
            raise UserError(f"dvc: {failure}") from None
        time.sleep(0.2)


def stale_locks_deleted() -> bool:
    """Delete DVC's list of locks if it names no process that is at work; return whether it did.

    DVC takes a zombie, and any process with the number of a killed one, for the holder of a lock. A
    process killed while it wrote the list leaves a part of it.
    """
    found: list[dict[str, Any]] = []
    with suppress(OSError, ValueError):
        json.loads(LOCKS.read_bytes(), object_hook=found.append)
    held = any(is_at_work(one["pid"], one["cmd"]) for one in found if "pid" in one)
    stale = LOCKS.exists() and not held
    if stale:
        LOCKS.unlink(missing_ok=True)
    return stale


def is_at_work(pid: int, command: str) -> bool:
    """Return whether a process runs that was started with the arguments of this command."""
    import psutil

    try:
        process = psutil.Process(pid)
        arguments = " ".join(process.cmdline()).split()
        return process.is_running() and {*command.split()[1:]} <= {*arguments}
    except psutil.NoSuchProcess:  # or a zombie
        return False
    except psutil.AccessDenied:  # of another user
        return True


def status() -> dict[str, list[Any]]:
    """Return the stages that are not up to date with their changes, as `dvc status --json` does."""
    found: dict[str, list[Any]] = call(lambda repo: repo.status())
    return found


def wait_for_lock() -> None:
    """Wait until no other process holds DVC's lock."""
    try:
        status()
    except LockHeldError:
        raise
    except UserError:  # for example a half-written `dvc.lock`: no process holds the lock
        return


def restore_outputs() -> None:
    """Check out the files of `dvc.lock` from the cache, else pull them from the remote."""
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
    """Push the commit's data and models to DVC's remote."""
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
    """Run DVC until it or this process ends; print and yield its output line by line.

    Raises:
        subprocess.CalledProcessError: it failed; raised after the last line.
    """
    command = [sys.executable, "-m", __spec__.name, *words]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment(), encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        for line in process.stdout or ():
            print(line, end="", flush=True)
            yield line.rstrip()
    if process.returncode != 0:
        raise subprocess.CalledProcessError(process.returncode, command)


def end_with(pipe: int) -> None:
    """Wait until the parent process ends, however it does, then kill what this one has started."""
    import psutil

    os.read(pipe, 1)
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            child.kill()
    os._exit(1)


if __name__ == "__main__":
    from dvc.cli import main

    own = os.dup(0)  # what this process starts does not inherit it
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    threading.Thread(target=end_with, args=[own], daemon=True).start()
    sys.exit(main())
