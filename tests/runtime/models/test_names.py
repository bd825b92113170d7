"""Names of metrics and measures that the task lacks are refused before the search."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from modelyard.console import UserError
from modelyard.models.train import check_names
from modelyard.params import Params, parse, read_params
from modelyard.schema.contract import Classes, Quantity, Schema

from tests.runtime.orders import ORDERS, PROFITS

KNOWN = {"roc_auc": 0.7, "accuracy": 0.8, "log_loss": 0.5, "r2": 0.4, "rmse": 2.0}
THREE = Schema(ORDERS.columns, Classes("fate", "", ("a", "b", "c")), key="order")


def params(section: str, name: str, value: Any) -> Params:
    """Return the example's parameters with another setting."""
    content = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    place = content
    for part in section.split("."):
        place = place[part]
    place[name] = value
    return parse(content, "params.yaml")


def test_the_names_of_the_example_are_known() -> None:
    known = {"roc_auc": 0.7, "log_loss": 0.5, "calibration_error": 0.1, "average_precision": 0.3}
    check_names(known | KNOWN, read_params(), ORDERS)


@pytest.mark.parametrize("where", ["gate.floors", "gate.over_baseline", "gate.slice_floors"])
def test_a_metric_that_the_task_lacks_is_refused(where: str) -> None:
    section, _, name = where.partition(".")
    wrong = params(section, name, {"mape": 0.5})
    with pytest.raises(
        UserError, match=rf"params\.yaml: {where} names 'mape', allowed are roc_auc"
    ):
        check_names(KNOWN, wrong, ORDERS)


@pytest.mark.parametrize("name", ["max_fall", "floors"])
def test_a_metric_of_monitoring_that_the_task_lacks_is_refused(name: str) -> None:
    wrong = params("monitoring", name, {"mape": 0.5})
    with pytest.raises(UserError, match=rf"monitoring\.{name} names 'mape'"):
        check_names(KNOWN | {"calibration_error": 0.1}, wrong, ORDERS)


@pytest.mark.parametrize(
    ("schema", "measure"),
    [(PROFITS, "equalized_odds_difference"), (ORDERS, "error_ratio"), (THREE, "error_ratio")],
)
def test_a_measure_of_fairness_of_another_task_is_refused(schema: Schema, measure: str) -> None:
    wrong = params("gate.fairness", "limits", {measure: 0.5})
    with pytest.raises(UserError, match=f"gate.fairness.limits names '{measure}', allowed are"):
        check_names(KNOWN, wrong, schema)


def without_decision() -> Params:
    """Return parameters without the section `decision`, and without limits of fairness."""
    content = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    del content["decision"]
    content["gate"]["fairness"]["limits"] = {}
    return parse(content, "params.yaml")


@pytest.mark.parametrize("target", [THREE.target, Quantity("profit", "")])
def test_only_two_classes_need_a_threshold(target: Classes | Quantity) -> None:
    check_names(KNOWN, without_decision(), Schema(ORDERS.columns, target, key="order"))


def test_two_classes_need_a_threshold() -> None:
    with pytest.raises(UserError, match=r"decision is missing, two classes need decision\.thresh"):
        check_names(KNOWN, without_decision(), ORDERS)
