"""Run a step of the runbook, and remember who ran it, when, how long it took and how it ended.

Its own exit code is that of the step.
"""

import argparse
import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from ..command_line import parser
from ..console import UserError, run
from ..models.gates.ledger import who

STEPS = Path("reports/steps.jsonl")
NOT_FOUND = 127


def step(name: str, command: list[str], path: Path = STEPS) -> int:
    """Run a command and write down what became of it; give its exit code.

    Raises:
        UserError: nothing can be written down; the command did run.
    """
    when, began = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    try:
        code = subprocess.run(command).returncode
    except OSError as failure:
        print(f"error: {command[0]}: {failure.strerror}", file=sys.stderr)
        code = NOT_FOUND
    took = {"seconds": round(time.monotonic() - began, 1), "exit_code": code}
    line = {"step": name, "who": who(), "when": when} | took | {"command": command}
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(f"step {name}: {line['seconds']} s, exit code {code}, by {line['who']}")
    return code


def table(path: Path = STEPS) -> str:
    """Lay out what was run.

    Raises:
        UserError: nothing was, or the file is damaged.
    """
    if not path.exists():
        raise UserError(f"{path.as_posix()} is not there; no step was run with scripts/step.sh yet")
    try:
        lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        rows = [(one["when"], one["step"], one["seconds"], one["exit_code"], one["who"])
                for one in lines]  # fmt: skip
    except (ValueError, KeyError):
        raise UserError(f"{path.as_posix()} is damaged; move it away") from None
    return "\n".join(
        f"{when}  {step:<16} {s:>8} s  {code:>3}  {by}" for when, step, s, code, by in rows
    )


def arguments() -> argparse.Namespace:
    """Read the command line."""
    reader = parser(f"{__package__}.step", __doc__, "train uv run dvc repro train")
    reader.add_argument(
        "name", nargs="?", help="what the step is called; without one, what was run is listed"
    )
    reader.add_argument("command", nargs=argparse.REMAINDER, help="what to run, with its words")
    return reader.parse_args()


def main() -> None:
    """Run the step, or list those that were run."""
    options = arguments()
    if not options.name:
        print(table())
        return
    if not options.command:
        raise UserError(f"step {options.name}: say the command, such as: uv run dvc repro")
    sys.exit(step(options.name, options.command))


if __name__ == "__main__":
    run(main)
