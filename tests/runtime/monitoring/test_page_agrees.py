"""The page of a report never contradicts the report's figures."""

from collections import Counter
from dataclasses import replace
from typing import Any

import numpy as np
from flight_delays.schema import SCHEMA
from modelyard.monitoring.compare import Model, compare
from modelyard.monitoring.records import Records, read_records
from modelyard.monitoring.report import page

from tests.runtime.monitored import LIMITS, METRIC, TRAINED


def shown(recorded: Records, model: Model, **limits: Any) -> str:
    """Return the page of a report on a window."""
    within = LIMITS.model_copy(update=limits)
    report = compare(recorded, TRAINED, model, TRAINED, SCHEMA, within)
    return page({"from": "2024-05-01", **report})


def test_labels_of_a_single_day_are_on_the_page(healthy: Records, model: Model) -> None:
    assert f"{len(healthy):,} labels of this model" in (text := shown(healthy, model))
    assert f"<h3>{METRIC}</h3>" in text


def test_the_page_says_why_labelled_rows_have_no_chart(healthy: Records, model: Model) -> None:
    text = shown(healthy, model, max_fall={})
    assert "<p>params.yaml names no metric for it</p>" in text
    other = replace(healthy, versions=np.full(len(healthy), "another"))
    assert "<p>0 rows of this model have a label" in shown(other, model)


def test_rows_that_are_invalid_or_left_out_are_not_called_absent(model: Model) -> None:
    nothing = replace(read_records([], SCHEMA), broken=Counter(score=900), left_out=7)
    text = shown(nothing, model)
    assert "0 valid rows" in text
    assert "900 of 900 recorded rows are invalid" in text
    assert "7 more rows were left out for the quota of a day" in text
