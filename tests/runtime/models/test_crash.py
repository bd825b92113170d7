"""A killed training resumes from its checkpoints and ends with the same model."""

import shutil
from pathlib import Path

import polars as pl
import pytest
import yaml

from tests.runtime.small_training import Notes, results, start, train_here

KILLED_WRITING = ["trial-000-000008", "trial-000.json", "trial-{last:03}-000012", "trials.json"]


def kept(folder: Path) -> list[Path]:
    return sorted((folder / ".cache").rglob("trial-*.skops"))


def interrupt(trial: int, rounds: int) -> None:
    with pytest.raises(KeyboardInterrupt):
        train_here(Notes(stop_at=(trial, rounds)))


@pytest.fixture(scope="module")
def killed(
    small_files: Path, whole: tuple[Path, Notes], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """Folders of concurrent trainings that were killed while writing a file."""
    base, last = tmp_path_factory.mktemp("killed"), whole[1].progressed[-1][0]
    folders = {
        file: Path(shutil.copytree(small_files, base / str(number)))
        for number, file in enumerate(KILLED_WRITING)
    }
    running = [start(folder, file.format(last=last)) for file, folder in folders.items()]
    assert 0 not in [process.wait() for process in running]
    return folders


@pytest.mark.slow  # trains in four processes
@pytest.mark.parametrize("file", KILLED_WRITING)
def test_a_training_killed_while_writing_resumes_and_gives_the_same_model(
    file: str, killed: dict[str, Path], whole: tuple[Path, Notes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(killed[file])
    done, notes = len(kept(killed[file])), Notes()
    train_here(notes)
    assert done > 0
    assert notes.progressed == whole[1].progressed[done:]
    assert results(killed[file]) == results(whole[0])


def test_a_killed_training_leaves_checkpoints_to_resume_from(
    small: Path, whole: tuple[Path, Notes]
) -> None:
    interrupt(0, 8)
    assert [path.stem for path in kept(small)] == ["trial-000-000004", "trial-000-000008"]


@pytest.mark.parametrize("damage", [b"", b"x" * 500])
def test_a_damaged_checkpoint_is_reported_and_the_one_before_is_used(
    damage: bytes, small: Path, whole: tuple[Path, Notes], capsys: pytest.CaptureFixture[str]
) -> None:
    interrupt(0, 8)
    newest = kept(small)[-1]
    newest.write_bytes(newest.read_bytes()[: len(damage)] + damage)
    notes = Notes()
    train_here(notes)
    assert f"{newest.name} is damaged, using the checkpoint before it" in capsys.readouterr().out
    assert notes.progressed == whole[1].progressed[1:]
    assert results(small) == results(whole[0])


def test_a_checkpoint_with_one_changed_byte_is_not_used(
    small: Path, whole: tuple[Path, Notes]
) -> None:
    interrupt(0, 8)
    content = bytearray(kept(small)[-1].read_bytes())
    content[len(content) // 2] ^= 1
    kept(small)[-1].write_bytes(content)
    train_here(Notes())
    assert results(small) == results(whole[0])


def test_a_training_with_other_settings_does_not_use_these_checkpoints(
    small: Path, whole: tuple[Path, Notes]
) -> None:
    interrupt(0, 8)
    params = yaml.safe_load((small / "params.yaml").read_text("utf-8"))
    params["decision"]["threshold"] = 0.9
    (small / "params.yaml").write_text(yaml.safe_dump(params), "utf-8")
    notes = Notes()
    train_here(notes)
    assert notes.progressed == whole[1].progressed


def test_a_training_on_other_rows_does_not_use_these_checkpoints(
    small: Path, whole: tuple[Path, Notes]
) -> None:
    interrupt(0, 8)
    table = small / "features" / "validation.parquet"
    pl.read_parquet(table).reverse().write_parquet(table)
    notes = Notes()
    train_here(notes)
    assert notes.progressed == whole[1].progressed


def test_a_finished_training_leaves_no_checkpoints(whole: tuple[Path, Notes]) -> None:
    assert kept(whole[0]) == []
