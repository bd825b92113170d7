"""Sets of answers that cover every pair of choices in copier.yml."""

from itertools import combinations, product
from typing import Any

from tests.checkout import settings

Answers = dict[str, Any]
Pair = tuple[tuple[str, Any], tuple[str, Any]]

PACKAGE_NAMES = ("ml", "flight_delays", "a_name_of_thirty_letters_in_it")
TARGETS = tuple(some for n in (1, 2, 3) for some in combinations(("rest", "batch", "edge"), n))


def choices() -> dict[str, tuple[Any, ...]]:
    """Return the choices of each question; None means that the question is not asked."""
    offered: dict[str, tuple[Any, ...]] = {}
    for name, question in settings().items():
        values = question.get("choices") if not name.startswith("_") else None
        if values:
            unasked = (None,) if "when" in question else ()
            offered[name] = (*unasked, *(values.values() if isinstance(values, dict) else values))
    return offered | {"serving_targets": TARGETS, "package_name": PACKAGE_NAMES}


def possible(row: Answers) -> bool:
    """Return whether Copier accepts a set of answers, which may be incomplete."""
    if not {"serving_targets", "scale_out"} <= row.keys():
        return True
    return (row["scale_out"] is not None) == ("batch" in row["serving_targets"])


def pairs(row: Answers) -> set[Pair]:
    """Return the pairs of choices in a set of answers."""
    chosen = sorted((name, value) for name, value in row.items() if value is not None)
    return set(combinations(chosen, 2))


def possible_pairs() -> set[Pair]:
    """Return all pairs of choices that can occur together."""
    offered = choices()
    couples = (
        {one: first, two: second}
        for one, two in combinations(offered, 2)
        for first, second in product(offered[one], offered[two])
    )
    return {pair for couple in couples if possible(couple) for pair in pairs(couple)}


def pairwise() -> list[Answers]:
    """Return a small number of sets of answers that cover each possible pair of choices.

    Greedy: each set starts from a missing pair and takes, question by question, the choice that
    covers most of the other missing pairs.
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
    """Return a set of answers as Copier expects it: without unasked questions, with URLs."""
    answers = {name: value for name, value in row.items() if value is not None}
    answers["serving_targets"] = list(answers["serving_targets"])
    if (remote := answers["dvc_remote"]) != "local":
        answers["dvc_remote_url"] = f"{remote}://store/data"
    if answers.get("runtime") == "package":
        answers["runtime_index"] = "https://packages.example.com/simple/"
    return answers
