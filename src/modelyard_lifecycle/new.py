"""A project from nothing: copied, put under git, locked, committed, run."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shlex import join, quote
from typing import Any

from copier import run_copy
from rich.console import Console
from rich.markup import escape

from .errors import Fault, Stopped
from .git import unswayed
from .render import told_by_copier


@dataclass(frozen=True)
class Step:
    """A command in the new project, and the file without which it is left out."""

    command: tuple[str, ...]
    needs: str = ""


STEPS = (
    Step(("git", "init", "--quiet", "--initial-branch", "main")),
    Step(("uv", "lock"), "pyproject.toml"),
    Step(("uv", "sync"), "pyproject.toml"),
    Step(("git", "add", "--all")),
    Step(("git", "commit", "--quiet", "--message", "Born")),
)
FIRST_RUN = Step(("uv", "run", "dvc", "repro"), "dvc.yaml")
TIDY_S = 5


def copied(
    template: str,
    folder: Path,
    given: Mapping[str, Any],
    version: str | None,
    defaults: bool,
    console: Console,
) -> None:
    """Let Copier ask its questions and write the project, whole or not at all.

    Raises:
        Fault: something is in the folder, or Copier cannot write it.
    """
    _refuse_what_is_there(folder)
    with told_by_copier(f"{template} cannot be copied"), _emptied_on_failure(folder):
        begun = time.monotonic()
        run_copy(
            template, folder, data=dict(given), vcs_ref=version, defaults=defaults, quiet=True
        )  # fmt: skip
    console.print(escape(f"copied to {folder} ({time.monotonic() - begun:.1f} s)"))


def begin(folder: Path, run: bool, console: Console) -> None:
    """Do the steps that follow on copying, and tell each with its time.

    Raises:
        Fault: one fails or is stopped; it says what is left to do.
    """
    steps = [
        step
        for step in (*STEPS, *([FIRST_RUN] if run else []))
        if not step.needs or (folder / step.needs).exists()
    ]
    for place, step in enumerate(steps):
        console.print(escape(f"[{place + 1}/{len(steps)}] {join(step.command)}"))
        begun = time.monotonic()
        try:
            _run(step.command, folder)
        except Fault as failed:
            left = _what_is_left(folder, steps[place:])
            raise type(failed)(f"{failed}; {left}") from failed
        console.print(f"      ({time.monotonic() - begun:.1f} s)")
    console.print(escape(f"{folder} is ready; go on with its README.md"))
    if FIRST_RUN in steps:
        console.print("dvc.lock and what else the run has left are yours to commit")


def _refuse_what_is_there(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise Fault(f"{folder} is there and is no folder; name a new one")
    inside = sorted(folder.iterdir()) if folder.exists() else []
    if inside:
        raise Fault(f"{folder} is not empty, it holds {inside[0].name}; name a new folder")


@contextmanager
def _emptied_on_failure(folder: Path) -> Iterator[None]:
    """Leave no half-written project behind, whatever ends the block.

    Raises:
        Stopped: the block was stopped by Ctrl+C; what else it raises goes on.
    """
    was_there = folder.exists()
    try:
        yield
    except BaseException as failed:
        for child in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
        if not was_there and folder.is_dir():
            folder.rmdir()
        if isinstance(failed, KeyboardInterrupt):
            raise Stopped("stopped before the project was written; nothing is left") from failed
        raise


def _run(command: tuple[str, ...], folder: Path) -> None:
    """Run a command, its output in sight.

    Raises:
        Fault: it is not there, or it fails.
        Stopped: Ctrl+C or SIGTERM stopped it.
    """
    kept = {name: value for name, value in unswayed().items() if name != "VIRTUAL_ENV"}
    try:
        child = subprocess.Popen(command, cwd=folder, env=kept)
    except FileNotFoundError as missing:
        raise Fault(f"{command[0]} is not on PATH, install it") from missing
    try:
        code = child.wait()
    except KeyboardInterrupt as stopped:
        _let_end(child)
        raise Stopped(f"{join(command)} was stopped") from stopped
    if code:
        raise Fault(f"{join(command)} ended with exit code {code}")


def _let_end(child: "subprocess.Popen[bytes]") -> None:
    """Let a child tidy up: of Ctrl+C it heard, too; a SIGTERM to us alone is handed on."""
    try:
        child.wait(TIDY_S)
    except subprocess.TimeoutExpired:
        child.terminate()
        child.wait()


def _what_is_left(folder: Path, steps: list[Step]) -> str:
    left = " && ".join(join(step.command) for step in steps)
    return (
        f"what was done before stays in {folder}. To go on:{os.linesep}"
        f"  cd {quote(str(folder))} && {left}"
    )
