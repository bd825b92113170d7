"""Checks of a project that has trained: the changes in git, and the predictions of its service."""

import json
import re
from pathlib import Path
from typing import Any

from tests.checkout import git
from tools.service import post, running_service
from tools.steps import Steps

RESULTS = re.compile(r"(uv\.lock|dvc\.lock|models/metrics\.json|reports/.*)$")
MODELYARD = ["uv", "run", "modelyard"]


def has_trained(steps: Steps, project: Path) -> None:
    """Check a training: only results changed, a second run does nothing, the model is useful.

    Raises:
        AssertionError: a check fails.
    """
    changed_only_results(project)
    metrics = json.loads((project / "models" / "metrics.json").read_text("utf-8"))
    assert float(metrics["test"]["candidate"]["roc_auc"]) > 0.5
    assert "Running stage" not in steps.run("again", ["uv", "run", "dvc", "repro"], project)


def changed_only_results(project: Path) -> None:
    """Check that `git status` lists nothing but results.

    Raises:
        AssertionError: it lists another file.
    """
    changed = [line[3:] for line in git(project, "status", "--porcelain").splitlines()]
    assert [name for name in changed if not RESULTS.match(name)] == []


def predictions(steps: Steps, project: Path, rows: int) -> list[dict[str, Any]]:
    """Return the predictions of a project's service for real rows."""
    body = json.loads(steps.run("example", [*MODELYARD, "example", str(rows)], project))
    with running_service([*MODELYARD, "serve"], project, project.parent / "rest.log") as url:
        status, answer = post(f"{url}/predict", body)
    assert status == 200, answer
    assert len(answer["predictions"]) == rows
    return list(answer["predictions"])
