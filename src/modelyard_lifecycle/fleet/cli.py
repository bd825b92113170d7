"""The commands `modelyard fleet report` and `modelyard fleet update`."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from ..errors import exit_on_user_error
from ..options import AnswersFile, Verbose
from ..progress import shown_steps
from ..verbose import is_verbose
from .table import table_console

fleet = typer.Typer(no_args_is_help=True, help="Report on and update many projects at once.")


@fleet.callback()
def _keep_subcommands() -> None:
    """Report on and update many projects at once."""


Sources = Annotated[
    list[str],
    typer.Argument(
        help="Repositories, folders of repositories, globs, or files with one URL per line."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@fleet.command()
def report(
    sources: Sources,
    as_json: AsJson = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also write an HTML page with filters.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Also check each against a policy.")
    ] = None,
    answers_file: AnswersFile = None,
    verbose: Verbose = False,
) -> None:
    """Report each repository's version, edits, and what an update would change.

    Nothing is changed. A broken repository gets a row with the reason. Exit codes: 0 reported,
    1 failed, 2 usage error.

    Examples:
        modelyard fleet report ~/projects

        modelyard fleet report addresses.txt --html fleet.html

        modelyard fleet report 'teams/*/ml-*' --json
    """
    from ..policy.policy import read_policy
    from .display import print_report
    from .page import page
    from .report import report as report_on
    from .sources import find_sources

    with exit_on_user_error():
        rules = read_policy(policy) if policy else None
        found = find_sources(sources)
        with _progress_bar("rendering and comparing", as_json) as on_progress:
            rows = report_on(found, on_progress, rules, answers_file)
        if html:
            html.write_text(page(rows, datetime.now(UTC).date().isoformat()), "utf-8")
    if as_json:
        typer.echo(json.dumps([row.record() for row in rows], indent=2))
        return
    print_report(rows, table_console())


@fleet.command()
def update(
    sources: Sources,
    branch: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The branch to create; default: modelyard-vX.Y.Z."),
    ] = None,
    into: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The folder to clone URLs into.")
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="Prepare only if the project's fast tests pass.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Update at most N repositories.")
    ] = None,
    answers_file: AnswersFile = None,
    verbose: Verbose = False,
    as_json: AsJson = False,
) -> None:
    """Prepare an update in each repository: a branch with one commit, ready to push.

    No existing branch moves and nothing is pushed. If there are conflicts, no branch is created and
    the row lists the files. Exit codes: 0 all are prepared or current, 20 some have conflicts or
    are broken, 1 failed, 2 usage error, 130 interrupted by Ctrl+C.

    Examples:
        modelyard fleet update ~/projects

        modelyard fleet update addresses.txt --into clones --branch template-update --test

        modelyard fleet update 'teams/*/ml-*' --limit 10 --json
    """
    from ..worktree import refuse_invalid_branch
    from .clones import refuse_missing_clone_folder
    from .sources import find_sources
    from .update import prepare_all
    from .update_result import exit_code, print_updates

    with exit_on_user_error():
        found = find_sources(sources)
        refuse_invalid_branch(branch)
        refuse_missing_clone_folder(found, into)
        with _progress_bar("updating", as_json) as on_progress:
            rows = prepare_all(
                found,
                branch=branch,
                into=into,
                answers_file=answers_file,
                test=test,
                limit=limit,
                on_progress=on_progress,
            )
    if as_json:
        typer.echo(json.dumps([row.record() for row in rows], indent=2))
    else:
        print_updates(rows, table_console())
    raise typer.Exit(exit_code(rows))


@contextmanager
def _progress_bar(title: str, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on stderr while a block runs; yield the function that advances it.

    Without a terminal it is a line, with --json nothing.
    """
    if as_json or is_verbose() or not sys.stderr.isatty():
        with shown_steps(wanted=not as_json) as on_step:
            on_step(title)
            yield lambda _, steps: None
        return
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title)
        yield lambda done, steps: bar.update(task, completed=done, total=steps)
