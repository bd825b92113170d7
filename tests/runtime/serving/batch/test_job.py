"""Whole batch runs: their output, and resuming a run that was stopped."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flight_delays.schema import SCHEMA
from modelyard.console import UserError
from modelyard.lock import exclusive_lock
from modelyard.project import Project
from modelyard.serving.batch import job, parts
from modelyard.serving.batch.chunks import Chunk
from modelyard.serving.batch.engine import Results, score_in_threads

KEY = SCHEMA.key


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def keys(folder: Path) -> list[str]:
    return pl.read_parquet(sorted(folder.glob("part-*.parquet")))[KEY].to_list()


class Stopping:
    """An engine that counts the chunks it scores, and stops after some as if it was killed."""

    def __init__(self, after: int = 1000) -> None:
        self.after, self.scored = after, 0

    def __call__(
        self, chunks: Iterable[Chunk], models: Path, project: Project, workers: int
    ) -> Results:
        for result in score_in_threads(chunks, models, project, workers):
            if self.scored == self.after:
                raise KeyboardInterrupt
            self.scored += 1
            yield result


def test_the_parts_hold_every_row_in_the_inputs_order(
    run: Any, parquet: Path, table: pl.DataFrame
) -> None:
    out = run(parquet)
    assert [path.name for path in sorted(out.glob("part-*"))] == [
        *("part-000000.parquet", "part-000001.parquet", "part-000002.parquet")
    ]
    assert keys(out) == table[KEY].to_list()


def test_the_manifest_describes_input_output_and_model(
    run: Any, parquet: Path, table: pl.DataFrame, predictor: Any
) -> None:
    out = run(parquet)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (manifest["rows_in"], manifest["scored"], manifest["rejected"]) == (50, 50, 0)
    assert (manifest["model_version"], manifest["schema_hash"]) == (predictor.version, SCHEMA.hash)
    assert [(file["file"], file["rows"]) for file in manifest["inputs"]] == [("rows.parquet", 50)]
    assert [file["rows"] for file in manifest["parts"]] == [20, 20, 10]
    assert manifest["inputs"][0]["sha256"] == parts.sha256(parquet)
    assert manifest["parts"][2]["sha256"] == parts.sha256(out / "part-000002.parquet")


def test_a_column_that_is_not_in_the_schema_is_ignored_and_reported(
    run: Any, table: pl.DataFrame, parquet: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(run(parquet))
    target = pl.lit("x").alias(SCHEMA.target.name)
    table.with_columns(target, colour=pl.lit("red")).write_parquet(parquet)
    out = run(parquet, "other")
    named = sorted(["colour", SCHEMA.target.name])
    assert json.loads((out / "manifest.json").read_text("utf-8"))["ignored_columns"] == named
    assert f"ignored columns: {', '.join(named)}\n" in capsys.readouterr().err
    assert (out / "part-000000.parquet").read_bytes() == before["part-000000.parquet"]


def test_the_same_input_and_model_give_the_same_bytes(run: Any, parquet: Path) -> None:
    assert contents(run(parquet, "one")) == contents(run(parquet, "two"))


def test_invalid_rows_are_rejected_with_reasons_and_valid_ones_scored(
    run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    spoilt = table.with_row_index("place").with_columns(
        pl.when(pl.col("place").is_in([3, 45])).then(None).otherwise(pl.col(KEY)).alias(KEY)
    )
    spoilt.drop("place").write_parquet(tmp_path / "rows.parquet")
    out = run(tmp_path / "rows.parquet")
    assert keys(out) == table.filter(~pl.int_range(50).is_in([3, 45]))[KEY].to_list()
    allowed = SCHEMA.column(KEY).allowed()
    assert pl.read_parquet(out / "rejected.parquet").rows(named=True) == [
        {"file": "rows.parquet", "row": row, "column": KEY, "found": None, "allowed": allowed}
        for row in (3, 45)
    ]
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert (manifest["rows_in"], manifest["scored"], manifest["rejected"]) == (50, 48, 2)


@pytest.mark.parametrize(("bad", "limit"), [(1, 0.01), (50, 0.99)])
def test_above_the_limit_nothing_is_published_and_the_reasons_are_kept(
    bad: int, limit: float, run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    last = pl.int_range(50) >= 50 - bad
    spoilt = table.with_columns(pl.when(last).then(None).otherwise(pl.col(KEY)).alias(KEY))
    spoilt.write_parquet(tmp_path / "rows.parquet")
    with pytest.raises(UserError, match=r"\(params\.yaml: batch\.max_rejected_share") as error:
        run(tmp_path / "rows.parquet", limit=limit)
    assert len(str(error.value).splitlines()) == 2  # the second counts the reasons by column
    assert contents(tmp_path / "out") == {}
    assert pl.read_parquet(tmp_path / "out/.batch/rejected.parquet").height == bad


def test_a_share_of_invalid_rows_at_the_limit_is_accepted(
    run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    first = pl.int_range(50) == 0
    spoilt = table.with_columns(pl.when(first).then(None).otherwise(pl.col(KEY)).alias(KEY))
    spoilt.write_parquet(tmp_path / "rows.parquet")
    assert "manifest.json" in contents(run(tmp_path / "rows.parquet", limit=0.02))


def test_a_stopped_run_resumes_without_scoring_finished_parts_again(
    run: Any, parquet: Path, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(parquet, engine=Stopping(after=2))
    assert contents(tmp_path / "out") == {}
    second = Stopping()
    out = run(parquet, engine=second)
    assert second.scored == 1
    assert contents(out) == contents(run(parquet, "fresh"))


def test_a_run_stopped_while_publishing_resumes(
    run: Any, parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(job, "publish", stopped_after(2))
        with pytest.raises(KeyboardInterrupt):
            run(parquet)
    assert len(list((tmp_path / "out").glob("part-*"))) == 2
    second = Stopping()
    assert contents(run(parquet, engine=second)) == contents(run(parquet, "fresh"))
    assert second.scored == 0


def stopped_after(count: int) -> Any:
    """Return a `publish` that is stopped after some parts."""

    def publish(work: Path, output: Path, numbers: Any) -> None:
        for path in sorted(work.glob("part-*.parquet"))[:count]:
            path.replace(output / path.name)
        raise KeyboardInterrupt

    return publish


def test_a_finished_part_that_was_damaged_is_scored_again(
    run: Any, parquet: Path, tmp_path: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(parquet, engine=Stopping(after=2))
    next((tmp_path / "out/.batch").glob("*/part-000000.parquet")).write_bytes(b"PAR1")
    second = Stopping()
    out = run(parquet, engine=second)
    assert second.scored == 2
    assert contents(out) == contents(run(parquet, "fresh"))


@pytest.mark.parametrize(
    ("variable", "value"), [("BATCH_CHUNK_ROWS", "25"), ("AS_OF", "2031-01-01")]
)
def test_parts_of_another_job_are_not_used(
    variable: str, value: str, run: Any, parquet: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(parquet, engine=Stopping(after=2))
    monkeypatch.setenv(variable, value)
    second = Stopping()
    out = run(parquet, engine=second)
    assert second.scored == len(list(out.glob("part-*")))


def test_parts_of_an_input_that_changed_are_not_used(
    run: Any, parquet: Path, table: pl.DataFrame
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(parquet, engine=Stopping(after=2))
    table.reverse().write_parquet(parquet)
    assert keys(run(parquet)) == table[KEY].reverse().to_list()


def test_a_completed_run_scores_nothing_again(run: Any, parquet: Path) -> None:
    before = contents(run(parquet))
    second = Stopping()
    assert contents(run(parquet, engine=second)) == before
    assert second.scored == 0


def test_a_deleted_part_is_scored_again(run: Any, parquet: Path) -> None:
    before = contents(run(parquet))
    (run(parquet) / "part-000001.parquet").unlink()
    assert contents(run(parquet)) == before


def test_the_result_of_a_new_input_replaces_the_earlier_one(
    run: Any, parquet: Path, table: pl.DataFrame
) -> None:
    run(parquet)
    table.head(5).write_parquet(parquet)
    assert keys(run(parquet)) == table[KEY].head(5).to_list()


def test_parts_of_another_origin_are_not_deleted(run: Any, parquet: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "out" / "part-7.parquet"
    foreign.parent.mkdir()
    foreign.write_bytes(b"mine")
    with pytest.raises(UserError, match=r"out holds part-7\.parquet, which no batch run has"):
        run(parquet)
    assert contents(tmp_path / "out") == {"part-7.parquet": b"mine"}


def test_parts_of_another_origin_are_not_deleted_by_a_run_on_a_csv(
    run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    table.write_csv(tmp_path / "rows.csv")
    foreign = tmp_path / "out" / "part-7.parquet"
    foreign.parent.mkdir()
    foreign.write_bytes(b"mine")
    with pytest.raises(UserError, match=r"out holds part-7\.parquet, which no batch run has"):
        run("rows.csv")
    assert foreign.read_bytes() == b"mine"


@pytest.mark.parametrize("times", [1, 2])
def test_the_copy_of_a_csv_is_deleted(
    times: int, run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    table.write_csv(tmp_path / "rows.csv")
    for _ in range(times):
        out = run("rows.csv")
    assert [path.name for path in (out / ".batch").iterdir() if path.is_dir()] == []


def test_the_copies_of_a_failed_run_are_deleted(
    run: Any, table: pl.DataFrame, tmp_path: Path
) -> None:
    table.write_csv(tmp_path / "rows.csv")
    with pytest.raises(KeyboardInterrupt):
        run("rows.csv", engine=Stopping(after=1))
    assert not (tmp_path / "out" / ".batch" / job.COPIES).exists()


def test_a_log_gets_lines_of_progress_but_not_for_a_short_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with job.progress(4000, 1000) as bar:
        bar.update(3000)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(job, "EVERY_S", 0)
    with job.progress(4000, 1000) as bar:
        bar.update(1500)
        bar.update(1500)
    lines = [line for line in capsys.readouterr().err.splitlines() if line.strip()]
    assert [line.split("|")[0].strip() for line in lines[:3]] == ["25%", "62%", "100%"]
    assert "| 2.50k/4.00k [" in lines[1]


def test_a_second_run_into_the_same_folder_is_refused(
    run: Any, parquet: Path, tmp_path: Path
) -> None:
    refused = pytest.raises(UserError, match=r"a run is in progress .*another folder than .*out")
    with exclusive_lock(tmp_path / "out" / ".batch" / "lock"), refused:
        run(parquet)
    assert "manifest.json" in contents(run(parquet))


def test_the_folder_of_the_input_is_refused_as_output(run: Any, parquet: Path) -> None:
    with pytest.raises(UserError, match="contains the input; choose another output folder"):
        run(parquet, ".")


def test_a_file_is_refused_as_output(run: Any, parquet: Path) -> None:
    with pytest.raises(UserError, match=r"OUTPUT is .*rows\.parquet, allowed is a local folder"):
        run(parquet, "rows.parquet")
