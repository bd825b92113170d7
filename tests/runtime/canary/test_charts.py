"""Plots as charts in Markdown, beside those of a commit."""

from pathlib import Path

import polars as pl
import pytest
from dvc.repo import Repo
from modelyard.canary.charts import chart, charts, slices
from modelyard.places import PLOTS

from tests.runtime.registered import git

NOW = pl.DataFrame({"slice": ["a: 1", "b: 2"], "mae": [0.5, 2.0], "rows": [9, 9]})
BEFORE = pl.DataFrame({"slice": ["b: 2", "gone"], "mae": [1.5, 3.0], "rows": [9, 9]})


@pytest.fixture
def plotted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose newest commit knows the plots of before; those of now lie there."""
    monkeypatch.chdir(tmp_path)
    git("init", "--quiet")
    PLOTS.mkdir(parents=True)
    BEFORE.write_csv(PLOTS / "slices.csv")
    with Repo.init(".") as repo:
        repo.add(str(PLOTS))
    git("add", "--all")
    git("commit", "--quiet", "--message", "Before")
    NOW.write_csv(PLOTS / "slices.csv")
    return tmp_path


def numbers(text: str, kind: str) -> list[str]:
    """Give what is drawn as bars or as a line."""
    return [line.split("[")[1][:-1] for line in text.splitlines() if line.startswith(f"  {kind} ")]


def test_slices_are_compared_with_those_of_a_commit(plotted: Path) -> None:
    told = charts("HEAD")
    assert "Bars: now; line: at HEAD." in told
    assert (numbers(told, "bar"), numbers(told, "line")) == (["2"], ["1.5"])
    assert '  title "mae by slice"' in told


def test_where_nothing_of_before_is_at_hand_it_is_said_and_all_of_now_drawn(plotted: Path) -> None:
    told = charts("0000000")
    assert "nothing of before is at hand" in told
    assert (numbers(told, "bar"), numbers(told, "line")) == (["0.5, 2"], [])


def test_another_metric_is_not_compared() -> None:
    assert numbers(slices(NOW, BEFORE.rename({"mae": "rmse"})), "line") == []


def test_calibration_shows_what_was_beside_what_was_said(plotted: Path) -> None:
    table = pl.DataFrame({"predicted": [0.25, 0.75], "actual": [0.2, 0.9], "rows": [5, 5]})
    table.write_csv(PLOTS / "calibration.csv")
    last = charts("").rpartition("Bars: what was")[2]
    assert (numbers(last, "bar"), numbers(last, "line")) == (["0.2, 0.9"], ["0.25, 0.75"])


def test_without_plots_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert charts("HEAD") == "None: the pipeline has not come to `evaluate`."


def test_the_axis_holds_all_numbers_and_quotes_do_not_end_a_name() -> None:
    drawn = chart("t", ['say "x"'], bar=[-2.0], line=[4.0])
    assert drawn.count('"say') == drawn.count("'x'\"") == 1
    assert "-2 --> 4.2" in drawn
