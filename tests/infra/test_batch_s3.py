"""Batch input from an S3-compatible store, and the messages if it cannot be read."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.infra.store import KEYS, put, require_keys, store
from tools.service import free_port
from tools.steps import environment

pytestmark = pytest.mark.slow
FILES = {"day/1.parquet": "data/sample/flights.parquet", "day/2.parquet": "data/raw/rows.parquet"}


@pytest.fixture(scope="module")
def address(trained: Path) -> Iterator[str]:
    """The address of a store with two files in s3://store/day/."""
    with store() as place:
        for name, file in FILES.items():
            put(f"{place}/store/{name}", (trained / file).read_bytes())
        yield place


def scored(trained: Path, source: str, output: Path, **settings: str) -> tuple[int, str]:
    """Score an input with the trained project, to which the S3 library was added.

    Returns:
        The exit code and standard error.
    """
    uv = ["uv", "run", "--quiet", "--no-sync", "--project", str(trained), "--with", "s3fs"]
    command = [*uv, "modelyard", "score", source, str(output)]
    own = environment() | KEYS | {"PYTHONPATH": str(trained / "src")} | settings
    done = subprocess.run(command, cwd=trained, env=own, capture_output=True, text=True)
    return done.returncode, done.stderr


def published(output: Path) -> list[str]:
    """Return the names of the files that a run has published."""
    return sorted(file.name for file in output.glob("*") if file.is_file())


def test_files_from_s3_are_scored_like_local_files(
    address: str, trained: Path, tmp_path: Path
) -> None:
    (tmp_path / "day").mkdir()
    for name, file in FILES.items():
        (tmp_path / name).write_bytes((trained / file).read_bytes())
    there, here = tmp_path / "there", tmp_path / "here"

    assert scored(trained, "s3://store/day/*.parquet", there, AWS_ENDPOINT_URL=address)[0] == 0
    assert scored(trained, str(tmp_path / "day"), here)[0] == 0

    names = published(here)
    assert len(names) == 4
    assert published(there) == names
    assert [(there / n).read_bytes() for n in names] == [(here / n).read_bytes() for n in names]
    assert not (there / ".batch" / "inputs").exists()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("s3://store/night/*.parquet", "matches no file"),
        ("s3://store/night/1.parquet", "s3://store/night/1.parquet cannot be read: "),
        ("s3://shop/day/1.parquet", "s3://shop/day/1.parquet cannot be read: "),
    ],
)
def test_a_missing_input_is_reported_in_one_line_and_publishes_nothing(
    source: str, message: str, address: str, trained: Path, tmp_path: Path
) -> None:
    code, error = scored(trained, source, tmp_path / "out", AWS_ENDPOINT_URL=address)
    assert (code, len(error.splitlines())) == (1, 1), error
    assert error.startswith("error: ")
    assert message in error
    assert published(tmp_path / "out") == []


def test_an_unreachable_store_is_reported_in_one_line(trained: Path, tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    out = tmp_path / "out"
    code, error = scored(trained, "s3://store/day/1.parquet", out, AWS_ENDPOINT_URL=nowhere)
    assert (code, len(error.splitlines())) == (1, 1), error
    assert error.startswith("error: s3://store/day/1.parquet cannot be read: ")


def test_a_wrong_key_is_reported_and_publishes_nothing(trained: Path, tmp_path: Path) -> None:
    with store() as place:
        put(f"{place}/store/day/1.parquet", (trained / FILES["day/1.parquet"]).read_bytes())
        require_keys(place)
        out = tmp_path / "out"
        code, error = scored(trained, "s3://store/day/*.parquet", out, AWS_ENDPOINT_URL=place)
    assert (code, len(error.splitlines())) == (1, 1), error
    assert error.startswith("error: s3://store/day/*.parquet cannot be read: ")
    assert published(out) == []
