"""Score Parquet or CSV files with the accepted model; README.md and params.yaml document it."""

import argparse
from pathlib import Path

from ...command_line import parser
from ...console import run
from ...project import find
from .engine import ENGINES, get_engine
from .job import run_batch


def arguments() -> argparse.Namespace:
    """Parse the command line."""
    reader = parser(str(__package__), __doc__, "data/raw scored")
    reader.add_argument(
        "input", metavar="INPUT", help="a file, a folder, a glob pattern or a URL such as s3://…"
    )
    reader.add_argument(
        "output", metavar="OUTPUT", type=Path, help="folder for parts, rejected rows and manifest"
    )
    reader.add_argument(
        "--engine", choices=ENGINES, default="threads", help="local threads, or a Ray cluster"
    )
    return reader.parse_args()


def main() -> None:
    """Score, and print a summary."""
    options = arguments()
    engine = get_engine(options.engine)
    print(f"batch: {run_batch(options.input, options.output, engine, find())}")


if __name__ == "__main__":
    run(main)
