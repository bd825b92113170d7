"""What is refused at Cookiecutter's door is told, and leaves nothing behind."""

import os
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.template.cookiecutter.session import Desk, files, typed
from tests.waiting import PATIENCE_S, until


def test_without_copier_nothing_is_asked_and_nothing_left(template: Path, lonely: Desk) -> None:
    done = lonely.run(str(template))
    assert done.returncode != 0
    assert "error: Copier makes this project, and neither Copier was found" in done.stderr
    assert f'"{lonely.python}" -m pip install copier' in done.stderr
    assert "What is the project called?" not in done.stdout
    assert lonely.left() == []


@pytest.mark.parametrize(
    ("answers", "text"),
    [
        ({"package_name": "class"}, "error: package_name: class already means something"),
        ({"serving_targets": ["cloud"]}, "error: serving_targets: 'cloud' is not in ['rest', "),
    ],
    ids=str,
)
def test_a_wrong_answer_is_told_and_nothing_left(
    answers: dict[str, Any], text: str, template: Path, desk: Desk
) -> None:
    done = desk.run(str(template), typed=typed(answers))
    assert done.returncode != 0
    assert text in done.stderr
    assert desk.left() == []


def test_what_copier_says_last_is_told_and_nothing_left(template: Path, lonely: Desk) -> None:
    lonely.give("copier", "echo spoilt > spoilt; echo The network is down >&2; exit 3")
    done = lonely.run(str(template), "--no-input")
    assert done.returncode != 0
    assert "error: The network is down\n" in done.stderr
    assert lonely.left() == []


def test_a_folder_that_holds_something_stays_as_it_was(template: Path, desk: Desk) -> None:
    mine = desk.here / "flight-delays" / "README.md"
    mine.parent.mkdir()
    mine.write_text("Mine.\n", "utf-8")

    assert desk.run(str(template), "--no-input").returncode != 0
    done = desk.run(str(template), "--no-input", "--overwrite-if-exists")

    assert done.returncode != 0
    assert f"error: {mine.parent} is not empty, it holds README.md" in done.stderr
    assert files(desk.here) == {"flight-delays/README.md": (0o644, b"Mine.\n")}


def test_a_template_that_no_update_would_find_is_refused(template: Path, desk: Desk) -> None:
    loose = shutil.copytree(template, desk.folder / "loose", ignore=shutil.ignore_patterns(".git"))
    done = desk.run(str(loose), "--no-input")
    assert f"error: {loose} is no git repository with a commit" in done.stderr
    assert desk.left() == []


def test_without_git_nothing_is_left(template: Path, desk: Desk) -> None:
    (desk.folder / "bin" / "git").unlink()
    done = desk.run(str(template), "--no-input")
    assert "error: found no git, which Copier needs; install it\n" in done.stderr
    assert desk.left() == []


def test_an_interruption_leaves_nothing(template: Path, lonely: Desk) -> None:
    began = lonely.folder / "began"
    lonely.give("copier", f"echo half > half; : > {began}; exec {shutil.which('sleep')} 60")
    process = subprocess.Popen(
        lonely.command(str(template), "--no-input"), cwd=lonely.here, env=lonely.surroundings(),
        start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(began.exists)
    os.killpg(process.pid, signal.SIGINT)
    assert process.wait(PATIENCE_S) != 0
    until(lambda: lonely.left() == [])


def test_what_a_careless_hook_leaves_would_be_seen(template: Path, desk: Desk) -> None:
    careless = shutil.copytree(template, desk.folder / "careless")
    (careless / "hooks" / "post_gen_project.py").write_text("raise SystemExit(1)\n", "utf-8")
    assert desk.run(str(careless), "--no-input").returncode != 0
    assert len(desk.left()) == 2
