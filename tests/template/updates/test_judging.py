"""The matrix turns red: each thing that an update may do wrong is done, and seen."""

from pathlib import Path

import pytest

from tests.checkout import commit
from tests.lifecycle.small_template import LINES, born, make_template
from tests.template.updates.judging import changed, lost, needless, stale, unnamed
from tests.template.updates.planting import Planted, files
from tests.template.updates.updating import by_copier, by_modelyard

MINE = b"planted\n"


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the small template; nobody may change it."""
    return make_template(tmp_path_factory.mktemp("family") / "template")


def edited(family: Path, folder: Path, name: str, place: int) -> tuple[Path, Planted]:
    """Plant a line in a file of a project of the first release."""
    project, newest = born(family, folder / "project"), born(family, folder / "new", "v2.0.0")
    planted = Planted(files(project), files(newest), touched={name: MINE}, places={name: place})
    planted.new.pop("yours.txt")
    lines = planted.old[name].splitlines(keepends=True)
    (project / name).write_bytes(b"".join([*lines[:place], MINE, *lines[place:]]))
    commit(project, "Mine")
    return project, planted


def test_an_edit_that_copier_takes_away_is_missed(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "dropped.txt", 0)
    assert lost(project, planted.touched) == []
    assert lost(by_copier(project).folder, planted.touched) == ["dropped.txt"]


def test_the_same_edit_is_not_missed_after_modelyard(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "dropped.txt", 0)
    done = by_modelyard(project)
    assert lost(done.folder, planted.touched) == []
    assert stale(done.folder, done.named, planted) == []


def test_a_conflict_that_was_not_named_is_seen(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "text.txt", 6)
    done = by_copier(project)
    assert (done.named, unnamed(done.folder, done.named)) == (["text.txt"], [])
    assert needless(done.folder, done.named, planted) == []
    assert unnamed(done.folder, []) == ["text.txt"]


def test_a_patch_that_was_left_aside_is_seen(tmp_path: Path) -> None:
    (tmp_path / "text.txt.rej").write_text("- line 6\n", "utf-8")
    assert unnamed(tmp_path, []) == ["text.txt.rej"]


def test_a_conflict_without_need_is_seen(family: Path, tmp_path: Path) -> None:
    project, planted = edited(family, tmp_path, "text.txt", 11)
    assert by_copier(project).named == []
    assert needless(project, ["text.txt"], planted) == ["text.txt"]


def test_what_the_template_brought_is_missed_where_it_did_not_come(
    family: Path, tmp_path: Path
) -> None:
    project, planted = edited(family, tmp_path, "text.txt", 11)
    late = ["emblem.bin", "fresh.txt", "picture.bin", "sub/renamed.txt", "text.txt"]
    assert stale(project, [], planted) == late[1:]
    assert stale(by_copier(project).folder, [], planted) == []
    (project / "emblem.bin").unlink()
    assert stale(project, [], planted) == late[:1]


def test_a_deleted_file_that_came_back_and_a_changed_one_are_seen(
    family: Path, tmp_path: Path
) -> None:
    project, planted = edited(family, tmp_path, "text.txt", 11)
    by_copier(project)
    planted.deleted.append("same.txt")
    assert stale(project, [], planted) == ["same.txt"]
    assert changed(project, {"same.txt": b"same\n", "text.txt": LINES.encode()}) == ["text.txt"]
