"""Tests that the evaluation of updates detects each kind of error."""

from pathlib import Path

import pytest

from tests.checkout import commit
from tests.lifecycle.small_template import LINES, generate, make_template
from tests.template.updates.judging import changed, lost, not_updated, unnecessary, unreported
from tests.template.updates.planting import Planted, files
from tests.template.updates.updating import by_copier, by_modelyard

MINE = b"planted\n"


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small template; do not change it."""
    return make_template(tmp_path_factory.mktemp("family") / "template")


def edited(family: Path, folder: Path, name: str, place: int) -> tuple[Path, Planted]:
    """Plant a line in a file of a project of the first release."""
    project, newest = (
        generate(family, folder / "project"),
        generate(family, folder / "new", "v2.0.0"),
    )
    planted = Planted(files(project), files(newest), touched={name: MINE}, places={name: place})
    planted.new.pop("yours.txt")
    lines = planted.old[name].splitlines(keepends=True)
    (project / name).write_bytes(b"".join([*lines[:place], MINE, *lines[place:]]))
    commit(project, "Mine")
    return project, planted


def test_an_edit_that_copier_discards_is_detected(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "dropped.txt", 0)
    assert lost(project, planted.touched) == []
    assert lost(by_copier(project).folder, planted.touched) == ["dropped.txt"]


def test_modelyard_keeps_the_same_edit(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "dropped.txt", 0)
    done = by_modelyard(project)
    assert lost(done.folder, planted.touched) == []
    assert not_updated(done.folder, done.reported, planted) == []


def test_an_unreported_conflict_is_detected(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "text.txt", 6)
    done = by_copier(project)
    assert (done.reported, unreported(done.folder, done.reported)) == (["text.txt"], [])
    assert unnecessary(done.folder, done.reported, planted) == []
    assert unreported(done.folder, []) == ["text.txt"]


def test_a_patch_that_did_not_apply_is_detected(tmp_path: Path) -> None:
    (tmp_path / "text.txt.rej").write_text("- line 6\n", "utf-8")
    assert unreported(tmp_path, []) == ["text.txt.rej"]


def test_an_unnecessary_conflict_is_detected(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "text.txt", 11)
    assert by_copier(project).reported == []
    assert unnecessary(project, ["text.txt"], planted) == ["text.txt"]


def test_a_missing_change_of_the_template_is_detected(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "text.txt", 11)
    late = ["emblem.bin", "fresh.txt", "picture.bin", "sub/renamed.txt", "text.txt"]
    assert not_updated(project, [], planted) == late[1:]
    assert not_updated(by_copier(project).folder, [], planted) == []
    (project / "emblem.bin").unlink()
    assert not_updated(project, [], planted) == late[:1]


def test_a_restored_file_and_a_changed_one_are_detected(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "text.txt", 11)
    by_copier(project)
    planted.deleted.append("same.txt")
    assert not_updated(project, [], planted) == ["same.txt"]
    assert changed(project, {"same.txt": b"same\n", "text.txt": LINES.encode()}) == ["text.txt"]
