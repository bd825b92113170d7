"""From the snapshot to the served model, in a folder of its own; and who may read the test rows."""

import math
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from modelyard.data import prepare, snapshot
from modelyard.data.read import read_table
from modelyard.features import table
from modelyard.files import read_json
from modelyard.models import evaluate, export, gate, train
from modelyard.project import Ingest, Project
from modelyard.serving.predictor import Predictor, to_rows
from modelyard.tracking import start

from tests.runtime import example
from tests.runtime.small_training import Notes, shorten

STAGES: dict[str, Any] = yaml.safe_load(example.dvc())["stages"]
STEPS: dict[str, Any] = {
    "ingest": snapshot,
    "prepare": prepare,
    "features": table,
    "train": train,
    "export": export,
    "evaluate": evaluate,
    "gate": gate,
}
TEST_ROWS = "data/processed/test.parquet"


@dataclass(frozen=True)
class Small(Project):
    """A project with few rows.

    Args:
        rows: what it ingests.
    """

    rows: pl.DataFrame

    @property
    def ingest(self) -> Ingest:
        """The function that gives the rows."""
        return lambda as_of: self.rows


@pytest.fixture(scope="module")
def ran(made: Path, project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every stage has run, on some of the rows and with few rounds.

    From the end of the stage that makes them to the gate the test rows are not there.
    """
    folder, hidden = tmp_path_factory.mktemp("pipeline"), tmp_path_factory.mktemp("hidden") / "rows"
    raw = read_table(made / snapshot.RAW)
    some = raw.gather_every(max(1, raw.height // 4000))
    small = Small(project.package, project.schema, project.build, some)
    shorten(made, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(start, "start_run", lambda name, params: nullcontext(Notes()))
        for stage, step in STEPS.items():
            if stage == "gate":
                hidden.rename(TEST_ROWS)
            step.main(small)
            if stage == "prepare":
                Path(TEST_ROWS).rename(hidden)
    return folder


def test_the_pipeline_ends_with_a_model_that_is_served(ran: Path, project: Project) -> None:
    predictor = Predictor(ran / "models", project.schema, project.build)
    records = predictor.predict(to_rows(predictor.examples(3), project.schema)).records()
    assert len(records) == 3
    assert {"prediction"} <= set(records[0])


def test_every_stage_makes_what_dvc_expects_of_it(ran: Path) -> None:
    outs = [out for stage in STAGES.values() for out in stage["outs"] + stage.get("metrics", [])]
    paths = [path for out in outs for path in ([out] if isinstance(out, str) else out)]
    assert [path for path in paths if not (ran / path).exists()] == []


def test_the_metrics_are_finite_numbers_of_both_models_on_both_sets(ran: Path) -> None:
    metrics = read_json(ran / "models/metrics.json", "")
    assert metrics["accepted"] is True
    values = [
        value
        for rows in ("test", "validation")
        for model in ("candidate", "baseline")
        for value in metrics[rows][model].values()
    ]
    assert len(values) >= 8
    assert all(math.isfinite(value) for value in values)


def test_only_the_gate_depends_on_the_test_rows() -> None:
    assert [name for name, stage in STAGES.items() if TEST_ROWS in stage["deps"]] == ["gate"]


def test_what_a_stage_depends_on_is_there_or_made_by_a_stage_before(made: Path) -> None:
    needed = {path for stage in STAGES.values() for path in stage["deps"]}
    assert [path for path in sorted(needed) if not (made / path).exists()] == []


@pytest.mark.parametrize("stage", ["prepare", "features", "evaluate", "gate"])
def test_a_change_of_the_schema_makes_the_stage_run_again(stage: str) -> None:
    assert f"src/{example.PACKAGE}/schema.py" in STAGES[stage]["deps"]


def test_the_model_was_trained_with_the_schema_that_it_is_served_with(
    ran: Path, project: Project
) -> None:
    assert read_json(ran / "models/model.json", "")["schema_hash"] == project.schema.hash


def test_a_stage_is_a_command_and_the_step_of_its_name() -> None:
    assert {name: stage["cmd"] for name, stage in STAGES.items()} == {
        name: f"modelyard {name}" for name in STEPS
    }
