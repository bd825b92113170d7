"""A command says on stderr what it does, once that lasts a second."""

import io
import time
from pathlib import Path

import pytest
from rich.console import Console

from modelyard_lifecycle import progress
from tests.lifecycle.conftest import Modelyard


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show steps that last a hundredth of a second."""
    monkeypatch.setenv("MODELYARD_PROGRESS_S", "0.01")


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("command", ["check", "update"])
def test_slow_steps_are_plain_lines_without_a_terminal(
    modelyard: Modelyard, child: Path, command: str
) -> None:
    done = modelyard(command, child)
    lines = done.stderr.splitlines()
    assert "rendering v1.0.0 …" in lines
    assert all(line.endswith(" …") and "\x1b" not in line for line in lines)
    assert "…" not in done.stdout.replace("→", "")


class Terminal(io.StringIO):
    """A terminal that keeps its output."""

    def isatty(self) -> bool:
        """Return that it is one."""
        return True


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("command", [["check"], ["fleet", "report"], ["fleet", "update"]])
def test_json_has_no_progress(modelyard: Modelyard, child: Path, command: list[str]) -> None:
    assert modelyard(*command, child, "--json").stderr == ""


def test_fast_steps_say_nothing(modelyard: Modelyard, child: Path) -> None:
    assert modelyard("check", child).stderr == ""


def test_a_number_of_seconds_is_required(
    modelyard: Modelyard, child: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODELYARD_PROGRESS_S", "soon")
    done = modelyard("check", child)
    assert done.returncode == 1
    assert done.stderr == "error: MODELYARD_PROGRESS_S is 'soon', must be a number of seconds\n"


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("command", [["check"], ["fleet", "report"], ["fleet", "update"]])
def test_colours_that_are_forced_make_no_terminal_of_a_log(
    modelyard: Modelyard, child: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    lines = modelyard(*command, child).stderr.splitlines()
    assert lines
    assert all(line.endswith(" …") and "\x1b" not in line for line in lines)


@pytest.mark.usefixtures("at_once")
def test_a_terminal_shows_the_step_and_removes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    out = Terminal()
    terminal = Console(file=out, force_terminal=True, width=60)
    monkeypatch.setattr(progress, "Console", lambda **_: terminal)
    with progress.shown_steps() as on_step:
        on_step("first")
        time.sleep(0.1)
        on_step("second")
        time.sleep(0.2)
    assert "first …" in out.getvalue()
    assert "second …" in out.getvalue()
    assert out.getvalue().endswith("\x1b[2K")  # the line is erased


def test_the_end_waits_for_no_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELYARD_PROGRESS_S", "60")
    started = time.monotonic()
    with progress.shown_steps() as on_step:
        on_step("a")
        on_step("b")
    assert time.monotonic() - started < 5
