"""Bring a project to life: copy, train, test, serve one prediction (`make demo`)."""

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tools.service import post, served
from tools.steps import StepFailed, Steps

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "build" / "demo"
REST = ["uv", "run", "python", "-m", "flight_delays.serving.rest"]
IDENTITY = ["-c", "user.name=Modelyard demo", "-c", "user.email=demo@modelyard.invalid"]


def make_way(project: Path) -> None:
    """Remove the project of an earlier demo.

    Raises:
        StepFailed: something else is in its place.
    """
    answers = project / ".copier-answers.yml"
    if not project.exists() or (project.is_dir() and not any(project.iterdir())):
        return
    if not answers.is_file() or yaml.safe_load(answers.read_text("utf-8"))["_src_path"] != str(
        ROOT
    ):
        raise StepFailed(f"copy: {project} is not a project of this demo; move it away")
    shutil.rmtree(project)


def bear(steps: Steps, project: Path) -> None:
    """Copy the template with every default and commit the result."""
    copier = [sys.executable, "-W", "ignore", "-m", "copier", "copy", "--defaults", "--quiet"]
    steps.run("copy", [*copier, "--vcs-ref", "HEAD", str(ROOT), str(project)], ROOT)
    steps.run("git init", ["git", "init"], project)
    steps.run("git add", ["git", "add", "--all"], project)
    steps.run("git commit", ["git", *IDENTITY, "commit", "--message", "Born"], project)


def predict(steps: Steps, project: Path) -> Any:
    """Start REST, send one real row and return the answer."""
    body = json.loads(steps.run("example", [*REST, "--example", "1"], project))
    with (
        TemporaryDirectory() as logs,
        steps.timed("predict"),
        served(REST, project, Path(logs, "rest.log")) as url,
    ):
        status, answer = post(f"{url}/predict", body)
    if status != 200:
        raise StepFailed(f"predict: /predict answered {status}: {json.dumps(answer)}")
    return answer


def flat(metrics: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Return nested metrics as one level of dotted names."""
    rows: dict[str, float] = {}
    for name, value in metrics.items():
        inner = isinstance(value, Mapping)
        rows |= flat(value, f"{prefix}{name}.") if inner else {f"{prefix}{name}": value}
    return rows


def table(title: str, rows: Mapping[str, float], form: str) -> str:
    """Return names and numbers in two aligned columns under a title.

    Args:
        title: the line above.
        rows: name to number, or to a text that is shown as it is.
        form: how a number is written, as in `format(number, form)`.
    """
    texts = {name: format(v, form) if isinstance(v, float) else str(v) for name, v in rows.items()}
    wide, high = max(map(len, texts)), max(map(len, texts.values()))
    return "\n".join([title, *(f"  {name:<{wide}}  {v:>{high}}" for name, v in texts.items())])


def main() -> int:
    """Run the demo; return 1 with the reason if a step fails."""
    steps = Steps()
    try:
        make_way(PROJECT)
        bear(steps, PROJECT)
        steps.run("train", ["uv", "run", "dvc", "repro"], PROJECT)
        steps.run("test", ["uv", "run", "pytest", "-q"], PROJECT)
        answer = predict(steps, PROJECT)
    except StepFailed as failure:
        print(f"\nerror: {failure}", file=sys.stderr)
        return 1
    metrics = json.loads((PROJECT / "models" / "metrics.json").read_text("utf-8"))
    print(f"\nPOST /predict answered\n{json.dumps(answer, indent=2)}\n")
    print(table("Metrics (models/metrics.json)", flat(metrics), ".4f"), end="\n\n")
    print(table("Seconds", steps.seconds | {"total": sum(steps.seconds.values())}, ".1f"))
    print(f"\nThe project is in {PROJECT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
