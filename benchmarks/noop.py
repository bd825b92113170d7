"""Compare `dvc repro` with nothing to do with a DVC project of one stage.

Run: .venv/bin/python -m benchmarks.noop PROJECT      (a trained project, such as build/demo)
"""

import sys
import tempfile
from pathlib import Path

from benchmarks.pairs import compare, run

ONE_STAGE = "stages:\n  only:\n    cmd: python -c \"open('out', 'w')\"\n    outs: [out]\n"


def main() -> None:
    """Create the project with one stage, and measure both."""
    project = Path(sys.argv[1]).resolve()
    dvc = project / ".venv/bin/dvc"
    with tempfile.TemporaryDirectory() as name:
        empty = Path(name)
        run(["git", "init", "--quiet"], empty)
        run([dvc, "init", "--quiet"], empty)
        (empty / "dvc.yaml").write_text(ONE_STAGE)
        compare(
            ("the project's pipeline, nothing to do", "one stage, nothing to do"),
            lambda: run([dvc, "repro"], project),
            lambda: run([dvc, "repro"], empty),
            runs=7,
        )


if __name__ == "__main__":
    main()
