"""How often the gate vetoes a model that is as good as the one in service, and misses a worse one.

Run: .venv/bin/python -m benchmarks.gates --project FOLDER      (trained, of level 2 or 3)
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent


def main() -> None:
    """Run the trials in the project's own environment, and end with their exit code."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--project", type=Path, required=True)
    words.add_argument("--package", default="flight_delays")
    words.add_argument("--seeds", type=int, default=60)
    asked = words.parse_args()
    script = HERE / "apps" / "trials.py"
    command = ["uv", "run", "--no-sync", "python", script, asked.package, str(asked.seeds)]
    sys.exit(subprocess.run(command, cwd=asked.project, check=False).returncode)


if __name__ == "__main__":
    main()
