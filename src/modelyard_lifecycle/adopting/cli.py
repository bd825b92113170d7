"""The command to adopt a repository."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import faults_told
from ..options import Answers, AnswersGiven, Template, Version, console


def adopt(
    repo: Annotated[Path, typer.Argument(help="The repository's folder.")] = Path("."),
    template: Template = None,
    data: Answers = None,
    data_file: AnswersGiven = None,
    version: Version = None,
) -> None:
    """Bring an existing repository under a template by a three-way merge.

    Answers are read from .cruft.json, pyproject.toml, setup.cfg and the folder's name. It is tried
    in a working tree aside, on a branch of its own. If all goes well your branch gets one commit;
    otherwise it stays as it is. Nothing of yours is moved or deleted. Exit codes: 0 adopted,
    20 conflicts, to be resolved in the working tree aside, 1 it could not be done, 2 wrong use.

    Examples:
        modelyard adopt --template https://YOUR-HOST/modelyard.git

        modelyard adopt ../churn --template gh:us/modelyard --data author="Ada Lovelace"

        modelyard adopt --template ../modelyard --data-file answers.yml --version v0.2.0
    """
    from ..answers import given_answers
    from ..template_source import template_or_fault
    from .adopt import adopt as adopted
    from .display import tell_adoption

    with faults_told():
        given = given_answers(data or [], data_file)
        found = adopted(repo, template_or_fault(template), version, given)
    tell_adoption(found, console)
    raise typer.Exit(found.code)
