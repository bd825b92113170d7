"""The command `modelyard comply`."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..errors import exit_on_user_error
from ..options import AnswersFile, Folder, Verbose
from ..project import read_project


def comply(
    policy: Annotated[Path, typer.Argument(help="The organisation's policy, a YAML file.")],
    project: Folder = Path("."),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    answers_file: AnswersFile = None,
    verbose: Verbose = False,
) -> None:
    """Check a project against an organisation's policy.

    Nothing is fetched or changed. Exit codes: 0 all rules are kept, 10 a rule is broken, 1 a rule
    could not be checked, 2 usage error.

    Examples:
        modelyard comply policy.yml

        modelyard comply ../acme/policy.yml ../flight-delays --json
    """
    from .display import print_findings
    from .evaluate import evaluate, exit_code
    from .policy import read_policy

    with exit_on_user_error():
        findings = evaluate(read_project(project, answers_file), read_policy(policy))
    if as_json:
        report = {"code": exit_code(findings), "rules": [asdict(one) for one in findings]}
        typer.echo(json.dumps(report, indent=2))
    else:
        width = None if sys.stdout.isatty() else 160
        print_findings(findings, Console(highlight=False, width=width))
    raise typer.Exit(exit_code(findings))
