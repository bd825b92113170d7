"""Cookiecutter's door gives the same project as Copier."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from cookiecutter.generate import generate_files

from tests.checkout import commit, git, named_answers, names_of_answers
from tests.conftest import Render
from tests.edited_projects import edit, unmerged, update, with_history
from tests.template.cookiecutter.hook import asked
from tests.template.cookiecutter.session import Desk, address, files, typed

WAYS = {
    "copier": "copy --defaults",
    "uvx": "--from copier>=9.19.0 copier copy --defaults",
    "pipx": "run --spec copier>=9.19.0 copier copy --defaults",
}


@pytest.mark.parametrize("answers", names_of_answers())
def test_cookiecutter_makes_what_copier_makes(
    answers: str, template: Path, render: Render, desk: Desk
) -> None:
    given = named_answers(answers)
    project = desk.born(address(template), typed=typed(given))

    expected = files(render(given))
    mode, remembered = expected[".copier-answers.yml"]
    there = remembered.replace(str(template).encode(), address(template).encode())
    assert files(project) == expected | {".copier-answers.yml": (mode, there)}


def test_from_a_folder_nothing_differs(template: Path, render: Render, desk: Desk) -> None:
    relative, there = os.path.relpath(template, desk.here), desk.folder / "elsewhere"
    done = desk.run(relative, "--no-input", "--output-dir", str(there))
    assert done.returncode == 0, done.stderr
    assert files(there / "flight-delays") == files(render({}))


def test_a_difference_in_bytes_or_mode_would_be_seen(tmp_path: Path) -> None:
    seen = []
    for content, mode in ((b"a", 0o644), (b"b", 0o644), (b"b", 0o755)):
        (tmp_path / "file").write_bytes(content)
        (tmp_path / "file").chmod(mode)
        seen.append(files(tmp_path)["file"])
    assert len(set(seen)) == 3


@pytest.mark.parametrize("way", WAYS)
def test_copier_is_found_or_fetched(way: str, template: Path, lonely: Desk) -> None:
    lonely.give(way, 'echo "$@" > said')
    said = (lonely.born(str(template), "--no-input") / "said").read_text("utf-8")
    assert said.startswith(WAYS[way])


def test_a_project_takes_updates_and_keeps_its_edits(desk: Desk, tmp_path: Path) -> None:
    history = with_history(tmp_path / "template")
    git(history, "checkout", "--quiet", "-b", "between", "v0.1.0")
    commit(history, "Not yet a version")
    project = desk.born(address(history), "--checkout", "between", "--no-input")
    assert re.fullmatch("v0.1.0-1-g[0-9a-f]+", remembered(project)["_commit"])
    commit(project, "Born")
    mine = edit(project)

    update(project)

    assert remembered(project)["_commit"] == "v0.2.0"
    assert list(unmerged(project)) == []
    assert {name: (project / name).read_bytes() for name in mine} == mine
    assert not (project / "GONE.md").exists()


def test_cruft_which_says_less_gets_the_same(
    template: Path, render: Render, tmp_path: Path
) -> None:
    head = git(template, "rev-parse", "HEAD").strip()
    said = asked() | {"_template": str(template), "_commit": head}
    project = generate_files(template, {"cookiecutter": said}, tmp_path)
    assert files(Path(project)) == files(render({}))


def test_without_hooks_the_folder_says_why_it_is_empty(template: Path, desk: Desk) -> None:
    project = desk.born(str(template), "--no-input", "--accept-hooks", "no")
    assert list(files(project)) == ["NO-HOOK-RAN.md"]


def remembered(project: Path) -> dict[str, Any]:
    """Return the answers that a project remembers."""
    read: dict[str, Any] = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    return read
