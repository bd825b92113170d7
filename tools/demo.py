"""Generate a project, train and test it, and serve one prediction (`make demo`)."""

import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tools.service import post, running_service
from tools.steps import StepFailed, Steps
from tools.tables import metrics_table, seconds_table

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "build" / "demo"
AS_DEMO = ["-c", "user.name=Demo", "-c", "user.email=demo@example.invalid"]


def remove_earlier_demo(project: Path) -> None:
    """Remove the project of an earlier demo.

    Raises:
        StepFailed: the folder contains something else.
    """
    if not project.exists() or (project.is_dir() and not any(project.iterdir())):
        return
    if not is_demo_project(project):
        raise StepFailed(f"copy: {project} is not a project of this demo; move it away")
    shutil.rmtree(project)


def is_demo_project(project: Path) -> bool:
    """Return whether a folder contains a project generated from this repository."""
    try:
        answers = yaml.safe_load((project / ".copier-answers.yml").read_text("utf-8"))
    except (OSError, ValueError, yaml.YAMLError):
        return False
    return isinstance(answers, dict) and answers.get("_src_path") == str(ROOT)


def generate(steps: Steps, project: Path) -> None:
    """Generate a project with the default answers and commit it."""
    copier = [sys.executable, "-W", "ignore", "-m", "copier", "copy", "--defaults", "--quiet"]
    steps.run("copy", [*copier, "--vcs-ref", "HEAD", str(ROOT), str(project)], ROOT)
    steps.run("git init", ["git", "init", "-b", "main"], project)
    steps.run("git add", ["git", "add", "--all"], project)
    committing = ["-c", "commit.gpgsign=false", "commit", "--message", "Initial commit"]
    steps.run("git commit", ["git", *AS_DEMO, *committing], project)


def predict(steps: Steps, project: Path) -> Any:
    """Start the REST service, send one real row and return the response."""
    command = ["uv", "run", "modelyard"]
    body = json.loads(steps.run("example", [*command, "example", "1"], project))
    with (
        TemporaryDirectory() as logs,
        steps.timed("predict"),
        running_service([*command, "serve"], project, Path(logs, "rest.log")) as url,
    ):
        status, answer = post(f"{url}/predict", body)
    if status != 200:
        raise StepFailed(f"predict: /predict answered {status}: {json.dumps(answer)}")
    return answer


def main() -> int:
    """Run the demo; return 1 with the reason if a step fails."""
    steps = Steps()
    try:
        remove_earlier_demo(PROJECT)
        generate(steps, PROJECT)
        steps.run("train", ["uv", "run", "dvc", "repro"], PROJECT)
        steps.run("test", ["uv", "run", "pytest", "-q"], PROJECT)
        answer = predict(steps, PROJECT)
    except StepFailed as failure:
        print(f"\nerror: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nerror: interrupted", file=sys.stderr)
        return 130
    metrics = json.loads((PROJECT / "models" / "metrics.json").read_text("utf-8"))
    print(f"\nPOST /predict answered\n{json.dumps(answer, indent=2)}\n")
    print(f"Metrics (models/metrics.json)\n{metrics_table(metrics)}\n")
    print(f"Time\n{seconds_table(steps.seconds)}")
    print(f"\nThe project is in {PROJECT.relative_to(ROOT)}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
