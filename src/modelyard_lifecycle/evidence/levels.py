"""The automation level that a project claims, beside the one that follows from what ran."""

from dataclasses import dataclass
from typing import Any

from .items import Judge


@dataclass(frozen=True)
class Levels:
    """Claimed and computed level (1 to 3; 0: nothing ran), and what the next one lacks."""

    claimed: int
    computed: int
    lacks: str

    def record(self) -> dict[str, Any]:
        """Return the levels as JSON; Google counts from 0."""
        google = max(self.computed - 1, 0)
        return {"claimed": self.claimed, "computed": self.computed, "google": google,
                "lacks": self.lacks}  # fmt: skip


REQUIRED = {  # by level: what ran automatically, and what it shows
    2: {
        "retrain": "the pipeline was started by itself",
        "prepare": "data were validated by itself",
        "gate": "a model was validated by itself",
    },
    3: {
        "tests": "CI ran the tests",
        "train": "CI built a model",
        "canary": "CI compared a candidate with the serving model",
    },
}


def compute_levels(judge: Judge) -> Levels:
    """Compute the level of a project from its ledger."""
    passed = [one for one in judge.entries if one.passed and not one.planted]
    ran = {one.check.partition(" ")[0] for one in passed if one.automatic}
    claimed = judge.project.level
    if "gate" not in {one.check for one in passed}:
        return Levels(claimed, 0, "no model passed the gate here")
    for level, wanted in REQUIRED.items():
        if missing := [text for check, text in wanted.items() if check not in ran]:
            return Levels(claimed, level - 1, f"level {level}: not recorded that {missing[0]}")
    return Levels(claimed, 3, "")
