"""Compare `modelyard check` and `update` with Copier's own copy and update.

Run: .venv/bin/python -m benchmarks.upkeep
"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.generate import ROOT
from benchmarks.pairs import Cost, compare, run

GIT = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.invalid"]
COPIER = [sys.executable, "-m", "copier"]
OURS = [sys.executable, "-m", "modelyard_lifecycle"]
# `modelyard check` exits with 10 if an update is available.
CHECK = ["sh", "-c", '"$0" -m modelyard_lifecycle check project; test $? = 10', sys.executable]


def two_releases(template: Path) -> None:
    """Clone the committed template, with a second release that differs in one file."""
    run(["git", "clone", "--quiet", "--no-tags", ROOT, template], template.parent)
    run(["git", "tag", "v1.0.0"], template)
    with (template / "template" / "README.md.jinja").open("a", encoding="utf-8") as file:
        file.write("\nOne more line.\n")
    run([*GIT, "commit", "--quiet", "--all", "--message", "One more line"], template)
    run(["git", "tag", "v2.0.0"], template)


def create_project(template: Path, project: Path, *answers: str) -> None:
    """Create a project of the first release and commit it."""
    copy = [*COPIER, "copy", "--defaults", "--quiet", "--vcs-ref", "v1.0.0"]
    data = [word for answer in answers for word in ("--data", answer)]
    run([*copy, *data, template, project], template.parent)
    run(["git", "init", "--quiet"], project)
    run(["git", "config", "user.name", "bench"], project)
    run(["git", "config", "user.email", "bench@example.invalid"], project)
    run(["git", "add", "--all"], project)
    run(["git", "commit", "--quiet", "--message", "Initial commit"], project)


def update(command: list[str], project: Path) -> Cost:
    """Run an update in a copy of a project."""
    there = project.with_name("updated")
    shutil.rmtree(there, ignore_errors=True)
    shutil.copytree(project, there, symlinks=True)
    return run(command, there)


def copy(work: Path) -> Cost:
    """Render the newest release with Copier."""
    shutil.rmtree(work / "copied", ignore_errors=True)
    return run([*COPIER, "copy", "--defaults", "--quiet", "template", "copied"], work)


def main() -> None:
    """Measure both; exit with 1 if a claim does not hold."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        two_releases(work / "template")
        create_project(work / "template", work / "project")
        checks = compare(
            ("modelyard check", "copier copy"),
            lambda: run(CHECK, work),
            lambda: copy(work),
            runs=5,
        )
        copier = [*COPIER, "update", "--defaults", "--quiet"]
        updates = compare(
            ("modelyard update", "copier update"),
            lambda: update([*OURS, "update"], work / "project"),
            lambda: update(copier, work / "project"),
            runs=5,
        )
    if checks > 1.5 or updates > 1.3:
        sys.exit("too slow: a check may take 1.5 times a copy, an update 1.3 times Copier's own")


if __name__ == "__main__":
    main()
