"""What a project reaches: nothing without runs, half by hand, all by schedules."""

import json
import re
from pathlib import Path

import pytest

from modelyard_lifecycle.evidence.badge import badge
from modelyard_lifecycle.evidence.page import page
from modelyard_lifecycle.evidence.score import meaning
from tests.checkout import git
from tests.lifecycle.evidence.evidence_life import MONITOR, Life, make_project, points, why

REVIEWED = "Change it\n\nReviewed-by: Grace <grace@example.org>"


def test_a_rendered_project_has_nothing(tmp_path: Path) -> None:
    score = Life(make_project(tmp_path / "project", 1)).score()
    assert set(score.sections.values()) == {0}
    assert (score.levels.claimed, score.levels.computed) == (1, 0)
    assert score.meaning == "More of the research project than a productionized system."


def test_runs_by_hand_earn_half(tmp_path: Path) -> None:
    life = Life(make_project(tmp_path / "project", 1)).trained().tested()
    score = life.score()
    assert score.sections == {"Data": 2.0, "Model": 2.0, "Infra": 2.5, "Monitor": 2.0}
    assert score.automated == dict.fromkeys(score.sections, 0)
    life.ran("monitor", MONITOR)
    assert life.score().sections == {"Data": 2.0, "Model": 3.0, "Infra": 2.5, "Monitor": 3.0}
    assert (score.levels.computed, score.levels.record()["google"]) == (1, 0)


@pytest.mark.parametrize(
    ("level", "sections"),
    [
        (2, {"Data": 4.0, "Model": 5.5, "Infra": 5.0, "Monitor": 6.0}),
        (3, {"Data": 4.0, "Model": 5.5, "Infra": 7.0, "Monitor": 6.0}),
    ],
)
def test_a_fortnight_of_schedules_earns_full_points(
    level: int, sections: dict[str, float], tmp_path: Path
) -> None:
    life = Life(make_project(tmp_path / "project", level))
    for day in range(1, 15):
        life.day_of_ci(push=day in (1, 8, 13), canary=level == 3)
    score = life.score()
    assert score.sections == sections
    assert (score.levels.claimed, score.levels.computed) == (level, level)


def test_a_project_that_claims_more_than_ran_says_what_is_missing(tmp_path: Path) -> None:
    levels = Life(make_project(tmp_path / "project", 3)).trained().tested().score().levels
    assert (levels.claimed, levels.computed) == (3, 1)
    assert levels.lacks == "level 2: not recorded that the pipeline was started by itself"


@pytest.mark.parametrize(
    ("score", "begin"),
    [(0, "More of"), (0.5, "Not totally"), (1, "Not totally"), (1.5, "There has"),
     (2.5, "Reasonably"), (3, "Reasonably"), (3.5, "Strong"), (5, "Strong"), (5.5, "Exceptional")],
)  # fmt: skip
def test_the_interpretation_is_the_seeds(score: float, begin: str) -> None:
    assert meaning(score).startswith(begin)


def test_page_badge_and_json_agree_and_load_nothing(fortnight: Life) -> None:
    score = fortnight.score()
    text, drawn, record = page(score), badge(score), score.record()
    assert f'<p class="score">{record["score"]:g}</p>' in text
    assert f"{record['score']:g} of 7, automated {record['automated']}, example" in drawn
    assert len(re.findall("<article>", text)) == len(record["tests"]) == 28
    assert not re.search(r"<script|src=|https?://(?!www\.w3)", text + drawn)
    assert not re.findall(r"\{[A-Z]+\}", text)
    json.dumps(record)


def test_names_from_the_ledger_are_escaped(tmp_path: Path) -> None:
    life = Life(make_project(tmp_path / "project", 1))
    life.ran("gate", {}, by="<script>alert(1)</script>")
    assert "<script" not in page(life.score())


def test_a_review_by_another_person_earns_half(tmp_path: Path) -> None:
    life = Life(make_project(tmp_path / "project", 1))
    assert "no change of the specification" in why(life.score(), "Model 1")
    life.edit("params.yaml", "data", "other")
    assert why(life.score(), "Model 1").endswith("has no reviewer")
    git(life.folder, "commit", "--quiet", "--amend", "--message", REVIEWED)
    assert points(life.score(), "Model 1") == 0.5
    life.edit("params.yaml", "other", "data")
    assert points(life.score(), "Model 1") == 0
