"""A batch writes nothing outside of its output folder, whatever its input is named."""

import zipfile
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
import pytest
from modelyard.console import UserError
from modelyard.serving.batch.sources import find_sources

CONTENT = b"a,b\n1,2\n"
UNSAFE = [
    "day/../../../../victim/rows.csv",
    "../rows.csv",
    "day/../rows.csv",
    "day\\..\\..\\rows.csv",
    "C:\\rows.csv",
    "day//rows.csv",
    "/day/rows.csv",
]


def zipped(folder: Path, *names: str) -> str:
    """Write a zip file with members of these names; return the URL of them all."""
    with zipfile.ZipFile(folder / "rows.zip", "w") as archive:
        for name in names:
            archive.writestr(name, CONTENT)
    return f"zip://**/*.csv::{folder / 'rows.zip'}"


def files(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(found)


@pytest.mark.parametrize("name", UNSAFE)
def test_a_member_of_an_archive_that_leads_out_of_it_is_refused_by_name(
    name: str, tmp_path: Path
) -> None:
    url, cache = zipped(tmp_path, name, "day/rows.csv"), tmp_path / "a" / "b" / "cache"
    with pytest.raises(UserError) as refused:
        find_sources(url, cache)
    assert repr(name)[1:-1] in str(refused.value) or "'day/rows.csv'" in str(refused.value)
    assert all(file.startswith(("a/b/cache/", "rows.zip")) for file in files(tmp_path))


def test_a_single_member_is_refused_too(tmp_path: Path) -> None:
    url = zipped(tmp_path, "day/../../rows.csv").replace("**/*.csv", "day/../../rows.csv")
    with pytest.raises(UserError, match=r"'day/\.\./\.\./rows\.csv' leads out of its folder"):
        find_sources(url, tmp_path / "cache")


def test_a_key_of_a_bucket_that_leads_out_of_it_is_refused(tmp_path: Path) -> None:
    store = fsspec.filesystem("memory")
    store.pipe({"/bucket/day/a.csv": CONTENT, "/bucket/day/../../b.csv": CONTENT})
    with pytest.raises(UserError, match=r"\.\./b\.csv' leads out of its folder"):
        find_sources("memory://bucket/**/*.csv", tmp_path / "cache")


def test_safe_members_are_downloaded_also_after_a_killed_run(tmp_path: Path) -> None:
    url = zipped(tmp_path, "day/a.csv", "day/b..csv", "day/c/a.csv")
    for _ in range(2):
        sources = find_sources(url, tmp_path / "cache")
        assert [source.name for source in sources] == ["a.csv", "b..csv", "c/a.csv"]
        assert {source.path.read_bytes() for source in sources} == {CONTENT}


LINKS = [".batch", ".batch/inputs", ".batch/lock", ".batch/0123/x", "manifest.json"]
LINKS += ["rejected.parquet", "part-000000.parquet", "part-999999.parquet"]


@pytest.mark.parametrize("name", LINKS)
def test_a_link_in_place_of_a_file_of_the_run_is_refused_by_name(
    name: str, run: Any, parquet: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.mkdir()
    (victim / "kept").write_bytes(CONTENT)
    link = tmp_path / "out" / name
    link.parent.mkdir(parents=True)
    link.symlink_to(victim)
    with pytest.raises(UserError, match=rf"{name} is a link; delete it"):
        run(parquet)
    assert files(victim) == ["kept"]
    assert link.is_symlink()


def test_an_output_folder_and_an_input_may_be_links(
    run: Any, parquet: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "linked.parquet").symlink_to(parquet)
    assert pl.read_parquet(run(tmp_path / "linked.parquet") / "part-*.parquet").height == 50
