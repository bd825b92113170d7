"""An altered, copied or planted ledger earns nothing; neither do words about a score."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from modelyard.evidence import ledger as runtime
from typer.testing import CliRunner

from modelyard_lifecycle.evidence.badge import badge
from modelyard_lifecycle.evidence.cli import readiness
from modelyard_lifecycle.evidence.wiring import Wiring, triggers
from tests.checkout import ROOT, git
from tests.lifecycle.evidence.evidence_life import Life, make_project, points, why

TEST = "tests/test_features.py::test_build_is_stateless"
Lines = list[str]


def command(*words: object) -> tuple[int, str]:
    """Run `modelyard readiness`; return its exit code and output."""
    app = typer.Typer()
    app.command()(readiness)
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output


def edited(lines: Lines) -> Lines:
    return [lines[0].replace('"failed": false', '"failed": true'), *lines[1:]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (edited, "line 1 was edited"),
        (lambda lines: lines[1:], "a line before line 1 was edited or removed"),
        (lambda lines: [lines[0], *lines[2:]], "a line before line 2 was edited or removed"),
        (lambda lines: [*lines, lines[-1][:-9]], "is damaged"),
        (lambda lines: [*lines, json.dumps(json.loads(lines[0]) | {"seconds": 1})], "was edited"),
    ],
)
def test_t15_an_altered_ledger_earns_nothing(
    change: Callable[[Lines], Lines], message: str, life: Life
) -> None:
    path, lines = max(life.lines(), key=lambda one: len(one[1]))
    path.write_text("\n".join(change(lines)) + "\n", "utf-8")
    score = life.score()
    assert score.final == sum(score.sections.values()) == 0
    assert message in score.faults[0]


def test_a_whole_ledger_that_is_there_twice_counts_once(life: Life) -> None:
    path, lines = life.lines()[0]
    path.write_text("\n".join([*lines, *lines]) + "\n", "utf-8")
    assert life.score().faults == []


def test_t14_evidence_copied_from_another_repository_earns_nothing(
    life: Life, tmp_path: Path
) -> None:
    folder = make_project(tmp_path / "copy", 3)
    git(folder, "commit", "--quiet", "--amend", "--message", "Another start")
    other = Life(folder, life.now)
    for path, lines in life.lines():
        copy = folder / runtime.FOLDER / path.name
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text("\n".join(lines) + "\n", "utf-8")
    score = other.score()
    assert score.faults == []
    assert sum(score.sections.values()) == points(score, "Model 3") == 0


def test_evidence_from_the_future_earns_nothing(life: Life) -> None:
    life.now = life.now.replace(year=2025)
    assert sum(life.score().sections.values()) == 0


def test_t17_evidence_about_the_example_does_not_count_for_the_own_problem(life: Life) -> None:
    assert life.score().is_example
    life.edit("src/flight_delays/schema.py", "max=6000", "max=5000")
    score = life.score()
    assert (score.is_example, sum(score.sections.values())) == (False, 0)
    life.trained()
    life.tested()
    assert points(life.score(), "Data 7") == points(life.score(), "Model 5") == 0.5


def test_t19_runs_with_a_planted_fault_prove_and_never_pass(life: Life) -> None:
    life.forget("tests")
    life.tested(planted="all features are zero")
    assert points(life.score(), "Data 7") == 0
    assert why(life.score(), "Data 7").endswith("has not run")


def test_t19_the_variable_of_planted_faults_is_read_by_the_ledger_only() -> None:
    runtime_files = (ROOT / "template" / "src").rglob("*.py")
    found = [path.name for path in runtime_files if "PLANTED" in path.read_text("utf-8")]
    assert found == ["ledger.py"]


def test_an_own_test_counts_once_it_was_seen_to_fail(life: Life) -> None:
    body = "    features.check_pure(project, ROWS)\n"
    life.edit("tests/test_features.py", body, "    assert project.build is not None\n")
    life.tested()
    assert points(life.score(), "Data 7") == 0
    life.tested({TEST: "failed"}, planted="build returns nothing")
    assert points(life.score(), "Data 7") == 0.5


def test_t04_a_badge_by_hand_is_noticed_and_points_in_the_ledger_are_ignored(
    life: Life, tmp_path: Path
) -> None:
    file, at = tmp_path / "badge.svg", life.now.strftime("%Y-%m-%dT%H:%M:%S")
    life.ran("gate", {}, points=7, score=7)
    own = badge(life.score())
    file.write_text(own, "utf-8")
    assert command(life.folder, "--as-of", at, "--verify-badge", file)[0] == 0
    file.write_text(own.replace(f"{life.score().final:g} of 7", "7 of 7"), "utf-8")
    code, output = command(life.folder, "--as-of", at, "--verify-badge", file)
    assert (code, "is not the badge of this score" in output) == (20, True)


@pytest.mark.parametrize("key", ["on", '"on"', "'on'"])
def test_t13_the_key_on_is_not_a_boolean(key: str, tmp_path: Path) -> None:
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    text = f"name: check\n{key}:\n  push:\n  schedule: [{{cron: '1 2 * * *'}}]\njobs: {{}}\n"
    (folder / "check.yml").write_text(text, "utf-8")
    assert triggers(Wiring(tmp_path).github["check"]) == ["push", "schedule"]


def test_a_score_below_the_least_exits_with_20(life: Life) -> None:
    at = life.now.strftime("%Y-%m-%dT%H:%M:%S")
    final = life.score().final
    assert command(life.folder, "--as-of", at, "--least", final)[0] == 0
    assert command(life.folder, "--as-of", at, "--least", final + 0.5)[0] == 20
