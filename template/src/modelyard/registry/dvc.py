"""DVC, asked in this process where that will do: its command needs a second to start."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..console import UserError
from ..lock import Held

if TYPE_CHECKING:
    from dvc.repo import Repo

DVC = [sys.executable, "-m", "dvc"]
PATIENCE_S = 10.0  # a process that was killed needs a moment until it is gone
T = TypeVar("T")


def in_process(ask: Callable[["Repo"], T]) -> T:
    """Ask DVC in this process, as soon as no other process works with the same files.

    Raises:
        Held: the other process is still at work after 10 seconds.
        UserError: it failed.
    """
    from dvc.exceptions import DvcException  # here, as it takes a third of a second
    from dvc.lock import LockError
    from dvc.repo import Repo

    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            with Repo() as repo:
                return ask(repo)
        except LockError as busy:
            if time.monotonic() > end:
                raise Held(f"dvc: {busy}") from None
        except DvcException as failure:
            raise UserError(f"dvc: {failure}") from None
        time.sleep(0.2)


def status() -> dict[str, list[Any]]:
    """Give each stage that is not up to date, with what has changed, as `dvc status --json` does.

    Raises:
        UserError: DVC cannot say.
    """
    found: dict[str, list[Any]] = in_process(lambda repo: repo.status())
    return found


def wait() -> None:
    """Wait until no other process works with the pipeline's files.

    Raises:
        Held: one is still at work after 10 seconds.
    """
    try:
        status()
    except Held:
        raise
    except UserError:  # such as a `dvc.lock` that is half written: nobody is at work
        return


def bring() -> None:
    """Let the files of `dvc.lock` lie in the project: from the cache, else from the remote.

    Raises:
        UserError: neither has all of them.
    """
    try:
        if Path("dvc.lock").exists():
            in_process(lambda repo: repo.checkout(force=True))
    except UserError:  # the cache lacks some
        if run("pull", "--force", "--quiet").returncode == 0:
            return
        remotes = " ".join(run("remote", "list").stdout.split()) or "none is set"
        raise UserError(
            "files of dvc.lock are neither in this machine's cache nor in DVC's remote "
            f"({remotes}); where they were made: uv run dvc push"
        ) from None


def push() -> None:
    """Bring the commit's data and models to DVC's remote.

    Raises:
        UserError: it did not take them.
    """
    done = run("push", "--quiet")
    if done.returncode != 0:
        raise UserError(f"dvc push: {done.stderr.strip().removeprefix('ERROR: ')}")


def set_param(section: str, name: str, value: str) -> None:
    """Change a param; comments and the other lines of `params.yaml` stay as they are."""
    from dvc.utils.serialize import modify_yaml  # here, as it takes a third of a second

    with modify_yaml("params.yaml") as params:
        params[section][name] = value


def environment() -> dict[str, str]:
    """Give an environment in which a stage's `python` is the one that runs this."""
    own = str(Path(sys.executable).parent)
    return os.environ | {"PATH": os.pathsep.join([own, os.environ.get("PATH", "")])}


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run DVC quietly."""
    return subprocess.run(
        [*DVC, *words], capture_output=True, encoding="utf-8", errors="replace", env=environment()
    )


def run_aloud(*words: str) -> Iterator[str]:
    """Run DVC, show what it prints line by line, and give these lines.

    Raises:
        subprocess.CalledProcessError: it failed; comes after the last line.
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
