"""The pipeline from the snapshot to the serving model; only the gate reads the test set."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from modelyard.files import read_json
from modelyard.project import Project
from modelyard.testing import pipeline
from modelyard.testing.small import run_pipeline

from tests.runtime import example

STAGES: dict[str, Any] = yaml.safe_load(example.dvc())["stages"]
STEPS = ["ingest", "prepare", "features", "train", "export", "evaluate", "gate"]


@pytest.fixture(scope="module")
def ran(made: Path, project: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every stage has run; the test set was hidden before the gate."""
    folder = tmp_path_factory.mktemp("pipeline")
    run_pipeline(project, made, folder)
    return folder


def test_the_pipeline_ends_with_a_model_that_is_served(ran: Path, project: Project) -> None:
    pipeline.check_result(ran, project)
    assert read_json(ran / "models/model.json", "")["schema_hash"] == project.schema.hash


def test_every_stage_makes_what_dvc_expects_of_it(ran: Path) -> None:
    pipeline.check_outs(STAGES, ran)


def test_the_metrics_are_finite_numbers_of_both_models_on_both_sets(ran: Path) -> None:
    pipeline.check_metrics(ran)


def test_only_the_gate_depends_on_the_test_rows() -> None:
    pipeline.check_test_rows(STAGES)


def test_what_a_stage_depends_on_is_there_or_made_by_a_stage_before(made: Path) -> None:
    needed = {path for stage in STAGES.values() for path in stage["deps"]}
    assert [path for path in sorted(needed) if not (made / path).exists()] == []


def test_a_change_of_the_users_files_makes_a_stage_run_again(project: Project) -> None:
    pipeline.check_deps(STAGES, project)


def test_a_stage_is_a_command_and_the_step_of_its_name() -> None:
    assert {name: stage["cmd"] for name, stage in STAGES.items()} == {
        name: f"modelyard {name}" for name in STEPS
    }
