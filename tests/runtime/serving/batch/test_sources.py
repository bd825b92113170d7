"""Finding the input files of a run."""

from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from modelyard.console import UserError
from modelyard.serving.batch.sources import find_sources

CONTENT = b"a,b\n1,2\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.csv", "a.parquet", "notes.txt", "_half.csv", ".c.csv", "d/e.csv"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(CONTENT)
    return tmp_path


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("in/b.csv", ["b.csv"]),
        ("in", ["a.parquet", "b.csv"]),
        ("in/*.csv", ["b.csv"]),
        ("in/**/*.csv", ["b.csv", "d/e.csv"]),
    ],
)
def test_a_file_a_folder_and_a_pattern_are_resolved_to_sorted_files(
    wanted: str, names: list[str], folder: Path
) -> None:
    sources = find_sources(str(folder / wanted), folder / "cache")
    assert [source.name for source in sources] == names
    assert all(source.path.read_bytes() == CONTENT for source in sources)


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("gone.csv", r"gone\.csv does not exist; allowed are \.parquet and \.csv files"),
        ("in/*.tsv", r"in/\*\.tsv matches no file"),
        ("empty", "empty matches no file"),
        ("in/notes.txt", r"in/notes\.txt has the suffix '\.txt'; allowed are \.parquet and \.csv"),
        ("nameless", "nameless has the suffix ''; allowed are"),
    ],
)
def test_an_argument_without_files_is_refused_with_what_is_allowed(
    wanted: str, message: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("empty").mkdir()
    Path("nameless").write_bytes(CONTENT)
    with pytest.raises(UserError, match=message):
        find_sources(wanted, folder / "cache")


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("memory://store/day/a.csv", ["a.csv"]),
        ("memory://store/day", ["a.csv", "b.csv"]),
        ("memory://store/day/b*", ["b.csv"]),
    ],
)
def test_remote_files_are_downloaded(wanted: str, names: list[str], tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe({"/store/day/a.csv": CONTENT, "/store/day/b.csv": CONTENT, "/store/day/c": b""})
    sources = find_sources(wanted, tmp_path / "cache")
    assert [source.name for source in sources] == names
    assert [source.path.read_bytes() for source in sources] == [CONTENT] * len(names)


@pytest.mark.parametrize("address", ["memory://gone/a.csv", "nosuch://a.csv", "memory://void/*"])
def test_a_url_that_cannot_be_read_is_reported_in_one_line(address: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        find_sources(address, tmp_path / "cache")
    assert len(str(refused.value).splitlines()) == 1
    assert address.partition("://")[2] in str(refused.value)


class Torn(MemoryFileSystem):
    """A store whose files cannot be downloaded."""

    protocol = "torn"

    def get_file(self, *words: Any, **options: Any) -> Any:
        raise OSError("the line is cut")


def test_an_error_of_a_store_is_reported(tmp_path: Path) -> None:
    fsspec.register_implementation("torn", Torn, clobber=True)
    fsspec.filesystem("memory").pipe("/torn/a.csv", CONTENT)
    with pytest.raises(UserError, match=r"torn/a\.csv cannot be read: the line is cut"):
        find_sources("torn://torn/a.csv", tmp_path / "cache")
