"""The command `update`."""

from pathlib import Path
from typing import Annotated

import typer

from .display import print_proposal, print_update
from .errors import exit_on_user_error
from .options import Answers, AnswersFile, Folder, Verbose, console
from .progress import shown_steps
from .project import read_project


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
    version: Annotated[
        str | None,
        typer.Option(help="The version to update to; default: the newest release."),
    ] = None,
    branch: Annotated[
        str | None, typer.Option(metavar="NAME", help="Propose the update on this branch instead.")
    ] = None,
    push: Annotated[
        str | None, typer.Option(metavar="REMOTE", help="Push that branch to a remote or a URL.")
    ] = None,
    push_option: Annotated[
        list[str] | None, typer.Option(metavar="TEXT", help="An option of git push for the remote.")
    ] = None,
    answers_file: AnswersFile = None,
    verbose: Verbose = False,
) -> None:
    """Update a project to the newest version of its template without losing an edit.

    The update is made in a separate git worktree, on its own branch. If it succeeds, your branch
    gets one commit; otherwise it is unchanged. Edits of renamed files move to the new name; edited
    files that the template dropped are kept. If src/modelyard was edited, the update is refused
    until you choose to keep or drop these edits. With --branch, only that branch gets the commit,
    which replaces that of an earlier run, but no commit of somebody else. Exit codes: 0 updated or
    up to date, 10 nothing to propose (--branch): up to date, or the branch has a commit of somebody
    else, 20 conflicts, to be resolved in the worktree, 1 failed, 2 usage error.

    Examples:
        modelyard update

        modelyard update ../flight-delays --test

        modelyard update --level 3 --add-target batch

        modelyard update --data runtime=vendored

        modelyard update --drop-runtime-edits

        modelyard update --version v1.1.0

        modelyard update --branch template-update --push origin
    """
    from .answers import read_given_answers
    from .proposal import propose
    from .proposed_branch import Remote
    from .runtime import choose_edits
    from .update import update as update_project
    from .update_result import Wanted

    if (push or push_option) and not (branch and push):
        raise typer.BadParameter("--push requires --branch, and --push-option requires --push")
    with exit_on_user_error(), shown_steps() as on_step:
        answers = read_given_answers(data or [], None)
        answers = {"automation_level": level, "serving_targets": add_target} | answers
        edits = choose_edits(keep=keep_runtime_edits, drop=drop_runtime_edits)
        wanted = Wanted(answers, test, edits, version)
        found = read_project(project, answers_file)
        if branch:
            remote = Remote(push, tuple(push_option or ())) if push else None
            proposal = propose(found, wanted, branch, remote, on_step)
        else:
            result = update_project(found, wanted, on_step)
    if branch:
        print_proposal(proposal, console)
        raise typer.Exit(proposal.code)
    print_update(result, console)
    raise typer.Exit(result.code)
