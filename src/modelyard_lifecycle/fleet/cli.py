"""The commands for a fleet."""

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

from ..errors import faults_told
from ..options import AnswersFile

fleet = typer.Typer(no_args_is_help=True, help="Look after many projects at once.")


@fleet.callback()
def _alone() -> None:
    """Look after many projects at once."""


Sources = Annotated[
    list[str],
    typer.Argument(
        help="Repositories, folders of them, globs, or files with an address on each line."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@fleet.command()
def report(
    sources: Sources,
    as_json: AsJson = False,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a page with filters, too.")
    ] = None,
    policy: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Tell the rules of a policy, too.")
    ] = None,
    answers_file: AnswersFile = None,
) -> None:
    """Tell of each repository: its version, what was edited, what an update would meet.

    Nothing is changed in them. A broken repository is a row with its reason. Exit codes: 0 the
    report was made, 1 it was not, 2 wrong use.

    Examples:
        modelyard fleet report ~/projects

        modelyard fleet report addresses.txt --html fleet.html

        modelyard fleet report 'teams/*/ml-*' --json
    """
    from ..policy.policy import read_policy
    from .display import tell
    from .page import page
    from .report import report as reported
    from .sources import sources as found

    with faults_told():
        asked = read_policy(policy) if policy else None
        listed = found(sources)
        with _bar("rendering and comparing") as ticked:
            rows = reported(listed, ticked, asked, answers_file)
        if html:
            html.write_text(page(rows, datetime.now(UTC).date().isoformat()), "utf-8")
    if as_json:
        typer.echo(json.dumps([row.record() for row in rows], indent=2))
        return
    tell(rows, _console())


@fleet.command()
def update(
    sources: Sources,
    branch: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The branch to make; otherwise modelyard-vX.Y.Z."),
    ] = None,
    into: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where addresses are cloned.")
    ] = None,
    test: Annotated[
        bool, typer.Option("--test", help="Each project's fast tests must pass before.")
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Update no more than N; the rest later.")
    ] = None,
    answers_file: AnswersFile = None,
    as_json: AsJson = False,
) -> None:
    """Prepare an update in each repository: a branch with one commit, ready to be pushed.

    Nobody's own branch moves, nothing is pushed. Where both sides changed the same lines no branch
    is made, and the row names the files. Exit codes: 0 all are prepared or current, 20 some have
    conflicts or are broken, 1 nothing could be done, 2 wrong use, 130 stopped by Ctrl+C.

    Examples:
        modelyard fleet update ~/projects

        modelyard fleet update addresses.txt --into clones --branch template-update --test

        modelyard fleet update 'teams/*/ml-*' --limit 10 --json
    """
    from .clones import refuse_no_place
    from .sources import sources as found
    from .update import prepare_all, refuse_bad_branch
    from .update_result import exit_code, tell

    with faults_told():
        listed = found(sources)
        refuse_bad_branch(branch)
        refuse_no_place(listed, into)
        with _bar("updating") as ticked:
            rows = prepare_all(
                listed,
                branch=branch,
                into=into,
                answers_file=answers_file,
                test=test,
                limit=limit,
                ticked=ticked,
            )
    if as_json:
        typer.echo(json.dumps([row.record() for row in rows], indent=2))
    else:
        tell(rows, _console())
    raise typer.Exit(exit_code(rows))


@contextmanager
def _bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Show how far it is on the standard error while a block runs."""
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what)
        yield lambda done, steps: bar.update(task, completed=done, total=steps)


def _console() -> Console:
    return Console(highlight=False, width=None if sys.stdout.isatty() else 200)
