"""Drafted files and the copy of the table are written together, or nothing is."""

from pathlib import Path

import pytest

from modelyard_lifecycle.draft.draft import place_of
from modelyard_lifecycle.draft.run import report_unused
from modelyard_lifecycle.draft.source import Source, open_source
from modelyard_lifecycle.draft.write import is_copied, write_files
from modelyard_lifecycle.errors import UserError
from tests.lifecycle.draft.tables import draft_of, table

FILES = {"src/a.py": b"new\n", "params.yaml": b"x: 1\n"}


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A table outside of the project."""
    (tmp_path / "orders.csv").write_text("a,b\n1,2\n", "utf-8")
    return open_source(tmp_path / "orders.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with one of the files."""
    (tmp_path / "project").mkdir()
    (tmp_path / "project/params.yaml").write_bytes(b"x: 0\n")
    return tmp_path / "project"


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_files_and_table_are_written(folder: Path, source: Source) -> None:
    write_files(folder, FILES, source)
    assert content(folder) == FILES | {"data/sample/orders.csv": b"a,b\n1,2\n"}


def test_a_table_in_its_place_is_not_copied_again(folder: Path, source: Source) -> None:
    write_files(folder, FILES, source)
    inside = open_source(folder / "data/sample/orders.csv")
    assert is_copied(inside, folder / place_of(inside))
    write_files(folder, FILES | {"src/a.py": b"newer\n"}, inside)
    write_files(folder, FILES | {"src/a.py": b"newest\n"}, source)
    assert content(folder)["src/a.py"] == b"newest\n"


def test_another_table_in_the_place_is_refused_and_nothing_is_written(
    folder: Path, source: Source
) -> None:
    (folder / "data/sample").mkdir(parents=True)
    (folder / "data/sample/orders.csv").write_text("other\n", "utf-8")
    before = content(folder)
    with pytest.raises(UserError, match=r"orders\.csv exists and differs from .*; rename one"):
        write_files(folder, FILES, source)
    assert content(folder) == before


def test_a_failure_restores_the_files(
    folder: Path, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    before = content(folder)
    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_files(folder, FILES, source)
    assert content(folder) == before


def test_a_file_that_cannot_be_written_restores_those_before_it(
    folder: Path, source: Source
) -> None:
    (folder / "taken").mkdir()
    before = content(folder)
    with pytest.raises(OSError, match="taken"):
        write_files(folder, FILES | {"taken": b""}, source)
    assert content(folder) == before


def test_a_folder_of_files_is_copied(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "months").mkdir()
    for month in ("01", "02"):
        (tmp_path / f"months/{month}.csv").write_text("a,b\n1,2\n", "utf-8")
    write_files(folder, {}, open_source(tmp_path / "months"))
    assert {"data/sample/months/01.csv", "data/sample/months/02.csv"} <= content(folder).keys()


def test_an_earlier_table_is_named_when_another_one_is_drafted(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = draft_of(table(tmp_path, x=range(200)))
    write_files(folder, {}, found.source)
    report_unused(found, folder)
    assert capsys.readouterr().out == ""
    for name in ("earlier.csv", ".gitignore"):
        (folder / "data/sample" / name).touch()
    report_unused(found, folder)
    assert capsys.readouterr().out == (
        "note: not read by the drafted ingest: data/sample/earlier.csv; remove it\n"
    )
