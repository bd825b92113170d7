"""The command for a policy."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..errors import faults_told
from ..options import AnswersFile, Folder
from ..project import read_project


def comply(
    policy: Annotated[Path, typer.Argument(help="The organisation's policy, a YAML file.")],
    project: Folder = Path("."),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    answers_file: AnswersFile = None,
) -> None:
    """Tell whether a project keeps to an organisation's policy.

    Nothing is fetched or changed. Exit codes: 0 it keeps to all rules, 10 it breaks one,
    1 one could not be checked, 2 wrong use.

    Examples:
        modelyard comply policy.yml

        modelyard comply ../acme/policy.yml ../flight-delays --json
    """
    from .display import tell as tell_findings
    from .evaluate import code, judge
    from .policy import read_policy

    with faults_told():
        findings = judge(read_project(project, answers_file), read_policy(policy))
    if as_json:
        told = {"code": code(findings), "rules": [asdict(one) for one in findings]}
        typer.echo(json.dumps(told, indent=2))
    else:
        width = None if sys.stdout.isatty() else 160
        tell_findings(findings, Console(highlight=False, width=width))
    raise typer.Exit(code(findings))
