"""Measure how often the gate refuses a model as good as the serving one, or accepts a worse one.

Run: .venv/bin/python -m benchmarks.gates --project FOLDER      (trained, at level 2 or 3)
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run the trials in the project's environment, and exit with their exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--project", type=Path, required=True)
    parser.add_argument("--package", default="flight_delays")
    parser.add_argument("--seeds", type=int, default=60)
    options = parser.parse_args()
    script = HERE / "apps" / "trials.py"
    command = ["uv", "run", "--no-sync", "python", script, options.package, str(options.seeds)]
    sys.exit(subprocess.run(command, cwd=options.project, check=False).returncode)


if __name__ == "__main__":
    main()
