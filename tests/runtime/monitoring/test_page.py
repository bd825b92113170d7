"""HTML page of the report: charts and escaping."""

import re
from typing import Any

import pytest
from modelyard.monitoring.report import bar, drift, page, quality

SHIFTS = {"a": 0.1, "b": 0.3, "c": 0.4}
DAYS = ("2024-06-01", "2024-06-02", "2024-06-03")


def report(fall: float = 0.1, metric: str = "roc_auc", **changes: Any) -> dict[str, Any]:
    """Return a report of three days on which a metric falls from 0.7 to 0.5."""
    points = zip(DAYS, (0.7, 0.65, 0.5), strict=True)
    whole = {
        "as_of": DAYS[-1],
        "from": DAYS[0],
        "outcome": "fine",
        "exit_code": 0,
        "reasons": ["drift: <b>"],
        "findings": [
            {"topic": "drift", "status": "bad", "reason": "<i>"},
            {"topic": "quality", "status": "unknown", "reason": "too few"},
        ],
        "model": {"version": "aaa", "source": "in models", "trained_as_of": "2024-05-01"},
        "limits": {"max_psi": 0.2, "max_fall": {metric: fall}},
        "rows": 9,
        "labels": 9,
        "shifts": {name: {"psi": psi, "chance": 0.01} for name, psi in SHIFTS.items()},
        "drifted": ["b"],
        "test": {metric: 0.7},
        "timeline": [{"from": day, "to": day, "metrics": {metric: one}} for day, one in points],
    }
    return whole | changes


def marked_bars(charts: str) -> list[tuple[str, str]]:
    """Return the name and mark of each bar."""
    found = re.findall(r'<tr class="(\w+)"><th scope="row">(.*?)</th>', charts)
    return [(name, mark) for mark, name in found]


def widths(charts: str) -> list[float]:
    """Return the width of each bar in percent."""
    return [float(one) for one in re.findall(r"--value: ([\d.]+)%", charts)]


def test_drift_has_a_bar_per_column_longest_first_with_bad_ones_marked() -> None:
    assert marked_bars(drift(report())) == [("c", "fine"), ("b", "bad"), ("a", "fine")]


def test_bars_are_proportional_and_cut_at_the_full_width() -> None:
    found = [bar("x", value, 0.2, 0.8, bad=False) for value in (0.2, 0.4, 99.0)]
    assert [*map(widths, found)] == [[25], [50], [100]]
    assert all("--limit: 25.0%" in one for one in found)
    assert "» 99.000" in found[-1]
    assert "»" not in found[0]


def test_without_rows_and_labels_the_page_has_the_findings_instead_of_charts() -> None:
    text = page(report(shifts={}, drifted=[], timeline=[]))
    assert "<p>&lt;i&gt;</p>" in text
    assert "<p>too few</p>" in text
    assert '<table class="bars">' not in text


def test_a_metric_has_a_bar_for_the_test_set_and_for_each_period() -> None:
    (charts,) = quality(report())
    names = ["test set", *(f"{day} to {day}" for day in DAYS)]
    assert marked_bars(charts) == [*zip(names, ["fine", "fine", "fine", "bad"], strict=True)]
    assert widths(charts) == pytest.approx([100, 100, 92.9, 71.4], abs=0.1)


@pytest.mark.parametrize(("metric", "limit"), [("roc_auc", "85.7"), ("log_loss", "100.0")])
def test_the_limit_lies_on_the_worse_side(metric: str, limit: str) -> None:
    (charts,) = quality(report(metric=metric))
    assert f"--limit: {limit}%" in charts


def test_an_error_that_falls_is_not_bad() -> None:
    (charts,) = quality(report(metric="log_loss"))
    assert {mark for _, mark in marked_bars(charts)} == {"fine"}


def test_a_value_below_zero_and_a_chart_of_zeros_are_drawn() -> None:
    assert widths(bar("r2", -0.5, 0.1, 0.7, bad=True)) == [0]
    assert widths(bar("rmse", 0.0, 0.0, 0.0, bad=False)) == [0]


def test_values_are_escaped() -> None:
    shifts = {"<b>": {"psi": 1.0, "chance": 0.1}}
    text = page(report(shifts=shifts))
    assert "<b>" not in text
    assert "<td><i></td>" not in text
    assert text.count("&lt;b&gt;") == 2
