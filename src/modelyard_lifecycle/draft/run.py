"""Draft the files of an existing project, or of one that was just generated."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import typer

from ..errors import UserError
from ..project import read_answers, read_project
from .code import MARK
from .columns import OnStep
from .draft import PARAMS, SAMPLE, Draft, make_draft, place_of, project_files
from .unedited import edited_files, generated_files, refuse_edited, remember
from .wish import Wish
from .write import write_files

READMES = ("models/README.md", "data/README.md")
LARGE_BYTES = 10_000_000  # more do not belong in git


def draft_project(
    table: Path,
    wish: Wish,
    folder: Path,
    output: Path | None,
    answers_file: str | None,
    today: date,
    on_step: OnStep,
) -> None:
    """Draft the files of a project, and print what a person should know.

    Args:
        table: the source.
        wish: the options.
        folder: the project's folder.
        output: another folder to write to, in which edits do not matter.
        answers_file: name of the project's answers file, if it has several.
        today: the day for data without dates.
        on_step: is told what is done.

    Raises:
        UserError: the table or an option is wrong, or a file was edited; nothing is written.
    """
    project = read_project(folder, answers_file)
    _refuse_output(output)
    found = make_draft(table, wish, today, on_step)
    on_step("Comparing the project with its template")
    package = package_of(project.answers)
    generated = generated_files(project, project_names(package))
    files = drafted(found, package, generated)
    if output is None:
        refuse_edited(edited_files(folder, files, generated))
    write_files(output or folder, files, found.source)
    if output is None:
        remember(folder, files)
    report(found, files, output or folder)


def draft_new(found: Draft, folder: Path) -> dict[str, bytes]:
    """Write a draft into a project that was just generated; return the drafted files.

    Raises:
        UserError: the template is not Modelyard's.
    """
    package = package_of(read_answers(folder / ".copier-answers.yml"))
    generated = {
        name: (folder / name).read_bytes()
        for name in project_names(package)
        if (folder / name).is_file()
    }
    files = drafted(found, package, generated)
    write_files(folder, files, found.source)
    return files


def project_names(package: str) -> list[str]:
    """Return the files that a draft may change."""
    inner = ("schema.py", "data/ingest.py", "features/build.py", "models/estimator.py")
    return [*(f"src/{package}/{name}" for name in inner), "tests/examples.py", PARAMS, *READMES]


def package_of(answers: Mapping[str, Any]) -> str:
    """Return the name of a project's package.

    Raises:
        UserError: the project is of another template.
    """
    name = answers.get("package_name")
    if not isinstance(name, str):
        raise UserError("the answers have no package_name; the project is of another template")
    return name


def drafted(found: Draft, package: str, generated: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the content of the drafted files.

    Raises:
        UserError: the template lacks a file that is changed.
    """
    estimator = f"src/{package}/models/estimator.py"
    for name in (PARAMS, estimator):
        if name not in generated:
            raise UserError(f"the template of the project has no {name}; modelyard draft needs it")
    texts = project_files(found, package, generated[PARAMS].decode(), generated[estimator].decode())
    return {name: text.encode() for name, text in texts.items()}


def report(found: Draft, files: Mapping[str, bytes], folder: Path) -> None:
    """Print what was found, the written files, and what comes next."""
    summarize(found)
    report_unused(found, folder)
    for name in (place_of(found.source), *files):
        typer.echo(f"  {(folder / name).as_posix()}")
    marks = sum(text.count(MARK.encode()) for text in files.values())
    typer.echo(f"next: complete {marks} marks: grep -rn {MARK} src tests params.yaml */README.md")
    if found.source.bytes > LARGE_BYTES:
        typer.echo(f"next: keep the table out of git: uv run dvc add {place_of(found.source)}")
    typer.echo("next: uv run dvc repro, then uv run pytest")


def report_unused(found: Draft, folder: Path) -> None:
    """Name the files in `data/sample` that the drafted ingest does not read."""
    place = folder / place_of(found.source)
    others = sorted(one.name for one in place.parent.iterdir() if one != place)
    shown = [f"{SAMPLE}/{name}" for name in others if name[0] != "."]
    if shown:
        typer.echo(f"note: not read by the drafted ingest: {', '.join(shown)}; remove it")


def summarize(found: Draft) -> None:
    """Print what was found in a table, and what a person should know."""
    plan = found.found.plan
    columns = f"{len(plan.fields)} columns, target {plan.target.column.name} ({plan.target.task})"
    typer.echo(f"draft: {plan.rows:,} rows, {columns}")
    for note in found.notes:
        typer.echo(f"note: {note}")


def _refuse_output(output: Path | None) -> None:
    if output is not None and output.exists() and (output.is_file() or any(output.iterdir())):
        raise UserError(f"--output {output} is not empty; name a new folder")
