"""From the snapshot to the served model, in a folder of its own; and who may read the test rows."""

import importlib
import math
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import grimp
import pytest
import yaml
from flight_delays.schema import SCHEMA
from modelyard import tracking
from modelyard.data import snapshot
from modelyard.data.read import read_table
from modelyard.files import read_json
from modelyard.serving.predictor import Predictor, to_rows

from tests.runtime.small_training import Notes, shorten

PROJECT = Path(__file__).parents[1]
PACKAGE = "src/modelyard"
STAGES: dict[str, Any] = yaml.safe_load((PROJECT / "dvc.yaml").read_text("utf-8"))["stages"]
TEST_ROWS = "data/processed/test.parquet"


def run(stage: str) -> None:
    importlib.import_module(STAGES[stage]["cmd"].split()[-1]).main()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every stage has run, on some of the rows and with few rounds.

    From the end of the stage that makes them to the gate the test rows are not there.
    """
    folder, hidden = tmp_path_factory.mktemp("pipeline"), tmp_path_factory.mktemp("hidden") / "rows"
    raw = read_table(PROJECT / snapshot.RAW)
    some = raw.gather_every(max(1, raw.height // 4000))
    shorten(PROJECT, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr(snapshot, "ingest", lambda as_of: some)
        patch.setattr(tracking, "start_run", lambda params: nullcontext(Notes()))
        run("ingest")
        run("prepare")
        Path(TEST_ROWS).rename(hidden)
        for stage in ("features", "train", "export", "evaluate"):
            run(stage)
        hidden.rename(TEST_ROWS)
        run("gate")
    return folder


def test_the_pipeline_ends_with_a_model_that_is_served(made: Path) -> None:
    predictor = Predictor(made / "models")
    records = predictor.predict(to_rows(predictor.examples(3))).records()
    assert len(records) == 3
    assert {"prediction"} <= set(records[0])


def test_every_stage_makes_what_dvc_expects_of_it(made: Path) -> None:
    outs = [out for stage in STAGES.values() for out in stage["outs"] + stage.get("metrics", [])]
    paths = [path for out in outs for path in ([out] if isinstance(out, str) else out)]
    assert [path for path in paths if not (made / path).exists()] == []


def test_the_metrics_are_finite_numbers_of_both_models_on_both_sets(made: Path) -> None:
    metrics = read_json(made / "models/metrics.json", "")
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


def test_what_a_stage_depends_on_is_there_or_made_by_a_stage_before() -> None:
    needed = {path for stage in STAGES.values() for path in stage["deps"]}
    assert [path for path in sorted(needed) if not (PROJECT / path).exists()] == []


@pytest.mark.parametrize("stage", ["train", "export", "evaluate", "gate"])
def test_a_change_of_a_module_that_a_stage_uses_makes_it_run_again(stage: str) -> None:
    graph = grimp.build_graph("modelyard", cache_dir=None)
    module = STAGES[stage]["cmd"].split()[-1]
    used = {module, *graph.find_upstream_modules(module)}
    own = [Path(f"src/{name.replace('.', '/')}.py") for name in used if ".models." in name]
    deps = {Path(dep) for dep in STAGES[stage]["deps"]}
    assert [file for file in own if not {file, *file.parents} & deps] == []


@pytest.mark.parametrize("stage", ["prepare", "features", "evaluate", "gate"])
def test_a_change_of_the_schema_makes_the_stage_run_again(stage: str) -> None:
    assert f"{PACKAGE}/schema.py" in STAGES[stage]["deps"]


def test_the_model_was_trained_with_the_schema_that_it_is_served_with(made: Path) -> None:
    assert Predictor(made / "models").about["schema_hash"] == SCHEMA.hash


def test_a_step_in_the_wrong_folder_ends_with_one_line_and_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, *STAGES["ingest"]["cmd"].split()[1:]]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: params.yaml is not there; run this in the project's folder\n"
    assert list(tmp_path.iterdir()) == []
