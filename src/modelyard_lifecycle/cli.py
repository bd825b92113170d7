"""The commands that look after projects."""

import json
from pathlib import Path
from typing import Annotated

import typer

from .adopting.cli import adopt
from .display import tell, tell_update
from .errors import faults_told
from .fleet.cli import fleet
from .options import Answers, AnswersFile, AnswersGiven, Folder, Template, Version, console
from .policy.cli import comply
from .project import read_project

PANEL = "Template"


def add_commands(app: typer.Typer) -> None:
    """Add `new`, `check`, `update`, `adopt`, `comply` and `fleet` to an app, in one help panel."""
    for command in (new, check, update, adopt, comply):
        app.command(rich_help_panel=PANEL)(command)
    app.add_typer(fleet, name="fleet", rich_help_panel=PANEL)


# Copier takes a second to import, and --help does not need it: so the commands import on their own.


def new(
    folder: Annotated[
        Path, typer.Argument(help="Where the project goes: a new folder or an empty one.")
    ] = Path("."),
    data: Answers = None,
    data_file: AnswersGiven = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", "-l", help="Ask nothing; take the default answers.")
    ] = False,
    template: Template = None,
    version: Version = None,
    run: Annotated[bool, typer.Option(help="Run the pipeline at the end.")] = True,
) -> None:
    """Make a project from nothing: the questions, git, the lock, the first commit, the first run.

    The files are those of `copier copy`. Exit codes: 0 it is made, 1 it is not, or a step failed
    and the steps that are left are listed, 2 wrong use, 130 stopped by Ctrl+C.

    Examples:
        modelyard new flight-delays

        modelyard new churn --defaults --data project_name=Churn --data automation_level=2

        modelyard new churn --data-file answers.yml --no-run
    """
    from .answers import given_answers
    from .new import begin, copied
    from .template_source import template_or_fault

    with faults_told():
        given = given_answers(data or [], data_file)
        source = template_or_fault(template)
        copied(source, folder, given, version, defaults, console)
        begin(folder, run, console)


def check(
    project: Folder = Path("."),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    answers_file: AnswersFile = None,
) -> None:
    """Tell what an update would bring, where it would conflict and which edits it would lose.

    Nothing is changed. Exit codes: 0 current, 10 behind, 20 an update would conflict or stop,
    30 an update would lose edits, 1 the check could not be made, 2 wrong use.

    Examples:
        modelyard check

        modelyard check ../flight-delays --json
    """
    from .check import check as checked

    with faults_told():
        found = checked(read_project(project, answers_file))
    if as_json:
        typer.echo(json.dumps(found.record(), indent=2))
    else:
        tell(found, console)
    raise typer.Exit(found.code)


def update(
    project: Folder = Path("."),
    level: Annotated[
        int | None, typer.Option(help="Change the automation level, too: 1, 2 or 3.")
    ] = None,
    add_target: Annotated[
        list[str] | None, typer.Option(help="Add a serving target, too: rest, batch or edge.")
    ] = None,
    data: Answers = None,
    test: Annotated[
        bool, typer.Option("--test", help="Run the project's fast tests before it is updated.")
    ] = False,
    keep_runtime_edits: Annotated[
        bool,
        typer.Option("--keep-runtime-edits", help="Merge your edits of src/modelyard."),
    ] = False,
    drop_runtime_edits: Annotated[
        bool,
        typer.Option("--drop-runtime-edits", help="Replace src/modelyard by the template's."),
    ] = False,
    answers_file: AnswersFile = None,
) -> None:
    """Bring a project to its template's newest version without losing an edit.

    It is tried in a working tree aside, on a branch of its own. If all goes well your branch gets
    one commit; otherwise it stays as it is. Edits of renamed files go along, edited files that the
    template has dropped stay. If src/modelyard was edited, nothing happens until you say whether to
    keep or drop these edits. Exit codes: 0 updated or nothing newer, 20 conflicts, to be resolved
    in the working tree aside, 1 it could not be done, 2 wrong use.

    Examples:
        modelyard update

        modelyard update ../flight-delays --test

        modelyard update --level 3 --add-target batch

        modelyard update --data runtime=vendored

        modelyard update --drop-runtime-edits
    """
    from .answers import given_answers
    from .runtime import chosen
    from .update import update as updated

    with faults_told():
        given = given_answers(data or [], None)
        wanted = {"automation_level": level, "serving_targets": add_target} | given
        edits = chosen(keep=keep_runtime_edits, drop=drop_runtime_edits)
        found = updated(read_project(project, answers_file), wanted, test, edits)
    tell_update(found, console)
    raise typer.Exit(found.code)
