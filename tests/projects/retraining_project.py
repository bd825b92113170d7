"""A project that retrains with nobody at the keyboard, and what changes it before."""

import json
import os
import re
import subprocess
from pathlib import Path

from tools.steps import environment

PREDICTOR = Path("src", "modelyard", "serving", "predictor.py")
DROP_A_ROW = """
import polars, sys
polars.read_parquet(sys.argv[1]).slice(1).write_parquet(sys.argv[1])
"""


def run(project: Path, *command: str, expected: int = 0) -> "subprocess.CompletedProcess[str]":
    """Run a command with nobody at the keyboard.

    Raises:
        AssertionError: it ends otherwise than expected.
    """
    done = subprocess.run(
        command, cwd=project, env=surroundings(), stdin=subprocess.DEVNULL,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == expected, done.stdout[-3000:] + done.stderr[-2000:]
    return done


def surroundings() -> dict[str, str]:
    """Return an environment in which git knows no name."""
    return environment() | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def retrain(project: Path, day: str, expected: int = 0) -> str:
    """Retrain, and return what was said."""
    done = run(project, "scripts/retrain.sh", day, expected=expected)
    return done.stdout + done.stderr


def edit(project: Path, old: str, new: str) -> None:
    """Change the params in one place.

    Raises:
        AssertionError: that place is not there.
    """
    params = project / "params.yaml"
    text, count = re.subn(old, new, params.read_text("utf-8"))
    assert count == 1, old
    params.write_text(text, "utf-8")


def ran(said: str) -> list[str]:
    """Return the stages that ran, in their order."""
    return re.findall(r"Running stage '(\w+)'", said)


def runs(project: Path) -> list[dict[str, object]]:
    """Return the ledger."""
    ledger = project / "runs" / "runs.jsonl"
    lines = ledger.read_text("utf-8").splitlines() if ledger.exists() else []
    return [json.loads(line) for line in lines]


def model(project: Path) -> bytes:
    """Return the accepted model."""
    return (project / "models" / "model.onnx").read_bytes()


def change(project: Path, what: str) -> None:
    """Change the data, the model's settings, or code that serves."""
    if what == "data":
        sample = project / "data" / "sample" / "flights.parquet"
        run(project, "uv", "run", "python", "-c", DROP_A_ROW, str(sample))
    elif what == "model":
        edit(project, "rounds: 60", "rounds: 50")
    else:
        with (project / PREDICTOR).open("a") as file:
            file.write("# changed\n")
