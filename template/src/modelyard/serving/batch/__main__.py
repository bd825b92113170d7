"""Score Parquet or CSV files with the accepted model; docs: README.md, limits: params.yaml."""

import argparse
from pathlib import Path

from ...command_line import parser
from ...console import run
from ...project import find
from .engine import ENGINES, engine_of
from .job import run_batch


def arguments() -> argparse.Namespace:
    """Read the command line."""
    reader = parser(str(__package__), __doc__, "data/raw scored")
    reader.add_argument(
        "input", metavar="INPUT", help="a file, a folder, a pattern or an address such as s3://…"
    )
    reader.add_argument(
        "output", metavar="OUTPUT", type=Path, help="folder for parts, rejected rows and manifest"
    )
    reader.add_argument(
        "--engine", choices=ENGINES, default="threads", help="all cores here, or a cluster"
    )
    return reader.parse_args()


def main() -> None:
    """Score, and say what came of it."""
    options = arguments()
    engine = engine_of(options.engine)
    print(f"batch: {run_batch(options.input, options.output, engine, find())}")


if __name__ == "__main__":
    run(main)
