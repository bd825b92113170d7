"""The commands `new` and `check`, and the list of all commands."""

import json
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from .adopting.cli import adopt
from .delivery.cli import delivery
from .display import print_check
from .draft.cli import Key, Time, draft
from .errors import exit_on_user_error
from .evidence.cli import readiness
from .fleet.cli import fleet
from .options import Answers, AnswersFile, AnswersGiven, Folder, Template, Verbose, Version, console
from .policy.cli import comply
from .progress import shown_steps
from .project import read_project
from .update_cli import update

PANEL = "Template"


def add_commands(app: typer.Typer) -> None:
    """Add all commands of `modelyard[lifecycle]` to an app."""
    for command in (new, check, update, adopt, comply):
        app.command(rich_help_panel=PANEL)(command)
    app.command(rich_help_panel="Start")(draft)
    app.command(rich_help_panel="Watch")(readiness)
    app.command(rich_help_panel="Watch")(delivery)
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
    target: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="With --data TABLE: the column to predict."),
    ] = None,
    key: Key = None,
    time: Time = None,
    verbose: Verbose = False,
) -> None:
    """Create a project: ask the questions, lock, install, make the first commit, run the pipeline.

    With --data TABLE --target NAME the project is for a CSV or Parquet file, or a folder of them:
    `modelyard draft` writes schema, ingest, features, examples and parameters.

    The files are the same as with `copier copy`. Exit codes: 0 created, 1 failed (the steps that
    remain are listed), 2 usage error, 130 interrupted by Ctrl+C.

    Examples:
        modelyard new flight-delays

        modelyard new churn --defaults --data project_name=Churn --data automation_level=2

        modelyard new churn --data-file answers.yml --no-run

        modelyard new churn --data customers.csv --target churn
    """
    from .answers import read_given_answers
    from .new import copy_template, run_first_steps
    from .new_from_table import new_from_table, split_table
    from .template_source import resolve_template

    with exit_on_user_error():
        table, pairs = split_table(data or [], target, key, time)
        given = read_given_answers(pairs, data_file)
        source = resolve_template(template)
        copy = partial(copy_template, source, folder, given, version, defaults, console)
        if table is None:
            copy()
            run_first_steps(folder, run, console)
        else:
            new_from_table(table, copy, folder, run, console)


def check(
    project: Folder = Path("."),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Print the diff that an update would make instead.")
    ] = False,
    answers_file: AnswersFile = None,
    verbose: Verbose = False,
) -> None:
    """Report what an update would change, where it would conflict, which edits it would lose.

    Nothing is changed. --diff updates a copy of the project as it is now and prints a unified diff,
    in which conflicts have markers. Exit codes: 0 current, 10 behind, 20 an update would conflict
    or be refused, 30 `copier update` would lose edits, 1 the check failed, 2 usage error.

    Examples:
        modelyard check

        modelyard check ../flight-delays --json

        modelyard check --diff > update.diff
    """
    from .check import check as check_project
    from .preview import preview, print_diff

    if as_json and diff:
        raise typer.BadParameter("--json and --diff are mutually exclusive; choose one")
    with exit_on_user_error(), shown_steps(wanted=not as_json) as on_step:
        read = read_project(project, answers_file)
        result = check_project(read, on_step)
        shown = preview(read, result.newest, on_step) if diff and result.behind else b""
    if as_json:
        typer.echo(json.dumps(result.record(), indent=2))
    elif diff:
        print_diff(shown, result.files.runtime_edits)
    else:
        print_check(result, console)
    raise typer.Exit(result.code)
