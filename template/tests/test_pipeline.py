"""The pipeline: `dvc.yaml` names what each stage reads, and a small run ends in a served model."""

from pathlib import Path
from typing import Any

import pytest
from modelyard.params import read_params
from modelyard.project import Project
from modelyard.testing import pipeline


@pytest.fixture(scope="module")
def stages() -> dict[str, Any]:
    """The stages of `dvc.yaml`."""
    return pipeline.read_stages()


def test_every_setting_is_known_and_in_its_range() -> None:
    read_params()


def test_only_the_gate_reads_the_test_rows(stages: dict[str, Any]) -> None:
    pipeline.check_test_rows(stages)


def test_a_change_of_your_files_makes_the_stages_run_again(
    stages: dict[str, Any], project: Project
) -> None:
    pipeline.check_deps(stages, project)


def test_every_stage_makes_what_dvc_yaml_says(stages: dict[str, Any], small: Path) -> None:
    pipeline.check_outs(stages, small)


def test_the_metrics_are_finite_numbers(small: Path) -> None:
    pipeline.check_metrics(small)


def test_the_pipeline_ends_in_a_model_that_is_served(small: Path, project: Project) -> None:
    pipeline.check_result(small, project)
