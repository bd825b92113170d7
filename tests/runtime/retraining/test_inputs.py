"""Inputs of the pipeline as read by DVC, and their changes."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from modelyard.console import UserError
from modelyard.project import Project
from modelyard.retraining.inputs import hash_table, newest_row, read_inputs

from tests.runtime.one_stage_project import CREATED, MONTH_LATER, set_param

pytestmark = pytest.mark.usefixtures("folder")


def change_pipeline(**stages: dict[str, Any]) -> None:
    """Add stages to `dvc.yaml`, or replace keys of existing ones."""
    content = yaml.safe_load(Path("dvc.yaml").read_text("utf-8"))
    for name, stage in stages.items():
        content["stages"][name] = content["stages"].get(name, {}) | stage
    Path("dvc.yaml").write_text(yaml.safe_dump(content), "utf-8")


def test_inputs_are_files_params_commands_and_the_day() -> None:
    found = read_inputs()
    assert sorted(found.data.now) == ["data/sample"]
    assert sorted(found.code.now) == [
        "dvc.yaml: gate", "params.yaml: train", "runtime.json: gate", "src/train.py"
    ]  # fmt: skip
    assert (found.code.changed, found.data.changed, found.day) == ([], [], CREATED)


def test_outputs_of_a_stage_are_not_inputs() -> None:
    change_pipeline(after={"cmd": "echo", "deps": ["models/candidate.onnx"]})
    Path("models/candidate.onnx").write_text("by hand", "utf-8")
    found = read_inputs()
    assert "models/candidate.onnx" not in found.data.now
    assert found.data.changed == []


def test_params_and_commands_change_the_key_but_a_later_day_does_not() -> None:
    before = read_inputs().code.key()
    set_param("data", "as_of", str(MONTH_LATER))
    assert read_inputs().code.key() == before
    set_param("train", "seed", 8)
    change_pipeline(gate={"cmd": "python src/train.py --quick"})
    found = read_inputs()
    assert found.code.changed == ["dvc.yaml: gate", "params.yaml: train"]
    assert found.code.key() != before


def test_a_missing_file_is_named_in_the_error() -> None:
    Path("src/train.py").unlink()
    with pytest.raises(UserError, match=r"dvc: .*src/train\.py"):
        read_inputs()


ROWS = pl.DataFrame({"id": ["a", "b", "b", None], "value": [1.5, 2.0, 2.0, None]})


def test_the_order_of_rows_is_not_a_change() -> None:
    assert hash_table(ROWS.reverse()) == hash_table(ROWS)
    assert hash_table(ROWS.sample(fraction=1, shuffle=True, seed=1)) == hash_table(ROWS)


@pytest.mark.parametrize(
    "other",
    [
        ROWS.unique(),
        pl.concat([ROWS, ROWS[:1]]),
        ROWS.with_columns(value=pl.col("value").reverse()),
        ROWS.rename({"id": "key"}),
        ROWS.cast({"value": pl.Float32}),
    ],
    ids=["one less of two", "one more", "other pairs", "another name", "another type"],
)
def test_other_rows_are_a_change(other: pl.DataFrame) -> None:
    assert hash_table(other) != hash_table(ROWS)


@pytest.mark.parametrize("parse", [str, datetime.fromisoformat])
def test_the_newest_row_is_found_by_the_time_of_the_schema(parse: Any, project: Project) -> None:
    times = [parse("2024-04-30T23:59:00"), parse("2024-03-01T00:00:00"), None]
    rows = pl.DataFrame({project.schema.time: times})

    class Fake:
        schema, ingest = project.schema, staticmethod(lambda day: rows)

    assert newest_row(Fake(), date(2024, 5, 1)) == date(2024, 4, 30)  # type: ignore[arg-type]
