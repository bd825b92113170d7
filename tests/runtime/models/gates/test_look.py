"""What is asked of the rows: the model in service, the versions, the groups of this project."""

from dataclasses import replace

import pytest
from flight_delays.schema import SCHEMA
from modelyard.data.read import read_table
from modelyard.models.gates.look import (
    look,
    over_time,
    remembered,
)
from modelyard.params import Params, read_params
from modelyard.places import FROZEN, PROCESSED
from modelyard.project import Project
from modelyard.schema.contract import Slice
from modelyard.serving.predictor import Predictor

MEASURES = {"regression": "error_ratio"}


@pytest.fixture
def params() -> Params:
    """Of fairness one measure is asked, and a group may be a single row."""
    told = read_params()
    name = MEASURES.get(SCHEMA.target.task, "demographic_parity_difference")
    fairness = told.gate.fairness.model_copy(update={"limits": {name: 1.0}, "min_group_rows": 1})
    return told.model_copy(update={"gate": told.gate.model_copy(update={"fairness": fairness})})


@pytest.mark.parametrize(("protected", "asked"), [(True, 1), (False, 0)])
def test_fairness_is_asked_for_what_the_schema_declares_as_protected(
    protected: bool,
    asked: int,
    params: Params,
    predictor: Predictor,
    project: Project,
) -> None:
    part = Slice("each", SCHEMA.key, protected=protected)
    parted = replace(project, schema=replace(SCHEMA, slices=(part,)))
    checks = look(read_table(PROCESSED / "test.parquet"), predictor.about, parted, params)
    assert len([check for check in checks if check.name.startswith("each: fairness")]) == asked


def test_the_candidate_has_all_metrics_on_the_frozen_rows_and_is_compared(
    params: Params, predictor: Predictor, project: Project
) -> None:
    frozen = read_table(FROZEN)
    new = remembered(frozen, predictor.about, project, params)
    assert params.search.choose_by in new["metrics"]
    assert [check.refuses for check in over_time(new, frozen, params)] != []
