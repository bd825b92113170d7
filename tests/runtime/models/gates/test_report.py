"""The report of a candidate, accepted or refused."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from modelyard.models.gates.check import Check
from modelyard.models.gates.report import write_report

ABOUT: dict[str, Any] = {"version": "abc", "training_rows": 1234, "trained_as_of": "2024-01-01"}
GOOD = Check.of("floors: <auc>", 0.75, 0.7, True)
LOSS = Check.of("serving: auc", -0.25, -0.125, False)
TIME = Check.of("budget: time", 0.5, 2.0, True, steady=False)
FEW = Check("region: fairness", "insufficient data", note="fewer than 9 rows for south")
SMALL = Check("region: floors", "insufficient data", note="few rows", demanded=False)


@pytest.fixture
def texts(tmp_path: Path) -> tuple[str, str]:
    """The Markdown and the page for checks of every kind."""
    write_report(ABOUT, [GOOD, LOSS, TIME, FEW, SMALL], tmp_path)
    markdown, page = (tmp_path / name for name in ("gate.md", "gate.html"))
    return markdown.read_text("utf-8"), page.read_text("utf-8")


def test_both_say_which_checks_refuse(texts: tuple[str, str]) -> None:
    said = "Refused by 2 of 5 checks: serving: auc; region: fairness."
    assert [said in text for text in texts] == [True, True]


def test_a_candidate_that_nothing_refuses_is_accepted(tmp_path: Path) -> None:
    write_report(ABOUT, [GOOD, TIME, SMALL], tmp_path)
    said = "Accepted: 2 of 3 checks hold and none refuses."
    assert said in (tmp_path / "gate.md").read_text("utf-8")


def test_a_line_shows_what_was_measured_and_asked_or_why_nothing_was(
    texts: tuple[str, str],
) -> None:
    assert "| FAILED | serving: auc | -0.2500 | -0.1250 |" in texts[0]
    assert "| insufficient data | region: fairness | fewer than 9 rows for south | - |" in texts[0]


def test_a_time_that_holds_stands_on_the_page_but_not_in_git(texts: tuple[str, str]) -> None:
    assert "| ok | budget: time | within | 2.0000 |" in texts[0]
    assert "<td>0.5000</td><td>2.0000</td>" in texts[1]


def test_the_page_needs_no_other_file_and_escapes_names(texts: tuple[str, str]) -> None:
    assert re.findall(r"(?:src|href)=|https?:|@import|url\(", texts[1]) == []
    assert "floors: &lt;auc&gt;" in texts[1]
    assert "<auc>" not in texts[1]


def test_the_picture_draws_each_measured_check_with_its_limit(texts: tuple[str, str]) -> None:
    (drawing,) = re.findall(r"<svg.*?</svg>", texts[1], re.DOTALL)
    bars = [bar.attrib for bar in ElementTree.fromstring(drawing).iter("rect")]
    limits = drawing.count('class="limit"')
    assert [bar["class"] for bar in bars] == ["good", "bad", "good"]
    assert limits == len(bars)
    assert [float(bar["width"]) for bar in bars] == [280.0, 280.0, 70.0]
