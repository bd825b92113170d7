"""The ML Test Score: points of each test, of the sections, their minimum, what it means."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from .history import history_item
from .items import Item, Judge
from .ledger import Ledger
from .levels import Levels, compute_levels
from .project_now import ProjectNow
from .rubric import SECTIONS, RubricTest, read_rubric
from .wiring import Wiring

BANDS = (  # least points, of the seed (ml-ops.org, CC BY 4.0, INNOQ)
    (5, "Exceptional level of automated testing and monitoring."),
    (3, "Strong level of automated testing and monitoring."),
    (2, "Reasonably tested, but it is possible that more of those tests and procedures "
        "may be automated."),
    (1, "There has been first pass at basic productionization, but additional investment "
        "may be needed."),
    (0, "Not totally untested, but it is worth considering the possibility of serious holes "
        "in reliability."),
)  # fmt: skip
NOTHING = "More of the research project than a productionized system."


@dataclass(frozen=True)
class Result:
    """Points of a test, its evidence, and why it has no more."""

    test: RubricTest
    points: float
    why: str
    items: list[Item]


@dataclass(frozen=True)
class Score:
    """The score of a project at a time."""

    project: ProjectNow
    at: datetime
    results: list[Result]
    faults: list[str]
    levels: Levels
    is_example: bool

    @property
    def sections(self) -> dict[str, float]:
        """Sum of the points of each section."""
        return {name: sum(one.points for one in self.of(name)) for name in SECTIONS}

    @property
    def automated(self) -> dict[str, int]:
        """Number of the tests of each section that run by themselves."""
        return {name: sum(one.points == 1 for one in self.of(name)) for name in SECTIONS}

    @property
    def final(self) -> float:
        """The ML Test Score: the minimum of the sections."""
        return min(self.sections.values())

    @property
    def meaning(self) -> str:
        """The seed's interpretation."""
        return meaning(self.final)

    def of(self, section: str) -> list[Result]:
        """Return the results of a section."""
        return [one for one in self.results if one.test.section == section]

    def record(self) -> dict[str, Any]:
        """Return the score as JSON."""
        return {
            "score": self.final,
            "meaning": self.meaning,
            "sections": self.sections,
            "automated": min(self.automated.values()),
            "problem": "example" if self.is_example else "own",
            "at": self.at.isoformat(timespec="seconds"),
            "faults": self.faults,
            "levels": self.levels.record(),
            "tests": [record(one) for one in self.results],
        }


def meaning(points: float) -> str:
    """Return the seed's interpretation of a score."""
    return next((text for least, text in BANDS if points > least), NOTHING)


def record(result: Result) -> dict[str, Any]:
    """Return a result as JSON."""
    items = [
        {"item": one.name, "why_not": one.why, "why_not_full": one.alone}
        | ({"when": one.entry.when.isoformat(), "by": one.entry.ran_by} if one.entry else {})
        for one in result.items
    ]
    test = result.test
    return {"test": test.id, "asks": test.asks, "points": result.points, "why": result.why,
            "todo": test.todo if result.points < test.most else "", "evidence": items}  # fmt: skip


def compute_score(project: ProjectNow, ledger: Ledger, at: datetime) -> Score:
    """Compute the score of a project from its ledger; an altered ledger earns nothing."""
    judge = Judge(project, Ledger() if ledger.faults else ledger, at, Wiring(project.folder))
    results = [judge_test(judge, test) for test in read_rubric()]
    levels = compute_levels(judge)
    return Score(project, at, results, ledger.faults, levels, judge.is_example)


def judge_test(judge: Judge, test: RubricTest) -> Result:
    """Compute the points of a test."""
    if not test.evidence:
        return Result(test, 0, "no check of the template", [])
    items = [one for name in test.evidence for one in judge_item(judge, name, test.days)]
    if failed := next((one for one in items if one.why), None):
        return Result(test, 0, f"{short(failed.name)}: {failed.why}", items)
    full = [history_item(judge, name) for name in test.full]
    alone = [one.alone for one in items if one.alone] + [one.why for one in full if one.why]
    reasons = ([test.limit] if test.limit else []) + alone
    return Result(test, 0.5 if reasons else 1.0, next(iter(reasons), ""), items)


def judge_item(judge: Judge, name: str, days: int) -> list[Item]:
    """Judge an item; a canary has one for each target."""
    if name.startswith("history/"):
        return [history_item(judge, name)]
    if name == "canary":
        return [judge.item(f"canary {target}", days) for target in judge.project.targets]
    return [judge.item(name, days)]


def short(name: str) -> str:
    """Return an item's name without the folder of the tests."""
    return Path(name).name if "::" in name else name
