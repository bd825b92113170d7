"""Create a project: copy the template, initialise git, lock, install, commit, run the pipeline."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import join, quote
from typing import Any

from copier import run_copy
from rich.console import Console
from rich.markup import escape

from .errors import Interrupted, UserError, delay_interrupts
from .git_environment import clean_environment
from .project import record_without_credentials
from .render import calling_copier
from .verbose import is_verbose


@dataclass(frozen=True)
class Step:
    """A command to run in the new project; it is skipped if the file `needs` does not exist."""

    command: tuple[str, ...]
    needs: str = ""


INSTALL = (
    Step(("git", "init", "--quiet", "--initial-branch", "main")),
    Step(("uv", "lock"), "pyproject.toml"),
    Step(("uv", "sync"), "pyproject.toml"),
)
COMMIT = (
    Step(("git", "-c", "core.excludesFile=", "add", "--all")),
    Step(("git", "commit", "--quiet", "--message", "Initial commit")),
)
FIRST_RUN = Step(("uv", "run", "dvc", "repro"), "dvc.yaml")
SHUTDOWN_S = 5
CREDENTIALS_REMOVED = (
    "The template's address is recorded without its credentials; give them to git for updates, "
    "for example with a credential helper"
)


def copy_template(
    template: str,
    folder: Path,
    given: Mapping[str, Any],
    version: str | None,
    defaults: bool,
    console: Console,
    finish: Callable[[Path], object] = lambda _: None,
    suggested: Mapping[str, str] | None = None,
) -> None:
    """Let Copier ask its questions and write the project, completely or not at all.

    Args:
        template: the template's source.
        folder: the project's folder.
        given: answers by question.
        version: a version of the template; None for its newest release.
        defaults: whether to take the default of each other question.
        console: where to print.
        finish: is called with the folder; if it fails, nothing is left either.
        suggested: defaults of questions that replace those of the template.

    Raises:
        UserError: the folder is not empty, or Copier fails.
    """
    refuse_existing(folder)
    with calling_copier(f"{template} cannot be copied"), _clean_on_failure(folder):
        started = time.monotonic()
        run_copy(
            template, folder, data=dict(given), vcs_ref=version, defaults=defaults,
            quiet=not is_verbose(), user_defaults=dict(suggested or {}),
        )  # fmt: skip
        finish(folder)
    if record_without_credentials(folder):
        console.print(CREDENTIALS_REMOVED)
    console.print(escape(f"copied to {folder} ({time.monotonic() - started:.1f} s)"))


def run_first_steps(folder: Path, run: bool, console: Console, large: str = "") -> None:
    """Run the steps after copying and print each with its duration.

    Args:
        folder: the project's folder.
        run: whether to run the pipeline.
        console: where to print.
        large: a file or folder that DVC stores instead of git, if any.

    Raises:
        UserError: a step fails or is interrupted; the message lists the remaining commands.
    """
    steps = [
        step
        for step in (*INSTALL, *_keep_out(large), *COMMIT, *([FIRST_RUN] if run else []))
        if not step.needs or (folder / step.needs).exists()
    ]
    for place, step in enumerate(steps):
        console.print(escape(f"[{place + 1}/{len(steps)}] {join(step.command)}"))
        started = time.monotonic()
        try:
            _run(step.command, folder)
        except UserError as failed:
            raise type(failed)(f"{failed}; {_how_to_resume(folder, steps[place:])}") from failed
        console.print(f"      ({time.monotonic() - started:.1f} s)")
    console.print(escape(f"{folder} is ready; next steps: {folder / 'README.md'}"))
    if FIRST_RUN in steps:
        console.print("The first run changed dvc.lock and other files; commit them")


def _keep_out(large: str) -> list[Step]:
    """Return the step that stores a large table with DVC."""
    return [Step(("uv", "run", "dvc", "add", "--quiet", large))] if large else []


def refuse_existing(folder: Path) -> None:
    """Refuse a folder that has files.

    Raises:
        UserError: it has, or is no folder.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise UserError(f"{folder} exists and is not a folder; choose a new one")
    inside = sorted(folder.iterdir()) if folder.exists() else []
    if inside:
        raise UserError(f"{folder} is not empty: it contains {inside[0].name}; choose a new folder")


@contextmanager
def _clean_on_failure(folder: Path) -> Iterator[None]:
    """Remove a half-written project if the block fails.

    Raises:
        Interrupted: Ctrl+C interrupted the block; other exceptions propagate.
    """
    existed = folder.exists()
    try:
        yield
    except BaseException as failed:
        for child in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
        if not existed and folder.is_dir():
            folder.rmdir()
        if isinstance(failed, KeyboardInterrupt):
            raise Interrupted("interrupted; nothing was written") from failed
        raise


def _run(command: tuple[str, ...], folder: Path) -> None:
    """Run a command and show its output.

    Raises:
        UserError: the command is not found or fails.
        Interrupted: Ctrl+C or SIGTERM interrupted it.
    """
    environment = clean_environment()
    environment.pop("VIRTUAL_ENV", None)
    child = None
    try:
        with delay_interrupts():
            child = subprocess.Popen(command, cwd=folder, env=environment)
        code = child.wait()
    except FileNotFoundError as missing:
        raise UserError(f"{command[0]} is not on PATH; install it") from missing
    except KeyboardInterrupt as interrupt:
        if child:
            _wait_for_exit(child)
        raise Interrupted(f"{join(command)} was interrupted") from interrupt
    if code:
        raise UserError(f"{join(command)} failed with exit code {code}")


def _wait_for_exit(child: "subprocess.Popen[bytes]") -> None:
    """Wait for a child that received Ctrl+C as well; send it SIGTERM if it did not."""
    try:
        child.wait(SHUTDOWN_S)
    except subprocess.TimeoutExpired:
        child.terminate()
        child.wait()


def _how_to_resume(folder: Path, steps: list[Step]) -> str:
    commands = " && ".join(join(step.command) for step in steps)
    return (
        f"the earlier steps are kept in {folder}. To continue:{os.linesep}"
        f"  cd {quote(str(folder))} && {commands}"
    )
