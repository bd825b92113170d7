"""Compare `copier copy` of the full project with Copier copying as many plain files.

Run: .venv/bin/python -m benchmarks.generate
"""

import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import Cost, compare, run

ROOT = Path(__file__).parents[1]
FULL = {"automation_level": "3", "serving_targets": "[rest, batch, edge]"}
ANSWERS_FILE = "{{ _copier_conf.answers_file }}.jinja"


def copy(template: Path, target: Path, answers: dict[str, str]) -> Cost:
    """Copy a template into a new folder."""
    shutil.rmtree(target, ignore_errors=True)
    data = [word for name, value in answers.items() for word in ("--data", f"{name}={value}")]
    copier = [sys.executable, "-m", "copier", "copy", "--defaults", "--quiet", "--vcs-ref", "HEAD"]
    return run([*copier, *data, template, target], target.parent)


def plain_template(project: Path, folder: Path) -> int:
    """Create a template of the project's rendered files, with one question; return their number."""
    (folder / "template").mkdir(parents=True)
    (folder / "copier.yml").write_text(
        "_subdirectory: template\nname:\n  type: str\n  default: x\n"
    )
    answers = (ROOT / "template" / ANSWERS_FILE).read_text("utf-8")
    (folder / "template" / ANSWERS_FILE).write_text(answers, "utf-8")
    files = [path for path in project.rglob("*") if path.is_file()]
    for path in files:
        target = folder / "template" / path.relative_to(project)
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.name != ".copier-answers.yml":
            shutil.copy(path, target)
    commit(folder)
    return len(files)


def commit(folder: Path) -> None:
    """Commit the template, as Copier clones git repositories."""
    run(["git", "init", "--quiet"], folder)
    run(["git", "add", "--all"], folder)
    identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.invalid"]
    run(["git", *identity, "commit", "--quiet", "--message", "Plain files"], folder)


def main() -> None:
    """Measure both, and print the number of files."""
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        template = work / "modelyard"
        run(["git", "clone", "--quiet", ROOT, template], work)
        copy(template, work / "project", FULL)
        count = plain_template(work / "project", work / "plain")
        print(f"{count} files")
        compare(
            ("the full project", "as many plain files, same folders"),
            lambda: copy(template, work / "ours", FULL),
            lambda: copy(work / "plain", work / "other", {}),
            runs=5,
        )


if __name__ == "__main__":
    main()
