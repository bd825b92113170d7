"""Sets of answers that meet every pair of choices, read from copier.yml."""

from itertools import combinations, product
from typing import Any

from tests.checkout import settings

Answers = dict[str, Any]
Pair = tuple[tuple[str, Any], tuple[str, Any]]

PACKAGE_NAMES = ("ml", "flight_delays", "a_name_of_thirty_letters_in_it")
TARGETS = tuple(some for n in (1, 2, 3) for some in combinations(("rest", "batch", "edge"), n))


def choices() -> dict[str, tuple[Any, ...]]:
    """Return each question's choices; None stands for a question that is not asked."""
    offered: dict[str, tuple[Any, ...]] = {}
    for name, question in settings().items():
        values = question.get("choices") if not name.startswith("_") else None
        if values:
            unasked = (None,) if "when" in question else ()
            offered[name] = (*unasked, *(values.values() if isinstance(values, dict) else values))
    return offered | {"serving_targets": TARGETS, "package_name": PACKAGE_NAMES}


def possible(row: Answers) -> bool:
    """Tell whether a set of answers, perhaps unfinished, is one that Copier could be given."""
    if not {"serving_targets", "scale_out"} <= row.keys():
        return True
    return (row["scale_out"] is not None) == ("batch" in row["serving_targets"])


def pairs(row: Answers) -> set[Pair]:
    """Return the pairs of choices that a set of answers holds."""
    chosen = sorted((name, value) for name, value in row.items() if value is not None)
    return set(combinations(chosen, 2))


def possible_pairs() -> set[Pair]:
    """Return all pairs of choices that a person can make."""
    offered = choices()
    couples = (
        {one: first, two: second}
        for one, two in combinations(offered, 2)
        for first, second in product(offered[one], offered[two])
    )
    return {pair for couple in couples if possible(couple) for pair in pairs(couple)}


def pairwise() -> list[Answers]:
    """Return few sets of answers in which each possible pair of choices occurs.

    Greedy: each set starts from a pair still missing and takes, question by question, the choice
    that meets most of the others.
    """
    offered, missing, rows = choices(), possible_pairs(), []
    while missing:
        row: Answers = dict(min(missing, key=str))
        for name in (name for name in offered if name not in row):
            fitting = [row | {name: value} for value in offered[name]]
            row = max(filter(possible, fitting), key=lambda one: len(pairs(one) & missing))
        missing -= pairs(row)
        rows.append({name: row[name] for name in offered})
    return rows


def complete(row: Answers) -> Answers:
    """Return a set as Copier takes it: no unasked questions, lists, the addresses."""
    answers = {name: value for name, value in row.items() if value is not None}
    answers["serving_targets"] = list(answers["serving_targets"])
    if (remote := answers["dvc_remote"]) != "local":
        answers["dvc_remote_url"] = f"{remote}://store/data"
    if answers.get("runtime") == "package":
        answers["runtime_index"] = "https://packages.example.com/simple/"
    return answers
