"""The stages in `dvc.yaml` declare their dependencies and outputs, and end with a served model."""

from pathlib import Path
from typing import Any

import pytest
from modelyard.params import read_params
from modelyard.project import Project
from modelyard.testing import pipeline


@pytest.fixture(scope="module")
def stages() -> dict[str, Any]:
    """Return the stages in `dvc.yaml`."""
    return pipeline.read_stages()


def test_params_yaml_is_valid() -> None:
    read_params()


def test_only_the_gate_reads_the_test_set(stages: dict[str, Any]) -> None:
    pipeline.check_test_rows(stages)


def test_stages_depend_on_your_files(stages: dict[str, Any], project: Project) -> None:
    pipeline.check_deps(stages, project)


def test_stages_write_the_outputs_in_dvc_yaml(stages: dict[str, Any], small: Path) -> None:
    pipeline.check_outs(stages, small)


def test_metrics_are_finite(small: Path) -> None:
    pipeline.check_metrics(small)


def test_pipeline_ends_with_a_served_model(small: Path, project: Project) -> None:
    pipeline.check_result(small, project)
