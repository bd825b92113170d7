"""The level 3 tutorial has each step of the delivery, in order, with its output.

test_walks.py runs the commands of the page.
"""

import pytest

from tests.checkout import ROOT
from tests.docs.blocks import Block, blocks, commands

PAGE = ROOT / "docs" / "tutorials" / "from-commit-to-production.md"
# Step: its command or change, and the result.
STEPS = {
    "in service": ("modelyard serve", "serving "),
    "a feature is changed": ("src/flight_delays/features/build.py", '"evening": '),
    "code is checked": ("uv run ruff check", "All checks passed!"),
    "data is checked": ("scripts/check-data.sh", "passed, "),
    "the model is judged": ("uv run dvc repro", "gate: accepted as version"),
    "metrics are compared": ("scripts/report.sh", "test.candidate.roc_auc"),
    "merged": ("git merge", ""),
    "trained and registered": ("scripts/retrain.sh", "registered model@v0.2.0"),
    "canary": ("scripts/canary.sh v0.2.0", "canary of rest: go"),
    "promoted": ("scripts/promote.sh v0.2.0", "prod is v0.2.0"),
    "a fault": (">>served/prod/model.onnx", ""),
    "the fault is detected": ("modelyard score", "was altered"),
    "rolled back": ("scripts/rollback.sh", "prod is v0.1.0"),
    "it serves as before": ("PYTHONPATH=build/before/src", "rows scored"),
    "quarantined": ("quarantine v0.2.0", "is quarantined"),
    "on record": ("audit v0.2.0", '"approved"'),
}


def actions(block: Block) -> list[tuple[str, str]]:
    """Return a pair of action and result for each command or change of a block."""
    if block.note.startswith("not run: "):
        return []
    if block.language == "console":
        return [(one.text, "\n".join(one.output)) for one in commands(block)]
    if block.language == "diff":
        return [(block.title, block.text)]
    return [(line, "") for line in block.lines] if block.language == "bash" else []


def is_step(action: tuple[str, str], name: str) -> bool:
    """Return whether an action is the step of that name."""
    return all(wanted in found for wanted, found in zip(STEPS[name], action, strict=True))


def missing(page: list[Block]) -> str:
    """Return the first step that is missing or out of order; empty if none."""
    left = [action for block in page for action in actions(block)]
    for name in STEPS:
        places = [at for at, action in enumerate(left) if is_step(action, name)]
        if not places:
            return name
        left = left[places[0] + 1 :]
    return ""


def test_the_tutorial_has_each_step_in_order() -> None:
    assert missing(blocks(PAGE)) == ""


@pytest.mark.parametrize("name", STEPS)
def test_a_removed_step_is_detected(name: str) -> None:
    page = [block for block in blocks(PAGE) if not any(is_step(d, name) for d in actions(block))]
    assert missing(page)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_that_is_not_run_is_detected(name: str) -> None:
    page = [
        Block(one.place, one.language, one.title, "not run: too long", one.lines)
        if any(is_step(action, name) for action in actions(one))
        else one
        for one in blocks(PAGE)
    ]
    assert missing(page)
