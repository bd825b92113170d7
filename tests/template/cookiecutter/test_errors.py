"""Tests for errors with Cookiecutter: a message, and nothing leftovers behind."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.template.cookiecutter.session import Session, files, typed
from tests.waiting import PATIENCE_S, wait_until


def test_without_copier_it_stops_before_the_first_question(
    template: Path, without: Session
) -> None:
    done = without.run(str(template))
    assert done.returncode != 0
    assert "error: Copier generates this project, but neither Copier nor" in done.stderr
    assert f'"{without.python}" -m pip install copier' in done.stderr
    assert "Name of the project?" not in done.stdout
    assert without.leftovers() == []


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({"package_name": "class"}, "error: package_name: class is already used by"),
        ({"serving_targets": ["cloud"]}, "error: serving_targets: 'cloud' is not in ['rest', "),
    ],
    ids=str,
)
def test_an_invalid_answer_is_refused_and_nothing_left(
    answers: dict[str, Any], text: str, template: Path, session: Session
) -> None:
    done = session.run(str(template), typed=typed(answers))
    assert done.returncode != 0
    assert text in done.stderr
    assert session.leftovers() == []


def test_the_last_line_of_copier_is_printed_and_nothing_left(
    template: Path, without: Session
) -> None:
    without.give("copier", "echo spoilt > spoilt; echo The network is down >&2; exit 3")
    done = without.run(str(template), "--no-input")
    assert done.returncode != 0
    assert "error: The network is down\n" in done.stderr
    assert without.leftovers() == []


def test_a_folder_that_is_not_empty_is_not_changed(template: Path, session: Session) -> None:
    mine = session.here / "flight-delays" / "README.md"
    mine.parent.mkdir()
    mine.write_text("Mine.\n", "utf-8")

    assert session.run(str(template), "--no-input").returncode != 0
    done = session.run(str(template), "--no-input", "--overwrite-if-exists")

    assert done.returncode != 0
    assert f"error: {mine.parent} is not empty: it contains README.md" in done.stderr
    assert files(session.here) == {"flight-delays/README.md": (0o644, b"Mine.\n")}


def test_a_template_without_git_repository_is_refused(template: Path, session: Session) -> None:
    loose = shutil.copytree(
        template, session.folder / "loose", ignore=shutil.ignore_patterns(".git")
    )
    done = session.run(str(loose), "--no-input")
    assert f"error: {loose} is not a git repository with a commit" in done.stderr
    assert session.leftovers() == []


def test_without_git_nothing_is_left(template: Path, session: Session) -> None:
    (session.folder / "bin" / "git").unlink()
    done = session.run(str(template), "--no-input")
    assert "error: git is not on PATH, but Copier needs it; install it\n" in done.stderr
    assert session.leftovers() == []


def test_an_interrupt_leaves_nothing(template: Path, without: Session) -> None:
    began = without.folder / "began"
    without.give("copier", f"echo half > half; : > {began}; exec {shutil.which('sleep')} 60")
    process = subprocess.Popen(
        without.command(str(template), "--no-input"), cwd=without.here, env=without.surroundings(),
        start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    wait_until(began.exists)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(PATIENCE_S) != 0
    wait_until(lambda: without.leftovers() == [])


def test_leftovers_of_a_failing_hook_are_detected(template: Path, session: Session) -> None:
    careless = shutil.copytree(template, session.folder / "careless")
    (careless / "hooks" / "post_gen_project.py").write_text("raise SystemExit(1)\n", "utf-8")
    assert session.run(str(careless), "--no-input").returncode != 0
    assert len(session.leftovers()) == 2
