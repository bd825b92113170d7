"""The commands `new`, `check` and `update`."""

import json
from pathlib import Path
from typing import Annotated

import typer

from .adopting.cli import adopt
from .display import print_check, print_update
from .errors import exit_on_user_error
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


# Copier takes a second to import and --help does not need it: each command imports it when it runs.


def new(
    folder: Annotated[
        Path, typer.Argument(help="The project's folder: a new or an empty one.")
    ] = Path("."),
    data: Answers = None,
    data_file: AnswersGiven = None,
    defaults: Annotated[
        bool, typer.Option("--defaults", "-l", help="Use the default answers, do not prompt.")
    ] = False,
    template: Template = None,
    version: Version = None,
    run: Annotated[bool, typer.Option(help="Run the pipeline at the end.")] = True,
) -> None:
    """Create a project: ask the questions, lock, install, make the first commit, run the pipeline.

    The files are the same as with `copier copy`. Exit codes: 0 created, 1 failed (the steps that
    remain are listed), 2 usage error, 130 interrupted by Ctrl+C.

    Examples:
        modelyard new flight-delays

        modelyard new churn --defaults --data project_name=Churn --data automation_level=2

        modelyard new churn --data-file answers.yml --no-run
    """
    from .answers import read_given_answers
    from .new import copy_template, run_first_steps
    from .template_source import resolve_template

    with exit_on_user_error():
        given = read_given_answers(data or [], data_file)
        source = resolve_template(template)
        copy_template(source, folder, given, version, defaults, console)
        run_first_steps(folder, run, console)


def check(
    project: Folder = Path("."),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    answers_file: AnswersFile = None,
) -> None:
    """Report what an update would change, where it would conflict, which edits it would lose.

    Nothing is changed. Exit codes: 0 current, 10 behind, 20 an update would conflict or be refused,
    30 `copier update` would lose edits, 1 the check failed, 2 usage error.

    Examples:
        modelyard check

        modelyard check ../flight-delays --json
    """
    from .check import check as check_project

    with exit_on_user_error():
        result = check_project(read_project(project, answers_file))
    if as_json:
        typer.echo(json.dumps(result.record(), indent=2))
    else:
        print_check(result, console)
    raise typer.Exit(result.code)


def update(
    project: Folder = Path("."),
    level: Annotated[
        int | None, typer.Option(help="Also change the automation level: 1, 2 or 3.")
    ] = None,
    add_target: Annotated[
        list[str] | None, typer.Option(help="Also add a serving target: rest, batch or edge.")
    ] = None,
    data: Answers = None,
    test: Annotated[
        bool, typer.Option("--test", help="Update only if the project's fast tests pass.")
    ] = False,
    keep_runtime_edits: Annotated[
        bool,
        typer.Option("--keep-runtime-edits", help="Merge your edits of src/modelyard."),
    ] = False,
    drop_runtime_edits: Annotated[
        bool,
        typer.Option("--drop-runtime-edits", help="Discard your edits of src/modelyard."),
    ] = False,
    answers_file: AnswersFile = None,
) -> None:
    """Update a project to the newest version of its template without losing an edit.

    The update is made in a separate git worktree, on its own branch. If it succeeds, your branch
    gets one commit; otherwise it is unchanged. Edits of renamed files move to the new name; edited
    files that the template dropped are kept. If src/modelyard was edited, the update is refused
    until you choose to keep or drop these edits. Exit codes: 0 updated or up to date, 20 conflicts,
    to be resolved in the worktree, 1 failed, 2 usage error.

    Examples:
        modelyard update

        modelyard update ../flight-delays --test

        modelyard update --level 3 --add-target batch

        modelyard update --data runtime=vendored

        modelyard update --drop-runtime-edits
    """
    from .answers import read_given_answers
    from .runtime import choose_edits
    from .update import update as update_project

    with exit_on_user_error():
        given = read_given_answers(data or [], None)
        given = {"automation_level": level, "serving_targets": add_target} | given
        edits = choose_edits(keep=keep_runtime_edits, drop=drop_runtime_edits)
        result = update_project(read_project(project, answers_file), given, test, edits)
    print_update(result, console)
    raise typer.Exit(result.code)
