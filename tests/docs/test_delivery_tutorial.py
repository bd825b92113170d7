"""The page about level 3 tells the whole story, each station with what it prints.

That it goes as told is a test of tests/docs/, which walks the page.
"""

import pytest

from tests.checkout import ROOT
from tests.docs.blocks import Block, blocks, commands

PAGE = ROOT / "docs" / "tutorials" / "from-commit-to-production.md"
# Station: what is done there, and what comes of it.
STATIONS = {
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
    "the fault is seen": ("modelyard score", "was altered"),
    "rolled back": ("scripts/rollback.sh", "prod is v0.1.0"),
    "it serves as before": ("PYTHONPATH=build/before/src", "rows scored"),
    "quarantined": ("quarantine v0.2.0", "is quarantined"),
    "on record": ("audit v0.2.0", '"approved"'),
}


def told(block: Block) -> list[tuple[str, str]]:
    """Return what a block does, one pair of deed and outcome for each command or change."""
    if block.note.startswith("not run: "):
        return []
    if block.language == "console":
        return [(one.text, "\n".join(one.output)) for one in commands(block)]
    if block.language == "diff":
        return [(block.title, block.text)]
    return [(line, "") for line in block.lines] if block.language == "bash" else []


def is_station(deed: tuple[str, str], name: str) -> bool:
    """Tell whether a deed is a station of that name."""
    return all(wanted in found for wanted, found in zip(STATIONS[name], deed, strict=True))


def missing(page: list[Block]) -> str:
    """Return the first station that the page does not come to in its turn; empty if none."""
    left = [deed for block in page for deed in told(block)]
    for name in STATIONS:
        places = [at for at, deed in enumerate(left) if is_station(deed, name)]
        if not places:
            return name
        left = left[places[0] + 1 :]
    return ""


def test_the_story_comes_to_each_station_in_its_turn() -> None:
    assert missing(blocks(PAGE)) == ""


@pytest.mark.parametrize("name", STATIONS)
def test_a_station_that_is_taken_out_is_missed(name: str) -> None:
    page = [block for block in blocks(PAGE) if not any(is_station(d, name) for d in told(block))]
    assert missing(page)


@pytest.mark.parametrize("name", STATIONS)
def test_a_station_that_is_only_read_about_is_missed(name: str) -> None:
    page = [
        Block(one.place, one.language, one.title, "not run: too long", one.lines)
        if any(is_station(deed, name) for deed in told(one))
        else one
        for one in blocks(PAGE)
    ]
    assert missing(page)
