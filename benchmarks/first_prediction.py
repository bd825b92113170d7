"""Time from `copier copy` to the first served prediction, with a warm package cache.

Run: .venv/bin/python -m benchmarks.first_prediction
"""

import tempfile
from pathlib import Path

from tools.demo import generate, predict
from tools.steps import Steps
from tools.tables import seconds_table


def main() -> None:
    """Run the steps of `make demo` without the tests, and print the duration of each."""
    with tempfile.TemporaryDirectory() as name:
        steps, project = Steps(), Path(name, "project")
        generate(steps, project)
        steps.run("install", ["uv", "sync"], project)
        steps.run("train", ["uv", "run", "dvc", "repro"], project)
        predict(steps, project)
        print(f"\nTime\n{seconds_table(steps.seconds)}")


if __name__ == "__main__":
    main()
