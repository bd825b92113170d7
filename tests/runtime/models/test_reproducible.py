"""The same rows and settings give the same model in any environment."""

import shutil
from pathlib import Path

import pytest

from tests.runtime.small_training import Notes, results, start

PLACES = {
    "a": {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "OMP_NUM_THREADS": "1", "LC_ALL": "C"},
    "b c/é": {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "OMP_NUM_THREADS": "2"},
}


@pytest.fixture(scope="module")
def elsewhere(small_files: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Folders of concurrent trainings in other environments."""
    folders = {
        Path(shutil.copytree(small_files, tmp_path_factory.mktemp("place") / name)): surroundings
        for name, surroundings in PLACES.items()
    }
    running = [start(folder, **surroundings) for folder, surroundings in folders.items()]
    assert [process.wait() for process in running] == [0, 0]
    return list(folders)


@pytest.mark.slow  # trains in two processes; tests/runtime/testing/test_pipeline.py does in one
def test_folder_hash_seed_time_zone_and_threads_do_not_change_a_byte(
    elsewhere: list[Path], whole: tuple[Path, Notes]
) -> None:
    expected = results(whole[0])
    assert [results(folder) for folder in elsewhere] == [expected, expected]
