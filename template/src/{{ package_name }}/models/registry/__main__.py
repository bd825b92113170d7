"""The registry of models: which version serves where, who said so, and how to go back."""

import argparse
import sys

from ...console import run
from .arguments import arguments
from .chosen import open_backend
from .commands import COMMANDS
from .entries import Refused
from .publishing import Publishing

REFUSED = 20


def obey(options: argparse.Namespace) -> None:
    """Do what the command line says; what a rule forbids ends with exit code 20."""
    try:
        COMMANDS[options.command](open_backend(options.push), options)
    except Refused as rule:
        print(f"refused: {rule}", file=sys.stderr)
        sys.exit(REFUSED)


def main() -> None:
    """Read the command line and obey."""
    obey(arguments(push=bool(Publishing.read().registry_push)))


if __name__ == "__main__":
    run(main)
