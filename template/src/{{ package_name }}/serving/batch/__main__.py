"""Score Parquet or CSV files with the accepted model; docs: README.md, limits: params.yaml."""

import argparse
from pathlib import Path

from ...console import run
from .engine import in_threads
from .job import run_batch


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(f"python -m {__package__}", description=__doc__)
    parser.add_argument("input", help="a file, a folder, a pattern or an address such as s3://…")
    parser.add_argument("output", type=Path, help="folder for parts, rejected rows and manifest")
    return parser.parse_args()


def main() -> None:
    """Score, and say what came of it."""
    options = arguments()
    print(f"batch: {run_batch(options.input, options.output, in_threads)}")


if __name__ == "__main__":
    run(main)
