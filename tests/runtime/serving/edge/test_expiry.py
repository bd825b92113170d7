"""Expiry of a model, and the section `edge` of `params.yaml`."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from modelyard.console import UserError
from modelyard.params import parse
from modelyard.serving.edge.device import expiry_reason

TRAINED = date(2024, 2, 1)


@pytest.mark.parametrize("day", [date(2024, 2, 1), date(2024, 3, 1), date(2024, 3, 2)])
def test_a_model_is_valid_up_to_its_maximum_age(day: date) -> None:
    assert expiry_reason(TRAINED, day, 30) == ""


def test_a_model_expires_on_the_next_day() -> None:
    assert expiry_reason(TRAINED, date(2024, 3, 3), 30) == (
        "the model is 31 days old (2024-02-01 to 2024-03-03), allowed are 30 (edge.max_age_days)"
    )


def test_a_clock_set_before_the_training_is_reported() -> None:
    assert expiry_reason(TRAINED, date(1970, 1, 1), 30) == (
        "the day is 1970-01-01, before the model's training (2024-02-01): set the clock"
    )


OUT_OF_RANGE = [
    ("max_age_days", 0, "greater than or equal to 1"),
    ("after_expiry", "stop", "'warn', 'fallback' or 'refuse'"),
    ("log_rows", -1, "greater than or equal to 0"),
    ("log_row_bytes", 100, "greater than or equal to 256"),
]


@pytest.mark.parametrize(("name", "value", "allowed"), OUT_OF_RANGE)
def test_a_setting_out_of_range_is_refused_with_the_allowed_values(
    name: str, value: Any, allowed: str
) -> None:
    content = yaml.safe_load(Path("params.yaml").read_text("utf-8"))
    content["edge"][name] = value
    with pytest.raises(UserError) as refused:
        parse(content, "params.yaml")
    assert str(refused.value).startswith(f"params.yaml: edge.{name} is {value!r}: ")
    assert allowed in str(refused.value)
