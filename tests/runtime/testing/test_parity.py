import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from modelyard.console import UserError
from modelyard.data.tables import to_rows
from modelyard.models.scorer import Predictions
from modelyard.params import Params
from modelyard.project import Project
from modelyard.schema.columns import Rows
from modelyard.serving.predictor import Predictor
from modelyard.testing import parity
from modelyard.testing.data import Prepared

from tests.runtime.orders import ORDERS, orders


class Unsteady(Predictor):
    """A model whose scores depend on the number of rows, or on their order."""

    def __init__(self, like: Predictor, *, order: bool) -> None:
        self.schema, self.own, self.order = like.schema, like, order

    def predict(self, rows: Rows) -> Predictions:
        predictions = self.own.predict(rows)
        count = len(predictions.scores)
        noise = np.arange(count)[:, np.newaxis] / 1e6 if self.order else count / 1e6
        return replace(predictions, scores=predictions.scores + np.float32(noise))


@pytest.fixture
def table(prepared: Prepared) -> Any:
    return prepared.parts["validation"]


def test_the_examples_models_pass(
    project: Project, params: Params, candidate: Predictor, table: Any, real_rows: list[Any]
) -> None:
    for name in ("baseline", "candidate"):
        parity.check_library(project, params, table, name)
    parity.check_served(candidate, project, params, table)
    parity.check_request_and_table(project.schema, table.head(200))
    parity.check_batches(candidate, real_rows, [1, 7, 64])


def test_another_exported_model_is_named(
    workspace: Path, project: Project, params: Params, table: Any
) -> None:
    shutil.copy("models/baseline.onnx", "models/candidate.onnx")
    for allowed in (1e-5, 1.0):
        message = rf"differ by 0\.\d+ in row .* [1-9]\d+ decisions of \d+, allowed are {allowed:g}"
        with pytest.raises(UserError, match=message):
            parity.check_library(project, params, table, "candidate", allowed)


def test_another_served_model_is_named(
    workspace: Path, candidate: Predictor, project: Project, params: Params, table: Any
) -> None:
    shutil.copy("models/baseline.onnx", "models/candidate.onnx")
    with pytest.raises(AssertionError, match=r"differ from exported ones\nMismatched elements: "):
        parity.check_served(candidate, project, params, table)


def test_a_table_that_is_no_request_is_named(
    project: Project, table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = to_rows(table.head(5), project.schema) | {"seats": np.zeros(5)}
    monkeypatch.setattr(parity, "table_rows", lambda table, schema: changed)
    message = r"(?s)schema\.py: seats differs between a request and a table\n.*\[0\]: \d+\.0"
    with pytest.raises(AssertionError, match=message):
        parity.check_request_and_table(project.schema, table.head(5))


def test_a_table_and_a_request_hold_the_same_odd_texts() -> None:
    odd = ["a\x85b\u2028c\x1cd\r\n", "IT\0", "x" * 5000, None]
    parity.check_request_and_table(ORDERS, orders(4, country=odd))


def test_scores_that_depend_on_the_batch_are_named(
    candidate: Predictor, real_rows: list[Any]
) -> None:
    with pytest.raises(AssertionError, match=r"rows score differently in batches of 7\n"):
        parity.check_batches(Unsteady(candidate, order=False), real_rows, [300, 7])


def test_scores_that_depend_on_the_order_are_named(
    candidate: Predictor, real_rows: list[Any]
) -> None:
    with pytest.raises(AssertionError, match=r"rows score differently in another order\n"):
        parity.check_batches(Unsteady(candidate, order=True), real_rows, [300])
