"""From `copier copy` to the first served prediction, with a warm package cache.

Run: .venv/bin/python -m benchmarks.first_prediction
"""

import tempfile
from pathlib import Path

from tools.demo import bear, predict, table
from tools.steps import Steps


def main() -> None:
    """Run the steps of `make demo` without the tests, and print what each took."""
    with tempfile.TemporaryDirectory() as name:
        steps, project = Steps(), Path(name, "project")
        bear(steps, project)
        steps.run("install", ["uv", "sync"], project)
        steps.run("train", ["uv", "run", "dvc", "repro"], project)
        predict(steps, project)
        print(table("Seconds", steps.seconds | {"total": sum(steps.seconds.values())}, ".1f"))


if __name__ == "__main__":
    main()
