"""Pictures of the report."""

import re

import pytest
from modelyard.monitoring.svg import bars, curve

POINTS = [("2024-06-01", 0.7), ("2024-06-02", 0.65), ("2024-06-03", 0.5)]


def test_there_is_a_bar_for_each_value_the_longest_first_and_bad_ones_stand_out() -> None:
    picture = bars({"a": 0.1, "b": 0.3, "c": 0.4}, 0.2, ["b"])
    drawn = re.findall(r'>(\w+)</text><rect class="(\w+)"', picture)
    assert drawn == [("c", "fine"), ("b", "bad"), ("a", "fine")]


def test_a_bar_twice_the_limit_is_twice_as_long_and_one_too_long_is_cut() -> None:
    picture = bars({"a": 99.0, "b": 0.4, "c": 0.2}, 0.2, [])
    cut, twice, once = map(float, re.findall(r'width="([\d.]+)"', picture))
    assert (twice, cut) == pytest.approx((2 * once, 4 * once), rel=1e-3)
    assert "» 99.00" in picture


def test_names_are_escaped() -> None:
    assert "<b>" not in bars({"<b>": 1.0}, 0.2, [])


def test_without_values_there_is_no_picture() -> None:
    assert bars({}, 0.2, []) == ""


def test_a_curve_has_its_days_and_goes_down_where_the_metric_falls() -> None:
    picture = curve("roc_auc", POINTS, 0.7, 0.1)
    heights = [float(at) for at in re.findall(r'<circle[^>]* cy="([\d.]+)"', picture)]
    assert heights == sorted(heights)
    assert len(heights) == 3
    assert "2024-06-01" in picture
    assert "2024-06-03" in picture


@pytest.mark.parametrize(("metric", "limit"), [("roc_auc", "0.6"), ("log_loss", "0.8")])
def test_the_limit_lies_on_the_worse_side(metric: str, limit: str) -> None:
    assert f">{limit}</text>" in curve(metric, POINTS, 0.7, 0.1)


def test_a_single_point_is_drawn() -> None:
    assert "nan" not in curve("roc_auc", [("2024-06-01", 0.7)], 0.7, 0.0)
