"""The 28 tests of the ML Test Score, and what counts as evidence for each."""

import tomllib
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ..errors import UserError

SECTIONS = {"Data": 7, "Model": 7, "Infra": 7, "Monitor": 7}


@dataclass(frozen=True)
class RubricTest:
    """One of the 28 tests.

    Attributes:
        id: section and number.
        asks: the question, in our own words.
        evidence: required items; see `rubric.toml`. Empty if there is no check.
        days: how old evidence may be.
        todo: what earns points.
        full: items that are required for the full point only.
        most: the points that can be reached.
        limit: why not more.
        shared: whether an item may also count for another test.
    """

    id: str
    asks: str
    evidence: tuple[str, ...]
    days: int
    todo: str
    full: tuple[str, ...] = ()
    most: float = 1.0
    limit: str = ""
    shared: bool = False

    @property
    def section(self) -> str:
        """Section of the test."""
        return self.id.partition(" ")[0]


def read_rubric(text: str = "") -> list[RubricTest]:
    """Return the tests, by default those of `rubric.toml`.

    Raises:
        UserError: they are not exactly the 28, or an item counts twice.
    """
    text = text or (files(__package__) / "rubric.toml").read_text("utf-8")
    tests = [RubricTest(**_frozen(one)) for one in tomllib.loads(text)["test"]]
    wanted = [
        f"{name} {number}" for name, most in SECTIONS.items() for number in range(1, most + 1)
    ]
    if [test.id for test in tests] != wanted:
        raise UserError(f"the rubric has {len(tests)} tests, allowed are exactly the 28 in order")
    counted = Counter(item for test in tests if not test.shared for item in test.evidence)
    if twice := [item for item, times in counted.items() if times > 1]:
        raise UserError(f"the rubric counts {twice[0]} twice")
    return tests


def _frozen(test: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in test.items()}
