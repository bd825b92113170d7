"""The command `modelyard adopt`."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import exit_on_user_error
from ..options import Answers, AnswersGiven, Template, Verbose, Version, console
from ..progress import shown_steps


def adopt(
    repo: Annotated[Path, typer.Argument(help="The repository's folder.")] = Path("."),
    template: Template = None,
    data: Answers = None,
    data_file: AnswersGiven = None,
    version: Version = None,
    verbose: Verbose = False,
) -> None:
    """Adopt a template in an existing repository by a three-way merge.

    Answers are detected in .cruft.json, pyproject.toml, setup.cfg and the folder's name. The merge
    is made in a separate git worktree, on its own branch. If it succeeds, your branch gets one
    commit; otherwise it is unchanged. None of your files is moved or deleted. Exit codes:
    0 adopted, 20 conflicts, to be resolved in the worktree, 1 failed, 2 usage error.

    Examples:
        modelyard adopt --template https://YOUR-HOST/modelyard.git

        modelyard adopt ../churn --template gh:us/modelyard --data author="Ada Lovelace"

        modelyard adopt --template ../modelyard --data-file answers.yml --version v0.2.0
    """
    from ..answers import read_given_answers
    from ..template_source import resolve_template
    from .adopt import adopt as adopt_repository
    from .display import print_adoption

    with exit_on_user_error(), shown_steps() as on_step:
        given = read_given_answers(data or [], data_file)
        result = adopt_repository(repo, resolve_template(template), version, given, on_step)
    print_adoption(result, console)
    raise typer.Exit(result.code)
